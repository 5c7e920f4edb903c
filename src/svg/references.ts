/** Filters references: they may point into the SVG itself or be embedded, never to other files. */
import { type Declaration, unescapeCss } from './css.ts';
import type { SvgReport } from './tree.ts';

/** Matches what CSS can load: `url()` and the functions that take a URL as a string. */
const LOADS = /url|image|src|import|expression/i;
/** Matches a URL in CSS after its escapes are resolved, or its start if it has no end. */
const URL_FUNCTION = /url\(\s*(?:"([^"]*)"?|'([^']*)'?|([^)"']*))[^)]*\)?/gi;
/** Matches a reference into the SVG that can be quoted. */
const FRAGMENT = /^#[^"\\\r\n]+$/;

/** Returns a fragment with percent-encoding resolved, as ids have none; unchanged if it would not stay one. */
export function decodeFragment(target: string): string {
  if (!target.includes('%')) return target;
  try {
    const decoded = decodeURIComponent(target);
    return FRAGMENT.test(decoded) ? decoded : target;
  } catch {
    return target;
  }
}

/** Characters that would change the structure of the CSS around a value if they came from an escape. */
const STRUCTURE = /[;{}\\@<>]/;

/**
 * Filters a value of CSS, or of an attribute that may be one: each `url()` must be a fragment.
 *
 * @returns the value; with a reference to elsewhere, what the rest of it means, as of `url(a.svg#b) red`; undefined for none
 */
export function filterValue(value: string, report: SvgReport): string | undefined {
  const hasEscapes = value.includes('\\');
  if (!hasEscapes && !LOADS.test(value)) return value;
  const css = hasEscapes ? unescapeCss(value) : value;
  if (hasEscapes && STRUCTURE.test(css)) return undefined;
  let isStripped = false;
  const filtered = css.replace(URL_FUNCTION, (_, double?: string, single?: string, bare?: string) => {
    const target = (double ?? single ?? bare ?? '').trim();
    if (FRAGMENT.test(target)) return `url("${decodeFragment(target)}")`;
    isStripped = true;
    if (target !== '' && !target.startsWith('#')) report.stripped.add('reference');
    return '';
  });
  if (/@import/i.test(filtered)) return undefined;
  if (/(?:image(?:-set)?|src|cross-fade)\s*\(/i.test(filtered)) {
    report.stripped.add('reference');
    return undefined;
  }
  return isStripped ? filtered.trim() || 'none' : filtered;
}

/** Filters declarations, see `filterValue`. */
export function filterDeclarations(declarations: readonly Declaration[], report: SvgReport): Declaration[] {
  return declarations.flatMap((declaration) => {
    const value = filterValue(declaration.value, report);
    return value === undefined ? [] : [value === declaration.value ? declaration : { ...declaration, value }];
  });
}
