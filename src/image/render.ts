/** Renders a planned image: decodes, scales, changes and encodes it, within the time budget. */
import type { ImageOptions } from '../options.ts';
import { CLEAR, toColour } from './colour.ts';
import { unstoppableMs } from './cpu-cost.ts';
import type { DownscaledSources } from './downscaled-sources.ts';
import { drawMark } from './draw-mark.ts';
import { effectSteps, hasFrameSteps } from './effects.ts';
import { encodeInOnePass, encodeOutput } from './encode-output.ts';
import { areFramesApart, requestedPages } from './frame-plan.ts';
import {
  type Frame,
  type FrameStep,
  frameToSharp,
  inOnePipeline,
  mapFrames,
  release,
  runSteps,
  toFrame,
} from './frames.ts';
import type { Job, RenderedImage } from './job.ts';
import { isChosenFormat, type OutputFormat, supportsAnimation } from './negotiate.ts';
import { asDecodeError, type OpenedSource, withPixels } from './open.ts';
import { borderFill, padFrames } from './pad-frame.ts';
import { neededSize, type Plan } from './plan.ts';
import { resizeFrames, resizeToPlan } from './resize-to-plan.ts';
import { rotatedSize } from './size.ts';
import { fitTimeBudget } from './time-budget.ts';
import { assertTimeLeft, remainingMs, type TimeLimit } from './time-limit.ts';
import { unchangedSource } from './unchanged-source.ts';

/** All that an image is rendered from. */
export interface RenderInput {
  /** The request. Its deadline is that of `limit`. */
  readonly job: Job;
  /** The source, trimmed already if `trim` is requested. */
  readonly opened: OpenedSource;
  /** The plan for `opened`, made without regard to the deadline. */
  readonly plan: Plan;
  /** Output formats that may be sent, in order of preference; the planned one is among them. */
  readonly formats: readonly OutputFormat[];
  /** The cache of downscaled sources, used instead of `opened` where the output is the same; undefined for none. */
  readonly downscaledSources: DownscaledSources | undefined;
  readonly limit: TimeLimit;
}

/** Returns the steps after scaling and padding: mirror, crop, rotation by an angle, effects, border. */
const pixelSteps = ({ postCrop, angle, border, opaque }: Plan, options: ImageOptions): FrameStep[] => [
  ...(options.flip ? [inOnePipeline((image) => image.flip())] : []),
  ...(options.flop ? [inOnePipeline((image) => image.flop())] : []),
  ...(postCrop ? [inOnePipeline((image) => image.extract(postCrop))] : []),
  ...(angle ? [(frame: Frame, limit: TimeLimit) => rotateFrame(frame, angle, options, limit)] : []),
  ...effectSteps(options),
  ...(border ? [padFrames(border, borderFill({ opaque }, options))] : []),
];

/** Rotates a frame by any angle, into a bounding box of the computed size: that of libvips may be a pixel larger. */
async function rotateFrame(frame: Frame, angle: number, options: ImageOptions, limit: TimeLimit): Promise<Frame> {
  const box = rotatedSize(frame, angle);
  const background = options.rbg === undefined ? CLEAR : toColour(options.rbg);
  const rotated = await toFrame(frameToSharp(frame).ensureAlpha().rotate(angle, { background }), limit);
  const fit = inOnePipeline((image) => image.resize({ ...box, fit: 'contain', background }));
  return runSteps(rotated, [fit], limit);
}

/** Decodes a source to the finished pixels, frames stacked. */
async function renderPixels(
  opened: OpenedSource,
  plan: Plan,
  { options, mark }: Job,
  limit: TimeLimit,
): Promise<Frame> {
  const steps = hasFrameSteps(plan, options) ? pixelSteps(plan, options) : [];
  // Frames that are scaled one by one are changed before they are stacked: a crop leaves less to stack.
  const isApart = areFramesApart(opened.info, plan);
  const stacked = isApart
    ? await resizeFrames(opened, plan, options, limit, steps)
    : await toFrame(await resizeToPlan(opened, plan, options, limit), limit);
  const changed =
    steps.length && !isApart ? await mapFrames(stacked, plan.pages, (frame) => runSteps(frame, steps, limit)) : stacked;
  if (options.mark !== undefined) await drawMark(changed, plan.pages, mark, options, limit);
  return changed;
}

/** Returns the number of frames of the source, if a limit or the decoder, and not the request, left some out. */
function limitedFrameCount(
  { info, sequenceFrames }: OpenedSource,
  { pages, format }: Plan,
  options: ImageOptions,
): number | undefined {
  const { f, n, page, trim } = options;
  const mayMove = isChosenFormat(f) || f === 'avif' || supportsAnimation(format);
  if (sequenceFrames > 1 && mayMove && n !== 1 && page === undefined && trim === undefined) return sequenceFrames;
  return pages < requestedPages(info, options, format) ? info.pages : undefined;
}

/**
 * Decodes, scales, changes and encodes an image.
 *
 * @returns the encoded image with its size in pixels, timings in milliseconds, and the degradations for the deadline
 * @throws ImageError IMAGE_CORRUPT if libvips cannot decode the source, SOURCE_TIMEOUT if the deadline comes first
 */
export async function render(input: RenderInput): Promise<RenderedImage> {
  const { job, formats, downscaledSources, limit } = input;
  const { options } = job;
  const start = performance.now();
  const found = downscaledSources
    ? await asDecodeError(downscaledSources.sourceFor(job.source.bytes, input.opened, input.plan, limit))
    : input.opened;
  const fitted = fitTimeBudget(input.plan, found.info, options, formats, remainingMs(limit));
  const plan = { ...input.plan, pages: fitted.pages };
  assertTimeLeft(limit, unstoppableMs({ ...plan, format: fitted.format }, options, fitted.effort, found.info));
  const opened = await withPixels(found, neededSize(plan), limit);
  let frames: Promise<Frame> | undefined;
  const pixels = () => {
    frames ??= renderPixels(opened, plan, job, limit);
    return frames;
  };
  const unchanged = unchangedSource(job, input.opened, plan, formats);
  const state = { job, opened, plan, formats, pixels, unchanged, limit };
  const onePass = await asDecodeError(encodeInOnePass(state));
  if (!onePass) await asDecodeError(pixels());
  const decoded = performance.now();
  // The budget is fitted again, now that the time of decoding is known. Frames that were left out stay so.
  const encodeMs = onePass ? Number.POSITIVE_INFINITY : remainingMs(limit);
  const { format, effort, degraded } = fitTimeBudget(plan, undefined, options, formats, encodeMs);
  if (!onePass) assertTimeLeft(limit, unstoppableMs({ ...plan, format }, options, effort, undefined));
  const encoding = encodeOutput({ ...state, plan: { ...plan, format } }, effort, onePass);
  const { isLate, ...encoded } = await asDecodeError(encoding);
  // Not after an error: an encoder may still read them.
  if (frames) release(await frames);
  return {
    ...encoded,
    sourceFrameCount: limitedFrameCount(opened, input.plan, options),
    width: plan.width,
    height: plan.height,
    degraded: [
      ...degraded,
      ...(plan.pages < input.plan.pages ? (['frames'] as const) : []),
      ...(isLate ? (['bytes'] as const) : []),
    ],
    timings: { resize: decoded - start, ...(!onePass && { encode: performance.now() - decoded }) },
  };
}
