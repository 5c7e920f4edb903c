/** The tree of an SVG: what the filter keeps of the file, and all that is serialized for librsvg. */

/** An element in the namespace of SVG. Its name and those of its attributes have no prefix but `xml`. */
export interface SvgElement {
  readonly name: string;
  readonly attributes: Map<string, string>;
  /** Elements, and strings of text. */
  children: (SvgElement | string)[];
}

/** What the SVG loses on its way, for the response header. */
export interface SvgReport {
  /** What a browser does not load or run in an image either: `script`, `font`, `image`, `reference`, `import`, `style-sheet`, `include`, `foreign-object`. */
  readonly stripped: Set<string>;
  /**
   * What a browser shows and librsvg does not, or otherwise: `animation`, `background`, `calc`, `clip-path`, `color`, `filter`, `font`,
   * `glyphs`, `media`, `path`, `path-length`, `selectors`, `text-length`, `text-path`, `text-rotate`, `text-shadow`, `text-transform`, `text-wrap`,
   * `transform`, `transform-origin`, `variables`.
   */
  readonly unsupported: Set<string>;
}

/** Returns the elements among the children. */
export const childElements = ({ children }: SvgElement): SvgElement[] =>
  children.filter((child): child is SvgElement => typeof child !== 'string');

/** Calls a function for an element and all below it. Recursive: the depth is bounded when the tree is made. */
export function walk(element: SvgElement, visit: (element: SvgElement) => void): void {
  visit(element);
  for (const child of element.children) if (typeof child !== 'string') walk(child, visit);
}

/** Returns the elements by their ids. Of several elements with one id, the first is meant. */
export function elementsById(root: SvgElement): ReadonlyMap<string, SvgElement> {
  const byId = new Map<string, SvgElement>();
  walk(root, (element) => {
    const id = element.attributes.get('id');
    if (id !== undefined && !byId.has(id)) byId.set(id, element);
  });
  return byId;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};
/** Escapes characters; those that XML does not allow (XML 1.0, 2.2), which an escape of CSS may give, are replaced. */
const escapeBy = (text: string, pattern: RegExp) =>
  text.replace(pattern, (character) => ESCAPES[character] ?? '\ufffd');
const escapeText = (text: string) => escapeBy(text, /[&<>\r\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/g);
const escapeAttribute = (text: string) => escapeBy(text, /["&<>\0-\x1f\ufffe\uffff]/g);

/**
 * Serializes a tree as XML without prefixes, document type, entities, comments and processing instructions, so that two
 * parsers cannot read it in two ways.
 *
 * @param parts what has been written so far
 */
function write(element: SvgElement, parts: string[], namespace = ''): void {
  parts.push(`<${element.name}${namespace}`);
  for (const [name, value] of element.attributes) parts.push(` ${name}="`, escapeAttribute(value), '"');
  if (!element.children.length) {
    parts.push('/>');
    return;
  }
  parts.push('>');
  for (const child of element.children)
    if (typeof child === 'string') parts.push(escapeText(child));
    else write(child, parts);
  parts.push(`</${element.name}>`);
}

/** Returns the XML of a root element, in UTF-8. The parts are not joined first, which would take as much memory again. */
export function serializeSvg(root: SvgElement): Buffer {
  const parts: string[] = [];
  write(root, parts, ' xmlns="http://www.w3.org/2000/svg"');
  const bytes = Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0));
  let length = 0;
  for (const part of parts) length += bytes.write(part, length);
  return bytes;
}
