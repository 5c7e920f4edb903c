/** Conditional processing (SVG 2, 5.8): languages, extensions, `switch`, and HTML in an SVG. */
import { svgUnsupported } from './errors.ts';
import { XHTML } from './namespaces.ts';
import { PAINTS } from './reader.ts';
import { parseLength } from './root-size.ts';
import { GRAPHICS } from './rules.ts';
import type { SvgElement, SvgReport } from './tree.ts';

/** Whether a language is that of a browser in English: of any country, since browsers compare the language alone. */
const isEnglish = (language: string) => /^en(?:-|$)/i.test(language.trim());

/** Whether an element is drawn, by its attributes alone. Those of required features are true in every browser. */
function isWanted({ attributes }: SvgElement): boolean {
  const languages = attributes.get('systemLanguage');
  const extensions = attributes.get('requiredExtensions');
  const hasExtensions =
    extensions
      ?.trim()
      .split(/\s+/)
      .every((extension) => extension === XHTML) ?? true;
  return hasExtensions && (languages === undefined || languages.split(',').some(isEnglish));
}

/** Returns the children of a `switch` that are drawn: one, and what is none to choose from. HTML gives way to what comes after it. */
function chosen(candidates: readonly (SvgElement | string)[], report: SvgReport): (SvgElement | string)[] {
  const isGraphic = (child: SvgElement | string): child is SvgElement =>
    typeof child !== 'string' && GRAPHICS.has(child.name);
  const graphics = candidates.filter(isGraphic);
  const choice = graphics.find(({ name }) => name !== 'foreignObject') ?? graphics[0];
  if (choice !== graphics[0] && graphics[0]?.attributes.has(PAINTS)) report.stripped.add('foreign-object');
  return candidates.filter((child) => !isGraphic(child) || child === choice);
}

/** Returns whether nothing of an element is visible, by its own attributes. */
const isHidden = ({ attributes }: SvgElement) =>
  attributes.get('display') === 'none' ||
  /(?:^|;)\s*display\s*:\s*none/.test(attributes.get('style') ?? '') ||
  [attributes.get('width'), attributes.get('height')].some((side) => parseLength(side) === 0);

/** Elements whose content is drawn only where something refers to it. */
const UNDRAWN: ReadonlySet<string> = new Set(['defs', 'symbol', 'clipPath', 'mask', 'marker', 'pattern']);

/**
 * Leaves out what the conditions of a tree exclude, and HTML.
 *
 * @param isDrawn whether the element is drawn where it is
 * @throws ImageError SOURCE_UNSUPPORTED for HTML that is drawn, and has nothing in its place
 */
export function resolveConditions(element: SvgElement, report: SvgReport, isDrawn = true): void {
  const areDrawn = isDrawn && !UNDRAWN.has(element.name) && !isHidden(element);
  const wanted = element.children.filter((child) => typeof child === 'string' || isWanted(child));
  element.children = (element.name === 'switch' ? chosen(wanted, report) : wanted).filter((child) => {
    if (typeof child === 'string' || child.name !== 'foreignObject') return true;
    if (child.attributes.has(PAINTS)) {
      if (areDrawn && !isHidden(child))
        throw svgUnsupported('it has HTML (foreignObject) without anything to show in its place');
      report.stripped.add('foreign-object');
    }
    return false;
  });
  for (const [index, child] of element.children.entries()) {
    if (typeof child === 'string') continue;
    child.attributes.delete('systemLanguage');
    child.attributes.delete('requiredExtensions');
    resolveConditions(child, report, areDrawn);
    // Of all that is left in it librsvg would draw the first element again, a gradient too.
    if (child.name === 'switch') element.children[index] = { ...child, name: 'g' };
  }
}
