/**
 * Prepares an SVG for librsvg: parses it, leaves out what a browser's `<img>` does not load or run, resolves what librsvg cannot,
 * and serializes what is left. librsvg gets no byte of the file as it was, so that what was checked is what is drawn; what
 * it would take forever for is rejected before it starts. What passes nevertheless is ended by the worker's limits of time and memory.
 */
import type { Size } from '../image/size.ts';
import { type Counts, noCounts } from './budget.ts';
import { createCascade } from './cascade.ts';
import { resolveConditions } from './conditions.ts';
import { styleSheetText } from './css.ts';
import { expandEntities } from './entities.ts';
import { embedImages } from './images.ts';
import { readSvg, type SvgDocument } from './reader.ts';
import { LIBVIPS_SCALE, parseViewBox, setRootSize, svgSize } from './root-size.ts';
import { decodeSvgText, extractData } from './text.ts';
import { type SvgElement, type SvgReport, serializeSvg } from './tree.ts';
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

/**
 * Reads and filters one document, that of the source or an embedded one.
 *
 * @param isEmbedded whether it is embedded in another: then it embeds no further one
 */
async function prepareDocument(
  bytes: Buffer,
  report: SvgReport,
  counts: Counts,
  isEmbedded = false,
): Promise<SvgDocument> {
  const { text, data } = extractData(decodeSvgText(bytes));
  const document = readSvg(expandEntities(text.trimStart()), report, counts);
  resolveConditions(document.root, report);
  countWork(document, counts);
  const prepare = async (embedded: Buffer) => {
    const inner = await prepareDocument(embedded, report, counts, true);
    setRootSize(inner.root, sizeOf(inner), 1);
    return serializeSvg(inner.root);
  };
  await embedImages(document.root, report, { data, counts, prepare: isEmbedded ? undefined : prepare });
  addStyleSheet(document);
  return document;
}

/**
 * Prepares an SVG.
 *
 * @param bytes of the file
 * @throws ImageError IMAGE_TOO_LARGE if it is too complex, IMAGE_CORRUPT if it is not valid, SOURCE_UNSUPPORTED if it would be
 *   another image without what is left out
 */
export async function prepareSvg(bytes: Buffer): Promise<PreparedSvg> {
  const report: SvgReport = { stripped: new Set(), unsupported: new Set() };
  const counts = noCounts();
  const document = await prepareDocument(bytes, report, counts);
  const size = sizeOf(document);
  setRootSize(document.root, size, LIBVIPS_SCALE);
  return { bytes: serializeSvg(document.root), size, filters: counts.filters, report };
}
