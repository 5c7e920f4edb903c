/** Filters the attributes of one element: names without prefixes, values without scripts and references to elsewhere. */
import { declarationsText, parseDeclarations } from './css.ts';
import { type Namespaces, resolveName, XLINK, XML } from './namespaces.ts';
import { decodeFragment, filterDeclarations, filterValue } from './references.ts';
import { parseLength } from './root-size.ts';
import { IMAGES } from './rules.ts';
import type { SvgReport } from './tree.ts';

const NAME = /^[A-Za-z_][\w.-]*$/;
/** Attributes without an effect on an image, or with one that only browsers have. */
const UNUSED =
  /^(?:on.*|baseProfile|requiredFeatures|version|xmlns|cursor|externalResourcesRequired|nonce|src|target)$/i;
/** Attributes that are never read as CSS. */
const PLAIN = /^(?:id|class|d|points|transform|viewBox|values|tableValues|kernelMatrix|preserveAspectRatio)$/;

/** Matches a length in units that librsvg does not know. */
const UNKNOWN_UNIT = /^\s*[\d.]{1,20}(?:q|rem)\s*$/i;
const toPixels = (length: string) => `${parseLength(length) ?? 0}`;

/** Matches one number of `points`, with what may stand before it. */
const COORDINATE = /\s*,?\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy;

/** Returns the points without an unpaired last coordinate or a trailing comma: librsvg renders none of them then, and browsers the others. */
function wholePoints(value: string): string {
  let [last, even, count] = [0, 0, 0];
  COORDINATE.lastIndex = 0;
  while (COORDINATE.test(value)) {
    last = COORDINATE.lastIndex;
    count++;
    if (count % 2 === 0) even = last;
  }
  return /^\s*,?\s*$/.test(value.slice(last)) ? value.slice(0, even) : value;
}

/** Returns the reference that is kept: a fragment, or the data of an image. */
function filterReference(element: string, value: string, report: SvgReport): string | undefined {
  const uri = value.trim();
  // Where a link leads to is not drawn.
  if (element === 'a' || uri === '' || uri === '#') return undefined;
  if (uri.startsWith('#')) return decodeFragment(uri);
  if (IMAGES.has(element) && /^data:/i.test(uri)) return uri;
  report.stripped.add(IMAGES.has(element) ? 'image' : 'reference');
  return undefined;
}

/**
 * Returns the attributes of an element that may be drawn.
 *
 * @param attributes as they are written, entities resolved
 * @param report gets the names of what is left out
 */
export function filterAttributes(
  element: string,
  attributes: Readonly<Record<string, string>>,
  namespaces: Namespaces,
  report: SvgReport,
): Map<string, string> {
  const filtered = new Map<string, string>();
  for (const [name, value] of Object.entries(attributes)) {
    const { local, namespace } = resolveName(name, namespaces, true);
    if (namespace === '' && /^on/i.test(local)) report.stripped.add('script');
    const isHref = local === 'href' && (namespace === '' || namespace === XLINK);
    if (isHref) {
      if (namespace === XLINK && filtered.has('href')) continue;
      const reference = filterReference(element, value, report);
      if (reference !== undefined) filtered.set('href', reference);
    } else if (namespace === XML && (local === 'space' || local === 'lang')) filtered.set(`xml:${local}`, value);
    else if (namespace !== '' || !NAME.test(local) || UNUSED.test(local)) continue;
    else if (local === 'points') filtered.set(local, wholePoints(value));
    else if (local === 'style') {
      const style = declarationsText(filterDeclarations(parseDeclarations(value), report));
      if (style) filtered.set('style', style);
    } else {
      const filteredValue = PLAIN.test(local)
        ? value
        : UNKNOWN_UNIT.test(value)
          ? toPixels(value)
          : filterValue(value, report);
      if (filteredValue !== undefined) filtered.set(local, filteredValue);
    }
  }
  return filtered;
}
