/** Everything that is decided before a pixel is touched: format, size, frames, crops. Pure. */
import { ImageError } from '../errors.ts';
import type { ImageOptions } from '../options.ts';
import type { Format } from './formats/sniff.ts';
import { maskBounds, maskPolygon } from './mask.ts';
import type { OutputFormat } from './negotiate.ts';
import {
  type Box,
  coverSize,
  cropRect,
  gravityRect,
  mirrorRect,
  outputSize,
  type Rect,
  rotatedSize,
  type Size,
  toBox,
} from './size.ts';

/** What the header of a source says. Width and height are those of one upright frame. */
export interface SourceInfo extends Size {
  readonly format: Format;
  /** `pixels`: not the file is decoded, but raw pixels that were read from it before, trimmed or downscaled. */
  readonly decodedFrom: 'file' | 'pixels';
  readonly hasAlpha: boolean;
  readonly pages: number;
  /** The EXIF orientation, 1 to 8. */
  readonly orientation: number;
  readonly channels: number;
  /** Passes over the whole picture that a JPEG takes; 1 for all else. */
  readonly scans: number;
}

/** Bounds in pixels and frames. */
export interface PlanLimits {
  readonly sourceMaxPixels: number;
  readonly sourceMaxAvifPixels: number;
  readonly sourceMaxFrames: number;
  readonly sourceMaxScans: number;
  readonly resultMaxSide: number;
  readonly resultMaxPixels: number;
  readonly avifAuto: 'on' | 'off';
}

/** Width and height are those of the result. */
export interface Plan extends Size {
  readonly format: OutputFormat;
  /** First frame, and frames from there on, that are read and written; 1 is a still. */
  readonly page: number;
  readonly pages: number;
  /** Quarters turned clockwise after EXIF, before anything is measured. */
  readonly quarters: number;
  /** Cut out of the turned source. */
  readonly before: Rect | undefined;
  /** What that is scaled to. Where the ratio is its own, it is stretched by less than a pixel. */
  readonly scaled: Size;
  /** Cut out of that: a rectangle, or what libvips finds interesting of this size. */
  readonly cover: Rect | (Size & { readonly strategy: 'entropy' | 'attention' }) | undefined;
  /** Where the picture stands in a larger box. */
  readonly contain: Rect | undefined;
  /** Cut out of what the box has. */
  readonly after: Rect | undefined;
  /** Degrees clockwise that are no quarters. */
  readonly angle: number;
  /** Whether the format holds no transparency. */
  readonly opaque: boolean;
}

/** Longest side that a format's header can hold. */
const MAX_SIDE: Readonly<Record<OutputFormat, number>> = {
  webp: 16_383,
  avif: 16_384,
  jpg: 65_535,
  gif: 65_535,
  png: 2_147_483_647,
  tiff: 2_147_483_647,
};
/** Pixels up to which AVIF may be chosen by itself: above, it takes seconds. */
const MAX_AUTO_AVIF = 2_000_000;

/** Whether a side is too long for a format. */
export const exceedsFormatSide = ({ width, height }: Size, format: OutputFormat) =>
  Math.max(width, height) > MAX_SIDE[format];

/** Returns the format that the decoder reads; undefined for raw pixels, which need none. */
export const decoderFormat = ({ format, decodedFrom }: Pick<SourceInfo, 'format' | 'decodedFrom'>) =>
  decodedFrom === 'file' ? format : undefined;

/** Whether a format, of a source or of a result, can hold an animation that is kept. */
export const supportsAnimation = (format: Format | OutputFormat) => format === 'gif' || format === 'webp';

const tooLarge = (why: string) => new ImageError('IMAGE_TOO_LARGE', why);
const area = ({ width, height }: Size) => width * height;
export const rotatedQuarters = ({ width, height }: Size, quarters: number): Size =>
  quarters % 2 ? { width: height, height: width } : { width, height };

/** Longest side of a drawing that cairo can hold. */
const MAX_SVG_SIDE = 32_767;
/** CMYK and alpha make five. */
const MAX_CHANNELS = 5;

/**
 * Whether a source of this size may be decoded.
 *
 * @throws ImageError IMAGE_TOO_LARGE
 */
