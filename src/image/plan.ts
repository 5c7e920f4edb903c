/** Everything that is decided before a pixel is touched: format, size, frames. Pure. */
import { ImageError } from '../errors.ts';
import type { ImageOptions } from '../options.ts';
import type { OutputFormat } from './negotiate.ts';
import type { Format } from './sniff.ts';

/** What the header of a source says. Width and height are those of one upright frame. */
export interface SourceInfo {
  readonly format: Format;
  readonly width: number;
  readonly height: number;
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
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Plan extends Size {
  readonly format: OutputFormat;
  /** Frames that are read and written; 1 is a still. */
  readonly pages: number;
  /** How the picture fills the size. Where the size has the picture's own ratio, it is stretched by less than a pixel. */
  readonly fit: 'fill' | 'cover' | 'contain';
  /** Whether what is transparent must be put on white, since the format has no alpha. */
  readonly flatten: boolean;
}

/** Longest side that a format's header can hold. */
const MAX_SIDE: Readonly<Record<OutputFormat, number>> = {
  webp: 16_383,
  avif: 16_384,
  jpg: 65_535,
  gif: 65_535,
  png: 2_147_483_647,
};

const tooLarge = (why: string) => new ImageError('IMAGE_TOO_LARGE', why);
const side = (length: number) => Math.max(1, Math.round(length));

/**
 * The size of the result for a source of `from`, at a device pixel ratio. Sides are rounded once, to nearest, and at
 * least 1. With one side given, the other follows the ratio; `fill` keeps the source's instead, as sharp and weserv do.
 * Without enlargement, a box that would be larger than what the source fills is made smaller in its own ratio.
 */
export function resultSize(
  from: Size,
  { w, h, fit, we }: Pick<ImageOptions, 'w' | 'h' | 'fit' | 'we'>,
  dpr: number,
): Size {
  const x = w === undefined ? undefined : (w * dpr) / from.width;
  const y = h === undefined ? undefined : (h * dpr) / from.height;
  const either = x ?? y ?? 1;
  const stop = (scale: number) => (we ? Math.min(1, scale) : scale);
  if (fit === 'fill') return { width: side(from.width * stop(x ?? 1)), height: side(from.height * stop(y ?? 1)) };
  const scales = [x ?? either, y ?? either] as const;
  if (fit === 'inside' || fit === 'outside' || x === undefined || y === undefined) {
    const scale = stop(fit === 'outside' ? Math.max(...scales) : Math.min(...scales));
    return { width: side(from.width * scale), height: side(from.height * scale) };
  }
  const enlarged = fit === 'cover' ? Math.max(...scales) : Math.min(...scales);
  const shrink = we && enlarged > 1 ? enlarged : 1;
  return { width: side((from.width * x) / shrink), height: side((from.height * y) / shrink) };
}

/** The largest ratio, from 1 to the asked one, at which the result stays inside the limits: a `3x` of a srcset must work. */
function clampDpr(from: Size, options: ImageOptions, limits: PlanLimits): number {
  const { width, height } = resultSize(from, options, 1);
  return Math.max(
    1,
    Math.min(
      options.dpr,
      limits.resultMaxSide / (options.w ?? 1),
      limits.resultMaxSide / (options.h ?? 1),
      // One more pixel a side than at dpr 1 covers both roundings, so that the result stays below the limit.
      Math.sqrt(limits.resultMaxPixels / ((width + 1) * (height + 1))),
    ),
  );
}

/** Longest side of a drawing that cairo can hold. */
const MAX_DRAWING = 32_767;
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
  if (format === 'svg' ? Math.max(width, height) > MAX_DRAWING : width * height > most)
    throw tooLarge(`The source has ${width} × ${height} pixels; at most ${most} are read.`);
}

function checkSource(source: SourceInfo, limits: PlanLimits): void {
  checkPixels(source.format, source, limits);
  if (source.channels > MAX_CHANNELS)
    throw tooLarge(`The source has ${source.channels} channels; at most ${MAX_CHANNELS} are read.`);
  if (source.scans > limits.sourceMaxScans)
    throw tooLarge(`The source has more than ${limits.sourceMaxScans} scans, each over the whole picture.`);
}

/** Frames that are kept: all that fit into the limits when source and result can move, else the first. */
function keptPages(source: SourceInfo, format: OutputFormat, limits: PlanLimits): number {
  const moves = (source.format === 'gif' || source.format === 'webp') && (format === 'gif' || format === 'webp');
  // Frames are stored below one another, so turning them would turn the whole strip.
  if (!moves || source.orientation !== 1) return 1;
  const fitting = Math.floor(limits.sourceMaxPixels / (source.width * source.height));
  return Math.max(1, Math.min(source.pages, limits.sourceMaxFrames, fitting));
}

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
  const wanted = source.format === 'svg' ? { ...options, we: false } : options;
  const { w = 1, h = 1 } = wanted;
  if (Math.max(w, h) > limits.resultMaxSide)
    throw tooLarge(`w and h may be at most ${limits.resultMaxSide} on this deployment.`);
  const size = resultSize(source, wanted, clampDpr(source, wanted, limits));
  if (size.width * size.height > limits.resultMaxPixels)
    throw tooLarge(
      `The result would have ${size.width} × ${size.height} pixels; at most ${limits.resultMaxPixels} are made.`,
    );

  const possible = formats.filter((format) => formats.length === 1 || format !== 'jpg' || !source.hasAlpha);
  const format = possible.find((one) => Math.max(size.width, size.height) <= MAX_SIDE[one]);
  if (format === undefined)
    throw tooLarge(
      `The result would be ${size.width} × ${size.height}; ${formats[0]} holds at most ${MAX_SIDE[formats[0] ?? 'jpg']} a side.`,
    );
  const boxed =
    (wanted.fit === 'cover' || wanted.fit === 'contain') && wanted.w !== undefined && wanted.h !== undefined;
  return {
    ...size,
    format,
    pages: keptPages(source, format, limits),
    fit: boxed ? (wanted.fit as 'cover' | 'contain') : 'fill',
    flatten: format === 'jpg' && source.hasAlpha,
  };
}
