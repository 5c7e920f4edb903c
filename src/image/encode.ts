/** Encoder settings of each output format, in one table. */
import type { Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import type { OutputFormat } from './negotiate.ts';
import { encoderQuality } from './quality-scale.ts';
import type { Size } from './size.ts';

/** Effort of an encoder; `low` is the fastest it can do. */
export type Effort = 'full' | 'low';

export const MEDIA_TYPES: Readonly<Record<OutputFormat, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  tiff: 'image/tiff',
};

/** Timing of an animation: milliseconds per frame, and how often it plays (0: forever). */
export interface AnimationTiming {
  readonly delay: number[];
  readonly loop: number;
}

/**
 * Replaces frame delays of 0 and 10 ms by 100 ms, as browsers do for GIF, where they mean "as fast as possible"; in a
 * WebP they would be taken literally.
 */
export const normalizeDelay = (milliseconds: number) => (milliseconds <= 10 ? 100 : milliseconds);

/**
 * mozjpeg's quantization table 3, of ImageMagick, instead of that of the standard: at the same quality 0.94 of the bytes and 0.2 points of
 * SSIMULACRA2 more, at equal SSIMULACRA2 0.92 to 0.94 from 55 to 80 points (16 photographs of 640 px), for 1.03 times the CPU.
 */
const JPEG_TABLE = 3;

/** Default compression level of PNG (zlib). */
export const PNG_LEVEL = 6;

/** Maximum pixels of an icon as output and as source, see `losslessIcon`: 16 × 16, and 48 × 48. An SVG has none. */
const MAX_ICON_PIXELS = 256;
const MAX_ICON_SOURCE_PIXELS = 2304;

/**
 * Returns the settings of a WebP without loss for an icon of up to 16 × 16 pixels: of 309 of them it has 0.75 of the bytes, and every
 * pixel has its colour, where one colour for four pixels changes the image. At 32 × 32 it has 1.13 of the bytes, and a photograph as
 * small as that has three times as many.
 */
export const losslessIcon = (
  { format, width, height, pages }: Size & { readonly format: OutputFormat; readonly pages: number },
  source: Size & { readonly format: string },
  { mb }: Pick<ImageOptions, 'mb'>,
): { readonly ll?: true } => {
  const isIcon = source.format === 'svg' || source.width * source.height <= MAX_ICON_SOURCE_PIXELS;
  const isSmall = width * height <= MAX_ICON_PIXELS;
  return format === 'webp' && pages === 1 && mb === undefined && isSmall && isIcon ? { ll: true } : {};
};

export type EncodeOptions = Pick<ImageOptions, 'q' | 'll' | 'il' | 'l' | 'af'>;

/**
 * Adds the encoder to a pipeline.
 *
 * PNG uses its compression level: `quality` would mean a palette, and seconds of quantisation. Without `l` and `af`,
 * `choosePngSettings` has chosen level and filters. AVIF at effort 3 and 4:2:0 takes a fifth of the time of sharp's
 * defaults.
 *
 * An image is encoded once and sent often, so bytes count for more than the CPU of the encoder. Alternatives measured
 * against these settings on eight photographs of 200 to 800 px, bytes at the same similarity (SSIM):
 *
 * | | CPU of the encoder | bytes |
 * | --- | --- | --- |
 * | WebP, effort 2 | 0.46 | 1.146 |
 * | WebP, effort 3 | 0.98 | 1.007 |
 * | AVIF, effort 2 | 0.6 | by SSIMULACRA2 1.06 |
 * | AVIF, effort 1 | 0.35 | by SSIMULACRA2 1.15 |
 * | AVIF, `tune` to SSIM | 0.75 | by SSIMULACRA2 1.04 |
 * | WebP, presets | 0.9 to 1.1 | 1.02 to 1.13 |
 * | JPEG without optimised Huffman tables | 0.51 | 1.024 |
 * | JPEG, progressive (`il`) | 1.67 | 0.985 |
 * | JPEG with the standard's quantization table | 0.97 | by SSIMULACRA2 1.06 |
 * | JPEG, trellis | 4.7 | 0.971 |
 *
 * @param options.q 1 to 100, on JPEG's scale, see `quality-scale.ts`
 * @param effort `low` to meet a deadline: a third to a quarter of the time, for more bytes
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
      return image.jpeg({ quality: q, progressive: il, quantisationTable: JPEG_TABLE });
    case 'png':
      return image.png({
        compressionLevel: low ? 1 : l,
        adaptiveFiltering: af && !low,
        progressive: il,
      });
    case 'webp':
      return image.webp({
        quality: ll ? q : encoderQuality('webp', q),
        lossless: ll,
        ...(low && { effort: 0 }),
        ...timing,
      });
    case 'avif':
      return ll
        ? image.avif({ lossless: true, effort: low ? 0 : 2 })
        : image.avif({
            quality: encoderQuality('avif', q),
            effort: low ? 1 : 3,
            chromaSubsampling: '4:2:0',
          });
    case 'gif':
      return image.gif({ progressive: il, ...(low && { effort: 1 }), ...timing });
    case 'tiff':
      return image.tiff({ compression: 'deflate', predictor: 'horizontal' });
  }
}

/** Returns whether a format has a quality: JPEG, and WebP and AVIF unless lossless. */
export const hasQuality = (format: OutputFormat, { ll }: EncodeOptions) =>
  format === 'jpg' || ((format === 'webp' || format === 'avif') && !ll);