export function checkPixels(format: Format, { width, height }: Size, limits: PlanLimits): void {
  const most = format === 'avif' ? limits.sourceMaxAvifPixels : limits.sourceMaxPixels;
  // A drawing has no pixels of its own: it is drawn at the size of the result.
  if (format === 'svg' && Math.max(width, height) > MAX_SVG_SIDE)
    throw tooLarge(
      `The drawing is ${Math.round(width)} × ${Math.round(height)}; at most ${MAX_SVG_SIDE} a side are drawn.`,
    );
  if (format !== 'svg' && width * height > most)
    throw tooLarge(`The source has ${width} × ${height} pixels; at most ${most} are read.`);
}

/** A drawing is drawn in its own ratio, as large as its larger scale asks, and then pressed together. */
function checkSvgScale(from: Size, scaled: Size): void {
  const scale = Math.max(scaled.width / from.width, scaled.height / from.height);
  if (Math.max(from.width, from.height) * scale > MAX_SVG_SIDE)
    throw tooLarge(`The drawing would be more than ${MAX_SVG_SIDE} a side before it is cut to this box.`);
}

/** @throws ImageError IMAGE_TOO_LARGE */
export function checkSource(source: SourceInfo, limits: PlanLimits): void {
  checkPixels(source.format, source, limits);
  if (source.channels > MAX_CHANNELS)
    throw tooLarge(`The source has ${source.channels} channels; at most ${MAX_CHANNELS} are read.`);
  if (source.scans > limits.sourceMaxScans)
    throw tooLarge(`The source has more than ${limits.sourceMaxScans} scans, each over the whole picture.`);
}

/** The largest ratio, from 1 to the asked one, at which the result stays inside the limits: a `3x` of a srcset must work. */
function clampDpr(from: Size, box: Box, dpr: number, formats: readonly OutputFormat[], limits: PlanLimits): number {
  const { width, height } = outputSize(from, box, 1);
  const holds = Math.max(...formats.map((format) => MAX_SIDE[format]));
  // Half a pixel less: the side may be rounded up.
  const longest = (holds - 0.5) / Math.max(width, height);
  const sides = Math.min(longest, limits.resultMaxSide / Math.max(box.w ?? 1, box.h ?? 1));
  // One more pixel a side than at dpr 1 covers both roundings, so that the result stays below the limit.
  const pixels = Math.sqrt(limits.resultMaxPixels / ((width + 1) * (height + 1)));
  return Math.max(1, Math.min(dpr, sides, pixels));
}

/** Frames that are kept: all that fit into the limits when source and result can move, else one. */
function plannedPages(
  source: SourceInfo,
  options: ImageOptions,
  format: OutputFormat,
  result: Size,
  limits: PlanLimits,
): number {
  const { n, page, trim } = options;
  const moves = supportsAnimation(source.format) && supportsAnimation(format);
  // Frames lie below one another, so what EXIF turns would turn the whole strip; a page or a trim is of one picture.
  if (!moves || source.orientation !== 1 || trim !== undefined || (page !== undefined && n === -1)) return 1;
  // Small frames that are made large are as much work as large ones.
  const fitting = Math.floor(limits.sourceMaxPixels / Math.max(area(source), area(result)));
  const left = source.pages - firstPage(source, options);
  return Math.max(1, Math.min(n === -1 ? left : n, left, limits.sourceMaxFrames, fitting));
}

/** `page`, which ends at the last one. The largest and smallest page of a TIFF are found by the reader. */
const firstPage = ({ pages }: SourceInfo, { page = 0 }: Pick<ImageOptions, 'page'>) =>
  Math.min(Math.max(page, 0), pages - 1);

/** The first format that holds the size; under `auto`, JPEG only for what is opaque and AVIF only for small stills. */
function chooseFormat(size: Size, source: SourceInfo, formats: readonly OutputFormat[], clear: boolean): OutputFormat {
  const auto = formats.length > 1;
  const possible = formats.filter((one) => {
    if (auto && one === 'jpg') return !clear;
    if (auto && one === 'avif')
      return source.pages === 1 && (decoderFormat(source) === 'avif' || area(size) <= MAX_AUTO_AVIF);
    return true;
  });
  const format = possible.find((one) => !exceedsFormatSide(size, one));
  if (format) return format;
  const [first = 'jpg'] = formats;
  throw tooLarge(
    `The result would be ${size.width} × ${size.height}; ${first} holds at most ${MAX_SIDE[first]} a side.`,
  );
}

function checkOutput(size: Size, limits: PlanLimits): void {
  if (area(size) > limits.resultMaxPixels)
    throw tooLarge(
      `The result would have ${size.width} × ${size.height} pixels; at most ${limits.resultMaxPixels} are made.`,
    );
}

