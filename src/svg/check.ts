/**
 * Whether a drawing may be drawn: self-contained, static, and of bounded work. librsvg follows no reference to the
 * outside by itself; what it would leave out in silence is refused here with a reason, and what it would take forever
 * for is refused before it begins. What slips through is ended by the worker's time and memory limits.
 */
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { ImageError } from '../errors.ts';
import { peekSize } from '../image/formats/size.ts';
import { sniff } from '../image/formats/sniff.ts';
import type { Size } from '../image/size.ts';

/** Bounds of a drawing. Counts are after `use` has been followed. Real ones: a map of 900 kB has 12,000 elements. */
const MOST = { bytes: 1_048_576, elements: 50_000, depth: 128, filters: 32, letters: 10_000, imagePixels: 25_000_000 };

const refuse = (why: string) => new ImageError('SOURCE_UNSUPPORTED', `This SVG is not drawn: ${why}.`);
const tooMuch = (why: string) => new ImageError('IMAGE_TOO_LARGE', `This SVG is too much work: ${why}.`);

/** An element with what is needed to count the work of drawing it. */
interface Node {
  readonly children: Node[];
  /** The id that a `use` draws again. */
  readonly uses: string | undefined;
  readonly filters: number;
}

/** What drawing a node costs, `use` followed. Grows to Infinity in a circle, and stops counting above the bounds. */
function work(
  node: Node,
  byId: ReadonlyMap<string, Node>,
  path: ReadonlySet<Node>,
  sum: { elements: number; filters: number },
) {
  sum.elements += 1;
  sum.filters += node.filters;
  if (sum.elements > MOST.elements) throw tooMuch(`more than ${MOST.elements} elements, with what use repeats`);
  if (sum.filters > MOST.filters) throw tooMuch(`more than ${MOST.filters} filter effects`);
  const target = node.uses === undefined ? undefined : byId.get(node.uses);
  if (target && (path.has(target) || path.size > MOST.depth * 4)) throw tooMuch('use elements that draw each other');
  const deeper = new Set(path).add(node);
  for (const child of target ? [...node.children, target] : node.children) work(child, byId, deeper, sum);
}

/** CSS escapes (CSS Syntax, 4.3.7) undone, so that nothing hides behind them. */
const unescapeCss = (css: string) =>
  css.replace(/\\([0-9a-f]{1,6})\s?|\\([\s\S])/gi, (_, hex?: string, char?: string) =>
    hex ? String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10_ffff)) : (char ?? ''),
  );

