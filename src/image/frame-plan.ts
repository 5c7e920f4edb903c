/**
 * Which frames of an animation are read and written, and how: those that a limit leaves out are dropped evenly, and frames are
 * scaled apart where scaling stacked ones would mix the last rows of each with the first ones of the next. Pure.
 */
import type { ImageOptions } from '../options.ts';
import type { CropPlan } from './crop.ts';
import { maxFramesByMemory } from './encoder-memory.ts';
import type { PlanLimits } from './limits.ts';
import { type OutputFormat, supportsAnimation } from './negotiate.ts';
import { area, type Rect, ratioSide, type Size } from './size.ts';
import { decoderFormat, isAnimation, type SourceInfo } from './source-info.ts';

/**
 * Maximum pixels of all frames that are read, in multiples of those that are written (SOURCE_MAX_PIXELS): a frame can only be
 * decoded after those before it, dropped or not. By the CPU of the decoders, 3 to 10 s at worst.
 */
const READ_FACTOR = { gif: 3, webp: 2, png: 1 } as const;
/** Maximum frames that are read of an animated PNG: each of them by a decoder of its own, in at least 0.3 ms. */
const MAX_PNG_FRAMES = 1000;

/**
 * Maximum pixels of the frames that are decoded at once, before they are scaled one by one: 200 MB; beside a large output, fewer.
 */
const MAX_RUN_PIXELS = { max: 50_000_000, min: 12_500_000, withOutput: 70_000_000 };

/** The frames of an output. */
export interface FramePlan {
  /** The first frame that is read, from 0. */
  readonly page: number;
  /** Frames that are written; 1 for a still. */
  readonly pages: number;
  /** Frames of the source that these stand for, from `page` on: more than `pages` if some are dropped. */
  readonly readPages: number;
}

/** The steps of a plan up to scaling. */
interface ScalePlan extends Pick<CropPlan, 'scaled' | 'cover'> {
  readonly quarterTurns: number;
  readonly preCrop: Rect | undefined;
}

/** What is planned after scaling: the size of the output. */
interface OutputPlan extends FramePlan, ScalePlan, Size, Pick<CropPlan, 'contain'> {}

/** Returns `page`, at most the last one. The largest and smallest page of a TIFF are found when it is opened. */
export const firstPage = ({ pages }: SourceInfo, { page = 0 }: { readonly page?: number | undefined }) =>
  Math.min(Math.max(page, 0), pages - 1);

/** Returns how many frames are requested, from `page` on, in a format: `page` alone and `trim` mean one image. */
export function requestedPages(source: SourceInfo, { n, page, trim }: ImageOptions, format: OutputFormat): number {
  const isAnimated = isAnimation(source) && supportsAnimation(format);
  if (!isAnimated || trim !== undefined || (page !== undefined && n === -1)) return 1;
  const available = source.pages - firstPage(source, { page });
  return n === -1 ? available : Math.min(n, available);
}

/**
 * Plans the frames: all that are requested if the limits allow it, else some of them, evenly spread.
 *
 * @param size of the output in pixels
 */
export function planFrames(
  source: SourceInfo,
  options: ImageOptions,
  format: OutputFormat,
  size: Size,
  limits: PlanLimits,
): FramePlan {
  const page = firstPage(source, options);
  const factor = READ_FACTOR[source.format as keyof typeof READ_FACTOR] ?? 1;
  const byCount = source.format === 'png' ? MAX_PNG_FRAMES : Number.POSITIVE_INFINITY;
  const readable = Math.min(byCount, Math.floor((factor * limits.sourceMaxPixels) / area(source))) - page;
  // Frames lie below one another, so EXIF orientation would rotate the whole strip.
  const possible = source.orientation === 1 ? requestedPages(source, options, format) : 1;
  const read = Math.min(possible, readable);
  const maxByPixels = Math.floor(limits.sourceMaxPixels / area(size));
  const maxByMemory = maxFramesByMemory(area(size), format, { ll: options.ll, hasAlpha: source.hasAlpha });
  const pages = Math.max(1, Math.min(read, limits.sourceMaxFrames, maxByPixels, maxByMemory));
  return { page, pages, readPages: pages === 1 ? 1 : read };
}

/** Returns the indices of the frames that are written: the first one, and others at even distances. */
export const frameIndices = ({ page, pages, readPages }: FramePlan): number[] =>
  Array.from({ length: pages }, (_, i) => page + Math.floor((i * (pages === 1 ? 1 : readPages)) / pages));

