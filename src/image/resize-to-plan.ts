/**
 * Decodes a source to an image of the planned size. The frames of an animation are stacked, as one tall image: they are scaled
 * apart where scaling would mix the last rows of each with the first ones of the next, see `areFramesApart`.
 */
import type { Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { transformColours } from './colour-transform.ts';
import { openFrame } from './compose-apng.ts';
import { openDecoder, pad, resizeStill, scaleStill } from './decode.ts';
import { decodeFrames } from './decode-frames.ts';
import { areFramesApart } from './frame-plan.ts';
import {
  type Frame,
  type FrameStep,
  framesToSharp,
  inOnePipeline,
  mapFrames,
  runSteps,
  stackFrames,
  toFrame,
} from './frames.ts';
import type { OpenedSource } from './open.ts';
import { padFrames } from './pad-frame.ts';
import { isMadeOfImage } from './padding.ts';
import type { Plan } from './plan.ts';
import type { Rect, Size } from './size.ts';
import type { TimeLimit } from './time-limit.ts';

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

/** Returns the padding by an image made of the frame itself; none if the padding has a colour. */
const imagePadding = ({ contain }: Plan, { cbg }: ImageOptions): readonly FrameStep[] =>
  contain && isMadeOfImage(cbg) ? [padFrames(contain, cbg)] : [];

/**
 * Decodes frames and scales them one by one, see `areFramesApart`, to the size of the planned box.
 *
 * @param frameSteps run on each frame before they are stacked
 */
export function resizeFrames(
  opened: OpenedSource,
  plan: Plan,
  options: ImageOptions,
  limit: TimeLimit,
  frameSteps: readonly FrameStep[],
): Promise<Frame> {
  const { quarterTurns } = plan;
  const { colours } = opened;
  const pixels = { ...opened.info, decodedFrom: 'pixels' } as const;
  // Frames that are not rotated are cropped already.
  const framePlan = quarterTurns ? plan : { ...plan, preCrop: undefined };
  const steps = [
    ...(quarterTurns ? [inOnePipeline((image) => image.rotate(quarterTurns * 90))] : []),
    ...(colours ? [(frame: Frame) => transformColours(frame, colours)] : []),
    inOnePipeline((image) => pad(scaleStill(image, framePlan, pixels), plan, options)),
    ...imagePadding(plan, options),
    ...frameSteps,
  ];
  async function* resized() {
    for await (const frame of decodeFrames(opened, plan, limit)) yield await runSteps(frame, steps, limit);
  }
  return stackFrames(resized(), plan.pages);
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
  const { pages } = plan;
  const padding = imagePadding(plan, options);
  const padded = async (image: Sharp) => {
    if (!padding.length) return pad(image, plan, options);
    const change = (frame: Frame) => runSteps(frame, padding, limit);
    return framesToSharp(await mapFrames(await toFrame(image, limit), pages, change), pages);
  };
  if (pages === 1) return padded(await resizeStill(await openFrame(opened, plan, limit), plan, limit));
  if (areFramesApart(opened.info, plan))
    return framesToSharp(await resizeFrames(opened, plan, options, limit, []), pages);
  return padded(scaleStacked(openDecoder(opened, plan), plan, opened.info));
}
