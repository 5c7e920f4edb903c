/** The image core: bytes and options in, a finished image out. Header, limits, plan, decode, effects, encode; all in memory. */
import sharp from 'sharp';
import type { Turn } from '../concurrency/turn.ts';
import { ImageError } from '../errors.ts';
import type { ImageOptions } from '../options.ts';
import { openFrame } from './compose-apng.ts';
import { trimSource } from './decode.ts';
import type { DownscaledSources } from './downscaled-sources.ts';
import { disabledError } from './formats/source-formats.ts';
import { requestedPages } from './frame-plan.ts';
import { gainMapOf, withGainMap } from './gain-map.ts';
import { type DecodeHeic, openHeic } from './heic.ts';
import { describeSource, makePlaceholder } from './info.ts';
import type { Job, RenderedImage } from './job.ts';
import { allowLoaders } from './libvips-loaders.ts';
import { checkSource } from './limits.ts';
import { encodeMemory } from './memory.ts';
import { candidateFormats, isMetadataFormat, type OutputFormat } from './negotiate.ts';
import { asDecodeError, type OpenedSource } from './open.ts';
import { firstFrame, plan } from './plan.ts';
import { openReadable, type ReadMeans } from './readable-source.ts';
import { render } from './render.ts';
import { area } from './size.ts';
import { createTimeLimit, type TimeLimit } from './time-limit.ts';
import { isTruncated, lacksEnd, readTruncated, TRUNCATED_BYTES_PER_PIXEL } from './truncated.ts';
import { estimateWork } from './work.ts';

// libvips' cache of operations would only hold memory: no image is rendered twice in the same way here.
sharp.cache(false);
// One thread per image, and one image per vCPU: with two, sharp's default beside MALLOC_ARENA_MAX, an image takes 3 to 7 % more CPU.
sharp.concurrency(1);
await allowLoaders('raster');

/**
 * The version of effects and encoders, part of every cache key and entity tag: a change of it makes cached images stale. Raise
 * the first number when encoder settings or the pixels of an output change, so that the same query gives other bytes.
 */
export const encoderVersion = `14 ${sharp.versions.sharp}`;

/** How an image is rendered: `begin` waits for a place and memory, once, before pixels are decoded; `reserve` for further memory. */
export interface ResizeOptions extends Partial<Turn> {
  /** Ends the work between two steps, once nobody waits for the image. */
  readonly signal?: AbortSignal;
  /** Decodes HEIC; unset where that is switched off. */
  readonly decodeHeic?: DecodeHeic | undefined;
}

/** Reads the header of a source. @returns also the source as libvips reads it */
async function open(job: Job, decodeHeic: DecodeHeic | undefined, means: ReadMeans) {
  const { source, options, limits } = job;
  if (source.format === 'heic') {
    if (!decodeHeic) throw disabledError('heic');
    return { source, header: await openHeic(source, limits, decodeHeic) };
  }
  return openReadable(job, means, options.f === 'json' || options.meta !== 'none');
}

/**
 * Renders an image: upright, in sRGB, without metadata unless `meta` keeps some. Alpha stays if the format supports it,
 * else it is flattened. For metadata formats of `f`, returns text instead.
 *
 * @param downscaledSources cache of downscaled sources for those that are requested again; undefined for none
 * @throws ImageError IMAGE_TOO_LARGE if a limit is exceeded, IMAGE_CORRUPT if the source does not decode, SOURCE_TIMEOUT if
 *   the deadline comes first; the errors of `begin` and `reserve`
 */
export async function resize(
  original: Job,
  downscaledSources?: DownscaledSources,
  how: ResizeOptions = {},
): Promise<RenderedImage> {
  const { options, limits } = original;
  const limit = createTimeLimit(original.deadline, how.signal);
  const turn = beginOnce(how);
  const { source, header } = await open(original, how.decodeHeic, { limit, turn });
  checkSource(header.info, limits);
  const means = { original, limit, turn, downscaledSources };
  const job = { ...original, source };
  if (options.f === 'json' && lacksEnd(header)) {
    await turn.begin(estimateWork(header, options, undefined));
    if (await isTruncated(header, limit)) return renderOpened(job, { ...header, isTruncated: true }, means);
  }
  try {
    return await renderOpened(job, header, means);
  } catch (error) {
    if (!(error instanceof ImageError) || error.code !== 'IMAGE_CORRUPT') throw error;
    if (header.decoder?.hasFailed()) return await renderOpened(job, header, means);
    await turn.reserve(area(header.info) * TRUNCATED_BYTES_PER_PIXEL);
    const truncated = await readTruncated(header, options, limit).catch((cause) => {
      throw cause instanceof ImageError ? cause : error;
    });
    if (!truncated) throw error;
    // Not into the cache of downscaled sources, which does not know that it is truncated.
    return renderOpened(job, truncated, { ...means, downscaledSources: undefined });
  }
}

