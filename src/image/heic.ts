/**
 * Opens a HEIC. Its header is read here; its pixels are decoded in a thread (`heic/pool.ts`) to an uncompressed TIFF, from which
 * on it is a source like any other.
 */
import { ImageError } from '../errors.ts';
import { readColourSignal } from './formats/colour-signal.ts';
import { type HeicFile, type HeicImage, parseHeic } from './formats/heic.ts';
import type { ImageHeader } from './formats/jpeg-header.ts';
import { checkStructure } from './formats/structure.ts';
import type { Source } from './job.ts';
import { checkPixels, type PlanLimits } from './limits.ts';
import { exifCarrier } from './metadata.ts';
import { DECODER_OPTIONS, type OpenedSource, openSource } from './open.ts';
import { area, type Size } from './size.ts';
import { toSourceInfo } from './source-info.ts';
import type { TimeLimit } from './time-limit.ts';

/** One image of a HEIC to decode. */
export interface HeicRequest {
  readonly bytes: Buffer;
  readonly image: HeicImage;
  readonly isThumbnail: boolean;
  /** The profile that is written into the TIFF. */
  readonly icc: Buffer | undefined;
}

/** Decodes to an upright TIFF. @throws ImageError as `createHeicPool` says */
export type DecodeHeic = (request: HeicRequest, limit: TimeLimit) => Promise<Buffer>;

/** Describes the primary image by the names of sharp's `metadata()`. libheif rotates it: EXIF says nothing more. */
function headerOf({ primary, exif }: HeicFile): ImageHeader {
  const { width, height, bits, hasAlpha, icc } = primary;
  return {
    width,
    height,
    channels: hasAlpha ? 4 : 3,
    hasAlpha,
    space: bits > 8 ? 'rgb16' : 'srgb',
    depth: bits > 8 ? 'ushort' : 'uchar',
    hasProfile: icc !== undefined,
    isProgressive: false,
    autoOrient: { width, height },
    ...(exif && { exif }),
  };
}

/** Returns the smallest image of a file that has at least this size. @param size undefined for the primary image */
function imageFor({ primary, thumbnails }: HeicFile, size: Size | undefined): HeicImage {
  const isEnough = ({ width, height }: HeicImage) => size && width >= size.width && height >= size.height;
  return thumbnails.find(isEnough) ?? primary;
}

/**
 * Reads the header of a HEIC.
 *
 * @param decodeHeic undefined where the deployment does not read HEIC
 * @throws ImageError of `parseHeic`; SOURCE_UNSUPPORTED without a decoder
 */
export function openHeic(source: Source, limits: PlanLimits, decodeHeic: DecodeHeic): OpenedSource {
  const { bytes } = source;
  checkStructure(bytes, 'heic');
  const file = parseHeic(bytes);
  const { uncropped } = file.primary;
  // All of it is decoded, whatever is cropped.
  checkPixels('heic', uncropped, limits);
  const metadata = headerOf(file);
  const colours = readColourSignal(bytes, 'heic', metadata.hasProfile === true);
  const opened = {
    bytes,
    input: DECODER_OPTIONS,
    file: bytes,
    colours,
    jpeg: undefined,
    isTruncated: false,
    apng: undefined,
    sequenceFrames: 1,
    pageIndex: 0,
    metadata,
  };

  let hasFailed = false;
  const choose = (size: Size | undefined) => imageFor(file, hasFailed ? undefined : size);

  async function decode(size: Size | undefined, limit: TimeLimit): Promise<OpenedSource> {
    const image = choose(size);
    const icc = image.icc ?? file.primary.icc;
    const isThumbnail = image !== file.primary;
    const tiff = await decodeHeic({ bytes, image, isThumbnail, icc }, limit).catch((error) => {
      // Cameras write thumbnails of another size than they say.
      hasFailed ||= isThumbnail && error instanceof ImageError && error.code === 'IMAGE_CORRUPT';
      throw error;
    });
    const decoded = await openSource({ bytes: tiff, format: 'tiff' }, undefined, limits);
    const { exif } = file;
    if (!exif) return { ...decoded, colours };
    const metadata = { ...decoded.metadata, exif };
    return { ...decoded, colours, metadata, file: exifCarrier(exif) ?? decoded.file };
  }

  return {
    ...opened,
    info: toSourceInfo('heic', metadata, 1),
    decoder: { pixelsFor: (size) => area(choose(size).uncropped), hasFailed: () => hasFailed, decode },
  };
}
