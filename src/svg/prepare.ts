/**
 * Prepares an SVG for librsvg: parses it, leaves out what a browser's `<img>` does not load or run, resolves what librsvg cannot,
 * and serializes what is left. librsvg gets no byte of the file as it was, so that what was checked is what is drawn; what
 * it would take forever for is rejected before it starts. What passes nevertheless is ended by the worker's limits of time and memory.
 */
import type { Size } from '../image/size.ts';
import { resolveAnimations } from './animations.ts';
import { paintBackground } from './background.ts';
import { resolveBaselines } from './baselines.ts';
import { type Counts, noCounts } from './budget.ts';
import { createCascade } from './cascade.ts';
import { resolveConditions } from './conditions.ts';
import { styleSheetText } from './css.ts';
import { expandEntities } from './entities.ts';
import { svgTooComplex } from './errors.ts';
import { resolveFilterInputs } from './filter-inputs.ts';
import { createCoverage, INCLUDED_FONTS } from './font-coverage.ts';
import { type Coverage, checkGlyphs } from './glyphs.ts';
import { embedImages } from './images.ts';
import { resolveKeyframes } from './keyframes.ts';
import { resolveReferences } from './paint-references.ts';
import { readSvg, type SvgDocument } from './reader.ts';
import { EMBEDDED_SCALE, LIBVIPS_SCALE, parseViewBox, setRootSize, setViewBox, svgSize } from './root-size.ts';
import { resolveRootTransform } from './root-transform.ts';
import { wrapSymbols } from './symbols.ts';
import { decodeSvgText, extractData } from './text.ts';
import { splitTextLists } from './text-lists.ts';
import { resolveTransformOrigins } from './transform-origin.ts';
import { type SvgElement, type SvgReport, serializeSvg } from './tree.ts';
import { reportUnsupported } from './unsupported.ts';
import { resolveUseSizes } from './use-sizes.ts';
import { rewriteValues } from './values.ts';
import { resolveVariables } from './variables.ts';
import { countWork } from './work.ts';

/** An SVG that librsvg may render. */
export interface PreparedSvg {
  /** The SVG as it was serialized. */
  readonly bytes: Buffer;
  /** In CSS pixels. */
  readonly size: Size;
  /** Number of filter effects, each as often as it is applied. */
  readonly filters: number;
  readonly report: SvgReport;
}

/** Returns the size of a root: CSS wins over attributes. */
function sizeOf({ root, rules }: SvgDocument): Size {
  const { attributes } = root;
  const declared = createCascade(rules, (name) => name === 'width' || name === 'height').declared({
    element: root,
    parent: undefined,
  });
  const side = (name: 'width' | 'height') => declared.get(name)?.value ?? attributes.get(name);
  return svgSize({ width: side('width'), height: side('height') }, parseViewBox(attributes.get('viewBox')));
}

/** Puts the rules of all style sheets into one, before everything else. */
function addStyleSheet({ root, rules }: SvgDocument): void {
  const used = rules.filter(({ declarations }) => declarations.length);
  if (!used.length) return;
  const style: SvgElement = { name: 'style', attributes: new Map(), children: [styleSheetText(used)] };
  root.children.unshift(style);
}

/** What an SVG and those embedded in it share. */
interface Preparation {
  readonly report: SvgReport;
  readonly counts: Counts;
  readonly isCovered: Coverage;
}

/**
 * Reads and resolves one document, that of the source or an embedded one.
 *
 * @param scale of the root, see `setRootSize`
 * @returns its root and its size in CSS pixels
 */
async function prepareDocument(bytes: Buffer, preparation: Preparation, scale: number) {
  const { report, counts, isCovered } = preparation;
  const { text, data } = extractData(decodeSvgText(bytes));
  const document = readSvg(expandEntities(text.trimStart()), report, counts);
  const { root } = document;
  resolveConditions(root, report);
  resolveAnimations(root, report);
  resolveKeyframes(root, document.rules, document.keyframes, report);
  resolveVariables(document, report);
  rewriteValues(document, report);
  reportUnsupported(document, report);
  resolveReferences(root);
  resolveUseSizes(root);
  resolveFilterInputs(root);
  const size = sizeOf(document);
  setViewBox(root, size);
  resolveTransformOrigins(document, report);
  resolveBaselines(document);
  splitTextLists(root);
  wrapSymbols(root);
  checkGlyphs(root, report, isCovered);
  countWork(document, counts);
  const prepare = async (embedded: Buffer) => {
    const inner = await prepareDocument(embedded, preparation, EMBEDDED_SCALE);
    return { bytes: serializeSvg(inner.root), size: inner.size };
  };
  // One level deep.
  await embedImages(root, report, { data, counts, prepare: scale === EMBEDDED_SCALE ? undefined : prepare });
  resolveRootTransform(document, size);
  paintBackground(document, size, report);
  addStyleSheet(document);
  setRootSize(root, size, scale);
  return { root, size };
}

const includedCoverage = createCoverage([INCLUDED_FONTS]);

/**
 * Prepares an SVG.
 *
 * @param bytes of the file
 * @param isCovered whether a font has a glyph for a code point
 * @throws ImageError IMAGE_TOO_LARGE if it is too complex, IMAGE_CORRUPT if it is not valid, SOURCE_UNSUPPORTED if it would be
 *   another image without what is left out
 */
export async function prepareSvg(bytes: Buffer, isCovered: Coverage = includedCoverage): Promise<PreparedSvg> {
  const report: SvgReport = { stripped: new Set(), unsupported: new Set() };
  const counts = noCounts();
  try {
    const { root, size } = await prepareDocument(bytes, { report, counts, isCovered }, LIBVIPS_SCALE);
    return { bytes: serializeSvg(root), size, filters: counts.filters, report };
  } catch (error) {
    // A string or a regular expression beyond what the engine holds.
    throw error instanceof RangeError ? svgTooComplex('its markup cannot be held') : error;
  }
}