/** Returns the delays of the frames that are written: a dropped frame adds its own to the one before. */
export function frameDelays(delays: readonly number[], plan: FramePlan): number[] {
  const indices = frameIndices(plan);
  const ends = [...indices.slice(1), plan.page + plan.readPages];
  return indices.map((index, i) => delays.slice(index, ends[i]).reduce((sum, delay) => sum + delay, 0));
}

/** Maximum pixels of all frames of a WebP that is scaled on load: its decoder holds them, at 4 bytes each. */
const MAX_SHRUNK_PIXELS = 75_000_000;

/** Returns whether the WebP decoder scales each frame on load: both sides by one factor, and the whole frame. */
const isShrunkOnLoad = (info: SourceInfo, { quarterTurns, preCrop, cover, scaled, readPages }: FramePlan & ScalePlan) =>
  decoderFormat(info) === 'webp' &&
  readPages * area(info) <= MAX_SHRUNK_PIXELS &&
  quarterTurns === 0 &&
  !preCrop &&
  !cover &&
  scaled.height < info.height &&
  ratioSide(info, scaled) !== undefined;

/** Returns whether a crop takes rows from frames that lie below one another: sharp then holds all frames that it reads. */
export const cropsRows = (info: SourceInfo, { quarterTurns, preCrop, cover, scaled }: ScalePlan): boolean =>
  quarterTurns === 0 &&
  ((preCrop !== undefined && preCrop.height !== info.height) ||
    (cover !== undefined && cover.height !== scaled.height));

/**
 * Returns whether frames are decoded to pixels and then scaled one by one: those of a PNG, where some are dropped, where they are rotated, which
 * libvips cannot do to stacked frames, or get another height, except if the decoder does that; and those of a long animation that are
 * cropped, or of which a later step makes a smaller output.
 */
export function areFramesApart(info: SourceInfo, plan: OutputPlan): boolean {
  const { pages, readPages, preCrop, scaled, quarterTurns, cover, contain } = plan;
  if (pages === 1) return false;
  const { height } = preCrop ?? info;
  if (info.format === 'png') return true;
  if (readPages > pages || quarterTurns !== 0 || area(plan) < area(contain ?? cover ?? scaled)) return true;
  if (cropsRows(info, plan) && readPages * area(info) > MAX_RUN_PIXELS.max) return true;
  return scaled.height !== height && !isShrunkOnLoad(info, plan);
}

/** How frames that are scaled apart are decoded: so many at once, to this size. */
export interface RunPlan extends Size {
  readonly length: number;
}

/**
 * Plans how frames are decoded that are scaled apart. They are shrunk to their width already, which mixes no rows: scaling the
 * height of the narrow ones is the smaller part of the work. Each run decodes all frames before it again.
 */
export function planRuns(info: SourceInfo, plan: FramePlan & ScalePlan): RunPlan {
  const { quarterTurns, preCrop, scaled } = plan;
  const from = quarterTurns ? info : (preCrop ?? info);
  // They are composed one by one.
  if (info.format === 'png') return { ...from, length: Number.POSITIVE_INFINITY };
  const isShrunk = isShrunkOnLoad(info, plan);
  const width = quarterTurns ? from.width : Math.min(from.width, scaled.width);
  const size = isShrunk ? scaled : { width, height: from.height };
  // All frames of a WebP are decoded before the first one is scaled, unless that is done on load; of any format, before a pre-crop.
  const isWhole = (info.format === 'webp' && !isShrunk) || cropsRows(info, { ...plan, cover: undefined });
  const held = isWhole ? info : size;
  const { max, min, withOutput } = MAX_RUN_PIXELS;
  const pixels = Math.max(min, Math.min(max, withOutput - plan.pages * area(scaled)));
  return { ...size, length: Math.max(1, Math.floor(pixels / area(held))) };
}

/** Counts the frames that the decoder has to read, those of earlier runs again. */
export function framesToDecode(info: SourceInfo, plan: OutputPlan): number {
  const { page, pages, readPages } = plan;
  if (!isAnimation(info) || info.decodedFrom === 'pixels') return pages;
  const last = page + (pages === 1 ? 1 : readPages);
  if (!areFramesApart(info, plan)) return last;
  const { length } = planRuns(info, plan);
  let count = 0;
  for (let end = page + length; end < last; end += length) count += end;
  return count + last;
}
