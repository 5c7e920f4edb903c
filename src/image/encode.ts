/** The settings of each encoder, in one table. */
import type { Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import type { OutputFormat } from './negotiate.ts';
import type { Effort } from './pace.ts';

export const MEDIA_TYPES: Readonly<Record<OutputFormat, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  tiff: 'image/tiff',
};

/** Timing of an animation: milliseconds for each frame, and how often it plays (0: for ever). */
export interface Timing {
  readonly delay: number[];
  readonly loop: number;
}

/**
 * Browsers show a frame of 0 or 10 ms for 100 ms, since old GIFs mean "as fast as you can" by it; a WebP made of it
 * would really race.
 */
export const browserDelay = (milliseconds: number) => (milliseconds <= 10 ? 100 : milliseconds);

export type EncodeOptions = Pick<ImageOptions, 'q' | 'll' | 'il' | 'l' | 'af'>;

/**
 * Adds the encoder to a pipeline.
 *
 * PNG is set by its compression level: its `quality` would mean a palette, and seconds of quantisation. AVIF at effort 2
 * and 4:2:0 takes a tenth of the time of sharp's defaults, and its quality scale is JPEG's at 50 of 80. WebP keeps
 * effort 4: with 2 it takes 0.47 of the CPU, but over eight photographs at 640 px 4.5 % more bytes for less likeness (SSIM 0.9826 for
 * 0.9845), and a picture is made once and sent often.
 *
 * @param options.q 1 to 100, on JPEG's scale
 * @param effort `low` where time is short: a third to a quarter of the time, for more bytes
 */
export function encode(
  image: Sharp,
  format: OutputFormat,
  options: EncodeOptions,
  timing: Timing | undefined,
  effort: Effort = 'full',
): Sharp {
  const { q, ll, il, l, af } = options;
  const low = effort === 'low';
  switch (format) {
    case 'jpg':
      return image.jpeg({ quality: q, progressive: il });
    case 'png':
      return image.png({ compressionLevel: low ? 1 : l, adaptiveFiltering: af && !low, progressive: il });
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
