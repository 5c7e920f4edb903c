/** Bytes and options in, finished picture out: header, plan, decode, effects, encode. All in memory. */
import sharp, { type Sharp } from 'sharp';
import { ImageError } from '../errors.ts';
import type { ImageOptions } from '../options.ts';
import { notLarger, withinBudget } from './bytes.ts';
import { CLEAR, toColour } from './colour.ts';
import { corrupt, eachFrame, type Opened, openSource, openStrip, scaledPicture, trimmed } from './decode.ts';
import { applyEffects, backdrop, type Frame, isTouched, openFrame, toFrame } from './effects.ts';
import { browserDelay, encode, hasQuality, MEDIA_TYPES, type Timing } from './encode.ts';
import { describe, makePlaceholder } from './facts.ts';
import { allowLoaders } from './loaders.ts';
import { withMetadata } from './metadata.ts';
import { candidates, isFact } from './negotiate.ts';
import { canMove, checkSource, type Plan, type PlanLimits, plan } from './plan.ts';
import { turnedSize } from './size.ts';
import type { Source } from './source.ts';

// No picture is made twice in the same way here, so libvips' cache of operations would only hold memory.
sharp.cache(false);
await allowLoaders('raster');

/** What there is to do: `accept` is the request's Accept header, for `f=auto`. */
export interface Job {
  readonly source: Source;
  readonly options: ImageOptions;
  readonly accept: string | undefined;
  readonly limits: PlanLimits;
}

/** A finished picture, or a fact about one as text. */
export interface Result {
  readonly data: Buffer | string;
  readonly type: string;
  /** Size of a picture; a fact has none. */
  readonly width?: number;
  readonly height?: number;
  /** Frames of the source, where fewer than these were kept in an animation. */
  readonly framesOf?: number | undefined;
  /** How the bytes came about, where that was not the plain encoder: `source`, `palette`, `effort`, `quality`. */
  readonly encoder?: string | undefined;
  /** The quality that `mb` was met with, or came nearest with. */
  readonly quality?: number | undefined;
}

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

/** A pipeline that holds the finished pixels: straight from the decoder where nothing stops it, from raw pixels else. */
async function finished(opened: Opened, todo: Plan, options: ImageOptions): Promise<() => Sharp> {
  const { pages } = todo;
  const flat = (image: Sharp) => (todo.opaque ? image.flatten({ background: backdrop(options) }) : image);
  // An encoder that runs more than once needs pixels to run on.
  if (!isTouched(todo, options) && options.mb === undefined) {
    const image = await scaledPicture(opened, todo, options);
    return () => flat(image.clone());
  }
  const strip = await toFrame(await scaledPicture(opened, todo, options));
  const done = isTouched(todo, options)
    ? await eachFrame(strip, pages, (frame) => finishFrame(frame, todo, options))
    : strip;
  return () => flat(openStrip(done, pages));
}

/** Frames that an animation had, when a limit and not the request left some out, or all but the first. */
function framesLeftOut({ info }: Opened, { pages, format }: Plan, { n, page, trim }: ImageOptions): number | undefined {
  const asked = n !== -1 || page !== undefined || trim !== undefined || info.format === 'tiff';
  return !asked && canMove(format) && pages < info.pages ? info.pages : undefined;
}

/** The picture of a plan, encoded. */
async function render(job: Job, opened: Opened, todo: Plan): Promise<Result> {
  const { options } = job;
  const times = timing(opened, todo, options);
  const base = await decoded(finished(opened, todo, options));
  const make = (q: number) =>
    encode(withMetadata(base(), options.meta, opened.metadata), todo.format, { ...options, q }, times);
  const { width, height } = todo;
  const framesOf = framesLeftOut(opened, todo, options);
  const type = MEDIA_TYPES[todo.format];
  if (options.mb !== undefined && hasQuality(todo.format, options)) {
    const run = (q: number) => decoded(make(q).toBuffer());
    return { ...(await withinBudget(run, options.q, options.mb)), type, framesOf, width, height };
  }
  const data = await decoded(make(options.q).toBuffer());
  return { ...(await decoded(notLarger(data, job, opened, todo, base))), framesOf, width, height };
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
  const todo = plan(ready.info, wanted, formats(options.f), limits);
  return dataUrl(await render({ ...job, options: wanted }, ready, todo), options);
}

function dataUrl(result: Result, { encoding }: ImageOptions): Result {
  if (encoding === undefined || typeof result.data === 'string') return result;
  return {
    ...result,
    data: `data:${result.type};base64,${result.data.toString('base64')}`,
    type: 'text/plain; charset=utf-8',
  };
}
