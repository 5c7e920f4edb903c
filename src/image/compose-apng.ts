/** Composes the frames of an animated PNG: each is decoded by libpng and drawn onto the canvas of those before it. */
import { ImageError } from '../errors.ts';
import { blendRow } from './blend.ts';
import { asPixels, openDecoder } from './decode.ts';
import { type Apng, type ApngFrame, frameFile } from './formats/apng.ts';
import { type Frame, frameToSharp, toFrame } from './frames.ts';
import type { OpenedSource } from './open.ts';
import type { Plan } from './plan.ts';
import { area, type Rect } from './size.ts';
import { forEachSlice } from './slices.ts';
import type { TimeLimit } from './time-limit.ts';

/** Maximum bytes of a profile: it is unpacked for each frame. Those of cameras and displays have up to 60,000. */
const MAX_PROFILE_BYTES = 65_536;
/** Maximum frames, and their pixels, that one still frame is composed of: some 3 s of CPU at worst. */
const MAX_COMPOSED = { frames: 1000, pixels: 50_000_000 };

const WHOLE = { left: 0, top: 0, blend: 'source' } as const;
const STILL = { page: 0, pages: 1, quarterTurns: 0 } as const;

/** Decodes a frame, or the default image, with as many channels as the canvas. @throws of libvips, if it does not decode */
async function decodeFrame(opened: OpenedSource, file: Buffer, channels: 3 | 4, limit: TimeLimit): Promise<Frame> {
  const image = openDecoder({ ...opened, bytes: file }, STILL);
  return toFrame(channels === 4 ? image.ensureAlpha() : image.removeAlpha(), limit);
}

/** Draws a decoded frame onto the canvas, in place. */
async function draw(canvas: Frame, frame: Frame, { left, top, blend }: Pick<ApngFrame, 'left' | 'top' | 'blend'>) {
  const { channels } = canvas;
  const length = frame.width * channels;
  const isCopied = blend === 'source' || channels === 3;
  await forEachSlice(frame, (fromRow, toRow) => {
    for (let y = fromRow; y < toRow; y++) {
      const [from, to] = [y * length, ((top + y) * canvas.width + left) * channels];
      if (isCopied) frame.data.copy(canvas.data, to, from, from + length);
      else blendRow(canvas.data, to, frame.data, from, length, 4);
    }
  });
}

/** Makes a part of the canvas transparent. */
function clear({ data, width, channels }: Frame, rect: Rect): void {
  for (let y = rect.top; y < rect.top + rect.height; y++) {
    const at = (y * width + rect.left) * channels;
    data.fill(0, at, at + rect.width * channels);
  }
}

/** Returns the frame from which a later one can be composed: it covers the canvas, whatever was there, and stays. */
function firstNeeded({ frames, width, height, hasAlpha }: Apng, page: number): number {
  for (let i = page; i > 0; i--) {
    const frame = frames[i];
    const isWhole = frame?.width === width && frame.height === height;
    if (isWhole && frame.dispose !== 'previous' && (frame.blend === 'source' || !hasAlpha)) return i;
  }
  return 0;
}

/**
 * Composes frames in order, and yields those at the indices: the canvas, which is changed once the next one is requested. A
 * frame that does not decode ends the animation: the one before it stays, as in Chromium. In the place of the first, that is the default image.
 *
 * @param indices ascending
 * @throws of libvips, if neither the first frame nor the default image decodes; ImageError at the deadline
 */
export async function* composeFrames(
  opened: OpenedSource,
  apng: Apng,
  indices: readonly number[],
  limit: TimeLimit,
): AsyncGenerator<Frame> {
  const { width, height } = apng;
  const channels = apng.hasAlpha ? 4 : 3;
  const bytes = width * height * channels;
  // One allocation for both: whoever reads the canvas cannot release it.
  const both = Buffer.alloc(2 * bytes);
  const canvas: Frame = { data: both.subarray(0, bytes), width, height, channels };
  const before = both.subarray(bytes);
  const hasProfile = (opened.metadata.icc?.length ?? 0) <= MAX_PROFILE_BYTES;
  const files = hasProfile ? apng : { ...apng, shared: apng.shared.filter(({ name }) => name !== 'iCCP') };
  const decode = async (frame: ApngFrame, i: number) => {
    try {
      await draw(canvas, await decodeFrame(opened, frameFile(opened.bytes, files, frame), channels, limit), frame);
      return true;
    } catch (error) {
      if (error instanceof ImageError) throw error;
      if (i === 0) await draw(canvas, await decodeFrame(opened, opened.bytes, channels, limit), WHOLE);
      return false;
    }
  };
  let isEnded = false;
  let next = 0;
  for (const target of indices) {
    for (let i = Math.max(next, firstNeeded(apng, target)); i <= target; i++) {
      const frame = apng.frames[i];
      const isUndone = frame?.dispose === 'previous';
      // What is taken back is needed only where it is shown.
      if (!frame || (isUndone && i > 0 && i < target)) continue;
      if (isUndone) canvas.data.copy(before);
      isEnded ||= !(await decode(frame, i));
      if (i === target) yield canvas;
      if (isEnded) continue;
      if (frame.dispose === 'background' || (isUndone && i === 0)) clear(canvas, frame);
      else if (isUndone) before.copy(canvas.data);
    }
    next = target + 1;
  }
}

/** @throws ImageError IMAGE_TOO_LARGE if a frame is composed of too many others */
function checkComposed(apng: Apng, page: number): void {
  const needed = apng.frames.slice(firstNeeded(apng, page), page + 1);
  const pixels = needed.reduce((sum, frame) => sum + area(frame), 0);
  if (needed.length <= MAX_COMPOSED.frames && pixels <= MAX_COMPOSED.pixels) return;
  throw new ImageError(
    'IMAGE_TOO_LARGE',
    `Frame ${page} is composed of ${needed.length} frames with ${pixels} pixels; at most ${MAX_COMPOSED.frames} with ${MAX_COMPOSED.pixels} are decoded.`,
  );
}

/**
 * Returns what a still frame of an animated PNG is decoded from: the file, if it is the default image, else the composed pixels,
 * rotated by the quarter turns. Other sources are returned as they are.
 *
 * @throws ImageError IMAGE_TOO_LARGE if the frame is composed of too many others
 */
export async function openFrame(
  opened: OpenedSource,
  { page, quarterTurns }: Pick<Plan, 'page' | 'quarterTurns'>,
  limit: TimeLimit,
): Promise<OpenedSource> {
  const { apng, info } = opened;
  if (!apng || info.decodedFrom === 'pixels' || (page === 0 && apng.startsWithDefault)) return opened;
  checkComposed(apng, page);
  const { icc: _, ...metadata } = opened.metadata;
  for await (const frame of composeFrames(opened, apng, [page], limit)) {
    const upright = quarterTurns ? await toFrame(frameToSharp(frame).rotate(quarterTurns * 90), limit) : frame;
    const { channels } = upright;
    return { ...asPixels(opened, upright), metadata: { ...metadata, space: 'srgb', depth: 'uchar', channels } };
  }
  return opened;
}
