/** Opens a source: reads size, orientation, frames and profile from its header. Decodes no pixels. */
import sharp, { type CreateRaw } from 'sharp';
import { ImageError } from '../errors.ts';
import { isSrgb } from './formats/icc.ts';
import { type JpegFile, parseJpeg } from './formats/jpeg.ts';
import type { ImageHeader } from './formats/jpeg-header.ts';
import { JPEG_EOI } from './formats/jpeg-segments.ts';
import { hasTiffCycle } from './formats/size.ts';
import type { Format } from './formats/sniff.ts';
import type { Source } from './job.ts';
import type { PlanLimits } from './limits.ts';
import { supportsAnimation } from './negotiate.ts';
import { area, type Size } from './size.ts';
import type { SourceInfo } from './source-info.ts';

const decodeError = (cause: unknown) =>
  new ImageError('IMAGE_CORRUPT', 'The source could not be decoded: it is damaged or incomplete.', { cause });

/**
 * Waits for libvips, and reports any of its errors as one of the source: everything else was validated and planned before.
 *
 * @throws ImageError IMAGE_CORRUPT
 */
export async function asDecodeError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw cause instanceof ImageError ? cause : decodeError(cause);
  }
}

/**
 * Options of every decoder. Pixels and channels are checked by `checkSource`; `failOn: 'error'` accepts what browsers show
 * and rejects truncated files.
 */
export const DECODER_OPTIONS = { limitInputPixels: false, limitInputChannels: 100, failOn: 'error' } as const;

/** A source whose header was read. */
export interface OpenedSource {
  /** The file, or raw pixels: see `info.decodedFrom`. */
  readonly bytes: Buffer;
  /** The page of a TIFF that was requested, from 0; 0 for other formats. */
  readonly pageIndex: number;
  /** Options of the decoder. `raw` describes raw pixels. */
  readonly input: Omit<typeof DECODER_OPTIONS, 'failOn' | 'limitInputPixels'> & {
    readonly failOn: 'error' | 'warning';
    readonly limitInputPixels: number | false;
    readonly raw?: CreateRaw;
    readonly ignoreIcc?: boolean;
  };
  readonly metadata: ImageHeader;
  readonly info: SourceInfo;
  /** The structure of a JPEG, parsed once; undefined for other formats. */
  readonly jpeg: JpegFile | undefined;
}

/**
 * Prepares the bytes for the decoder. A JPEG that lacks only its end marker (EOI), as some cameras write it, is shown by
 * every browser: EOI is appended, and warnings of the decoder then count as errors, so that truncated files are rejected.
 */
function prepare({ bytes, format }: Source, limits: PlanLimits): Pick<OpenedSource, 'bytes' | 'input' | 'jpeg'> {
  if (format === 'tiff' && hasTiffCycle(bytes)) throw decodeError(new Error('cyclic directories'));
  if (format !== 'jpeg') return { bytes, input: DECODER_OPTIONS, jpeg: undefined };
  const jpeg = parseJpeg(bytes, limits.sourceMaxScans);
  if (jpeg.hasEoi || jpeg.scans > limits.sourceMaxScans) return { bytes, input: DECODER_OPTIONS, jpeg };
  return { bytes: Buffer.concat([bytes, JPEG_EOI]), input: { ...DECODER_OPTIONS, failOn: 'warning' }, jpeg };
}

function sourceInfo(format: Format, metadata: ImageHeader, scans: number): SourceInfo {
  const { width, pageHeight, pages = 1, hasAlpha, orientation = 1, autoOrient, channels } = metadata;
  const height = supportsAnimation(format) ? (pageHeight ?? metadata.height) : metadata.height;
  // libheif has rotated an AVIF already; for stacked frames only the orientation says whether sides are swapped.
  const isSideways = orientation >= 5 && (supportsAnimation(format) || autoOrient.width !== width);
  const upright = isSideways ? { width: height, height: width } : { width, height };
  return { format, decodedFrom: 'file', ...upright, hasAlpha, orientation, channels, scans, pages };
}

/**
 * Reads the header of a source. For a TIFF, that of the requested page: each has a size of its own.
 *
 * @param page from 0; -1 is the largest, -2 the smallest page of a TIFF
 * @param fullMetadata whether all metadata is needed, and not only what a plan needs
 * @throws ImageError IMAGE_CORRUPT
 */
export async function openSource(
  source: Source,
  page: number | undefined,
  limits: PlanLimits,
  fullMetadata = false,
): Promise<OpenedSource> {
  const { bytes, input, jpeg } = prepare(source, limits);
  const read = async (index: number): Promise<ImageHeader> => {
    const pages = supportsAnimation(source.format) ? { pages: -1 } : { page: index };
    return asDecodeError(sharp(bytes, { ...input, ...pages }).metadata());
  };
  // The decoder is asked only for what is not known yet.
  const header = fullMetadata ? undefined : (jpeg?.header ?? (source.size && svgHeader(source.size)));
  let metadata = header ?? (await read(0));
  const pages = Math.min(metadata.pages ?? 1, 100);
  let pageIndex = 0;
  if (source.format === 'tiff' && page !== undefined && pages > 1) {
    pageIndex = page >= 0 ? Math.min(page, pages - 1) : await pageBySize(read, pages, page);
    metadata = { ...(await read(pageIndex)), pages };
  }
  const info = sourceInfo(source.format, metadata, jpeg?.scans ?? 1);
  return {
    bytes,
    input: {
      ...input,
      ...(isSrgb(metadata.icc) && { ignoreIcc: true }),
      ...(header && source.format === 'jpeg' && { limitInputPixels: header.width * header.height }),
    },
    jpeg,
    pageIndex,
    metadata,
    info: source.format === 'svg' ? { ...info, ...(source.size ?? (await exactSize(bytes, info))) } : info,
  };
}

/** Describes a rendered SVG: sRGB with alpha. */
const svgHeader = (size: Size): ImageHeader => ({
  ...size,
  channels: 4,
  hasAlpha: true,
  space: 'srgb',
  depth: 'uchar',
  autoOrient: size,
});

/** Fractions of a user unit to which the size of an SVG is read. */
const SVG_PRECISION = 100;

/** Reads the size of an SVG in fractions of user units: libvips rounds it to whole ones, and some icons are 2.4 wide. */
async function exactSize(bytes: Buffer, rounded: Size): Promise<Size> {
  const metadata = await sharp(bytes, { ...DECODER_OPTIONS, density: 72 * SVG_PRECISION })
    .metadata()
    .catch(() => undefined);
  return metadata
    ? { width: metadata.width / SVG_PRECISION, height: metadata.height / SVG_PRECISION }
    : { width: rounded.width, height: rounded.height };
}

/** Finds the largest page (-1) or the smallest (-2). */
async function pageBySize(read: (index: number) => Promise<Size>, pages: number, page: number): Promise<number> {
  const areas: number[] = [];
  for (let i = 0; i < pages; i++) areas.push(await read(i).then(area));
  return areas.indexOf(page === -1 ? Math.max(...areas) : Math.min(...areas));
}