/** Every `url()` must point into the drawing, and nothing be imported. */
function checkCss(text: string): void {
  const css = unescapeCss(text);
  if (/@import/i.test(css)) throw refuse('it imports a style sheet');
  for (const [, target = ''] of css.matchAll(/url\(\s*['"]?\s*([^)]*)/gi))
    if (!/^(?:#|data:(?:image|font)\/|$)/i.test(target)) throw refuse('it refers to another file');
}

/** Pixels of an embedded picture, from its header; the decoder inside librsvg knows no limit. */
function embeddedPixels(uri: string): number {
  const [, data] = /^data:image\/(?:png|jpe?g|gif|webp|avif)[^,]*;base64,([\s\S]*)$/i.exec(uri) ?? [];
  if (data === undefined) throw refuse('it embeds something that is no PNG, JPEG, GIF or WebP in base64');
  const bytes = Buffer.from(data, 'base64');
  const size = peekSize(bytes, sniff(bytes, true));
  return size ? size.width * size.height : 0;
}

function checkReference(element: string, uri: string): number {
  if (uri.startsWith('#') || uri === '' || element === 'a') return 0;
  if (!/^data:/i.test(uri)) throw refuse('it refers to another file');
  return embeddedPixels(uri);
}

/** A length in user units; librsvg's are 1 px each. */
const LENGTH = /^[ \t\r\n]*\+?(\d{1,6}(?:\.\d+)?)(?:px)?[ \t\r\n]*$/;

const NUMBER = '(-?\\d{1,6}(?:\\.\\d+)?)';
const APART = '(?:[ \\t\\r\\n]+,?[ \\t\\r\\n]*|,[ \\t\\r\\n]*)';
const BOX = new RegExp(`^[ \\t\\r\\n]*${Array(4).fill(NUMBER).join(APART)}[ \\t\\r\\n]*$`);

/** The size that a root says plainly: in user units, or by its view box alone. */
function plainSize({ width, height, viewBox, style }: SaxesTagPlain['attributes']): Size | undefined {
  if (style !== undefined) return undefined;
  const box = BOX.exec(viewBox ?? '');
  const alone = width === undefined && height === undefined;
  const [x, y] = alone ? [box?.[3], box?.[4]] : [width, height];
  const sides = [x, y].map((text) => Number(LENGTH.exec(text ?? '')?.[1] ?? 0));
  const [w = 0, h = 0] = sides;
  return w > 0 && h > 0 ? { width: w, height: h } : undefined;
}

/** Walks the document once. Text outside of the drawn parts (title, metadata) is not counted. */
class Reader {
  readonly byId = new Map<string, Node>();
  readonly roots: Node[] = [];
  private readonly stack: { node: Node; name: string }[] = [];
  private pixels = 0;
  private letters = 0;
  private root: Size | undefined;
  private styled = false;

  /** A style sheet may give the root another size. */
  get size(): Size | undefined {
    return this.styled ? undefined : this.root;
  }

  open({ name, attributes }: SaxesTagPlain): void {
    const local = name.replace(/^.*:/, '');
    if (local === 'script') throw refuse('it has a script');
    if (local === 'include') throw refuse('it includes another file');
    if (local === 'style') this.styled = true;
    if (!this.stack.length) this.root = plainSize(attributes);
    if (this.stack.length >= MOST.depth) throw tooMuch(`elements more than ${MOST.depth} deep`);
    let uses: string | undefined;
    for (const [attribute, value] of Object.entries(attributes)) {
      checkCss(value);
      const reference = /(?:^|:)(?:href|src)$/.test(attribute);
      if (reference) this.pixels += checkReference(local, value.trim());
      if (reference && local === 'use') uses = value.trim().slice(1);
    }
    if (this.pixels > MOST.imagePixels) throw tooMuch('its embedded pictures have too many pixels');
    const node: Node = { children: [], uses, filters: /^fe[A-Z]/.test(local) ? 1 : 0 };
    if (attributes.id !== undefined) this.byId.set(attributes.id, node);
    (this.stack.at(-1)?.node.children ?? this.roots).push(node);
    this.stack.push({ node, name: local });
  }

  close(): void {
    this.stack.pop();
  }

  text(text: string): void {
    const inside = this.stack.at(-1)?.name;
    if (inside === 'style') checkCss(text);
    if (this.stack.some(({ name }) => name === 'text')) this.letters += text.length;
    if (this.letters > MOST.letters) throw tooMuch(`more than ${MOST.letters} letters`);
  }
}

/**
 * Reads a drawing through.
 *
 * @param bytes UTF-8; at most 1 MiB
 * @returns its size, where it says so plainly; otherwise the decoder is to be asked
 * @throws ImageError SOURCE_UNSUPPORTED for what is not self-contained and static, IMAGE_TOO_LARGE for too much work,
 *   IMAGE_CORRUPT for what is not well-formed
 */
export function checkSvg(bytes: Buffer): Size | undefined {
  if (bytes.length > MOST.bytes) throw tooMuch(`more than ${MOST.bytes} bytes`);
  const parser = new SaxesParser();
  const reader = new Reader();
  // A document type with an external name is in many old files and does nothing; one with declarations is refused.
  parser.on('doctype', (text) => {
    if (text.includes('[')) throw refuse('it declares entities');
  });
  parser.on('processinginstruction', ({ target }) => {
    if (target === 'xml-stylesheet') throw refuse('it refers to a style sheet');
  });
  parser.on('opentag', (tag) => reader.open(tag as SaxesTagPlain));
  parser.on('closetag', () => reader.close());
  parser.on('text', (text) => reader.text(text));
  parser.on('cdata', (text) => reader.text(text));
  parser.on('error', (cause) => {
    throw new ImageError('IMAGE_CORRUPT', 'This SVG is not well-formed XML.', { cause });
  });
  parser.write(bytes.toString('utf8')).close();
  const sum = { elements: 0, filters: 0 };
  for (const root of reader.roots) work(root, reader.byId, new Set(), sum);
  return reader.size;
}
