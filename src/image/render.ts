/** A plan and an opened source in, encoded picture out: the pixels, and the bytes that they become. */
import type { Sharp } from 'sharp';
import { ImageError } from '../errors.ts';
import type { ImageOptions } from '../options.ts';
import { type EncodedImage, fitByteBudget, fitResponse, notLargerThanSource } from './byte-budget.ts';
import { CLEAR, toColour } from './colour.ts';
import { framesToSharp, mapFrames, resizeToPlan } from './decode.ts';
import type { DownscaledSources } from './downscaled-sources.ts';
import { applyEffects, type Frame, flattenColour, frameToSharp, hasPixelSteps, toFrame } from './effects.ts';
import { type AnimationTiming, encode, hasQuality, MEDIA_TYPES, normalizeDelay } from './encode.ts';
import type { Job, RenderedImage } from './job.ts';
import { withCopyright, withSourceMetadata } from './metadata.ts';
import type { OutputFormat } from './negotiate.ts';
import { imageCorrupt, type OpenedSource } from './open.ts';
import { decoderFormat, exceedsFormatSide, type Plan, supportsAnimation } from './plan.ts';
import { choosePngSettings, hasPngOptions } from './png-filters.ts';
import { rotatedSize } from './size.ts';
import { type Effort, fitTimeBudget } from './time-budget.ts';

/** Waits for libvips; what it says is wrong with the picture, since everything else was planned. */
export async function orCorrupt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw cause instanceof ImageError ? cause : imageCorrupt(cause);
  }
}

function timing(
  { metadata }: OpenedSource,
  { page, pages }: Plan,
  { loop, delay }: ImageOptions,
): AnimationTiming | undefined {
  if (pages === 1) return undefined;
  const delays = (metadata.delay ?? []).slice(page, page + pages).map(normalizeDelay);
  return { delay: delay === undefined ? delays : Array(pages).fill(delay), loop: loop ?? metadata.loop ?? 0 };
}

/** What is done to each frame once it has its size: mirrored, cut, turned by an angle, adjusted. */
async function transformFrame(frame: Frame, todo: Plan, options: ImageOptions): Promise<Frame> {
  const { after, angle } = todo;
  let done = frame;
  if (options.flip) done = await toFrame(frameToSharp(done).flip());
  if (options.flop) done = await toFrame(frameToSharp(done).flop());
  if (after) done = await toFrame(frameToSharp(done).extract(after));
  if (angle) done = await rotateFrame(done, angle, options);
  return applyEffects(done, options);
}

/** Turns by any angle, in a box of the size on paper: libvips' own may be a pixel larger. */
async function rotateFrame(frame: Frame, angle: number, options: ImageOptions): Promise<Frame> {
  const { width, height } = rotatedSize(frame, angle);
  const background = options.rbg === undefined ? CLEAR : toColour(options.rbg);
  const turned = await toFrame(frameToSharp(frame).ensureAlpha().rotate(angle, { background }));
  return toFrame(frameToSharp(turned).resize({ width, height, fit: 'contain', background }));
}

/** The finished pixels, frames below one another. */
async function renderPixels(opened: OpenedSource, todo: Plan, options: ImageOptions): Promise<Frame> {
  const strip = await toFrame(await resizeToPlan(opened, todo, options));
  return hasPixelSteps(todo, options)
    ? mapFrames(strip, todo.pages, (frame) => transformFrame(frame, todo, options))
    : strip;
}

/** Frames that an animation had, when a limit and not the request left some out, or all but the first. */
function droppedFramesOf(
  { info }: OpenedSource,
  { pages, format }: Plan,
  { n, page, trim }: ImageOptions,
): number | undefined {
  const asked = n !== -1 || page !== undefined || trim !== undefined || info.format === 'tiff';
  return !asked && supportsAnimation(format) && pages < info.pages ? info.pages : undefined;
}

/** A picture under way: of pixels that are made once, when they are first asked for. */
interface RenderState {
  readonly job: Job;
  readonly opened: OpenedSource;
  readonly todo: Plan;
  /** That may be sent, in order of preference. */
  readonly formats: readonly OutputFormat[];
  readonly pixels: () => Promise<Frame>;
}

/**
 * Whether pixels may go from the decoder to the encoder as they come: once they have their size nothing is done to them, and
 * there is nothing about them for an encoder to see but colours. 0.5 ms of CPU less than by way of whole pixels in memory,
 * of 5 ms for a small photograph; 1.5 of 25 at 1600 px.
 */
function canStream({ opened: { metadata, info }, todo, job: { options } }: RenderState): boolean {
  const { space, depth, channels } = metadata;
  const plain = space === 'srgb' && depth === 'uchar' && (channels === 3 || (channels === 4 && !todo.opaque));
  // A GIF would come with the palette of its source.
  const asIs = !hasPixelSteps(todo, options) && !todo.contain && todo.format !== 'gif' && options.meta === 'none';
  // Whether a PNG is to have filters is seen by its pixels, which lie in memory for that; a drawing is none the better for them.
  const known = todo.format !== 'png' || hasPngOptions(options) || decoderFormat(info) === 'svg';
  return plain && asIs && known && options.mb === undefined;
}

