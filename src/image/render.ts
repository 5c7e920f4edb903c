/** A plan and an opened source in, encoded picture out: the pixels, and the bytes that they become. */
import type { Sharp } from 'sharp';
import { ImageError } from '../errors.ts';
import type { ImageOptions } from '../options.ts';
import { type Bytes, notLarger, withinBudget, withinReply } from './byte-budget.ts';
import { CLEAR, toColour } from './colour.ts';
import { eachFrame, openStrip, scaledPicture } from './decode.ts';
import type { Copies } from './downscaled-sources.ts';
import { applyEffects, backdrop, type Frame, isTouched, openFrame, toFrame } from './effects.ts';
import { browserDelay, encode, hasQuality, MEDIA_TYPES, type Timing } from './encode.ts';
import type { Job, Result } from './job.ts';
import { onSource, withRights } from './metadata.ts';
import type { OutputFormat } from './negotiate.ts';
import { corrupt, type Opened } from './open.ts';
import { canMove, isTooLong, type Plan } from './plan.ts';
import { isPngAsked, pngFor } from './png-filters.ts';
import { turnedSize } from './size.ts';
import { type Effort, keepPace } from './time-budget.ts';

/** Waits for libvips; what it says is wrong with the picture, since everything else was planned. */
export async function decoded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw cause instanceof ImageError ? cause : corrupt(cause);
  }
}

function timing({ metadata }: Opened, { page, pages }: Plan, { loop, delay }: ImageOptions): Timing | undefined {
  if (pages === 1) return undefined;
  const delays = (metadata.delay ?? []).slice(page, page + pages).map(browserDelay);
  return { delay: delay === undefined ? delays : Array(pages).fill(delay), loop: loop ?? metadata.loop ?? 0 };
}

/** What is done to each frame once it has its size: mirrored, cut, turned by an angle, adjusted. */
async function finishFrame(frame: Frame, todo: Plan, options: ImageOptions): Promise<Frame> {
  const { after, angle } = todo;
  let done = frame;
  if (options.flip) done = await toFrame(openFrame(done).flip());
  if (options.flop) done = await toFrame(openFrame(done).flop());
  if (after) done = await toFrame(openFrame(done).extract(after));
  if (angle) done = await turnFrame(done, angle, options);
  return applyEffects(done, options);
}

/** Turns by any angle, in a box of the size on paper: libvips' own may be a pixel larger. */
async function turnFrame(frame: Frame, angle: number, options: ImageOptions): Promise<Frame> {
  const { width, height } = turnedSize(frame, angle);
  const background = options.rbg === undefined ? CLEAR : toColour(options.rbg);
  const turned = await toFrame(openFrame(frame).ensureAlpha().rotate(angle, { background }));
  return toFrame(openFrame(turned).resize({ width, height, fit: 'contain', background }));
}

/** The finished pixels, frames below one another. */
async function finished(opened: Opened, todo: Plan, options: ImageOptions): Promise<Frame> {
  const strip = await toFrame(await scaledPicture(opened, todo, options));
  return isTouched(todo, options) ? eachFrame(strip, todo.pages, (frame) => finishFrame(frame, todo, options)) : strip;
}

/** Frames that an animation had, when a limit and not the request left some out, or all but the first. */
function framesLeftOut({ info }: Opened, { pages, format }: Plan, { n, page, trim }: ImageOptions): number | undefined {
  const asked = n !== -1 || page !== undefined || trim !== undefined || info.format === 'tiff';
  return !asked && canMove(format) && pages < info.pages ? info.pages : undefined;
}

