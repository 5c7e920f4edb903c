/**
 * Decodes a source to an image of the planned size. The frames of an animation are stacked, as one tall image: they are scaled
 * apart where scaling would mix the last rows of each with the first ones of the next, see `areFramesApart`.
 */
import type { Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { openDecoder, pad, ratioSide, resizeStill, scaleStill } from './decode.ts';
import { type Frame, framesToSharp, frameToSharp, mapFrames, toFrame } from './frames.ts';
import type { OpenedSource } from './open.ts';
import type { Plan } from './plan.ts';
import { area, type Rect, type Size } from './size.ts';
import { decoderFormat, type SourceInfo } from './source-info.ts';
import type { TimeLimit } from './time-limit.ts';

type FramePlan = Pick<Plan, 'pages' | 'quarterTurns' | 'preCrop' | 'scaled' | 'cover'>;

/** Returns whether the WebP decoder scales each frame on load: both sides by one factor, and the whole frame. */
const isShrunkOnLoad = (info: SourceInfo, { preCrop, cover, scaled }: FramePlan) =>
  decoderFormat(info) === 'webp' &&
  !preCrop &&
  !cover &&
  scaled.height < info.height &&
  ratioSide(info, scaled) !== undefined;

/**
 * Maximum pixels of all frames that are shrunk apart. For 8 megapixels that takes a fifth more CPU than stacked, and 4 bytes per
 * pixel in memory. Stacked, the first and last row of a frame have 2 to 9 % of its neighbour, less the less they are shrunk; half
 * of it if they are enlarged.
 */
const MAX_SHRUNK_APART = 4_000_000;

/**
 * Returns whether frames are decoded to pixels and then scaled one by one: where they are rotated, which libvips cannot do to
 * stacked frames, or get another height, except if the decoder does that or they are large and shrink.
 */
export function areFramesApart(info: SourceInfo, plan: FramePlan): boolean {
  const { pages, preCrop, scaled, quarterTurns } = plan;
  if (pages === 1) return false;
  const { height } = preCrop ?? info;
  if (quarterTurns !== 0 || scaled.height > height) return true;
  return scaled.height < height && !isShrunkOnLoad(info, plan) && pages * area(info) <= MAX_SHRUNK_APART;
}

/** Converts a rectangle of the scaled image to pixels of the image before scaling. */
function unscale(rect: Rect, scaled: Size, from: Size): Rect {
  const [x, y] = [from.width / scaled.width, from.height / scaled.height];
  const width = Math.min(from.width, Math.max(1, Math.round(rect.width * x)));
  const height = Math.min(from.height, Math.max(1, Math.round(rect.height * y)));
  const left = Math.min(from.width - width, Math.round(rect.left * x));
  return { width, height, left, top: Math.min(from.height - height, Math.round(rect.top * y)) };
}

const shift = (rect: Rect, by: Rect | undefined): Rect => ({
  ...rect,
  left: rect.left + (by?.left ?? 0),
  top: rect.top + (by?.top ?? 0),
});

/** Crops and scales stacked frames, in this order: libvips returns wrong frames the other way round. */
function scaleStacked(image: Sharp, { preCrop, scaled, cover }: Plan, frameSize: Size): Sharp {
  const rect = cover && 'left' in cover ? shift(unscale(cover, scaled, preCrop ?? frameSize), preCrop) : preCrop;
  if (rect) image.extract(rect);
  const { width, height } = cover ?? scaled;
  return image.resize({ width, height, fit: 'fill' });
}

/**
 * Returns a pipeline whose image has the size of the planned box: not yet mirrored, post-cropped, rotated by an angle, or
 * adjusted.
 */
export async function resizeToPlan(
  opened: OpenedSource,
  plan: Plan,
  options: ImageOptions,
  limit: TimeLimit,
): Promise<Sharp> {
  const { pages, quarterTurns } = plan;
  if (pages === 1) return pad(await resizeStill(opened, plan, limit), plan, options);
  if (!areFramesApart(opened.info, plan))
    return pad(scaleStacked(openDecoder(opened, plan), plan, opened.info), plan, options);
  const pixels = { ...opened.info, decodedFrom: 'pixels' } as const;
  const stacked = await toFrame(openDecoder(opened, plan), limit);
  const resizeFrame = async (frame: Frame) => {
    const upright = quarterTurns ? await toFrame(frameToSharp(frame).rotate(quarterTurns * 90), limit) : frame;
    return toFrame(pad(scaleStill(frameToSharp(upright), plan, pixels), plan, options), limit);
  };
  return framesToSharp(await mapFrames(stacked, pages, resizeFrame), pages);
}
