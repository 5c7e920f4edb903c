/** CPU time of decoders, effects and encoders, in one table. Pure. */
import type { ImageOptions } from '../options.ts';
import type { Effort } from './encode.ts';
import type { Format } from './formats/sniff.ts';
import { SOURCE_FORMATS } from './formats/source-formats.ts';
import type { OutputFormat } from './negotiate.ts';
import { area, type Size } from './size.ts';
import { decoderFormat, type SourceInfo } from './source-info.ts';

/**
 * CPU milliseconds per megapixel to encode at full and low effort, on one vCPU (x86-64): the maximum of a photograph and of
 * noise, opaque and with alpha, at 1500 × 1500. Photographs take a third to a half: WebP 100 and 31, AVIF 500 and 180, JPEG 14.
 * Exceptions: noise with alpha takes 354 as WebP, and noise in frames of less than a megapixel 6400 as GIF.
 *
 * To measure again: encode 1500 × 1500 raw pixels of `crypto.randomBytes`, and of a photograph, with the settings of
 * `encode`, one process each, between two calls of `process.cpuUsage()`.
 */
const ENCODE: Readonly<
  Record<OutputFormat | 'webp-ll' | 'avif-ll' | 'avif-high' | 'png-max', Readonly<Record<Effort, number>>>
> = {
  jpg: { full: 55, low: 55 },
  webp: { full: 250, low: 150 },
  'webp-ll': { full: 1000, low: 540 },
  avif: { full: 1350, low: 1130 },
  // Above `q=80`.
  'avif-high': { full: 2250, low: 1450 },
  'avif-ll': { full: 1650, low: 700 },
  png: { full: 135, low: 45 },
  // Compression levels above `PNG_LEVEL`.
  'png-max': { full: 580, low: 45 },
  gif: { full: 3400, low: 780 },
  tiff: { full: 65, low: 65 },
};

/** CPU milliseconds per megapixel to read raw pixels, likewise; those of a file are in the table of formats. */
const READ_PIXELS = 20;

/** Decoders and encoders that run to their end once they have begun: `sharp.timeout` does not reach them. */
const UNSTOPPABLE_DECODERS: readonly (Format | undefined)[] = ['avif', 'webp'];
const UNSTOPPABLE_ENCODERS: readonly OutputFormat[] = ['avif', 'gif'];

/**
 * Maximum estimated CPU milliseconds for the effects and one encode of a frame: above, a format is not used. Photographs
 * take a third of it. It allows 8.8 megapixels of AVIF, 6.9 above `q=80`, 6.0 of lossless AVIF, 10 of lossless WebP, 12.8 of GIF, 17 of PNG at
 * `l=7` to `9`; and 40 of WebP. (25 megapixels took 31 CPU seconds and 1.15 GB as lossless AVIF.)
 */
const MAX_FRAME_MS = 10_000;
/** Maximum estimated CPU milliseconds for all encodes of an image, those to meet a limit of bytes included. */
export const MAX_ENCODES_MS = 15_000;

/**
 * Pixels of a GIF, all frames together, above which it is quantized at low effort: that takes 0.4 to 0.8 seconds per megapixel
 * instead of 2.3 to 6.4, for 1 to 13 % more bytes and 2.5 dB less PSNR.
 */
const MAX_FULL_GIF_PIXELS = 1_500_000;

/**
 * Maximum estimated CPU milliseconds of an AVIF at full effort: above, effort 1 takes 0.4 of the time for a quarter more bytes. And of
 * one at low effort that `auto` chooses: above, it chooses WebP. Photographs take a third of it.
 */
const MAX_AVIF_MS = 2700;

export type CostOptions = Pick<
  ImageOptions,
  | 'll'
  | 'l'
  | 'q'
  | 'il'
  | 'af'
  | 'bri'
  | 'mod'
  | 'sat'
  | 'hue'
  | 'con'
  | 'gam'
  | 'sharp'
  | 'filt'
  | 'blur'
  | 'tint'
  | 'ro'
  | 'pad'
  | 'cbg'
>;

