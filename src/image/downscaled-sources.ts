/**
 * Smaller copies of large sources, as pixels, for those that are asked for at several widths: reading a photograph costs ten
 * times what is done to it then.
 */
import { LRUCache } from 'lru-cache';
import { resizeStill } from './decode.ts';
import { type Frame, toFrame } from './effects.ts';
import type { Source } from './job.ts';
import { DECODER_OPTIONS, type OpenedSource } from './open.ts';
import type { Plan } from './plan.ts';
import type { Size } from './size.ts';

/** Width of a copy in pixels: that of the largest picture in most pages. */
const MAX_WIDTH = 1600;
/** Pixels below which a source is read as quickly as its copy. */
const MIN_PIXELS = 1_000_000;

/** A copy is not larger than its source. */
function sizeOf({ width, height }: Size): Size {
  const scale = Math.min(1, MAX_WIDTH / width);
  return { width: Math.round(width * scale), height: Math.max(1, Math.round(height * scale)) };
}

/** Whether the place of a crop is to be found in the picture: it could be another one in a copy. */
const hasContentAwareCrop = ({ cover }: Plan) => cover !== undefined && 'strategy' in cover;

/** Whether a picture can be made of a copy of this size: a still of the whole source, upright as EXIF says, and not larger than the copy. */
function canRenderFrom({ width, height }: Size, { info, metadata }: OpenedSource, todo: Plan): boolean {
  const whole = todo.pages === 1 && info.pages === 1 && !todo.before && !todo.quarters && !hasContentAwareCrop(todo);
  const plain = info.decodedFrom === 'file' && info.format !== 'svg' && metadata.depth === 'uchar';
  // Scaled twice, colours under alpha would be rounded down twice.
  const large = info.width * info.height >= MIN_PIXELS && !(info.hasAlpha && info.width > MAX_WIDTH);
  return whole && plain && large && todo.scaled.width <= width && todo.scaled.height <= height;
}

/** A copy in the place of its source, whose facts it keeps: by those the plan was made. */
function asOpened(source: OpenedSource, { data, width, height, channels }: Frame): OpenedSource {
  const { icc: _, ...metadata } = source.metadata;
  return {
    ...source,
    info: { ...source.info, decodedFrom: 'pixels' },
    bytes: data,
    input: { ...DECODER_OPTIONS, raw: { width, height, channels } },
    metadata: { ...metadata, channels, space: 'srgb' },
  };
}

/**
 * Copies are made when a source is asked for a second time, and kept while there is room. The other widths of a photograph of 12
 * megapixels take 4 to 12 ms of CPU then, for 25 to 41; of a progressive one, for 76 to 90. Likeness (SSIM) is the same or
 * better; bytes are not the very same as without, by which entity tags are weak.
 *
 * @param maxBytes of all copies together, and of the sources they are known by; 0 makes none
 */
export function createDownscaledSources(maxBytes: number) {
  const maxSize = Math.max(1, maxBytes);
  const asked = new WeakMap<Buffer, number>();
  const copies = new LRUCache<Buffer, { readonly made: Promise<Frame>; readonly size: number }>({
    maxSize,
    sizeCalculation: ({ size }) => size,
  });

  return {
    /** Says that a picture of this source is going to be made: before it has its turn, so that others that wait are known. */
    ask: ({ bytes }: Pick<Source, 'bytes'>): void => {
      asked.set(bytes, (asked.get(bytes) ?? 0) + 1);
    },

    /** What a picture is to be made of: the source, or the copy that is there or worth making. */
    async insteadOf(source: Buffer, whole: OpenedSource, todo: Plan): Promise<OpenedSource> {
      const scaled = sizeOf(whole.info);
      if (!canRenderFrom(scaled, whole, todo)) return whole;
      const known = copies.get(source);
      if (known) return asOpened(whole, await known.made);
      const size = scaled.width * scaled.height * (whole.info.hasAlpha ? 4 : 3) + source.buffer.byteLength;
      if ((asked.get(source) ?? 0) < 2 || size > maxBytes) return whole;
      const made = resizeStill(whole, { ...todo, scaled, cover: undefined }).then(toFrame);
      copies.set(source, { made, size });
      try {
        return asOpened(whole, await made);
      } catch (error) {
        copies.delete(source);
        throw error;
      }
    },
  };
}

export type DownscaledSources = ReturnType<typeof createDownscaledSources>;
