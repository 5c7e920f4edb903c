/** Encodes a planned image: in one pass with its decoding, or from pixels in memory, within limits of bytes and time. */
import type { Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { type EncodedImage, fitByteBudget, fitResponse } from './byte-budget.ts';
import { encodeMs, MAX_ENCODES_MS } from './cpu-cost.ts';
import { flattenColour, hasPixelSteps } from './effects.ts';
import {
  type AnimationTiming,
  type Effort,
  encode,
  hasQuality,
  losslessIcon,
  MEDIA_TYPES,
  normalizeDelay,
} from './encode.ts';
import { frameDelays } from './frame-plan.ts';
import { type Frame, framesToSharp, toFrame } from './frames.ts';
import type { Job } from './job.ts';
import { exceedsFormat } from './limits.ts';
import { withCopyright, withSourceMetadata } from './metadata.ts';
import { type OutputFormat, supportsAnimation } from './negotiate.ts';
import type { OpenedSource } from './open.ts';
import type { Plan } from './plan.ts';
import { choosePngSettings, hasPngOptions } from './png-filters.ts';
import { resizeToPlan } from './resize-to-plan.ts';
import { decoderFormat } from './source-info.ts';
import { fitTimeBudget } from './time-budget.ts';
import { remainingMs, runPipeline, type TimeLimit } from './time-limit.ts';
import { smallerOf, sourceQuality, type UnchangedSource } from './unchanged-source.ts';

/** State of one image while it is rendered. */
export interface RenderState {
  readonly job: Job;
  readonly opened: OpenedSource;
  readonly plan: Plan;
  /** Output formats that may be sent, in order of preference. */
  readonly formats: readonly OutputFormat[];
  /** The source, if its pixels are not changed. */
  readonly unchanged: UnchangedSource | undefined;
  readonly limit: TimeLimit;
  /** Decodes and changes the pixels at the first call; returns the same frames at each. */
  readonly pixels: () => Promise<Frame>;
}

/**
 * Maximum loops, and milliseconds of a frame, that sharp and its encoders take (16 bits). A GIF can have a loop more, since it
 * counts repetitions, and frames of eleven minutes.
 */
const MAX_TIMING = 65_535;

function animationTiming({ opened, plan, job }: RenderState): AnimationTiming | undefined {
  if (plan.pages === 1) return undefined;
  const { metadata } = opened;
  const { loop = metadata.loop ?? 0, delay } = job.options;
  const given = delay === undefined ? undefined : String(delay).split(',').map(Number);
  const delayOf = (frame: number) =>
    given?.[Math.min(Math.max(0, frame - plan.page), given.length - 1)] ?? normalizeDelay(metadata.delay?.[frame] ?? 0);
  const delays = frameDelays(
    Array.from({ length: plan.page + plan.readPages }, (_, frame) => delayOf(frame)),
    plan,
  );
  return { delay: delays.map((milliseconds) => Math.min(milliseconds, MAX_TIMING)), loop: Math.min(loop, MAX_TIMING) };
}

/**
 * Returns whether the decoder can stream into the encoder: nothing changes the pixels after scaling, and the encoder needs
 * to know nothing about them but colours. Saves 0.5 ms of CPU of 5 for a small photograph, 1.5 of 25 at 1600 px, against
 * keeping all pixels in memory.
 */
function canStream({ opened: { metadata, info }, plan, job: { options } }: RenderState): boolean {
  const { space, depth, channels } = metadata;
  const isPlainRgb = space === 'srgb' && depth === 'uchar' && (channels === 3 || (channels === 4 && !plan.opaque));
  // A GIF would inherit the palette of its source.
  const isUnchanged =
    !hasPixelSteps(plan, options) && !plan.contain && plan.format !== 'gif' && options.meta === 'none';
  // The filters of a PNG are chosen by its pixels, which must be in memory for that; an SVG does not profit from filters.
  const hasSettings = plan.format !== 'png' || hasPngOptions(options) || decoderFormat(info) === 'svg';
  return isPlainRgb && isUnchanged && hasSettings && options.mb === undefined;
}

/** Returns the quality of the source, if it is used in the place of the requested one. */
const plannedQuality = ({ unchanged, plan, job }: RenderState) => sourceQuality(unchanged, plan.format, job);

/**
 * Decodes and encodes in one pass, if there is twice the estimated time: nothing can be degraded once the pass runs.
 *
 * @returns the encoded image; undefined if one pass is not possible
 */
export async function encodeInOnePass(state: RenderState): Promise<Buffer | undefined> {
  const { job, opened, plan, formats, limit } = state;
  const { options } = job;
  if (!canStream(state)) return undefined;
  const { effort, degraded } = fitTimeBudget(plan, opened.info, options, formats, remainingMs(limit) / 2);
  if (degraded.length) return undefined;
  const image = (await resizeToPlan(opened, plan, options, limit)).toColourspace('srgb');
  const settings = { ...options, q: plannedQuality(state) ?? options.q, ...losslessIcon(plan, opened.info, options) };
  return (await runPipeline(encode(image, plan.format, settings, animationTiming(state), effort), limit)).data;
}

/** Returns a function that opens the finished pixels as input of an encoder: flattened for JPEG, with the requested metadata. */
function encoderInput({ job: { options }, opened, plan: { pages }, pixels, limit }: RenderState) {
  return async (format: OutputFormat): Promise<Sharp> => {
    const stacked = await pixels();
    const frames = framesToSharp(stacked, pages);
    const isFlattened = format === 'jpg' && stacked.channels === 4;
    const image = isFlattened ? frames.flatten({ background: flattenColour(options) }) : frames;
    if (options.meta !== 'keep' || pages > 1) return withCopyright(image, options.meta, opened.metadata.exif);
    return withSourceMetadata(opened.file, opened.metadata.xmp, await toFrame(image, limit));
  };
}

/** Returns the formats with a quality that can hold these pixels, the planned one first. */
async function formatsWithQuality(state: RenderState): Promise<OutputFormat[]> {
  const { plan, job, formats, pixels } = state;
  const { channels } = await pixels();
  const canHold = (format: OutputFormat) =>
    (plan.pages === 1 || supportsAnimation(format)) &&
    !(format === 'jpg' && channels === 4) &&
    !exceedsFormat(plan, format, { ...job.options, hasAlpha: channels === 4 });
  const others = formats.filter((format) => format !== plan.format && canHold(format));
  return [plan.format, ...others].filter((format) => hasQuality(format, job.options));
}

/** Counts the encodes of an image, and says how many more it may have. */
function encodeAllowance({ plan, job: { options }, limit }: RenderState, effort: Effort) {
  let spentMs = 0;
  const costOf = (format: OutputFormat) => encodeMs({ ...plan, format }, options, effort);
  return {
    spend: (format: OutputFormat) => {
      spentMs += costOf(format);
    },
    encodesLeft: (format: OutputFormat) => Math.max(0, Math.floor((MAX_ENCODES_MS - spentMs) / costOf(format))),
    hasTime: (format: OutputFormat) => costOf(format) <= remainingMs(limit),
  };
}

/**
 * Encodes an image as requested: within `mb`, or else, if its pixels are those of the source, not larger than that; and in
 * any case small enough for the response. Before each encode but the first, the clock and `MAX_ENCODES_MS` are looked at.
 *
 * @param onePass the bytes that one pass has encoded already
 * @throws ImageError SOURCE_TIMEOUT if there is no time to fit the response
 */
export async function encodeOutput(
  state: RenderState,
  effort: Effort,
  onePass: Buffer | undefined,
): Promise<EncodedImage> {
  const { job, plan, limit } = state;
  const { options, maxResponseBytes = Number.POSITIVE_INFINITY } = job;
  const { mb, q } = options;
  const type = MEDIA_TYPES[plan.format];
  const input = encoderInput(state);
  const timing = animationTiming(state);
  const allowance = encodeAllowance(state, effort);
  const encodeAs = async (format: OutputFormat, quality: number) => {
    const settings: ImageOptions = {
      ...options,
      q: quality,
      ...losslessIcon({ ...plan, format }, state.opened.info, options),
      ...(format === 'png' && choosePngSettings(options, await state.pixels())),
    };
    allowance.spend(format);
    return (await runPipeline(encode(await input(format), format, settings, timing, effort), limit)).data;
  };
  const encodePlanned = async (): Promise<EncodedImage> => {
    if (mb !== undefined && hasQuality(plan.format, options)) {
      const { encodesLeft, hasTime } = allowance;
      const further = { encodesLeft: () => encodesLeft(plan.format), hasTime: () => hasTime(plan.format) };
      return { ...(await fitByteBudget((quality) => encodeAs(plan.format, quality), q, mb, further)), type };
    }
    const quality = plannedQuality(state);
    const data = onePass ?? (await encodeAs(plan.format, quality ?? q));
    return smallerOf({ data, type, ...(quality !== undefined && { quality, encoder: 'quality' }) }, state.unchanged);
  };
  const encoded = await encodePlanned();
  return encoded.data.length <= maxResponseBytes
    ? encoded
    : fitResponse(encoded, await formatsWithQuality(state), encodeAs, q, maxResponseBytes, allowance);
}