/** How the picture gets into its box: scaled, and then cut or padded. */
function planCrop(
  from: Size,
  box: Box,
  size: Size,
  options: ImageOptions,
  moves: boolean,
  limits: PlanLimits,
): Pick<Plan, 'scaled' | 'cover' | 'contain'> {
  const boxed = box.w !== undefined && box.h !== undefined;
  const { fpx, fpy } = options;
  const a = fpx === undefined && fpy === undefined ? options.a : 'focal';
  const focus = [fpx ?? 0.5, fpy ?? 0.5] as const;
  if (boxed && box.fit === 'cover') {
    const scaled = coverSize(from, size);
    // What is searched must be made whole: of a thin picture that would be gigapixels.
    const searched = (a === 'entropy' || a === 'attention') && !moves && area(scaled) <= limits.resultMaxPixels;
    return {
      scaled,
      cover: searched ? { ...size, strategy: a } : mirrorRect(gravityRect(scaled, size, a, focus), scaled, options),
      contain: undefined,
    };
  }
  if (boxed && box.fit === 'contain') {
    const scaled = outputSize(from, { w: size.width, h: size.height, fit: 'inside', we: false }, 1);
    const place = gravityRect(size, scaled, a === 'focal' ? 'center' : a, focus);
    const { left, top } = mirrorRect(place, size, options);
    return { scaled, cover: undefined, contain: { ...size, left, top } };
  }
  return { scaled: size, cover: undefined, contain: undefined };
}

/** Quarters turned clockwise that `ro` asks for; another angle is turned after all else. */
const quartersOf = (ro: number) => (ro % 90 === 0 ? (((ro / 90) % 4) + 4) % 4 : 0);

/** The one frame that facts are about: upright, turned, and not yet cut or scaled. */
export const firstFrame = (source: SourceInfo, options: ImageOptions): Pick<Plan, 'page' | 'pages' | 'quarters'> => ({
  page: firstPage(source, options),
  pages: 1,
  quarters: quartersOf(options.ro),
});

/** Whether the result can have transparent parts that the source does not have. */
const addsTransparency = ({ fit, mask, r, ro, cbg, rbg, mbg }: ImageOptions) =>
  (fit === 'contain' && cbg === undefined) ||
  ((mask !== undefined || r !== undefined) && mbg === undefined) ||
  (ro % 90 !== 0 && rbg === undefined);

/**
 * Options, the source's header and the limits → what will be done.
 *
 * @param formats in order of preference, from `candidates`
 * @throws ImageError IMAGE_TOO_LARGE, for the source or for the result
 */
export function plan(
  source: SourceInfo,
  options: ImageOptions,
  formats: readonly OutputFormat[],
  limits: PlanLimits,
): Plan {
  checkSource(source, limits);
  const quarters = quartersOf(options.ro);
  const whole = rotatedQuarters(source, quarters);
  const cut = options.precrop ? cropRect(whole, options) : undefined;
  const before = cut && mirrorRect(cut, whole, options);
  const from = before ?? whole;
  const box = toBox(from, decoderFormat(source) === 'svg' ? { ...options, we: false } : options);
  if (Math.max(box.w ?? 1, box.h ?? 1) > limits.resultMaxSide)
    throw tooLarge(`w and h may be at most ${limits.resultMaxSide} on this deployment.`);
  const size = outputSize(from, box, clampDpr(from, box, options.dpr, formats, limits));
  checkOutput(size, limits);
  const clear = (source.hasAlpha && options.bg === undefined) || addsTransparency({ ...options, fit: box.fit });
  const after = options.precrop ? undefined : cropRect(size, options);
  const angle = options.ro % 90 === 0 ? 0 : ((options.ro % 360) + 360) % 360;
  const turnedBox = angle ? rotatedSize(after ?? size, angle) : (after ?? size);
  checkOutput(turnedBox, limits);
  const shape = options.mtrim ? maskPolygon(turnedBox, options) : undefined;
  const result = shape ? maskBounds(shape, turnedBox) : turnedBox;
  const format = chooseFormat({ width: result.width, height: result.height }, source, formats, clear);
  const pages = plannedPages(source, options, format, result, limits);
  const laid = planCrop(from, box, size, options, pages > 1, limits);
  if (decoderFormat(source) === 'svg') checkSvgScale(from, laid.scaled);
  return {
    width: result.width,
    height: result.height,
    format,
    page: firstPage(source, options),
    pages,
    quarters,
    before,
    ...laid,
    after,
    angle,
    opaque: format === 'jpg',
  };
}