/** A picture under way: of pixels that are made once, when they are first asked for. */
interface Work {
  readonly job: Job;
  readonly opened: Opened;
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
function isOnePass({ opened: { metadata, info }, todo, job: { options } }: Work): boolean {
  const { space, depth, channels } = metadata;
  const plain = space === 'srgb' && depth === 'uchar' && (channels === 3 || (channels === 4 && !todo.opaque));
  // A GIF would come with the palette of its source.
  const asIs = !isTouched(todo, options) && !todo.contain && todo.format !== 'gif' && options.meta === 'none';
  // Whether a PNG is to have filters is seen by its pixels, which lie in memory for that; a drawing is none the better for them.
  const known = todo.format !== 'png' || isPngAsked(options) || info.format === 'svg';
  return plain && asIs && known && options.mb === undefined;
}

/** Decoded and encoded at once, where there is time for twice the work that it should be: on the way it cannot be made less. */
async function inOnePass(work: Work, left: number): Promise<Buffer | undefined> {
  const { job, opened, todo, formats } = work;
  const { options } = job;
  if (!isOnePass(work) || keepPace(todo, opened.info, options, formats, left / 2).degraded.length) return undefined;
  const image = (await scaledPicture(opened, todo, options)).toColourspace('srgb');
  return encode(image, todo.format, options, timing(opened, todo, options)).toBuffer();
}

/** What makes the encoder's input of the finished pixels, for a format. */
function inputOf({ job: { source, options }, opened, todo: { pages }, pixels }: Work) {
  return async (format: OutputFormat): Promise<Sharp> => {
    const strip = openStrip(await pixels(), pages);
    const image = format === 'jpg' ? strip.flatten({ background: backdrop(options) }) : strip;
    if (options.meta !== 'keep' || pages > 1) return withRights(image, options.meta, opened.metadata.exif);
    return onSource(source.bytes, await toFrame(image));
  };
}

/** Formats with a quality, the planned one first, in which pixels that are there may be encoded. */
async function withQuality({ todo, job: { options }, formats, pixels }: Work): Promise<OutputFormat[]> {
  const { channels } = await pixels();
  const mayBecome = (format: OutputFormat) =>
    (todo.pages === 1 || canMove(format)) && !(format === 'jpg' && channels === 4) && !isTooLong(todo, format);
  const others = formats.filter((one) => one !== todo.format && mayBecome(one));
  return [todo.format, ...others].filter((one) => hasQuality(one, options));
}

/**
 * Encoded as was asked: within the asked budget; or not larger than it came, where there is time to try harder; and small
 * enough for the reply.
 *
 * @param whole what one pass has made already
 */
async function encoded(work: Work, effort: Effort, whole: Buffer | undefined): Promise<Bytes> {
  const { job, opened, todo, formats } = work;
  const { options, mostBytes = Number.POSITIVE_INFINITY } = job;
  const { mb, q } = options;
  const type = MEDIA_TYPES[todo.format];
  const input = inputOf(work);
  const times = timing(opened, todo, options);
  const make = async (as: OutputFormat, quality: number) => {
    const asked = { ...options, q: quality, ...(as === 'png' && pngFor(options, await work.pixels())) };
    return encode(await input(as), as, asked, times, effort).toBuffer();
  };
  const first = async (): Promise<Bytes> => {
    if (mb !== undefined && hasQuality(todo.format, options))
      return { ...(await withinBudget((lower) => make(todo.format, lower), q, mb)), type };
    const data = whole ?? (await make(todo.format, q));
    return effort === 'full' ? notLarger(data, job, opened, todo, formats, input) : { data, type };
  };
  const bytes = await first();
  return bytes.data.length <= mostBytes ? bytes : withinReply(bytes, await withQuality(work), make, q, mostBytes);
}

/**
 * The picture of a plan, encoded.
 *
 * @throws ImageError IMAGE_CORRUPT
 */
export async function render(
  job: Job,
  source: Opened,
  asked: Plan,
  formats: readonly OutputFormat[],
  copies: Copies | undefined,
): Promise<Result> {
  const { options, endsAt = Number.POSITIVE_INFINITY } = job;
  const started = performance.now();
  const opened = copies ? await decoded(copies.insteadOf(job.source.bytes, source, asked)) : source;
  const first = keepPace(asked, opened.info, options, formats, endsAt - Date.now());
  const todo = { ...asked, pages: first.pages };
  const pixels = once(() => finished(opened, todo, options));
  const work = { job, opened, todo, formats, pixels };
  const whole = await decoded(inOnePass(work, endsAt - Date.now()));
  if (!whole) await decoded(pixels());
  const between = performance.now();
  // What was left is known by now; frames that were left out stay so.
  const left = whole ? Number.POSITIVE_INFINITY : endsAt - Date.now();
  const { format, effort, degraded } = keepPace(todo, undefined, options, formats, left);
  const bytes = await decoded(encoded({ ...work, todo: { ...todo, format } }, effort, whole));
  return {
    ...bytes,
    framesOf: framesLeftOut(opened, asked, options),
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