/** Returns a turn whose work may begin again: what a truncated source needs is more memory, and no other place. */
function beginOnce({ begin, reserve = async () => {} }: Partial<Turn>): Turn {
  let hasBegun = false;
  return {
    begin: async (work) => {
      // The memory of short work is not counted.
      if (hasBegun) return work.isShort ? undefined : reserve(work.bytes);
      hasBegun = true;
      await begin?.(work);
    },
    reserve,
  };
}

/** How one source is rendered. */
interface RenderMeans {
  /** The job whose source is the file that was fetched. */
  readonly original: Job;
  readonly limit: TimeLimit;
  readonly turn: Turn;
  readonly downscaledSources: DownscaledSources | undefined;
}

/** Renders an opened source, or describes it. */
async function renderOpened(
  job: Job,
  header: OpenedSource,
  { original, limit, turn, downscaledSources }: RenderMeans,
): Promise<RenderedImage> {
  const { source, options, accept, limits } = job;
  // An animated PNG is one of another format.
  const ownFormat = header.apng && requestedPages(header.info, options, 'gif') > 1 ? 'gif' : source.format;
  const gainMap = options.hdr === 'keep' ? gainMapOf(header, job) : undefined;
  const formatsFor = (f: ImageOptions['f']) => {
    const formats = candidateFormats(f, ownFormat, accept, limits.avifAuto === 'on');
    return f === 'auto' && gainMap ? [...new Set<OutputFormat>(['jpg', ...formats])] : formats;
  };
  const openFirst = (of: OpenedSource) => openFrame(of, firstFrame(of.info, options), limit);
  const isTrimmed = options.trim !== undefined;
  // Pixels in the place of a file are rotated by its quarter turns already.
  const isRotated = (isTrimmed || header.info.decodedFrom === 'pixels') && options.ro % 90 === 0;
  const remaining = isRotated ? { ...options, ro: 0 } : options;
  // Decoder and encoder at once, so that work which has begun needs no more. The size of a trimmed image is not known before.
  const early =
    isTrimmed || isMetadataFormat(options.f) ? undefined : plan(header.info, remaining, formatsFor(options.f), limits);
  if (options.f !== 'json' || isTrimmed) await turn.begin(estimateWork(header, options, early));
  const opened = isTrimmed
    ? await asDecodeError(openFirst(header).then((first) => trimSource(first, options, limit)))
    : header;
  const planFor = (f: ImageOptions['f']) => plan(opened.info, remaining, formatsFor(f), limits);
  if (options.f === 'json') return describeSource(original, header, options.explain ? planFor('auto') : undefined);
  if (isMetadataFormat(options.f)) {
    const { f } = options;
    return asDecodeError(
      openFirst(opened).then((first) => makePlaceholder(f, first, { ...job, options: remaining }, limit)),
    );
  }
  const planned = early ?? planFor(options.f);
  if (!early) await turn.reserve(encodeMemory(opened, planned, remaining));
  const rendered = await render({
    job: { ...job, options: remaining },
    opened,
    plan: planned,
    formats: formatsFor(options.f),
    downscaledSources,
    limit,
  });
  const withMap =
    options.hdr === 'keep'
      ? await asDecodeError(
          withGainMap(
            rendered,
            { job: { ...job, options: remaining }, opened: header, plan: planned, map: gainMap },
            { limit, reserve: turn.reserve },
          ),
        )
      : rendered;
  const image = header.isTruncated ? { ...withMap, isTruncated: true } : withMap;
  return options.encoding === undefined ? image : toDataUrl(image);
}

function toDataUrl(image: RenderedImage): RenderedImage {
  if (typeof image.data === 'string') return image;
  return {
    ...image,
    data: `data:${image.type};base64,${image.data.toString('base64')}`,
    type: 'text/plain; charset=utf-8',
  };
}
