/**
 * Draws a mark onto finished pixels, in place. Not with sharp's `composite`, which could be part of the pass that decodes and encodes:
 * it gives the whole image an alpha channel, before it is scaled, and takes 12 to 86 % more CPU of the image, pixels in memory 2 to 8 %.
 */
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { ImageOptions } from '../options.ts';
import { blendRow } from './blend.ts';
import { type Frame, frameToSharp, toFrame } from './frames.ts';
import { MARK_DEFAULTS, type Mark, type MarkPlan, planMark } from './mark.ts';
import type { Size } from './size.ts';
import { forEachSlice } from './slices.ts';
import type { TimeLimit } from './time-limit.ts';

const unpack = promisify(inflate);

/** Maximum scaled marks that are cached, and bytes of one: the outputs of a page have few widths. */
const MAX_SCALED = { count: 16, bytes: 524_288 };
/** Not by lru-cache: the process that renders SVG would load it for nothing else. */
const scaledMarks = new Map<string, Frame>();

/** Returns a mark in RGBA at this size, its alpha multiplied. */
async function scaleMark(mark: Mark, { width, height }: Size, malpha: number, limit: TimeLimit): Promise<Frame> {
  const key = `${mark.version} ${width} ${height} ${malpha}`;
  const known = scaledMarks.get(key);
  if (known) return known;
  const data = await unpack(mark.pixels);
  const image = frameToSharp({ data, width: mark.width, height: mark.height, channels: 4 });
  const scaled = await toFrame(image.resize({ width, height, fit: 'fill' }), limit);
  await forEachSlice(scaled, (fromRow, toRow) => {
    for (let i = fromRow * width * 4 + 3; i < toRow * width * 4; i += 4)
      scaled.data[i] = Math.round((scaled.data[i] ?? 0) * malpha);
  });
  if (scaled.data.length <= MAX_SCALED.bytes) scaledMarks.set(key, scaled);
  const [oldest] = scaledMarks.keys();
  if (scaledMarks.size > MAX_SCALED.count && oldest !== undefined) scaledMarks.delete(oldest);
  return scaled;
}

/** Draws a scaled mark onto the frame that begins at this byte. */
async function drawOnFrame(frame: Frame, start: number, scaled: Frame, plan: MarkPlan): Promise<void> {
  const { data, width, height, channels } = frame;
  const { left, top, stepX, stepY } = plan;
  const below = stepY === Number.POSITIVE_INFINITY ? scaled.height : height - top;
  await forEachSlice({ width, height: below }, (fromRow, toRow) => {
    for (let y = fromRow; y < toRow; y++) {
      const row = y % stepY;
      if (row >= scaled.height) continue;
      for (let x = left; x < width; x += stepX) {
        const length = Math.min(scaled.width, width - x) * 4;
        blendRow(
          data,
          start + ((top + y) * width + x) * channels,
          scaled.data,
          row * scaled.width * 4,
          length,
          channels,
        );
      }
    }
  });
}

/**
 * Draws the mark that a query names onto each of the stacked frames, in place.
 *
 * @param frames that nothing else reads
 * @param mark that `options.mark` names
 * @throws Error if it is missing: no output is ever sent without it
 */
export async function drawMark(
  frames: Frame,
  pages: number,
  mark: Mark | undefined,
  options: ImageOptions,
  limit: TimeLimit,
): Promise<void> {
  if (mark?.name !== options.mark || !mark) throw new Error('an image whose mark was not read');
  const placement = { ...MARK_DEFAULTS, ...mark.options, ...options };
  const frame = { ...frames, height: frames.height / pages };
  const plan = planMark(frame, mark, placement);
  const scaled = await scaleMark(mark, plan, placement.malpha, limit);
  for (let page = 0; page < pages; page++) await drawOnFrame(frame, (page * frames.data.length) / pages, scaled, plan);
}
