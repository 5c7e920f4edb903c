/** Limits in pixels, sides, channels, bytes of a line and scans: one check for a source, one for an output. Pure. */
import { ImageError } from '../errors.ts';
import type { ImageOptions } from '../options.ts';
import { type CostOptions, maxFramePixels } from './cpu-cost.ts';
import { type EncoderOptions, maxPixelsByMemory } from './encoder-memory.ts';
import type { Format } from './formats/sniff.ts';
import type { FormatSettings } from './formats/source-formats.ts';
import type { OutputFormat } from './negotiate.ts';
import { planBorder } from './padding.ts';
import { area, type Box, MAX_SVG_SIDE, outputSize, type Size } from './size.ts';
import type { SourceInfo } from './source-info.ts';

/** Limits of a deployment in pixels, frames and scans, and the formats that it reads: settings of `schemas/config.json`. */
export interface PlanLimits extends FormatSettings {
  readonly sourceMaxPixels: number;
  readonly sourceMaxAvifPixels: number;
  readonly sourceMaxHeicPixels: number;
  readonly sourceMaxFrames: number;
  readonly sourceMaxScans: number;
  readonly resultMaxSide: number;
  readonly resultMaxPixels: number;
  readonly avifAuto: 'on' | 'off';
}

/** Maximum pixels per side that the header of an output format can hold. */
const MAX_FORMAT_SIDE: Readonly<Record<OutputFormat, number>> = {
  webp: 16_383,
  avif: 16_384,
  jpg: 65_535,
  gif: 65_535,
  png: 2_147_483_647,
  tiff: 2_147_483_647,
};
/** Maximum channels of a source: CMYK and alpha make five. */
const MAX_CHANNELS = 5;

/**
 * Maximum pixels of the longer side of a source. libvips holds lines, not pixels: while it scales, about 2.5 kB for each pixel
 * of width. A PNG of 70 bytes with 4 million of them took 2.2 GB, with alpha 7.2 GB. Panoramas and charts have up to 65,535, the
 * maximum of JPEG; screenshots of whole pages are that high.
 */
const MAX_SIDE = 100_000;
/** Maximum bytes of a line along the longer side, which becomes the width when it is rotated: 100,000 pixels of 8 bits with alpha. */
const MAX_LINE_BYTES = 400_000;
/** Maximum bytes of a pixel at the maximum of pixels: an interlaced PNG or a TIFF of one strip is held whole. Four channels of 16 bits. */
const MAX_PIXEL_BYTES = 8;

const tooLarge = (message: string) => new ImageError('IMAGE_TOO_LARGE', message);

const exceedsFormatSide = ({ width, height }: Size, format: OutputFormat) =>
  Math.max(width, height) > MAX_FORMAT_SIDE[format];

/** Options that the time and the memory of encoding a frame depend on. */
export type FrameOptions = CostOptions & EncoderOptions;

const maxPixelsOf = (format: OutputFormat, options: FrameOptions) =>
  Math.min(maxFramePixels(format, options), maxPixelsByMemory(format, options));

/** Returns whether a side is too long for an output format, or a frame takes too much time or memory to encode in it. */
export const exceedsFormat = (size: Size, format: OutputFormat, options: FrameOptions) =>
  exceedsFormatSide(size, format) || area(size) > maxPixelsOf(format, options);

/** Returns the error for an output that no requested format can hold, or be encoded in. */
export function formatError(size: Size, format: OutputFormat, options: FrameOptions): ImageError {
  const { width, height } = size;
  if (exceedsFormatSide(size, format))
    return tooLarge(
      `The output would be ${width} × ${height} pixels; ${format} allows at most ${MAX_FORMAT_SIDE[format]} per side.`,
    );
  const settings = `${format}${options.ll && (format === 'webp' || format === 'avif') ? ' without loss' : ''}`;
  const max = maxPixelsOf(format, options);
  const reason = max === maxFramePixels(format, options) ? 'take too long' : 'take too much memory';
  return tooLarge(
    `The output would have ${width} × ${height} pixels; at most ${max} are encoded as ${settings}${options.hasAlpha ? ' with transparency' : ''} and with these options: more would ${reason}.`,
  );
}

function maxSourcePixels(format: Format, limits: PlanLimits): number {
  if (format === 'heic') return limits.sourceMaxHeicPixels;
  return format === 'avif' ? limits.sourceMaxAvifPixels : limits.sourceMaxPixels;
}

/**
 * Checks the size of a source before it is decoded.
 *
 * @param size in pixels; that of an SVG, in CSS pixels, has no limit
 * @throws ImageError IMAGE_TOO_LARGE
 */
export function checkPixels(format: Format, { width, height }: Size, limits: PlanLimits): void {
  const maxPixels = maxSourcePixels(format, limits);
  // An SVG has no pixels of its own: it is rendered at the size of the output.
  if (format === 'svg') return;
  if (width * height > maxPixels)
    throw tooLarge(`The source has ${width} × ${height} pixels; at most ${maxPixels} are allowed.`);
  if (Math.max(width, height) > MAX_SIDE)
    throw tooLarge(`The source has ${width} × ${height} pixels; at most ${MAX_SIDE} per side are decoded.`);
}

/**
 * Checks what a decoder holds in memory, by the bytes of a pixel in the file.
 *
 * @throws ImageError IMAGE_TOO_LARGE
 */