/** Estimates the milliseconds per megapixel of all effects but masks. */
function effectsCost({ bri, mod, sat, hue, con, gam, sharp, filt, blur, tint, ro, pad, cbg }: CostOptions): number {
  const costs: readonly (number | false)[] = [
    bri !== undefined && bri !== 0 && 15,
    (mod !== undefined || sat !== undefined || hue !== undefined) && 80,
    con !== undefined && con !== 0 && 15,
    gam !== undefined && gam !== 1 && 15,
    sharp !== undefined && 85 + 7 * sharp,
    filt !== undefined && 20,
    blur !== undefined && 5 + Math.min(blur, 50),
    tint !== undefined && 20,
    ro % 90 !== 0 && 60,
    pad !== undefined && 5,
    cbg === 'blur' && 45,
  ];
  return costs.reduce<number>((sum, cost) => sum + (cost || 0), 0);
}

function encodeCost(format: OutputFormat, { ll, l = 0, q }: CostOptions, effort: Effort): number {
  if (ll && (format === 'webp' || format === 'avif')) return ENCODE[`${format}-ll`][effort];
  if (format === 'avif' && q > 80) return ENCODE['avif-high'][effort];
  return ENCODE[format === 'png' && l > 6 ? 'png-max' : format][effort];
}

/** Returns the maximum pixels of a frame in a format, with these effects, by `MAX_FRAME_MS`. */
export function maxFramePixels(format: OutputFormat, options: CostOptions): number {
  const effort = format === 'gif' || (format === 'avif' && !options.ll) ? 'low' : 'full';
  return Math.floor((MAX_FRAME_MS * 1e6) / (encodeCost(format, options, effort) + effectsCost(options)));
}

/** An output as far as its cost depends on it. */
export interface CostPlan extends Size {
  readonly format: OutputFormat;
  readonly pages: number;
}

/** Estimates the milliseconds of one encode of all frames. */
export const encodeMs = (plan: CostPlan, options: CostOptions, effort: Effort): number =>
  ((plan.pages * area(plan)) / 1e6) * encodeCost(plan.format, options, effort);

/** Returns the effort of the encoder if there is time. */
export function defaultEffort(plan: CostPlan, options: CostOptions): Effort {
  if (plan.format === 'avif') return encodeMs(plan, options, 'full') > MAX_AVIF_MS ? 'low' : 'full';
  return plan.format === 'gif' && plan.pages * area(plan) > MAX_FULL_GIF_PIXELS ? 'low' : 'full';
}

/** Returns whether a still is encoded as AVIF quickly enough for `auto` to choose that. */
export const isQuickAvif = (size: Size, options: CostOptions): boolean =>
  encodeMs({ ...size, format: 'avif', pages: 1 }, options, 'low') <= MAX_AVIF_MS;

const decodeCost = (source: SourceInfo) => {
  const format = decoderFormat(source);
  return format ? SOURCE_FORMATS[format].decodeMs : READ_PIXELS;
};

const decodeFrameMs = (source: SourceInfo) => (area(source) / 1e6) * decodeCost(source);

/** Estimates the milliseconds to decode all frames and to apply the effects. */
export const decodeMs = (plan: CostPlan, options: CostOptions, source: SourceInfo, decodedFrames: number): number =>
  decodedFrames * decodeFrameMs(source) + plan.pages * (area(plan) / 1e6) * effectsCost(options);

/**
 * Estimates the milliseconds of the longest steps that cannot be stopped.
 *
 * @param source still to be decoded; undefined if its pixels are in memory
 */
export function unstoppableMs(
  plan: CostPlan,
  options: CostOptions,
  effort: Effort,
  source: SourceInfo | undefined,
): number {
  const decode = source && UNSTOPPABLE_DECODERS.includes(decoderFormat(source)) ? decodeFrameMs(source) : 0;
  // An animated GIF is stopped between its frames.
  const encode = UNSTOPPABLE_ENCODERS.includes(plan.format) ? encodeMs({ ...plan, pages: 1 }, options, effort) : 0;
  return decode + encode;
}
