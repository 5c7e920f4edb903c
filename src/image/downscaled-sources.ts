/**
 * A cache of downscaled sources, as pixels, for large sources that are requested at several widths: decoding a photograph
 * costs ten times as much as all that follows.
 */
import { LRUCache } from 'lru-cache';
import { ImageError } from '../errors.ts';
import { resizeStill } from './decode.ts';
import { type Frame, toFrame } from './frames.ts';
import type { Source } from './job.ts';
import { DECODER_OPTIONS, type OpenedSource, withPixels } from './open.ts';
import type { Plan } from './plan.ts';
import type { Size } from './size.ts';
import type { TimeLimit } from './time-limit.ts';

/** Width of a downscaled source in pixels: that of the largest image in most pages. */
const MAX_WIDTH = 1600;
/** Minimum pixels of a source: smaller ones decode as fast as their downscaled pixels are read. */
const MIN_PIXELS = 1_000_000;

/** Computes the size of the downscaled source: never larger than the source. */
function downscaledSize({ width, height }: Size): Size {
  const scale = Math.min(1, MAX_WIDTH / width);
  return { width: Math.round(width * scale), height: Math.max(1, Math.round(height * scale)) };
}

/** Returns whether a smart crop is planned, which could find another place in a downscaled source. */
const hasSmartCrop = ({ cover }: Plan) => cover !== undefined && 'strategy' in cover;

/**
 * Returns whether rendering from a downscaled source of this size gives the same image: one frame with 8 bits a channel,
 * no pre-crop, no rotation, and an output that is not larger.
 */
function canRenderFrom({ width, height }: Size, { info, metadata }: OpenedSource, plan: Plan): boolean {
  const isStill = plan.pages === 1 && info.pages === 1;
  const isUncropped = !plan.preCrop && !plan.quarterTurns && !hasSmartCrop(plan);
  const isRaster = info.decodedFrom === 'file' && info.format !== 'svg' && metadata.depth === 'uchar';
  // Colours under alpha would be rounded down twice if they were scaled twice.
  const isLarge = info.width * info.height >= MIN_PIXELS && !(info.hasAlpha && info.width > MAX_WIDTH);
  return isStill && isUncropped && isRaster && isLarge && plan.scaled.width <= width && plan.scaled.height <= height;
}

/**
 * Returns whether a source is worth downscaling: at its second use, or at once if it is much more expensive to decode than to
 * downscale, except for an output for which its thumbnail is large enough.
 */
const isWorthwhile = ({ decoder }: OpenedSource, { scaled }: Plan, uses: number) =>
  decoder ? decoder.pixelsFor(scaled) === decoder.pixelsFor(undefined) : uses >= 2;

async function downscale(opened: OpenedSource, plan: Plan, limit: TimeLimit): Promise<Frame> {
  const image = await resizeStill(await withPixels(opened, plan.scaled, limit), plan, limit);
  return toFrame(image, limit);
}

/** Returns the source with downscaled pixels in the place of its file; size and other facts stay those that were planned for. */
function asOpened(source: OpenedSource, { data, width, height, channels }: Frame): OpenedSource {
  const { icc: _, ...metadata } = source.metadata;
  return {
    ...source,
    info: { ...source.info, decodedFrom: 'pixels' },
    bytes: data,
    colours: undefined,
    decoder: undefined,
    input: { ...DECODER_OPTIONS, raw: { width, height, channels } },
    metadata: { ...metadata, channels, space: 'srgb' },
  };
}

/** Waits for another request to downscale the source. If its time ends first, this request renders from the source itself. */
async function asOpenedInTime(opened: OpenedSource, frame: Promise<Frame>): Promise<OpenedSource> {
  try {
    return asOpened(opened, await frame);
  } catch (error) {
    if (error instanceof ImageError) return opened;
    throw error;
  }
}

/**
 * Creates the cache. A source is downscaled when it is requested for the second time, a HEIC at the first, and kept while there is room. Further
 * widths of a photograph of 12 megapixels then take 4 to 12 ms of CPU instead of 25 to 41; of a progressive one, instead of
 * 76 to 90. The similarity (SSIM) is the same or better. Bytes are not identical to those without the cache, therefore
 * entity tags are weak.
 *
 * @param maxBytes of all downscaled sources, and of the source buffers that are their keys; 0 switches the cache off
 */
export function createDownscaledSources(maxBytes: number) {
  const maxSize = Math.max(1, maxBytes);
  const useCounts = new WeakMap<Buffer, number>();
  const cache = new LRUCache<Buffer, { readonly frame: Promise<Frame>; readonly size: number }>({
    maxSize,
    sizeCalculation: ({ size }) => size,
  });

  return {
    /** Counts a use of a source. To be called before the request waits for its turn, so that others in the queue are seen. */
    countUse: ({ bytes }: Pick<Source, 'bytes'>): void => {
      useCounts.set(bytes, (useCounts.get(bytes) ?? 0) + 1);
    },

    /**
     * Returns what to render from: the downscaled source if it is cached or worth creating, else the source itself.
     *
     * @param source the bytes that uses were counted of
     * @throws of libvips, if the source does not decode
     */
    async sourceFor(source: Buffer, opened: OpenedSource, plan: Plan, limit: TimeLimit): Promise<OpenedSource> {
      const scaled = downscaledSize(opened.info);
      if (!canRenderFrom(scaled, opened, plan)) return opened;
      const cached = cache.get(source);
      if (cached) return asOpenedInTime(opened, cached.frame);
      const size = scaled.width * scaled.height * (opened.info.hasAlpha ? 4 : 3) + source.buffer.byteLength;
      if (!isWorthwhile(opened, plan, useCounts.get(source) ?? 0) || size > maxBytes) return opened;
      const downscaled = { ...plan, scaled, cover: undefined };
      const frame = downscale(opened, downscaled, limit);
      cache.set(source, { frame, size });
      try {
        return asOpened(opened, await frame);
      } catch (error) {
        cache.delete(source);
        throw error;
      }
    },
  };
}

export type DownscaledSources = ReturnType<typeof createDownscaledSources>;
