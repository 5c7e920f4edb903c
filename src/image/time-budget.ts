/** The time budget of a request: estimates the work, and degrades the output until it fits. Pure. */
import type { ImageOptions } from '../options.ts';
import type { Format } from './formats/sniff.ts';
import type { OutputFormat } from './negotiate.ts';
import type { Plan } from './plan.ts';
import { area } from './size.ts';
import { decoderFormat, type SourceInfo } from './source-info.ts';

/** Effort of an encoder; `low` is the fastest it can do. */
export type Effort = 'full' | 'low';

/** A degradation, in the order of the header `Pixgate-Degraded`: another format, a low effort, fewer frames. */
export type DegradedStep = 'format' | 'effort' | 'frames';

/** How an output is encoded to be ready in time. */
export interface EncodePlan {
  readonly format: OutputFormat;
  readonly pages: number;
  readonly effort: Effort;
  readonly degraded: readonly DegradedStep[];
}

/**
 * Milliseconds per megapixel to encode, on one vCPU of Lambda: three times what was measured on a photograph, at
 * full and low effort (JPEG 10, WebP 60 and 14, lossless 486 and 225, AVIF 133 and 32, lossless
 * 516 and 143, PNG 40 and 18, with filters 111, GIF 1131 and 257).
 */
const ENCODE: Readonly<Record<OutputFormat | 'webp-ll' | 'avif-ll', Readonly<Record<Effort, number>>>> = {
  jpg: { full: 30, low: 30 },
  webp: { full: 180, low: 45 },
  'webp-ll': { full: 1500, low: 700 },
  avif: { full: 400, low: 100 },
  'avif-ll': { full: 1500, low: 430 },
  png: { full: 330, low: 55 },
  gif: { full: 3400, low: 770 },
  tiff: { full: 240, low: 240 },
};
/** Milliseconds per megapixel to decode. SVG is 0: its process has a timeout of its own. */
const DECODE: Readonly<Record<Format | 'pixels', number>> = {
  jpeg: 35,
  png: 42,
  webp: 45,
  avif: 280,
  gif: 20,
  tiff: 42,
  svg: 0,
  pixels: 42,
};

/** Estimates the milliseconds that decoding and encoding take. */
function estimateMs(encodePlan: EncodePlan, plan: Plan, source: SourceInfo | undefined, { ll }: ImageOptions): number {
  const { format, effort, pages } = encodePlan;
  const encoder = ll && (format === 'webp' || format === 'avif') ? (`${format}-ll` as const) : format;
  const decodeMs = source ? (area(source) / 1e6) * DECODE[decoderFormat(source) ?? 'pixels'] : 0;
  return pages * (decodeMs + (area(plan) / 1e6) * ENCODE[encoder][effort]);
}

/**
 * Fits the output into the remaining time, by the first of these steps that suffice: AVIF becomes WebP (under `auto`),
 * the encoder uses its low effort, an animation is reduced to its first frame. Where even all of them do not suffice, all
 * are taken.
 *
 * @param formats in order of preference, from `candidateFormats`
 * @param source still to be decoded; undefined if its pixels are in memory
 * @param remainingMs milliseconds until the deadline
 */
export function fitTimeBudget(
  plan: Plan,
  source: SourceInfo | undefined,
  options: ImageOptions,
  formats: readonly OutputFormat[],
  remainingMs: number,
): EncodePlan {
  let fitted: EncodePlan = { format: plan.format, pages: plan.pages, effort: 'full', degraded: [] };
  const isLate = () => estimateMs(fitted, plan, source, options) > remainingMs;
  if (isLate() && plan.format === 'avif' && formats.includes('webp'))
    fitted = { ...fitted, format: 'webp', degraded: ['format'] };
  if (isLate()) fitted = { ...fitted, effort: 'low', degraded: [...fitted.degraded, 'effort'] };
  if (isLate() && source && plan.pages > 1) fitted = { ...fitted, pages: 1, degraded: [...fitted.degraded, 'frames'] };
  return fitted;
}
