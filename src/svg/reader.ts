/** Reads an SVG into a tree of what is drawn: a browser's `<img>` runs and loads nothing else either. */
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { filterAttributes } from './attributes.ts';
import { type Counts, count, MAX } from './budget.ts';
import { isScreenMedia, parseStyleSheet, type Rule } from './css.ts';
import { svgCorrupt, svgTooComplex, svgUnsupported } from './errors.ts';
import { type Keyframes, parseKeyframes } from './keyframes.ts';
import { type Namespaces, namespacesIn, PREDECLARED, resolveName, SVG, XINCLUDE } from './namespaces.ts';
import { filterDeclarations } from './references.ts';
import { ANIMATIONS, DRAWN, STRIPPED, TEXTS } from './rules.ts';
import type { SvgElement, SvgReport } from './tree.ts';

/** An SVG after it was read and filtered. */
export interface SvgDocument {
  readonly root: SvgElement;
  /** The rules of all style sheets, in order. */
  readonly rules: Rule[];
  /** Animations of CSS by their names. */
  readonly keyframes: ReadonlyMap<string, Keyframes>;
}

/** An attribute of the place of a `foreignObject` in which something is visible. */
export const PAINTS = 'paints';
const PAINTED = /^(?:img|svg|canvas|input|button|hr|video|iframe|math|table)$/i;

/** Handles the events of the parser. */
class SvgReader {
  root: SvgElement | undefined;
  readonly rules: Rule[] = [];
  readonly keyframes = new Map<string, Keyframes>();
  private readonly stack: { readonly element: SvgElement; readonly namespaces: Namespaces }[] = [];
  /** The number of elements that are open inside of one that is left out, with it. */
  private skipped = 0;
  /** The `foreignObject` that is left out. */
  private foreign: SvgElement | undefined;
  private readonly report: SvgReport;
  private readonly counts: Counts;
  constructor(report: SvgReport, counts: Counts) {
    this.report = report;
    this.counts = counts;
  }

  open({ name, attributes }: SaxesTagPlain): void {
    if (this.stack.length + this.skipped >= MAX.depth)
      throw svgTooComplex(`elements nested more than ${MAX.depth} deep`);
    if (Object.keys(attributes).length > MAX.attributes)
      throw svgTooComplex(`more than ${MAX.attributes} attributes of one element`);
    count(this.counts, 'parsed');
    const parent = this.stack.at(-1);
    const namespaces = namespacesIn(parent?.namespaces ?? PREDECLARED, attributes);
    const { local, namespace } = resolveName(name, namespaces, false);
    if (namespace === XINCLUDE && local === 'include') this.report.stripped.add('include');
    if (!parent && !(namespace === SVG && local === 'svg')) throw svgUnsupported('its root is not an svg element');
    if (
      this.skipped ||
      parent?.element.name === 'style' ||
      namespace !== SVG ||
      !(DRAWN.has(local) || ANIMATIONS.has(local) || local === 'foreignObject')
    ) {
      this.skip(local, attributes);
      return;
    }
    const element = {
      name: local,
      attributes: filterAttributes(local, attributes, namespaces, this.report),
      children: [],
    };
    this.root ??= element;
    if (local !== 'style') parent?.element.children.push(element);
    if (local === 'foreignObject') {
      this.foreign = element;
      this.skipped = 1;
    } else this.stack.push({ element, namespaces });
  }

  /** Opens an element inside of one that is left out, or leaves it out. */
  private skip(local: string, attributes: SaxesTagPlain['attributes']): void {
    this.skipped += 1;
    const name = STRIPPED[local];
    if (name !== undefined) this.report.stripped.add(name);
    if (this.foreign && (PAINTED.test(local) || /background|border|bgcolor/i.test(attributes.style ?? '')))
      this.foreign.attributes.set(PAINTS, 'true');
  }

  close(): void {
    if (this.skipped) {
      this.skipped -= 1;
      if (!this.skipped) this.foreign = undefined;
      return;
    }
    const element = this.stack.pop()?.element;
    if (element?.name === 'style') this.addStyleSheet(element);
  }

  /** Parses a style sheet. Its rules are serialized together, as one. */
  private addStyleSheet({ attributes, children }: SvgElement): void {
    if (!/^(?:\s*text\/css\s*(?:;.*)?)?$/i.test(attributes.get('type') ?? '')) return;
    const onAtRule = (name: string, text: string, block = '') => {
      if (/^(?:-webkit-)?keyframes$/.test(name))
        this.keyframes.set(...parseKeyframes(text.slice(0, text.length - block.length), block, this.report));
      // The size at which a browser shows it decides.
      if (
        name === 'media' &&
        /(?:width|height|aspect-ratio|orientation)/i.test(text.slice(0, text.length - block.length))
      )
        this.report.unsupported.add('media');
      if (name === 'import') this.report.stripped.add('import');
      // A browser uses an embedded font; one from elsewhere it does not load.
      if (name === 'font-face' && /url\(/i.test(text))
        this.report[/url\(\s*["']?\s*data:/i.test(text) ? 'unsupported' : 'stripped'].add('font');
    };
    if (!isScreenMedia(attributes.get('media') ?? '')) return;
    for (const { selectors, declarations } of parseStyleSheet(children.join(''), onAtRule))
      this.rules.push({ selectors, declarations: filterDeclarations(declarations, this.report) });
  }

  text(text: string): void {
    const element = this.stack.at(-1)?.element;
    if (this.skipped || !element) {
      if (this.foreign && text.trim()) this.foreign.attributes.set(PAINTS, 'true');
      return;
    }
    if (element.name === 'style') element.children.push(text);
    if (!TEXTS.has(element.name)) return;
    if (this.stack.some(({ element: { name } }) => name === 'text')) count(this.counts, 'characters', text.length);
    element.children.push(text);
  }
}

/**
 * Parses an SVG, and leaves out what a browser does not load or run in an image.
 *
 * @param text without entities and document type
 * @param report gets the names of what is left out
 * @param counts of this SVG and those around it
 * @throws ImageError IMAGE_CORRUPT if it is not well-formed, IMAGE_TOO_LARGE if it is too complex, SOURCE_UNSUPPORTED if its
 *   root is not SVG
 */
export function readSvg(text: string, report: SvgReport, counts: Counts): SvgDocument {
  const parser = new SaxesParser({ position: false });
  const reader = new SvgReader(report, counts);
  parser.on('processinginstruction', ({ target }) => {
    if (target === 'xml-stylesheet') report.stripped.add('style-sheet');
  });
  parser.on('doctype', () => {
    throw svgCorrupt('it has a document type in the wrong place');
  });
  parser.on('opentag', (tag) => reader.open(tag as SaxesTagPlain));
  parser.on('closetag', () => reader.close());
  parser.on('text', (characters) => reader.text(characters));
  parser.on('cdata', (characters) => reader.text(characters));
  parser.on('error', (cause) => {
    throw svgCorrupt('it is not well-formed XML', cause);
  });
  parser.write(text).close();
  if (!reader.root) throw svgCorrupt('it has no root');
  return { root: reader.root, rules: reader.rules, keyframes: reader.keyframes };
}
