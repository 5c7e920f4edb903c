/**
 * Checks an SVG before it is rendered: it must be self-contained, static, and of bounded work. librsvg follows no
 * references to other files by itself; what it would leave out silently is rejected here with a reason, and what it would
 * take forever for is rejected before it starts. What passes nevertheless is ended by the worker's limits of time and
 * memory.
 */
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { ImageError } from '../errors.ts';
import { MAX as MAX_COUNTS } from '../image/formats/bounds.ts';
import type { Size } from '../image/size.ts';
import { svgTooComplex, svgUnsupported } from './errors.ts';
import { checkCss, checkReference } from './references.ts';

/**
 * Maximum bytes, attributes of an element, elements, nesting, filter effects, characters of text and pixels of embedded images. Elements and filters
 * are counted after `use` is resolved. Real ones: a map of 900 kB has 12,000 elements.
 */
const MAX = {
  bytes: MAX_COUNTS.svgBytes,
  attributes: MAX_COUNTS.svgAttributes,
  elements: 50_000,
  depth: 128,
  filters: 32,
  characters: 10_000,
  imagePixels: 25_000_000,
};

/** An element, with what is needed to count the work of rendering it. */
interface SvgElement {
  readonly children: SvgElement[];
  /** The id of the element that a `use` renders again. */
  readonly uses: string | undefined;
  /** 1 for a filter effect, else 0. */
  readonly filters: number;
}

/**
 * Adds up the work of rendering an element, with `use` resolved.
 *
 * @param path the elements above, to find cycles; the same set at each level, so that it is not copied for each element
 * @throws ImageError IMAGE_TOO_LARGE once a maximum is exceeded
 */
function countWork(
  element: SvgElement,
  byId: ReadonlyMap<string, SvgElement>,
  path: Set<SvgElement>,
  total: { elements: number; filters: number },
) {
  total.elements += 1;
  total.filters += element.filters;
  if (total.elements > MAX.elements)
    throw svgTooComplex(`more than ${MAX.elements} elements, repetitions by use included`);
  if (total.filters > MAX.filters) throw svgTooComplex(`more than ${MAX.filters} filter effects`);
  const target = element.uses === undefined ? undefined : byId.get(element.uses);
  if (target && (path.has(target) || path.size > MAX.depth * 4))
    throw svgTooComplex('use elements form a cycle or a long chain');
  path.add(element);
  for (const child of target ? [...element.children, target] : element.children) countWork(child, byId, path, total);
  path.delete(element);
}

/** Matches a length in user units or px, which librsvg treats alike. */
const LENGTH = /^[ \t\r\n]*\+?(\d{1,6}(?:\.\d+)?)(?:px)?[ \t\r\n]*$/;

/** Maximum characters of a view box that is read here, since white space between its numbers could be searched again for each. */
const MAX_NUMBERS_LENGTH = 256;
const NUMBER = '(-?\\d{1,6}(?:\\.\\d+)?)';
const SEPARATOR = '(?:[ \\t\\r\\n]+,?[ \\t\\r\\n]*|,[ \\t\\r\\n]*)';
const VIEW_BOX = new RegExp(`^[ \\t\\r\\n]*${Array(4).fill(NUMBER).join(SEPARATOR)}[ \\t\\r\\n]*$`);

/** Returns the size of the root, if its lengths are in user units or only a view box is given; else undefined. */
function rootSize({ width, height, viewBox, style }: SaxesTagPlain['attributes']): Size | undefined {
  if (style !== undefined) return undefined;
  const box = (viewBox ?? '').length > MAX_NUMBERS_LENGTH ? undefined : VIEW_BOX.exec(viewBox ?? '');
  const hasOnlyViewBox = width === undefined && height === undefined;
  const [x, y] = hasOnlyViewBox ? [box?.[3], box?.[4]] : [width, height];
  const [w = 0, h = 0] = [x, y].map((text) => Number(LENGTH.exec(text ?? '')?.[1] ?? 0));
  return w > 0 && h > 0 ? { width: w, height: h } : undefined;
}

