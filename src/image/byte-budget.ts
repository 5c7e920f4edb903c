/** Byte budgets: lowers the quality to fit a maximum of bytes, within a number of encodes. */
import { deadlineError } from '../errors.ts';
import { MEDIA_TYPES } from './encode.ts';
import type { RenderedImage } from './job.ts';
import type { OutputFormat } from './negotiate.ts';

/** Maximum encodes to fit a budget. */
const MAX_ENCODES = 4;
/** Minimum quality to which a budget lowers it. */
const MIN_QUALITY = 30;

/** What further encodes an image may have. */
export interface EncodeAllowance {
  /** Returns how many more encodes the estimate of the work allows, whatever the time. */
  readonly encodesLeft: (format: OutputFormat) => number;
  /** Returns whether there is time for one more before the deadline. */
  readonly hasTime: (format: OutputFormat) => boolean;
}

/** An output within its budget, or the smallest one. */
export interface FittedOutput {
  readonly data: Buffer;
  readonly quality: number;
  /** Whether more encodes were left out to meet the deadline. */
  readonly isLate: boolean;
}

/**
 * Lowers the quality until the output is within `maxBytes`: at most four encodes, the last of them at 30.
 *
 * @param encodeAt encodes at a quality, 1 to 100
 * @param encoded the output at `q`, if there is one already
 * @param allowance of further encodes, beside the first
 * @returns the smallest output, which may still be too large, and its quality
 */
export async function fitByteBudget(
  encodeAt: (q: number) => Promise<Buffer>,
  q: number,
  maxBytes: number,
  allowance: { readonly encodesLeft: () => number; readonly hasTime: () => boolean },
  encoded?: Buffer,
): Promise<FittedOutput> {
  const minQuality = Math.min(q, MIN_QUALITY);
  let data = encoded ?? (await encodeAt(q));
  let quality = q;
  const maxEncodes = Math.min(MAX_ENCODES, 1 + allowance.encodesLeft());
  for (let encodes = 1; encodes < maxEncodes && data.length > maxBytes && quality > minQuality; encodes++) {
    if (!allowance.hasTime()) return { data, quality, isLate: true };
    // Bytes are about proportional to the quality; the last encode is at the minimum.
    const estimate = Math.round(quality * (maxBytes / data.length) ** 0.9);
    quality = encodes === maxEncodes - 1 ? minQuality : Math.max(minQuality, Math.min(quality - 5, estimate));
    data = await encodeAt(quality);
  }
  return { data, quality, isLate: false };
}

/** An encoded image, and how it was encoded. */
export type EncodedImage = Pick<RenderedImage, 'encoder' | 'type' | 'quality'> & {
  readonly data: Buffer;
  /** Whether more encodes were left out to meet the deadline. */
  readonly isLate?: boolean;
};

/** Returns whether an image was encoded with the default settings at the requested quality. */
const isDefaultEncoding = ({ encoder, quality }: EncodedImage) => encoder === undefined && quality === undefined;

/**
 * Fits an image into a response: lowers the quality of the planned format, and under `auto` tries the other formats.
 *
 * @param formats to try in order, all with a quality
 * @returns the first encoding within `maxBytes`, else the smallest
 * @throws ImageError SOURCE_TIMEOUT if none fits, and encodes were left out to meet the deadline
 */
export async function fitResponse(
  encoded: EncodedImage,
  formats: readonly OutputFormat[],
  encodeAs: (format: OutputFormat, q: number) => Promise<Buffer>,
  q: number,
  maxBytes: number,
  allowance: EncodeAllowance,
): Promise<EncodedImage> {
  let smallest = encoded;
  let isLate = false;
  for (const format of formats) {
    if (smallest.data.length <= maxBytes) break;
    const isSame = isDefaultEncoding(encoded) && encoded.type === MEDIA_TYPES[format];
    if (!isSame && allowance.encodesLeft(format) < 1) continue;
    isLate ||= !allowance.hasTime(format);
    if (!isSame && isLate) continue;
    const fitted = await fitByteBudget(
      (lower) => encodeAs(format, lower),
      q,
      maxBytes,
      { encodesLeft: () => allowance.encodesLeft(format), hasTime: () => allowance.hasTime(format) },
      isSame ? encoded.data : undefined,
    );
    isLate ||= fitted.isLate;
    const { data, quality } = fitted;
    if (data.length < smallest.data.length) smallest = { data, quality, type: MEDIA_TYPES[format] };
  }
  if (isLate && smallest.data.length > maxBytes) throw deadlineError();
  return smallest;
}
