/** Estimates the work of one image before it begins: its memory, and whether it is short. Pure. */
import type { Work } from '../concurrency/turn.ts';
import type { ImageOptions } from '../options.ts';
import { decodeMs, defaultEffort, encodeMs } from './cpu-cost.ts';
import { framesToDecode } from './frame-plan.ts';
import { decodeMemory, encodeMemory, type SourceFacts } from './memory.ts';
import type { Plan } from './plan.ts';
import { area } from './size.ts';
import type { SourceInfo } from './source-info.ts';

/** Maximum estimated CPU milliseconds of short work: it includes photographs of 24 megapixels, at the widths of a page. */
const MAX_SHORT_MS = 400;
/** Maximum bytes of short work, which are not counted. */
const MAX_SHORT_BYTES = 50_331_648;
/**
 * CPU milliseconds per megapixel to decode a JPEG to a quarter of its sides or less: 2 for a smooth photograph and 8 for noise,
 * three times as much if it is progressive.
 */
const SHRUNK_JPEG_MS = 8;
const MIN_SHRINK = 4;

function decodeEstimateMs({ info, jpeg }: SourceFacts, plan: Plan, options: ImageOptions): number {
  const isShrunk =
    jpeg && plan.scaled.width * MIN_SHRINK <= info.width && plan.scaled.height * MIN_SHRINK <= info.height;
  if (!isShrunk) return decodeMs(plan, options, info, framesToDecode(info, plan));
  // Effects, but not the decode of all pixels.
  const effects = decodeMs(plan, options, { ...info, width: 0, height: 0 }, 0);
  return effects + (area(info) / 1e6) * SHRUNK_JPEG_MS * (info.scans > 1 ? 3 : 1);
}

/**
 * Estimates the work of one image.
 *
 * @param plan undefined if it is not known before the source is decoded, or there is none
 */
export function estimateWork(opened: SourceFacts, options: ImageOptions, plan: Plan | undefined): Work {
  const bytes = decodeMemory(opened, options, plan) + (plan ? encodeMemory(opened, plan, options) : 0);
  if (bytes > MAX_SHORT_BYTES || options.mb !== undefined || options.trim !== undefined)
    return { isShort: false, bytes };
  const one = { width: 1, height: 1, format: 'jpg', pages: 1 } as const;
  const milliseconds = plan
    ? decodeEstimateMs(opened, plan, options) + encodeMs(plan, options, defaultEffort(plan, options))
    : decodeMs(one, options, opened.info, 1);
  return { isShort: milliseconds <= MAX_SHORT_MS, bytes };
}

/** Bytes of a pixel of a decoded BMP. */
const BITMAP_BYTES = 4;

/**
 * Estimates the work of a BMP, which is decoded before it is opened: its bytes are those of its pixels, and what follows reserves its
 * own.
 *
 * @param info by its header
 * @param plan see `estimateWork`
 */
export function estimateBitmapWork(info: SourceInfo, options: ImageOptions, plan: Plan | undefined): Work {
  const { width, height, hasAlpha } = info;
  const metadata = { width, height, channels: 4, hasAlpha, autoOrient: { width, height } } as const;
  const further = estimateWork({ info, metadata, colours: undefined, jpeg: undefined, apng: undefined }, options, plan);
  const bytes = area(info) * BITMAP_BYTES;
  return { isShort: further.isShort && bytes + further.bytes <= MAX_SHORT_BYTES, bytes };
}
