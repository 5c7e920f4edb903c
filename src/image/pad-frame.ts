/** Pads frames with a colour, with the dominant colour of their edges, or with themselves, enlarged and blurred. */
import type { Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { CLEAR, type Colour, compositeColours, toColour, WHITE } from './colour.ts';
import { type Frame, type FrameStep, frameToSharp, toFrame } from './frames.ts';
import { isMadeOfImage } from './padding.ts';
import type { Plan } from './plan.ts';
import { gravityRect, type Rect, type Size } from './size.ts';
import { forEachSlice } from './slices.ts';
import type { TimeLimit } from './time-limit.ts';

/** Longer side of the blurred copy before it is enlarged, and the sigma of its blur: 5 % of the longer side of the output. */
const BLURRED = { side: 64, sigma: 3 };
/** Bits of a channel that two colours of an edge must share to count as one: noise of an encoder is less. */
const SHARED_BITS = 4;
/** Maximum pixels of an edge that are counted, evenly spread: all of them together take a few milliseconds. */
const MAX_EDGE_PIXELS = 2000;

/**
 * Extends an image to a box.
 *
 * @param image size of it
 * @param box its size, and where the image lies in it
 */
export const extend = (input: Sharp, image: Size, box: Rect, background: Colour): Sharp =>
  input.extend({
    left: box.left,
    top: box.top,
    right: box.width - image.width - box.left,
    bottom: box.height - image.height - box.top,
    background,
  });

/** Returns what the border of `pad` is filled with: `cbg`, over `bg` where that is not opaque. */
export function borderFill({ opaque }: Pick<Plan, 'opaque'>, { bg, cbg }: ImageOptions): Colour | 'auto' | 'blur' {
  if (isMadeOfImage(cbg)) return cbg;
  // Of a JPEG: no alpha channel is added only to be flattened.
  if (cbg === undefined && bg === undefined && opaque) return WHITE;
  const colour = cbg === undefined ? CLEAR : toColour(cbg);
  return bg === undefined ? colour : compositeColours(colour, toColour(bg));
}

/**
 * Returns a step that pads frames to a box. The dominant colour is that of the first frame: the padding of an animation does not
 * flicker. A blurred one moves with its frames.
 *
 * @param box size of the output, and where the frame lies in it
 */
export function padFrames(box: Rect, fill: Colour | 'auto' | 'blur'): FrameStep {
  let colour: Colour | undefined = typeof fill === 'string' ? undefined : fill;
  return async (frame, limit) => {
    if (fill === 'blur') return overBlurredCopy(frame, box, limit);
    colour ??= dominantEdgeColour(frame, box);
    return toFrame(extend(frameToSharp(frame), frame, box, colour), limit);
  };
}

/** Returns the mean of the most frequent colours among the pixels at the edges that get padding. */
export function dominantEdgeColour(frame: Frame, box: Rect): Colour {
  const { data, width, height, channels } = frame;
  const counts = new Map<number, number[]>();
  const count = (x: number, y: number) => {
    const at = (y * width + x) * channels;
    const pixel = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0, channels === 4 ? (data[at + 3] ?? 0) : 255];
    // All transparent pixels are one colour.
    const shared =
      pixel[3] === 0 ? -1 : pixel.reduce((bits, value) => (bits << SHARED_BITS) | (value >> SHARED_BITS), 0);
    const sums = counts.get(shared) ?? [0, 0, 0, 0, 0];
    counts.set(shared, sums);
    for (const [i, value] of [...pixel, 1].entries()) sums[i] = (sums[i] ?? 0) + value;
  };
  const stepOf = (length: number) => Math.ceil(length / MAX_EDGE_PIXELS);
  for (let x = 0; x < width; x += stepOf(width)) {
    if (box.top > 0) count(x, 0);
    if (box.top + height < box.height) count(x, height - 1);
  }
  for (let y = 0; y < height; y += stepOf(height)) {
    if (box.left > 0) count(0, y);
    if (box.left + width < box.width) count(width - 1, y);
  }
  const [most = []] = [...counts.values()].sort((a, b) => (b[4] ?? 0) - (a[4] ?? 0));
  const [r = 0, g = 0, b = 0, alpha = 0] = most.map((sum) => Math.round(sum / (most[4] ?? 1)));
  return { r, g, b, alpha: alpha / 255 };
}

/** Puts a frame on a copy of itself that covers the box, blurred. The copy is blurred at a small size: its cost is that of enlarging it. */
async function overBlurredCopy(frame: Frame, box: Rect, limit: TimeLimit): Promise<Frame> {
  const { width, height, left, top } = box;
  const side = (length: number) => Math.max(1, Math.round(length));
  const shrink = Math.min(1, BLURRED.side / Math.max(width, height));
  const reduced = { width: side(width * shrink), height: side(height * shrink) };
  const scale = Math.min(frame.width / width, frame.height / height);
  const shape = { width: side(width * scale), height: side(height * scale) };
  const sigma = Math.max(0.3, (BLURRED.sigma * Math.max(reduced.width, reduced.height)) / BLURRED.side);
  const part = frameToSharp(frame).extract(gravityRect(frame, shape, 'center', [0.5, 0.5]));
  const small = await toFrame(part.resize({ ...reduced, fit: 'fill' }).blur(sigma), limit);
  const padded = await toFrame(frameToSharp(small).resize({ width, height, fit: 'fill', kernel: 'cubic' }), limit);
  const row = frame.width * frame.channels;
  await forEachSlice(frame, (fromRow, toRow) => {
    for (let y = fromRow; y < toRow; y++)
      frame.data.copy(padded.data, ((top + y) * width + left) * frame.channels, y * row, (y + 1) * row);
  });
  return padded;
}
