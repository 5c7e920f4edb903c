/** Byte budgets: lowers the quality to fit a maximum of bytes, and finds an encoding that is not larger than the source. */
import type { Sharp } from 'sharp';
import { DEFAULTS, type ImageOptions } from '../options.ts';
import { hasPixelSteps } from './effects.ts';
import { encode, encodeSmaller, hasQuality, MEDIA_TYPES } from './encode.ts';
import { stripMetadata } from './formats/strip-metadata.ts';
import type { Job, RenderedImage } from './job.ts';
import type { OutputFormat } from './negotiate.ts';
import type { OpenedSource } from './open.ts';
import type { Plan } from './plan.ts';

/** Maximum encodes to fit a budget. */
const MAX_ENCODES = 4;
/** Minimum quality to which a budget lowers it. */
const MIN_QUALITY = 30;

/**
 * Lowers the quality until the output is within `maxBytes`: at most four encodes, the last of them at 30.
 *
 * @param encodeAt encodes at a quality, 1 to 100
 * @param encoded the output at `q`, if there is one already
 * @returns the smallest output, which may still be too large, and its quality
 */
export async function fitByteBudget(
  encodeAt: (q: number) => Promise<Buffer>,
  q: number,
  maxBytes: number,
  encoded?: Buffer,
): Promise<{ data: Buffer; quality: number }> {
  const minQuality = Math.min(q, MIN_QUALITY);
  let data = encoded ?? (await encodeAt(q));
  let quality = q;
  for (let encodes = 1; encodes < MAX_ENCODES && data.length > maxBytes && quality > minQuality; encodes++) {
    // Bytes are about proportional to the quality; the last encode is at the minimum.
    const estimate = Math.round(quality * (maxBytes / data.length) ** 0.9);
    quality = encodes === MAX_ENCODES - 1 ? minQuality : Math.max(minQuality, Math.min(quality - 5, estimate));
    data = await encodeAt(quality);
  }
  return { data, quality };
}

/** An encoded image, and how it was encoded. */
export type EncodedImage = Pick<RenderedImage, 'encoder' | 'type' | 'quality'> & { readonly data: Buffer };

/** Returns whether an image was encoded with the default settings at the requested quality. */
const isDefaultEncoding = ({ encoder, quality }: EncodedImage) => encoder === undefined && quality === undefined;

/**
 * Fits an image into a response: lowers the quality of the planned format, and under `auto` tries the other formats.
 *
 * @param formats to try in order, all with a quality
 * @returns the first encoding within `maxBytes`, else the smallest
 */
export async function fitResponse(
  encoded: EncodedImage,
  formats: readonly OutputFormat[],
  encodeAs: (format: OutputFormat, q: number) => Promise<Buffer>,
  q: number,
  maxBytes: number,
): Promise<EncodedImage> {
  let smallest = encoded;
  for (const format of formats) {
    if (smallest.data.length <= maxBytes) break;
    const isSame = isDefaultEncoding(encoded) && encoded.type === MEDIA_TYPES[format];
    const encodeAt = (lower: number) => encodeAs(format, lower);
    const { data, quality } = await fitByteBudget(encodeAt, q, maxBytes, isSame ? encoded.data : undefined);
    if (data.length < smallest.data.length) smallest = { data, quality, type: MEDIA_TYPES[format] };
  }
  return smallest;
}

/** Returns whether the output has the very pixels of the source, since no visible change is requested. */
function showsSourcePixels({ info }: OpenedSource, plan: Plan, options: ImageOptions): boolean {
  const isUncropped = !plan.preCrop && !plan.cover && !plan.contain && options.trim === undefined;
  const isUnchanged = isUncropped && !plan.quarterTurns && !hasPixelSteps(plan, options);
  const hasDefaults =
    options.loop === undefined && options.delay === undefined && options.q === DEFAULTS.q && !options.ll && !options.il;
  const hasAllFrames = info.pages === plan.pages && info.orientation === 1;
  const hasSameSize = info.width === plan.width && info.height === plan.height;
  return isUnchanged && hasDefaults && hasAllFrames && hasSameSize && options.meta === 'none';
}

const OUTPUT_FORMATS: Readonly<Record<string, OutputFormat>> = { jpeg: 'jpg', png: 'png', webp: 'webp' };

/** An output that may be larger than its source. */
export interface SizeComparison {
  /** The output, encoded with the default settings. */
  readonly data: Buffer;
  readonly job: Job;
  readonly opened: OpenedSource;
  readonly plan: Plan;
  /** Output formats that may be sent. */
  readonly formats: readonly OutputFormat[];
  /** Opens the pixels as input of an encoder: called only if the output is larger than its source. */
  readonly input: (format: OutputFormat) => Promise<Sharp>;
}

/**
 * Tries other encodings where the default one makes an unchanged image larger than its source: a palette (PNG), more
 * effort (WebP), the source's bytes without metadata, and the quality of a JPEG source.
 *
 * @returns the smallest that may be sent
 */
export async function smallerThanSource(comparison: SizeComparison): Promise<EncodedImage> {
  const { data, opened, plan, formats } = comparison;
  const { source, options } = comparison.job;
  const type = MEDIA_TYPES[plan.format];
  if (data.length < source.bytes.length || !showsSourcePixels(opened, plan, options)) return { data, type };
  const encodings: EncodedImage[] = [{ data, type }];
  const pixels = await comparison.input(plan.format);
  const addEncoding = async (encoder: string, image: Sharp, more?: { quality: number }) =>
    encodings.push({ data: await image.toBuffer(), type, encoder, ...more });
  if (plan.format === 'png' && opened.metadata.isPalette)
    await addEncoding('palette', encodeSmaller.palette(pixels.clone()));
  if (plan.format === 'webp') await addEncoding('effort', encodeSmaller.effort(pixels.clone(), options.q));
  const sourceFormat = OUTPUT_FORMATS[source.format];
  // With a profile the colours would not be sRGB.
  const maySendSource = sourceFormat !== undefined && formats.includes(sourceFormat) && !opened.metadata.hasProfile;
  const stripped = maySendSource ? stripMetadata(source.bytes, source.format, opened.jpeg) : undefined;
  if (stripped && maySendSource) encodings.push({ data: stripped, type: MEDIA_TYPES[sourceFormat], encoder: 'source' });
  // A higher quality than the source's spends bytes on its artefacts. In its own format, its very pixels are better still.
  const quality = opened.jpeg?.quality;
  const isLower = quality !== undefined && quality < options.q && hasQuality(plan.format, options);
  if (isLower && !(stripped && sourceFormat === plan.format)) {
    const lowered = encode(pixels.clone(), plan.format, { ...options, q: quality }, undefined);
    await addEncoding('quality', lowered, { quality });
  }
  return encodings.reduce((smallest, one) => (one.data.length < smallest.data.length ? one : smallest));
}
