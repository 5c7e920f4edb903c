/** An output that shows the very pixels of its source: it should not be larger, and costs no further encode for that. */
import { DEFAULTS } from '../options.ts';
import type { EncodedImage } from './byte-budget.ts';
import { hasPixelSteps } from './effects.ts';
import { hasQuality, MEDIA_TYPES } from './encode.ts';
import { stripMetadata } from './formats/strip-metadata.ts';
import type { Job } from './job.ts';
import type { OutputFormat } from './negotiate.ts';
import type { OpenedSource } from './open.ts';
import type { Plan } from './plan.ts';
import { decoderFormat } from './source-info.ts';

/**
 * Maximum quality of a JPEG whose pixels are surely larger at the default quality in an output format. Measured on two
 * photographs of 1200 px, WebP at quality 80 has 1.04 to 1.28 times the bytes of a JPEG at 60, and 0.97 to 1.13 at 65; AVIF
 * has 1.05 at 20, and 0.91 at 30.
 */
const MAX_SMALLER_QUALITY: Readonly<Partial<Record<OutputFormat, number>>> = { jpg: 100, webp: 60, avif: 20 };

const OUTPUT_FORMATS: Readonly<Record<string, OutputFormat>> = { jpeg: 'jpg', png: 'png', webp: 'webp' };

/** A source whose pixels are shown unchanged. */
export interface UnchangedSource {
  /** Bytes of the source, with its metadata. */
  readonly size: number;
  /** The source without metadata, in its own format; undefined if it may not be sent. */
  readonly stripped: EncodedImage | undefined;
  /** The quality of a JPEG; undefined for other formats. */
  readonly quality: number | undefined;
}

/** Returns whether the output has the very pixels of the source, since no visible change is requested. */
function showsSourcePixels({ info, isTruncated }: OpenedSource, plan: Plan, { options }: Job): boolean {
  const isUncropped = !plan.preCrop && !plan.cover && !plan.contain && options.trim === undefined;
  const isUnchanged = isUncropped && !plan.quarterTurns && !hasPixelSteps(plan, options);
  const hasDefaults =
    options.loop === undefined && options.delay === undefined && options.q === DEFAULTS.q && !options.ll && !options.il;
  const hasAllFrames = info.pages === plan.pages && info.orientation === 1;
  const hasSameSize = info.width === plan.width && info.height === plan.height;
  return !isTruncated && isUnchanged && hasDefaults && hasAllFrames && hasSameSize && options.meta === 'none';
}

/**
 * Describes a source whose pixels are shown unchanged.
 *
 * @param formats output formats that may be sent
 * @returns undefined if they are changed; and for an SVG, which has no pixels to compare with
 */
export function unchangedSource(
  job: Job,
  opened: OpenedSource,
  plan: Plan,
  formats: readonly OutputFormat[],
): UnchangedSource | undefined {
  const { source } = job;
  // An animated PNG is none without its frames.
  if (opened.apng || decoderFormat(opened.info) === 'svg' || !showsSourcePixels(opened, plan, job)) return undefined;
  const format = OUTPUT_FORMATS[source.format];
  const isSrgb = !opened.metadata.hasProfile && !opened.colours;
  const maySend = format !== undefined && formats.includes(format) && isSrgb;
  const data = maySend ? stripMetadata(source.bytes, source.format, opened.jpeg) : undefined;
  return {
    size: source.bytes.length,
    stripped: data && format && { data, type: MEDIA_TYPES[format], encoder: 'source' },
    quality: opened.jpeg?.quality,
  };
}

/**
 * Returns the quality of a JPEG if the output should have it too: a higher one would spend bytes on its artefacts. In its own
 * format, its very pixels are better still.
 */
export function sourceQuality(
  unchanged: UnchangedSource | undefined,
  format: OutputFormat,
  { options }: Job,
): number | undefined {
  const { quality, stripped } = unchanged ?? {};
  if (quality === undefined || quality >= options.q || options.mb !== undefined) return undefined;
  if (!hasQuality(format, options) || stripped?.type === MEDIA_TYPES[format]) return undefined;
  return quality <= (MAX_SMALLER_QUALITY[format] ?? 0) ? quality : undefined;
}

/**
 * Chooses the source without its metadata, where it is not larger than the output. No further encoder is tried: libwebp's
 * effort 5 takes 1.2 times the CPU of the encode before it, with alpha 2.2 times, for 2 % of the bytes; its effort 6 searches
 * an alpha plane exhaustively, 27 times; a palette takes 4 to 13 times that of a PNG.
 */
export const smallerOf = (encoded: EncodedImage, unchanged: UnchangedSource | undefined): EncodedImage =>
  unchanged?.stripped && encoded.data.length >= unchanged.size && unchanged.stripped.data.length < encoded.data.length
    ? unchanged.stripped
    : encoded;
