/** Opens sources that libvips does not read, as others that it does: a BMP as a TIFF, an icon as one of its images. */
import type { Turn } from '../concurrency/turn.ts';
import { decodeBitmap } from './bitmap.ts';
import { type BmpHeader, parseBmp } from './formats/bmp-header.ts';
import { chooseImage, type IconImage, imageByPage, largestImage, readIcon } from './formats/ico.ts';
import type { Job, Source } from './job.ts';
import { checkSource } from './limits.ts';
import { candidateFormats, isMetadataFormat } from './negotiate.ts';
import { type OpenedSource, openSource } from './open.ts';
import { type Plan, plan } from './plan.ts';
import { quarterTurnedSize, type Size } from './size.ts';
import type { SourceInfo } from './source-info.ts';
import type { TimeLimit } from './time-limit.ts';
import { estimateBitmapWork } from './work.ts';

/** The facts of a bitmap by its header. */
const bitmapInfo = ({ width, height }: Size): SourceInfo => ({
  format: 'bmp',
  decodedFrom: 'file',
  width,
  height,
  hasAlpha: true,
  pages: 1,
  orientation: 1,
  channels: 4,
  scans: 1,
});

/** Plans the output of a bitmap before it is decoded; undefined if there is none, or its size depends on the pixels. */
function planOf(size: Size, { options, accept, limits }: Job): Plan | undefined {
  if (options.trim !== undefined || isMetadataFormat(options.f)) return undefined;
  const formats = candidateFormats(options.f, 'bmp', accept, limits.avifAuto === 'on');
  return plan(bitmapInfo(size), options, formats, limits);
}

/**
 * Chooses the image of an icon: that of `page`, else the one that fits the output best. Percentages, crops before scaling and
 * metadata are those of the largest one, and so is a trimmed image.
 */
function imageOf(images: readonly [IconImage, ...IconImage[]], job: Job): IconImage {
  const { page, precrop } = job.options;
  if (page !== undefined) return imageByPage(images, page);
  const largest = largestImage(images);
  const planned = precrop ? undefined : planOf(largest, job);
  return planned ? chooseImage(images, quarterTurnedSize(planned.scaled, planned.quarterTurns)) : largest;
}

/** How the time and the memory of an image are limited. */
export interface ReadMeans {
  readonly limit: TimeLimit;
  readonly turn: Turn;
}

/** A source as libvips reads it. */
interface ReadableSource extends Source {
  readonly isTruncated?: boolean;
}

async function readBitmap(
  bytes: Buffer,
  header: BmpHeader,
  job: Job,
  { limit, turn }: ReadMeans,
): Promise<ReadableSource> {
  const info = bitmapInfo(header);
  checkSource(info, job.limits);
  await turn.begin(estimateBitmapWork(info, job.options, planOf(header, job)));
  return { ...(await decodeBitmap(bytes, header, limit)), format: 'tiff' };
}

async function readImage(job: Job, means: ReadMeans): Promise<ReadableSource> {
  const images = readIcon(job.source.bytes);
  const image = imageOf(images, job);
  const largest = job.options.page === undefined ? largestImage(images) : image;
  const { bytes, format } = image.bmp
    ? await readBitmap(image.bytes, image.bmp, job, means)
    : ({ bytes: image.bytes, format: 'png' } as const);
  const size = { width: largest.width, height: largest.height };
  return { bytes, format, ...(image !== largest && { size }) };
}

/**
 * Opens the source of a job. A BMP, and one in an icon, is decoded for that.
 *
 * @param fullMetadata see `openSource`
 * @returns the source as libvips reads it, which most are already, and its header
 * @throws ImageError IMAGE_CORRUPT, SOURCE_UNSUPPORTED; IMAGE_TOO_LARGE if a limit is exceeded; those of the turn
 */
export async function openReadable(
  job: Job,
  means: ReadMeans,
  fullMetadata: boolean,
): Promise<{ readonly source: Source; readonly header: OpenedSource }> {
  const { source, options, limits } = job;
  const open = (readable: Source) => openSource(readable, options.page, limits, fullMetadata);
  if (source.format !== 'bmp' && source.format !== 'ico') return { source, header: await open(source) };
  const readable =
    source.format === 'bmp'
      ? await readBitmap(source.bytes, parseBmp(source.bytes, false), job, means)
      : await readImage(job, means);
  const opened = await open(readable);
  if (readable.format !== 'tiff') return { source: readable, header: opened };
  const { isTruncated = false } = readable;
  return { source: readable, header: { ...opened, isTruncated, info: { ...opened.info, format: 'bmp' } } };
}
