/** Opens a source: reads size, orientation, frames and profile from its header. Decodes no pixels. */
import sharp, { type CreateRaw } from 'sharp';
import { ImageError } from '../errors.ts';
import { type Apng, parseApng } from './formats/apng.ts';
import { asStill, sequenceFrames } from './formats/avif.ts';
import { type ColourSignal, readColourSignal } from './formats/colour-signal.ts';
import { decodeError } from './formats/decode-error.ts';
import { isTruncatedGif, withTransparentBackground } from './formats/gif.ts';
import { isSrgb } from './formats/icc.ts';
import { type JpegFile, parseJpeg } from './formats/jpeg.ts';
import type { ImageHeader } from './formats/jpeg-header.ts';
import { JPEG_EOI } from './formats/jpeg-segments.ts';
import { withoutCompressedText } from './formats/png.ts';
import { checkStructure } from './formats/structure.ts';
import { onlyPage, pageBySize, parseTiff, supportedPages, type TiffFile, withoutFurtherPages } from './formats/tiff.ts';
import type { Source } from './job.ts';
import type { PlanLimits } from './limits.ts';
import { supportsAnimation } from './negotiate.ts';
import { type Size, SVG_DENSITY } from './size.ts';
import { type SourceInfo, toSourceInfo } from './source-info.ts';
import type { TimeLimit } from './time-limit.ts';

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
 * Options of every decoder. Pixels and channels are checked by `checkSource`; `failOn: 'error'` accepts damaged data as browsers do,
 * and rejects truncated files, see `truncated.ts`.
 */
export const DECODER_OPTIONS = { limitInputPixels: false, limitInputChannels: 100, failOn: 'error' } as const;

/** Decodes a source that libvips does not read. */
export interface PixelDecoder {
  /** Returns the pixels that are decoded for an output of this size: fewer than for undefined if a thumbnail is large enough. */
  readonly pixelsFor: (size: Size | undefined) => number;
  /** Returns whether a thumbnail was damaged, so that the next attempt decodes the whole image. */
  readonly hasFailed: () => boolean;
  /** Decodes the smallest image of at least this size, or the whole one; returns it as a source that libvips reads. */
  readonly decode: (size: Size | undefined, limit: TimeLimit) => Promise<OpenedSource>;
}

/** A source whose header was read. */
export interface OpenedSource {
  /** The file, or raw pixels: see `info.decodedFrom`. */
  readonly bytes: Buffer;
  /** The file as a decoder may read it: without parts that cost it time and change no pixel. */
  readonly file: Buffer;
  /** The page of a TIFF that was requested, or the primary item of an AVIF, from 0; 0 for other formats. */
  readonly pageIndex: number;
  /** Options of the decoder. `raw` describes raw pixels. */
  readonly input: Omit<typeof DECODER_OPTIONS, 'failOn' | 'limitInputPixels'> & {
    readonly failOn: 'none' | 'error' | 'warning';
    readonly limitInputPixels: number | false;
    readonly raw?: CreateRaw;
    readonly density?: number;
    readonly unlimited?: boolean;
    readonly ignoreIcc?: boolean;
  };
  readonly metadata: ImageHeader;
  readonly info: SourceInfo;
  /** Colours that are described by numbers, and still to be transformed to sRGB. */
  readonly colours: ColourSignal | undefined;
  /** The structure of a JPEG, parsed once; undefined for other formats. */
  readonly jpeg: JpegFile | undefined;
  /** Whether the file is known to end early. */
  readonly isTruncated: boolean;
  /** Frames of an AVIF sequence, of which one is shown; 1 for other files. */
  readonly sequenceFrames: number;
  /** The frames of an animated PNG; undefined for other formats. */
  readonly apng: Apng | undefined;
  /** Decodes the pixels first, see `withPixels`; unset if libvips reads the file. */
  readonly decoder?: PixelDecoder | undefined;
}

/**
 * Returns a source that libvips reads.
 *
 * @param size that the pixels must have at least; undefined for all of them
 * @throws ImageError of the decoder
 */
export const withPixels = async (
  opened: OpenedSource,
  size: Size | undefined,
  limit: TimeLimit,
): Promise<OpenedSource> => (opened.decoder ? opened.decoder.decode(size, limit) : opened);

interface PreparedFile extends Pick<OpenedSource, 'bytes' | 'input' | 'jpeg' | 'isTruncated'> {
  /** The directories of a TIFF; undefined for other formats. */
  readonly tiff: TiffFile | undefined;
  /** Whether all other pages of the TIFF were left out. */
  readonly isIsolated?: boolean;
}

/** Options for a GIF that ends within a frame: its decoder leaves the rest of it transparent, as browsers do. */
const truncatedGif = (bytes: Buffer) =>
  isTruncatedGif(bytes) && ({ isTruncated: true, input: { ...DECODER_OPTIONS, failOn: 'none' } } as const);

/**
 * Walks the structure of a file once, within bounds, and prepares its bytes for the decoder. A JPEG that lacks only its end
 * marker (EOI), as some cameras write it, is shown by every browser: EOI is appended, and warnings of the decoder then count
 * as errors, so that truncated files are rejected.
 */
