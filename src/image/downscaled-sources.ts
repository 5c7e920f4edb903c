/**
 * Smaller copies of large sources, as pixels, for those that are asked for at several widths: reading a photograph costs ten
 * times what is done to it then.
 */
import { LRUCache } from 'lru-cache';
import { scaledStill } from './decode.ts';
import { type Frame, toFrame } from './effects.ts';
import type { Source } from './job.ts';
import { INPUT, type Opened } from './open.ts';
import type { Plan } from './plan.ts';
import type { Size } from './size.ts';

/** Width of a copy in pixels: that of the largest picture in most pages. */
const WIDEST = 1600;
/** Pixels below which a source is read as quickly as its copy. */
const LEAST_PIXELS = 1_000_000;

/** A copy is not larger than its source. */
function sizeOf({ width, height }: Size): Size {
  const scale = Math.min(1, WIDEST / width);
  return { width: Math.round(width * scale), height: Math.max(1, Math.round(height * scale)) };
}

/** Whether the place of a crop is to be found in the picture: it could be another one in a copy. */
const isSearched = ({ cover }: Plan) => cover !== undefined && 'strategy' in cover;

/** Whether a picture can be made of a copy of this size: a still of the whole source, upright as EXIF says, and not larger than the copy. */
function isEnough({ width, height }: Size, { info, input, metadata }: Opened, todo: Plan): boolean {
  const whole = todo.pages === 1 && info.pages === 1 && !todo.before && !todo.quarters && !isSearched(todo);
  const plain = info.format !== 'svg' && !input.raw && metadata.depth === 'uchar';
  // Scaled twice, colours under alpha would be rounded down twice.
  const large = info.width * info.height >= LEAST_PIXELS && !(info.hasAlpha && info.width > WIDEST);
  return whole && plain && large && todo.scaled.width <= width && todo.scaled.height <= height;
}

/** A copy in the place of its source, whose facts it keeps: by those the plan was made. */
function inPlaceOf(source: Opened, { data, width, height, channels }: Frame): Opened {
  const { icc: _, ...metadata } = source.metadata;
  return {
    ...source,
    // Nothing more is for a decoder to scale.
    info: { ...source.info, format: 'png' },
    bytes: data,
    input: { ...INPUT, raw: { width, height, channels } },
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
export function createCopies(maxBytes: number) {
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
    async insteadOf(source: Buffer, whole: Opened, todo: Plan): Promise<Opened> {
      const scaled = sizeOf(whole.info);
      if (!isEnough(scaled, whole, todo)) return whole;
      const known = copies.get(source);
      if (known) return inPlaceOf(whole, await known.made);
      const size = scaled.width * scaled.height * (whole.info.hasAlpha ? 4 : 3) + source.buffer.byteLength;
      if ((asked.get(source) ?? 0) < 2 || size > maxBytes) return whole;
      const made = scaledStill(whole, { ...todo, scaled, cover: undefined }).then(toFrame);
      copies.set(source, { made, size });
      try {
        return inPlaceOf(whole, await made);
      } catch (error) {
        copies.delete(source);
        throw error;
      }
    },
  };
}

export type Copies = ReturnType<typeof createCopies>;