/** Handles the events of the parser. Text that is not rendered (title, metadata) is not counted. */
class SvgReader {
  readonly byId = new Map<string, SvgElement>();
  readonly roots: SvgElement[] = [];
  private readonly stack: { element: SvgElement; name: string }[] = [];
  private pixels = 0;
  private characters = 0;
  private root: Size | undefined;
  private hasStyleSheet = false;

  /** The size of the root; undefined if a style sheet may change it. */
  get size(): Size | undefined {
    return this.hasStyleSheet ? undefined : this.root;
  }

  open({ name, attributes }: SaxesTagPlain): void {
    const localName = name.replace(/^.*:/, '');
    if (localName === 'script') throw svgUnsupported('it has a script');
    if (localName === 'include') throw svgUnsupported('it includes another file');
    if (localName === 'style') this.hasStyleSheet = true;
    if (!this.stack.length) this.root = rootSize(attributes);
    if (this.stack.length >= MAX.depth) throw svgTooComplex(`elements nested more than ${MAX.depth} deep`);
    let uses: string | undefined;
    if (Object.keys(attributes).length > MAX.attributes)
      throw svgTooComplex(`more than ${MAX.attributes} attributes of one element`);
    for (const [attribute, value] of Object.entries(attributes)) {
      checkCss(value);
      const isReference = /(?:^|:)(?:href|src)$/.test(attribute);
      if (isReference) this.pixels += checkReference(localName, value.trim());
      if (isReference && localName === 'use') uses = value.trim().slice(1);
    }
    if (this.pixels > MAX.imagePixels) throw svgTooComplex('its embedded images have too many pixels');
    const element: SvgElement = { children: [], uses, filters: /^fe[A-Z]/.test(localName) ? 1 : 0 };
    if (attributes.id !== undefined) this.byId.set(attributes.id, element);
    (this.stack.at(-1)?.element.children ?? this.roots).push(element);
    this.stack.push({ element, name: localName });
  }

  close(): void {
    this.stack.pop();
  }

  text(text: string): void {
    if (this.stack.at(-1)?.name === 'style') checkCss(text);
    if (this.stack.some(({ name }) => name === 'text')) this.characters += text.length;
    if (this.characters > MAX.characters) throw svgTooComplex(`more than ${MAX.characters} characters of text`);
  }
}

/**
 * Parses an SVG and checks it.
 *
 * @param bytes UTF-8; at most 1 MiB
 * @returns the size of its root in user units; undefined if the decoder must be asked
 * @throws ImageError SOURCE_UNSUPPORTED if it is not self-contained and static, IMAGE_TOO_LARGE if it is too complex,
 *   IMAGE_CORRUPT if it is not well-formed
 */
export function checkSvg(bytes: Buffer): Size | undefined {
  if (bytes.length > MAX.bytes) throw svgTooComplex(`more than ${MAX.bytes} bytes`);
  const parser = new SaxesParser();
  const reader = new SvgReader();
  // A document type with an external name is in many old files and does nothing; one with declarations is rejected.
  parser.on('doctype', (text) => {
    if (text.includes('[')) throw svgUnsupported('it declares entities');
  });
  parser.on('processinginstruction', ({ target }) => {
    if (target === 'xml-stylesheet') throw svgUnsupported('it refers to a style sheet');
  });
  parser.on('opentag', (tag) => reader.open(tag as SaxesTagPlain));
  parser.on('closetag', () => reader.close());
  parser.on('text', (text) => reader.text(text));
  parser.on('cdata', (text) => reader.text(text));
  parser.on('error', (cause) => {
    throw new ImageError('IMAGE_CORRUPT', 'This SVG is not well-formed XML.', { cause });
  });
  parser.write(bytes.toString('utf8')).close();
  const total = { elements: 0, filters: 0 };
  for (const root of reader.roots) countWork(root, reader.byId, new Set(), total);
  return reader.size;
}
