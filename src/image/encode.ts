/** The settings of each encoder, in one table. */
import type { Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import type { OutputFormat } from './negotiate.ts';
import type { Effort } from './time-budget.ts';

export const MEDIA_TYPES: Readonly<Record<OutputFormat, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  tiff: 'image/tiff',
};

/** Timing of an animation: milliseconds for each frame, and how often it plays (0: for ever). */
export interface AnimationTiming {
  readonly delay: number[];
  readonly loop: number;
}

/**
 * Browsers show a frame of 0 or 10 ms for 100 ms, since old GIFs mean "as fast as you can" by it; a WebP made of it
 * would really race.
 */
export const normalizeDelay = (milliseconds: number) => (milliseconds <= 10 ? 100 : milliseconds);

/** zlib's level where none is asked for. */
export const PNG_LEVEL = 6;

export type EncodeOptions = Pick<ImageOptions, 'q' | 'll' | 'il' | 'l' | 'af'>;

/**
 * Adds the encoder to a pipeline.
 *
 * PNG is set by its compression level: its `quality` would mean a palette, and seconds of quantisation; where neither level nor
 * filters were asked for, `pngFor` has found them. AVIF at effort 2 and 4:2:0 takes a tenth of the time of sharp's defaults,
 * and its quality scale is JPEG's at 50 of 80.
 *
 * A picture is made once and sent often, so bytes count for more than the encoder's CPU. Measured against these settings over
 * eight photographs of 200 to 800 px, bytes at the same likeness (SSIM):
 *
 * | | CPU of the encoder | bytes |
 * | --- | --- | --- |
 * | WebP, effort 2 | 0.46 | 1.146 |
 * | WebP, effort 3 | 0.98 | 1.007 |
 * | AVIF, effort 3 | 1.7 | 0.88 |
 * | AVIF, `tune` to SSIM | 0.82 | 0.97, but by SSIMULACRA2 1.13 |
 * | AVIF, `tune` to SSIM, effort 3 | 1.4 | 0.87, but by SSIMULACRA2 1.04 |
 * | WebP, presets | 0.9 to 1.1 | 1.02 to 1.13 |
 * | JPEG without optimised Huffman tables | 0.51 | 1.024 |
 * | JPEG, progressive (`il`) | 1.67 | 0.985 |
 * | JPEG with mozjpeg's other quantisation tables, 1 to 8 | 0.9 to 1.1 | 1.025 to 1.26 |
 * | JPEG, trellis | 4.7 | 0.971 |
 *
 * @param options.q 1 to 100, on JPEG's scale
 * @param effort `low` where time is short: a third to a quarter of the time, for more bytes
 */
export function encode(
  image: Sharp,
  format: OutputFormat,
  options: EncodeOptions,
  timing: AnimationTiming | undefined,
  effort: Effort = 'full',
): Sharp {
  const { q, ll, il, l = PNG_LEVEL, af } = options;
  const low = effort === 'low';
  switch (format) {
    case 'jpg':
      return image.jpeg({ quality: q, progressive: il });
    case 'png':
      return image.png({
        compressionLevel: low ? 1 : l,
        adaptiveFiltering: af && !low,
        progressive: il,
      });
    case 'webp':
      return image.webp({ quality: q, lossless: ll, ...(low && { effort: 0 }), ...timing });
    case 'avif':
      return ll
        ? image.avif({ lossless: true, effort: low ? 0 : 2 })
        : image.avif({
            quality: Math.max(1, Math.round((q * 50) / 80)),
            effort: low ? 0 : 2,
            chromaSubsampling: '4:2:0',
          });
    case 'gif':
      return image.gif({ progressive: il, ...(low && { effort: 1 }), ...timing });
    case 'tiff':
      return image.tiff({ compression: 'deflate', predictor: 'horizontal' });
  }
}

/** Formats whose bytes the quality moves. */
export const hasQuality = (format: OutputFormat, { ll }: EncodeOptions) =>
  format === 'jpg' || ((format === 'webp' || format === 'avif') && !ll);
