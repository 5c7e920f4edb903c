/** Raw frames in memory: to and from sharp, one or several below one another. */
import sharp, { type Sharp } from 'sharp';
import type { Size } from './size.ts';
import { forEachSlice } from './slices.ts';
import { runPipeline, type TimeLimit } from './time-limit.ts';

/** Raw sRGB pixels with 8 bits a channel: one frame, or the frames of an animation stacked below one another. */
export interface Frame extends Size {
  readonly data: Buffer;
  readonly channels: 3 | 4;
}

/** Opens one frame, or stacked frames as one tall image. */
export const frameToSharp = ({ data, width, height, channels }: Frame): Sharp =>
  sharp(data, { raw: { width, height, channels }, limitInputPixels: false });

/** Opens stacked frames as an animation of so many pages. */
export const framesToSharp = ({ data, width, height, channels }: Frame, pages: number): Sharp =>
  sharp(data, {
    raw: { width, height, channels, ...(pages > 1 && { pageHeight: height / pages }) },
    limitInputPixels: false,
  });

/** Runs a pipeline to raw pixels. Greyscale images get three channels: not every operation of sharp takes one. */
export async function toFrame(image: Sharp, limit: TimeLimit): Promise<Frame> {
  const { data, info } = await runPipeline(image.toColourspace('srgb').raw(), limit);
  const { width, height, channels } = info;
  if (channels === 3 || channels === 4) return { data, width, height, channels };
  const rgb: Frame = {
    data: Buffer.allocUnsafeSlow(width * height * (channels + 2)),
    width,
    height,
    channels: channels === 2 ? 4 : 3,
  };
  await forEachSlice(rgb, (fromRow, toRow) => {
    for (let i = fromRow * width; i < toRow * width; i++) {
      const to = i * rgb.channels;
      const grey = data[i * channels] ?? 0;
      rgb.data[to] = grey;
      rgb.data[to + 1] = grey;
      rgb.data[to + 2] = grey;
      if (rgb.channels === 4) rgb.data[to + 3] = data[i * 2 + 1] ?? 255;
    }
  });
  return rgb;
}

/** One change of a frame, which keeps none of its pixels. */
export type FrameStep = (frame: Frame, limit: TimeLimit) => Promise<Frame>;

/** Returns a step that one pipeline makes. */
export const inOnePipeline =
  (change: (image: Sharp) => Sharp): FrameStep =>
  (frame, limit) =>
    toFrame(change(frameToSharp(frame)), limit);

/**
 * Releases the pixels of a frame at once: the garbage collector leaves some hundred megabytes of them. Those that are a part of
 * stacked frames stay.
 */
export function release({ data }: Frame): void {
  if (data.buffer instanceof ArrayBuffer && data.length === data.buffer.byteLength && data.length > 0)
    data.buffer.transfer(0);
}

/** Runs steps one after the other, and releases the pixels before each when it has ended: those of `frame` too, unless they stay. */
export async function runSteps(frame: Frame, steps: readonly FrameStep[], limit: TimeLimit): Promise<Frame> {
  let output = frame;
  for (const step of steps) {
    const changed = await step(output, limit);
    if (changed.data !== output.data) release(output);
    output = changed;
  }
  return output;
}

/** Stacks frames of one size below one another. @param pages number of them */
export async function stackFrames(frames: AsyncIterable<Frame>, pages: number): Promise<Frame> {
  let output: Frame | undefined;
  let at = 0;
  for await (const frame of frames) {
    output ??= { ...frame, height: frame.height * pages, data: Buffer.allocUnsafeSlow(frame.data.length * pages) };
    at += frame.data.copy(output.data, at);
    release(frame);
  }
  if (!output || at !== output.data.length) throw new Error('frames of an animation are missing, or differ in size');
  return output;
}

/**
 * Changes each of the stacked frames and stacks the outputs. Releases the pixels of `stacked`, if they were changed.
 *
 * @param change must return frames of one size
 */
export async function mapFrames(
  stacked: Frame,
  pages: number,
  change: (frame: Frame) => Promise<Frame>,
): Promise<Frame> {
  // Without a copy of all pixels.
  if (pages === 1) return change(stacked);
  const height = stacked.height / pages;
  const length = stacked.data.length / pages;
  async function* changed() {
    for (let i = 0; i < pages; i++)
      yield await change({ ...stacked, height, data: stacked.data.subarray(i * length, (i + 1) * length) });
  }
  const output = await stackFrames(changed(), pages);
  release(stacked);
  return output;
}
