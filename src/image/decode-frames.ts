/** Decodes the frames of an animation that are scaled one by one, within bounds of memory. */
import { composeFrames } from './compose-apng.ts';
import { openDecoder } from './decode.ts';
import { frameIndices, planRuns } from './frame-plan.ts';
import { type Frame, frameToSharp, release, toFrame } from './frames.ts';
import type { OpenedSource } from './open.ts';
import type { Plan } from './plan.ts';
import type { TimeLimit } from './time-limit.ts';

/** Decodes the frames from `page` to before `end`, cropped by the pre-crop and shrunk to the width of `planRuns`, stacked. */
function decodeRun(opened: OpenedSource, plan: Plan, page: number, end: number, limit: TimeLimit): Promise<Frame> {
  const { quarterTurns, preCrop } = plan;
  const { info } = opened;
  const image = openDecoder(opened, { page, pages: end - page, quarterTurns: 0 });
  if (preCrop && !quarterTurns) image.extract(preCrop);
  const { width, height } = planRuns(info, plan);
  const isScaled = width !== info.width || height !== info.height;
  return toFrame(isScaled ? image.resize({ width, height, fit: 'fill' }) : image, limit);
}

/** Crops composed frames by the pre-crop. */
async function* croppedFrames(frames: AsyncIterable<Frame>, { preCrop, quarterTurns }: Plan, limit: TimeLimit) {
  for await (const frame of frames)
    yield preCrop && !quarterTurns ? await toFrame(frameToSharp(frame).extract(preCrop), limit) : frame;
}

/**
 * Decodes the planned frames in runs of at most 50 megapixels, or composes them, and yields them one by one. A frame's pixels are released with
 * its run.
 *
 * @throws of libvips, if the source does not decode
 */
export async function* decodeFrames(opened: OpenedSource, plan: Plan, limit: TimeLimit): AsyncGenerator<Frame> {
  const indices = frameIndices(plan);
  if (opened.apng) return yield* croppedFrames(composeFrames(opened, opened.apng, indices, limit), plan, limit);
  const { length } = planRuns(opened.info, plan);
  const last = plan.page + plan.readPages;
  for (let page = plan.page; page < last; page += length) {
    const end = Math.min(last, page + length);
    const stacked = await decodeRun(opened, plan, page, end, limit);
    const bytes = stacked.data.length / (end - page);
    for (const index of indices.filter((frame) => frame >= page && frame < end)) {
      const from = (index - page) * bytes;
      yield { ...stacked, height: stacked.height / (end - page), data: stacked.data.subarray(from, from + bytes) };
    }
    release(stacked);
  }
}
