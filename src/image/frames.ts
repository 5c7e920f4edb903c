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

/**
 * Changes each of the stacked frames and stacks the outputs.
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
  const changeFrame = (i: number) =>
    change({ ...stacked, height, data: stacked.data.subarray(i * length, (i + 1) * length) });
  const first = await changeFrame(0);
  const data = Buffer.allocUnsafeSlow(first.data.length * pages);
  data.set(first.data);
  for (let i = 1; i < pages; i++) data.set((await changeFrame(i)).data, i * first.data.length);
  return { ...first, height: first.height * pages, data };
}
