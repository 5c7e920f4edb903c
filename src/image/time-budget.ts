/** What is left out when time runs short: an estimate of the work, and the steps by which it gets less. Pure. */
import type { ImageOptions } from '../options.ts';
import type { Format } from './formats/sniff.ts';
import type { OutputFormat } from './negotiate.ts';
import { decoderFormat, type Plan, type SourceInfo } from './plan.ts';

/** `low` takes the least time that an encoder can take. */
export type Effort = 'full' | 'low';

/** What was left out, as the header `Pixgate-Degraded` tells it: in this order. */
export type DegradedStep = 'format' | 'effort' | 'frames';

export interface TimeBudget {
  readonly format: OutputFormat;
  readonly pages: number;
  readonly effort: Effort;
  readonly degraded: readonly DegradedStep[];
}

/**
 * Milliseconds a megapixel on one vCPU of Lambda: thrice what was measured here on a photograph (JPEG 10, WebP 60 and
 * 14, lossless 486 and 225, AVIF 133 and 32, lossless 516 and 143, PNG 40 and 18, with filters 111, GIF 1131 and 257).
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
/** The same for reading; a drawing is bounded by a time of its own. */
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

const megapixels = ({ width, height }: { width: number; height: number }) => (width * height) / 1e6;

function estimateMs(pace: TimeBudget, todo: Plan, source: SourceInfo | undefined, { ll }: ImageOptions): number {
  const { format, effort, pages } = pace;
  const kind = ll && (format === 'webp' || format === 'avif') ? (`${format}-ll` as const) : format;
  const reading = source ? megapixels(source) * DECODE[decoderFormat(source) ?? 'pixels'] : 0;
  return pages * (reading + megapixels(todo) * ENCODE[kind][effort]);
}

/**
 * The plan as it stands, or with the first of these steps after which it should be done in time: AVIF becomes WebP (under
 * `auto`), encoders take their least effort, an animation its first frame. With all of them, whatever the
 * time.
 *
 * @param formats in order of preference, from `candidates`
 * @param source what is still to be read; undefined when its pixels are there
 * @param left milliseconds
 */
export function fitTimeBudget(
  todo: Plan,
  source: SourceInfo | undefined,
  options: ImageOptions,
  formats: readonly OutputFormat[],
  left: number,
): TimeBudget {
  let pace: TimeBudget = { format: todo.format, pages: todo.pages, effort: 'full', degraded: [] };
  const late = () => estimateMs(pace, todo, source, options) > left;
  if (late() && todo.format === 'avif' && formats.includes('webp'))
    pace = { ...pace, format: 'webp', degraded: ['format'] };
  if (late()) pace = { ...pace, effort: 'low', degraded: [...pace.degraded, 'effort'] };
  if (late() && source && todo.pages > 1) pace = { ...pace, pages: 1, degraded: [...pace.degraded, 'frames'] };
  return pace;
}