function prepare({ bytes, format }: Source, limits: PlanLimits): PreparedFile {
  const prepared = { bytes, input: DECODER_OPTIONS, jpeg: undefined, tiff: undefined, isTruncated: false };
  checkStructure(bytes, format);
  if (format === 'gif') return { ...prepared, bytes: withTransparentBackground(bytes), ...truncatedGif(bytes) };
  if (format === 'avif') return { ...prepared, bytes: asStill(bytes) };
  if (format === 'png') return { ...prepared, bytes: withoutCompressedText(bytes) };
  if (format === 'tiff') {
    const tiff = parseTiff(bytes);
    if (tiff.isCyclic) throw decodeError(new Error('cyclic directories'));
    return { ...prepared, bytes: withoutFurtherPages(bytes, tiff), tiff };
  }
  // libxml2 bounds an attribute to 10 MB, but for this option: what an SVG may cost was bounded when it was prepared.
  if (format === 'svg') return { ...prepared, input: { ...DECODER_OPTIONS, density: SVG_DENSITY, unlimited: true } };
  if (format !== 'jpeg') return prepared;
  const jpeg = parseJpeg(bytes, limits.sourceMaxScans);
  if (jpeg.hasEoi || jpeg.scans > limits.sourceMaxScans) return { ...prepared, jpeg };
  return {
    ...prepared,
    bytes: Buffer.concat([bytes, JPEG_EOI]),
    input: { ...DECODER_OPTIONS, failOn: 'warning' },
    jpeg,
  };
}

/**
 * Returns the index of the requested page of a TIFF.
 *
 * @param readable number of pages that the decoder reads, at most 100
 */
function tiffPage(tiff: TiffFile, page: number, readable: number): number {
  if (page >= 0) return Math.min(page, readable - 1);
  const isSupported = supportedPages(tiff);
  const sizes = tiff.sizes.slice(0, readable).map((size, index) => (isSupported[index] ? size : undefined));
  return pageBySize(sizes, page === -1 ? -1 : -2);
}

/**
 * Leaves only the requested page of a TIFF, if another one is compressed in a way that the decoder does not know.
 *
 * @throws ImageError SOURCE_UNSUPPORTED if the requested page is
 */
function isolatePage(prepared: PreparedFile, page = 0): PreparedFile {
  const { tiff, bytes } = prepared;
  if (!tiff || supportedPages(tiff).every(Boolean)) return prepared;
  return { ...prepared, bytes: onlyPage(bytes, tiff, tiffPage(tiff, page, tiff.sizes.length)), isIsolated: true };
}

/**
 * Reads the header of a source. For a TIFF, that of the requested page: each has a size of its own. Of more than 100 pages,
 * only the first 100 can be requested.
 *
 * @param page from 0; -1 is the largest, -2 the smallest page of a TIFF
 * @param fullMetadata whether all metadata is needed, and not only what a plan needs
 * @throws ImageError IMAGE_CORRUPT; IMAGE_TOO_LARGE if the file has too many parts, see `formats/bounds.ts`
 */
export async function openSource(
  source: Source,
  page: number | undefined,
  limits: PlanLimits,
  fullMetadata = false,
): Promise<OpenedSource> {
  const { bytes, input, jpeg, tiff, isTruncated, isIsolated } = isolatePage(prepare(source, limits), page);
  const read = async (index: number): Promise<ImageHeader> => {
    // Without a page, that of an AVIF is its primary item.
    const pages = supportsAnimation(source.format) ? { pages: -1 } : tiff ? { page: index } : {};
    return asDecodeError(sharp(bytes, { ...input, ...pages }).metadata());
  };
  // The decoder is asked only for what is not known yet.
  const header = fullMetadata
    ? undefined
    : (jpeg?.header ?? (source.format === 'svg' && source.size ? svgHeader(source.size) : undefined));
  let metadata = header ?? (await read(0));
  const tiffIndex = tiff && page !== undefined && !isIsolated ? tiffPage(tiff, page, metadata.pages ?? 1) : 0;
  if (tiffIndex) metadata = await read(tiffIndex);
  if (tiff && (isIsolated || tiff.nextPointer !== undefined)) metadata = { ...metadata, pages: tiff.pages };
  // EXIF orientation would rotate its canvas: then it is a still.
  const apng = source.format === 'png' && (metadata.orientation ?? 1) === 1 ? parseApng(bytes) : undefined;
  if (apng) metadata = { ...metadata, ...animationHeader(apng, metadata) };
  const colours = readColourSignal(bytes, source.format, metadata.hasProfile === true);
  const info = toSourceInfo(source.format, metadata, jpeg?.scans ?? 1);
  return {
    bytes,
    input: {
      ...input,
      ...((isSrgb(metadata.icc) || (colours && source.format === 'png')) && { ignoreIcc: true }),
      ...(header && source.format === 'jpeg' && { limitInputPixels: header.width * header.height }),
    },
    file: bytes,
    colours,
    jpeg,
    isTruncated,
    apng,
    sequenceFrames: source.format === 'avif' ? sequenceFrames(bytes) : 1,
    pageIndex: metadata.pagePrimary ?? tiffIndex,
    metadata,
    info: { ...info, ...source.size },
  };
}

/** Describes an animated PNG as sharp's `metadata()` does other animations. */
const animationHeader = ({ frames, plays, hasAlpha }: Apng, { channels }: ImageHeader) => ({
  pages: frames.length,
  delay: frames.map(({ delay }) => delay),
  loop: plays,
  hasAlpha,
  channels: hasAlpha ? (4 as const) : channels,
});

/** Describes a rendered SVG: sRGB with alpha. */
const svgHeader = (size: Size): ImageHeader => ({
  ...size,
  channels: 4,
  hasAlpha: true,
  space: 'srgb',
  depth: 'uchar',
  autoOrient: size,
});
