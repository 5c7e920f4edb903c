/** Memory of encoders, in one table. Pure. */
import type { ImageOptions } from '../options.ts';
import type { Effort } from './encode.ts';
import type { OutputFormat } from './negotiate.ts';

/**
 * Bytes that an encoder holds for each pixel of a frame, beside the pixels themselves: peak at 4 megapixels of a photograph,
 * and of noise where that is an eighth more at most (JPEG 7.0, PNG 5.0, TIFF 5.8, WebP 6.4, AVIF 23.7, GIF at low effort 15.4).
 * With alpha, WebP holds 32 to 39 and AVIF 40 to 42; without loss, WebP 31 to 42 and AVIF 38 to 59, with alpha 55 to 78. A GIF
 * at full effort, up to 1.5 megapixels, takes 24 to 38. (Noise as WebP takes 21, and at quality 100 32.)
 *
 * To measure again: encode 2000 × 2000 raw pixels with the settings of `encode`, one process each, with `MALLOC_ARENA_MAX=1`:
 * `VmHWM` of /proc/self/status after it, less `VmRSS` before it.
 */
const BYTES: Readonly<
  Record<OutputFormat | 'webp-alpha' | 'webp-ll' | 'avif-alpha' | 'avif-ll' | 'avif-ll-alpha' | 'gif-full', number>
> = {
  jpg: 7,
  png: 8,
  tiff: 8,
  webp: 9,
  'webp-alpha': 42,
  'webp-ll': 42,
  avif: 24,
  'avif-alpha': 42,
  'avif-ll': 60,
  'avif-ll-alpha': 78,
  gif: 16,
  'gif-full': 38,
};

/** Bytes for each raw pixel of an animation, whose frames are all held: with some of those before they are scaled. */
const FRAME = 5;
/**
 * Maximum bytes of an encoder: above, a format is not used for a frame. It allows 7.1 megapixels of WebP with alpha, as of lossless
 * WebP, and of AVIF with alpha, 5 of lossless AVIF, and 3.8 with alpha; all other formats are limited by their time. (25 megapixels of
 * WebP with alpha took 740 MB beside their pixels, and 1.1 GB after effects.) With the frames of an animation, it is the
 * maximum of both: as WebP, 100 frames of 0.58 megapixels.
 */
const MAX_BYTES = 300_000_000;

export interface EncoderOptions extends Pick<ImageOptions, 'll'> {
  /** Whether the output may have transparent parts. */
  readonly hasAlpha: boolean;
}

/** Returns the bytes that an encoder holds for each pixel of a frame. */
export function encoderBytes(format: OutputFormat, { ll, hasAlpha }: EncoderOptions, effort: Effort): number {
  if (format === 'webp' && ll) return BYTES['webp-ll'];
  if (format === 'avif' && ll) return BYTES[hasAlpha ? 'avif-ll-alpha' : 'avif-ll'];
  if (hasAlpha && (format === 'webp' || format === 'avif')) return BYTES[`${format}-alpha`];
  return BYTES[format === 'gif' && effort === 'full' ? 'gif-full' : format];
}

/** Returns the maximum pixels of a frame in a format, by the memory of its encoder. */
export const maxPixelsByMemory = (format: OutputFormat, options: EncoderOptions): number =>
  Math.floor(MAX_BYTES / encoderBytes(format, options, 'low'));

/** Returns the maximum frames of an animation of so many pixels each, by the memory of the encoder and of the raw frames. */
export const maxFramesByMemory = (pixels: number, format: OutputFormat, options: EncoderOptions): number =>
  Math.floor((MAX_BYTES / pixels - encoderBytes(format, options, 'low')) / FRAME);