function checkPixelBytes(source: SourceInfo, { sourceMaxPixels }: PlanLimits): void {
  const { width, height, channels, bytesPerSample = 1 } = source;
  const pixelBytes = channels * bytesPerSample;
  const maxSide = Math.floor(MAX_LINE_BYTES / pixelBytes);
  const maxPixels = Math.floor((sourceMaxPixels * MAX_PIXEL_BYTES) / pixelBytes);
  const name = `The source has ${width} × ${height} pixels of ${pixelBytes} bytes`;
  if (Math.max(width, height) > maxSide) throw tooLarge(`${name}; at most ${maxSide} of them per side are decoded.`);
  if (area(source) > maxPixels) throw tooLarge(`${name}; at most ${maxPixels} of them are allowed.`);
}

/**
 * Checks all that the header of a source says: pixels, sides, channels, bytes, scans. Called once for a source, before it is decoded.
 *
 * @throws ImageError IMAGE_TOO_LARGE
 */
export function checkSource(source: SourceInfo, limits: PlanLimits): void {
  checkPixels(source.format, source, limits);
  if (source.channels > MAX_CHANNELS)
    throw tooLarge(`The source has ${source.channels} channels; at most ${MAX_CHANNELS} are supported.`);
  if (source.format !== 'svg') checkPixelBytes(source, limits);
  if (source.scans > limits.sourceMaxScans)
    throw tooLarge(`The source has more than ${limits.sourceMaxScans} scans, each over the whole image.`);
}

/**
 * Checks the requested box and the pixels of each size that an output has on its way: scaled, and rotated by an angle.
 *
 * @throws ImageError IMAGE_TOO_LARGE
 */
export function checkOutput({ w = 1, h = 1 }: Partial<Box>, sizes: readonly Size[], limits: PlanLimits): void {
  const { resultMaxSide, resultMaxPixels } = limits;
  if (Math.max(w, h) > resultMaxSide) throw tooLarge(`w and h may be at most ${resultMaxSide} on this deployment.`);
  for (const size of sizes)
    if (area(size) > resultMaxPixels)
      throw tooLarge(
        `The output would have ${size.width} × ${size.height} pixels; at most ${resultMaxPixels} are allowed.`,
      );
}

/**
 * Checks the size at which an SVG is rendered: librsvg keeps its aspect ratio and uses the larger scale, and only then is
 * the image squeezed or cropped. With a crop before scaling, it is rendered at its own size first.
 *
 * @param source in CSS pixels
 * @param from the pre-crop, else the source
 * @throws ImageError IMAGE_TOO_LARGE
 */
export function checkSvgScale(source: Size, from: Size, scaled: Size): void {
  if (from !== source && Math.max(source.width, source.height) > MAX_SVG_SIDE)
    throw tooLarge(
      `The SVG is ${Math.round(source.width)} × ${Math.round(source.height)} pixels; at most ${MAX_SVG_SIDE} per side are cropped.`,
    );
  const scale = Math.max(scaled.width / from.width, scaled.height / from.height);
  if (Math.max(from.width, from.height) * scale > MAX_SVG_SIDE)
    throw tooLarge(`The SVG would be more than ${MAX_SVG_SIDE} pixels per side before it is cropped to this box.`);
}

/**
 * Lowers a device pixel ratio until the output is within the limits, so that a `3x` of a srcset works everywhere. A ratio
 * whose output is within them is not changed.
 *
 * @param formats that may be sent: the one with the longest sides counts
 * @returns 1 to `dpr`
 */
export function clampDpr(
  from: Size,
  box: Box,
  dpr: number,
  formats: readonly OutputFormat[],
  options: FrameOptions & Pick<ImageOptions, 'pad'>,
  limits: PlanLimits,
): number {
  const maxFormatSide = Math.max(...formats.map((format) => MAX_FORMAT_SIDE[format]));
  const longestSide = Math.max(box.w ?? 1, box.h ?? 1);
  const sizeAt = (ratio: number) => {
    const size = outputSize(from, box, ratio);
    return planBorder(size, options, ratio) ?? size;
  };
  const requested = sizeAt(dpr);
  const isWithinSides =
    Math.max(requested.width, requested.height) <= maxFormatSide && longestSide * dpr <= limits.resultMaxSide;
  if (isWithinSides && area(requested) <= limits.resultMaxPixels) return dpr;
  const { width, height } = sizeAt(1);
  // The two lengths of a border are rounded too.
  const border = options.pad === undefined ? 0 : 1;
  // About half a pixel less: the side is rounded up to the maximum, and never above.
  const byFormat = (maxFormatSide - border - 0.49) / Math.max(width, height);
  const bySide = Math.min(byFormat, limits.resultMaxSide / longestSide);
  // One pixel per side more than at a ratio of 1 covers both roundings, so that the output stays below the limit.
  const maxPixelsByFormat = Math.max(...formats.map((format) => maxPixelsOf(format, options)));
  const maxPixels = Math.min(limits.resultMaxPixels, maxPixelsByFormat);
  const byPixels = Math.sqrt(maxPixels / ((width + 1 + border) * (height + 1 + border)));
  return Math.max(1, Math.min(dpr, bySide, byPixels));
}
