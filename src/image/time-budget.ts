/** The time budget of a request: estimates the work, and degrades the output until it fits. Pure. */
import type { ImageOptions } from '../options.ts';
import { decodeMs, defaultEffort, encodeMs } from './cpu-cost.ts';
import type { Effort } from './encode.ts';
import { framesToDecode } from './frame-plan.ts';
import type { OutputFormat } from './negotiate.ts';
import type { Plan } from './plan.ts';
import type { SourceInfo } from './source-info.ts';

/** A degradation, in the order of the header `Pixgate-Degraded`: another format, a low effort, fewer frames, more bytes than `mb`. */
export type DegradedStep = 'format' | 'effort' | 'frames' | 'bytes';

/** How an output is encoded to be ready in time. */
export interface EncodePlan {
  readonly format: OutputFormat;
  readonly pages: number;
  readonly effort: Effort;
  readonly degraded: readonly DegradedStep[];
}

/**
 * Fits the output into the remaining time, by the first of these steps that suffice: AVIF becomes WebP (under `auto`),
 * the encoder uses its low effort (if it does not anyway), an animation is reduced to its first frame. Where even all of them do not suffice, all
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
  let fitted: EncodePlan = {
    format: plan.format,
    pages: plan.pages,
    effort: defaultEffort(plan, options),
    degraded: [],
  };
  const isLate = () => {
    const output = { width: plan.width, height: plan.height, format: fitted.format, pages: fitted.pages };
    const frames = source ? framesToDecode(source, { ...plan, pages: fitted.pages }) : 0;
    const decode = source ? decodeMs(output, options, source, frames) : 0;
    return decode + encodeMs(output, options, fitted.effort) > remainingMs;
  };
  if (isLate() && plan.format === 'avif' && formats.includes('webp'))
    fitted = { ...fitted, format: 'webp', degraded: ['format'] };
  if (isLate() && fitted.effort === 'full')
    fitted = { ...fitted, effort: 'low', degraded: [...fitted.degraded, 'effort'] };
  if (isLate() && source && plan.pages > 1) fitted = { ...fitted, pages: 1, degraded: [...fitted.degraded, 'frames'] };
  return fitted;
}