/** Decoded and encoded at once, where there is time for twice the work that it should be: on the way it cannot be made less. */
async function encodeInOnePass(work: RenderState, left: number): Promise<Buffer | undefined> {
  const { job, opened, todo, formats } = work;
  const { options } = job;
  if (!canStream(work) || fitTimeBudget(todo, opened.info, options, formats, left / 2).degraded.length)
    return undefined;
  const image = (await resizeToPlan(opened, todo, options)).toColourspace('srgb');
  return encode(image, todo.format, options, timing(opened, todo, options)).toBuffer();
}

/** What makes the encoder's input of the finished pixels, for a format. */
function encoderInput({ job: { source, options }, opened, todo: { pages }, pixels }: RenderState) {
  return async (format: OutputFormat): Promise<Sharp> => {
    const strip = framesToSharp(await pixels(), pages);
    const image = format === 'jpg' ? strip.flatten({ background: flattenColour(options) }) : strip;
    if (options.meta !== 'keep' || pages > 1) return withCopyright(image, options.meta, opened.metadata.exif);
    return withSourceMetadata(source.bytes, await toFrame(image));
  };
}

/** Formats with a quality, the planned one first, in which pixels that are there may be encoded. */
async function withQuality({ todo, job: { options }, formats, pixels }: RenderState): Promise<OutputFormat[]> {
  const { channels } = await pixels();
  const mayBecome = (format: OutputFormat) =>
    (todo.pages === 1 || supportsAnimation(format)) &&
    !(format === 'jpg' && channels === 4) &&
    !exceedsFormatSide(todo, format);
  const others = formats.filter((one) => one !== todo.format && mayBecome(one));
  return [todo.format, ...others].filter((one) => hasQuality(one, options));
}

/**
 * Encoded as was asked: within the asked budget; or not larger than it came, where there is time to try harder; and small
 * enough for the reply.
 *
 * @param whole what one pass has made already
 */
async function encodeWithin(work: RenderState, effort: Effort, whole: Buffer | undefined): Promise<EncodedImage> {
  const { job, opened, todo, formats } = work;
  const { options, maxResponseBytes = Number.POSITIVE_INFINITY } = job;
  const { mb, q } = options;
  const type = MEDIA_TYPES[todo.format];
  const input = encoderInput(work);
  const times = timing(opened, todo, options);
  const make = async (as: OutputFormat, quality: number) => {
    const asked = { ...options, q: quality, ...(as === 'png' && choosePngSettings(options, await work.pixels())) };
    return encode(await input(as), as, asked, times, effort).toBuffer();
  };
  const first = async (): Promise<EncodedImage> => {
    if (mb !== undefined && hasQuality(todo.format, options))
      return { ...(await fitByteBudget((lower) => make(todo.format, lower), q, mb)), type };
    const data = whole ?? (await make(todo.format, q));
    return effort === 'full' ? notLargerThanSource(data, job, opened, todo, formats, input) : { data, type };
  };
  const bytes = await first();
  return bytes.data.length <= maxResponseBytes
    ? bytes
    : fitResponse(bytes, await withQuality(work), make, q, maxResponseBytes);
}

/** All that an image is rendered from. */
export interface RenderInput {
  /** The request. Its options and its deadline in milliseconds since 1970 are read. */
  readonly job: Job;
  /** The source, trimmed already if `trim` is given. */
  readonly opened: OpenedSource;
  /** What was planned for `opened`, without regard to the time that is left. */
  readonly plan: Plan;
  /** Output formats that may be sent, in order of preference; the planned one is among them. */
  readonly formats: readonly OutputFormat[];
  /** Cache of downscaled sources, used in the place of `opened` where the output is the same; undefined for none. */
  readonly downscaledSources: DownscaledSources | undefined;
}

/**
 * Decodes, scales, changes and encodes an image.
 *
 * @returns the encoded image with its size in pixels, timings in milliseconds, and the steps left out for the deadline
 * @throws ImageError IMAGE_CORRUPT if libvips cannot decode the source
 */
export async function render(input: RenderInput): Promise<RenderedImage> {
  const { job, plan: asked, formats, downscaledSources } = input;
  const { options, deadline = Number.POSITIVE_INFINITY } = job;
  const started = performance.now();
  const opened = downscaledSources
    ? await orCorrupt(downscaledSources.insteadOf(job.source.bytes, input.opened, asked))
    : input.opened;
  const first = fitTimeBudget(asked, opened.info, options, formats, deadline - Date.now());
  const todo = { ...asked, pages: first.pages };
  const pixels = once(() => renderPixels(opened, todo, options));
  const work = { job, opened, todo, formats, pixels };
  const whole = await orCorrupt(encodeInOnePass(work, deadline - Date.now()));
  if (!whole) await orCorrupt(pixels());
  const between = performance.now();
  // What was left is known by now; frames that were left out stay so.
  const left = whole ? Number.POSITIVE_INFINITY : deadline - Date.now();
  const { format, effort, degraded } = fitTimeBudget(todo, undefined, options, formats, left);
  const bytes = await orCorrupt(encodeWithin({ ...work, todo: { ...todo, format } }, effort, whole));
  return {
    ...bytes,
    sourceFrameCount: droppedFramesOf(opened, asked, options),
    width: todo.width,
    height: todo.height,
    degraded: first.pages < asked.pages ? [...degraded, 'frames'] : degraded,
    timings: { resize: between - started, ...(!whole && { encode: performance.now() - between }) },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
