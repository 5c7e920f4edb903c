/** Bytes and options in, finished picture out: header, plan, decode, effects, encode. All in memory. */
import sharp, { type Sharp } from 'sharp';
import { ImageError } from '../errors.ts';
import type { ImageOptions } from '../options.ts';
import { type Bytes, notLarger, withinBudget, withinReply } from './bytes.ts';
import { CLEAR, toColour } from './colour.ts';
import { corrupt, eachFrame, type Opened, openSource, openStrip, scaledPicture, trimmed } from './decode.ts';
import { applyEffects, backdrop, type Frame, isTouched, openFrame, toFrame } from './effects.ts';
import { browserDelay, encode, hasQuality, MEDIA_TYPES, type Timing } from './encode.ts';
import { describe, makePlaceholder } from './facts.ts';
import type { Job, Result } from './job.ts';
import { allowLoaders } from './loaders.ts';
import { onSource, withRights } from './metadata.ts';
import { candidates, isFact, type OutputFormat } from './negotiate.ts';
import { keepPace } from './pace.ts';
import { canMove, checkSource, isTooLong, type Plan, plan } from './plan.ts';
import { turnedSize } from './size.ts';

// No picture is made twice in the same way here, so libvips' cache of operations would only hold memory.
sharp.cache(false);
await allowLoaders('raster');

/** Other bytes may be made of the same query when this changes: raise the first number with the encoders' settings. */
export const encoderVersion = `2 ${sharp.versions.sharp}`;

/** Waits for libvips; what it says is wrong with the picture, since everything else was planned. */
async function decoded<T>(work: Promise<T>): Promise<T> {
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

/**
 * The finished pixels, frames below one another. They are made whole before they are encoded: that costs 1 to 2 % of the
 * work (measured over seven photographs), and lets the encoder be chosen by the time and bytes that are left.
 */
async function finished(opened: Opened, todo: Plan, options: ImageOptions): Promise<Frame> {
  const strip = await toFrame(await scaledPicture(opened, todo, options));
  return isTouched(todo, options) ? eachFrame(strip, todo.pages, (frame) => finishFrame(frame, todo, options)) : strip;
}

/** Frames that an animation had, when a limit and not the request left some out, or all but the first. */
function framesLeftOut({ info }: Opened, { pages, format }: Plan, { n, page, trim }: ImageOptions): number | undefined {
  const asked = n !== -1 || page !== undefined || trim !== undefined || info.format === 'tiff';
  return !asked && canMove(format) && pages < info.pages ? info.pages : undefined;
}

/** What makes the encoder's input of the finished pixels, for a format. */
function inputOf({ source, options }: Job, { metadata }: Opened, frame: Frame, pages: number) {
  return async (format: OutputFormat): Promise<Sharp> => {
    const strip = openStrip(frame, pages);
    const image = format === 'jpg' ? strip.flatten({ background: backdrop(options) }) : strip;
    if (options.meta !== 'keep' || pages > 1) return withRights(image, options.meta, metadata.exif);
    return onSource(source.bytes, await toFrame(image));
  };
}

/** The picture of a plan, encoded. */
async function render(job: Job, opened: Opened, asked: Plan, formats: readonly OutputFormat[]): Promise<Result> {
  const { options, endsAt = Number.POSITIVE_INFINITY, mostBytes = Number.POSITIVE_INFINITY } = job;
  const started = performance.now();
  const first = keepPace(asked, opened.info, options, formats, endsAt - Date.now());
  const todo = { ...asked, pages: first.pages };
  const frame = await decoded(finished(opened, todo, options));
  const between = performance.now();
  // What was left is known by now; frames that were left out stay so.
  const { format, effort, degraded } = keepPace(todo, undefined, options, formats, endsAt - Date.now());
  const times = timing(opened, todo, options);
  const input = inputOf(job, opened, frame, todo.pages);
  const make = async (as: OutputFormat, q: number) =>
    decoded(encode(await input(as), as, { ...options, q }, times, effort).toBuffer());
  const bytes = await encoded({
    job,
    opened,
    todo: { ...todo, format },
    formats,
    make,
    input,
    harder: effort === 'full',
  });
  const others = formats.filter((one) => one !== format && hasQuality(one, options) && mayBecome(one, todo, frame));
  const small = await withinReply(
    bytes,
    hasQuality(format, options) ? [format, ...others] : others,
    make,
    options.q,
    mostBytes,
  );
  return {
    ...small,
    framesOf: framesLeftOut(opened, asked, options),
    width: todo.width,
    height: todo.height,
    degraded: first.pages < asked.pages ? [...degraded, 'frames'] : degraded,
    decodeTime: between - started,
    encodeTime: performance.now() - between,
  };
}

/** Whether pixels that are there may be encoded in another format than the planned one. */
const mayBecome = (format: OutputFormat, todo: Plan, frame: Frame) =>
  (todo.pages === 1 || canMove(format)) && !(format === 'jpg' && frame.channels === 4) && !isTooLong(todo, format);

/** Encoded as was asked: within the asked budget, or not larger than it came, where there is time to try harder. */
async function encoded({
  job,
  opened,
  todo,
  formats,
  make,
  input,
  harder,
}: {
  job: Job;
  opened: Opened;
  todo: Plan;
  formats: readonly OutputFormat[];
  make: (format: OutputFormat, q: number) => Promise<Buffer>;
  input: (format: OutputFormat) => Promise<Sharp>;
  harder: boolean;
}): Promise<Bytes> {
  const { mb, q } = job.options;
  const type = MEDIA_TYPES[todo.format];
  if (mb !== undefined && hasQuality(todo.format, job.options))
    return { ...(await withinBudget((lower) => make(todo.format, lower), q, mb)), type };
  const data = await make(todo.format, q);
  return harder ? decoded(notLarger(data, job, opened, todo, formats, input)) : { data, type };
}

/**
 * Makes what was asked for. Upright, in sRGB, without metadata unless `meta` keeps some; transparency stays where the
 * format has it and goes on a colour where not.
 *
 * @throws ImageError IMAGE_TOO_LARGE, IMAGE_CORRUPT
 */
export async function resize(job: Job): Promise<Result> {
  const { source, options, accept, limits } = job;
  const opened = await openSource(source, options.page, limits);
  checkSource(opened.info, limits);
  const ready = options.trim === undefined ? opened : await decoded(trimmed(opened, options));
  // What is trimmed is turned by its quarters already.
  const wanted = ready.input.raw && options.ro % 90 === 0 ? { ...options, ro: 0 } : options;
  const formats = (f: ImageOptions['f']) => candidates(f, source.format, accept, limits.avifAuto === 'on');
  if (options.f === 'json')
    return describe(job, opened, options.explain ? plan(ready.info, wanted, formats('auto'), limits) : undefined);
  if (isFact(options.f)) return decoded(makePlaceholder(options.f, ready, wanted));
  const possible = formats(options.f);
  const todo = plan(ready.info, wanted, possible, limits);
  return dataUrl(await render({ ...job, options: wanted }, ready, todo, possible), options);
}

function dataUrl(result: Result, { encoding }: ImageOptions): Result {
  if (encoding === undefined || typeof result.data === 'string') return result;
  return {
    ...result,
    data: `data:${result.type};base64,${result.data.toString('base64')}`,
    type: 'text/plain; charset=utf-8',
  };
}
