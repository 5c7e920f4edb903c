/** From bytes to what their header says: size, orientation, frames, profile. Nothing is decoded yet. */
import sharp, { type CreateRaw } from 'sharp';
import { ImageError } from '../errors.ts';
import { isSrgb } from './formats/icc.ts';
import { type ImageHeader, JPEG_EOI, jpegHead, walkJpeg } from './formats/jpeg.ts';
import { hasTiffCycle } from './formats/size.ts';
import type { Format } from './formats/sniff.ts';
import type { Source } from './job.ts';
import { type PlanLimits, type SourceInfo, supportsAnimation } from './plan.ts';
import type { Size } from './size.ts';

export const imageCorrupt = (cause: unknown) =>
  new ImageError('IMAGE_CORRUPT', 'The source begins like a picture but does not decode.', { cause });

/** The plan has checked pixels and channels; `error` reads what browsers show, and refuses what is cut off. */
export const DECODER_OPTIONS = { limitInputPixels: false, limitInputChannels: 100, failOn: 'error' } as const;

/** A source whose header was read. `bytes` and `input` are what the decoder gets. */
export interface OpenedSource {
  readonly bytes: Buffer;
  /** The page of a TIFF that was requested, from 0; 0 for other formats. */
  readonly pageIndex: number;
  readonly input: Omit<typeof DECODER_OPTIONS, 'failOn' | 'limitInputPixels'> & {
    readonly failOn: 'error' | 'warning';
    readonly limitInputPixels: number | false;
    readonly raw?: CreateRaw;
    readonly ignoreIcc?: boolean;
  };
  readonly metadata: ImageHeader;
  readonly info: SourceInfo;
}

/**
 * A JPEG that lacks its end marker only, as some cameras write it, is shown by every browser: it gets one, and must then
 * decode without the least complaint, so that a picture cut off does not pass.
 */
function prepare(
  { bytes, format }: Source,
  limits: PlanLimits,
): Pick<OpenedSource, 'bytes' | 'input'> & { scans: number } {
  if (format === 'tiff' && hasTiffCycle(bytes)) throw imageCorrupt(new Error('its directories go in a circle'));
  if (format !== 'jpeg') return { bytes, input: DECODER_OPTIONS, scans: 1 };
  const { scans, ended } = walkJpeg(bytes, limits.sourceMaxScans);
  if (ended || scans > limits.sourceMaxScans) return { bytes, input: DECODER_OPTIONS, scans };
  return { bytes: Buffer.concat([bytes, JPEG_EOI]), input: { ...DECODER_OPTIONS, failOn: 'warning' }, scans };
}

function sourceInfo(format: Format, metadata: ImageHeader, scans: number): SourceInfo {
  const { width, pageHeight, pages = 1, hasAlpha, orientation = 1, autoOrient, channels } = metadata;
  const height = supportsAnimation(format) ? (pageHeight ?? metadata.height) : metadata.height;
  // libheif has turned an AVIF already; of a strip of frames only the orientation tells.
  const turned = orientation >= 5 && (supportsAnimation(format) || autoOrient.width !== width);
  const upright = turned ? { width: height, height: width } : { width, height };
  return { format, decodedFrom: 'file', ...upright, hasAlpha, orientation, channels, scans, pages };
}

/**
 * Reads a header. Of a TIFF the page that is asked for: pages have sizes of their own.
 *
 * @param whole whether all of the metadata is wanted, and not only what a plan needs
 * @throws ImageError IMAGE_CORRUPT
 */
export async function openSource(
  source: Source,
  page: number | undefined,
  limits: PlanLimits,
  whole = false,
): Promise<OpenedSource> {
  const { bytes, input, scans } = prepare(source, limits);
  const read = async (index: number): Promise<ImageHeader> => {
    try {
      return await sharp(
        bytes,
        supportsAnimation(source.format) ? { ...input, pages: -1 } : { ...input, page: index },
      ).metadata();
    } catch (cause) {
      throw imageCorrupt(cause);
    }
  };
  const head = whole ? undefined : headOf(source.size, bytes, source.format);
  let metadata = head ?? (await read(0));
  const pages = Math.min(metadata.pages ?? 1, 100);
  let pageIndex = 0;
  if (source.format === 'tiff' && page !== undefined && pages > 1) {
    pageIndex = page >= 0 ? Math.min(page, pages - 1) : await pageBySize(read, pages, page);
    metadata = { ...(await read(pageIndex)), pages };
  }
  const info = sourceInfo(source.format, metadata, scans);
  return {
    bytes,
    input: {
      ...input,
      ...(isSrgb(metadata.icc) && { ignoreIcc: true }),
      ...(head && source.format === 'jpeg' && { limitInputPixels: head.width * head.height }),
    },
    pageIndex,
    metadata,
    info: source.format === 'svg' ? { ...info, ...(source.size ?? (await exactSize(bytes, info))) } : info,
  };
}

/** What can be said without the decoder. */
const headOf = (size: Size | undefined, bytes: Buffer, format: Format): ImageHeader | undefined =>
  format === 'jpeg' ? jpegHead(bytes) : size && drawingHead(size);

/** A drawing is drawn in sRGB, with alpha. */
const drawingHead = (size: Size): ImageHeader => ({
  ...size,
  channels: 4,
  hasAlpha: true,
  space: 'srgb',
  depth: 'uchar',
  autoOrient: size,
});

const SVG_PRECISION = 100;

/** The size of a drawing in fractions: libvips rounds it to whole units, and icons are 2.4 of them wide. */
async function exactSize(bytes: Buffer, rounded: Size): Promise<Size> {
  const found = await sharp(bytes, { ...DECODER_OPTIONS, density: 72 * SVG_PRECISION })
    .metadata()
    .catch(() => undefined);
  return found
    ? { width: found.width / SVG_PRECISION, height: found.height / SVG_PRECISION }
    : { width: rounded.width, height: rounded.height };
}

/** -1: the largest page, -2: the smallest. */
async function pageBySize(read: (index: number) => Promise<Size>, pages: number, wanted: number): Promise<number> {
  const areas: number[] = [];
  for (let i = 0; i < pages; i++) areas.push(await read(i).then(({ width, height }) => width * height));
  return areas.indexOf(wanted === -1 ? Math.max(...areas) : Math.min(...areas));
}
