/** Reads the directory of an ICO or CUR, and chooses one of its images. Pure. */
import { ImageError } from '../../errors.ts';
import { area, type Size } from '../size.ts';
import { type BmpHeader, parseBmp } from './bmp-header.ts';
import { MAX, tooMany } from './bounds.ts';
import { decodeError } from './decode-error.ts';
import { PNG_SAMPLES } from './png.ts';

/** An image of an icon. */
export interface IconImage extends Size {
  /** A PNG, or a BMP without a file header. */
  readonly bytes: Buffer;
  /** Of a BMP; undefined for a PNG. */
  readonly bmp: BmpHeader | undefined;
  /** Bits of a pixel. */
  readonly bitCount: number;
}

const DIRECTORY_BYTES = 6;
const ENTRY_BYTES = 16;
const PNG = /^\x89PNG\r\n\x1a\n[\s\S]{4}IHDR/;

/** Reads the header of an image. Its size is that of the image itself: the directory has one byte for it, and may be wrong. */
function readImage(bytes: Buffer): IconImage {
  if (bytes.length >= 33 && PNG.test(bytes.toString('latin1', 0, 16)))
    return {
      bytes,
      bmp: undefined,
      width: bytes.readUInt32BE(16),
      height: bytes.readUInt32BE(20),
      bitCount: (bytes[24] ?? 0) * (PNG_SAMPLES[bytes[25] ?? 0] ?? 1),
    };
  const bmp = parseBmp(bytes, true);
  return { bytes, bmp, width: bmp.width, height: bmp.height, bitCount: bmp.bitCount };
}

/**
 * Returns the offsets of the images, in the order of the directory.
 *
 * @throws ImageError IMAGE_TOO_LARGE above 256 images
 */
function imageOffsets(bytes: Buffer): number[] {
  const count = bytes.length < DIRECTORY_BYTES ? 0 : bytes.readUInt16LE(4);
  if (count > MAX.iconImages) throw tooMany('images in an icon', MAX.iconImages);
  const directoryEnd = DIRECTORY_BYTES + count * ENTRY_BYTES;
  const entries = Array.from({ length: count }, (_, i) => DIRECTORY_BYTES + i * ENTRY_BYTES);
  return entries
    .filter((at) => at + ENTRY_BYTES <= bytes.length)
    .map((at) => bytes.readUInt32LE(at + 12))
    .filter((offset) => offset >= directoryEnd && offset < bytes.length);
}

/**
 * Reads the images of an ICO or CUR, in the order of its directory. Those that cannot be read are left out.
 *
 * @throws ImageError IMAGE_CORRUPT if there is none; IMAGE_TOO_LARGE above 256
 */
export function readIcon(bytes: Buffer): [IconImage, ...IconImage[]] {
  const offsets = imageOffsets(bytes);
  const images: IconImage[] = [];
  for (const offset of offsets) {
    // Lengths in the directory are often wrong: an image ends where the next one begins.
    const next = Math.min(...offsets.filter((other) => other > offset), bytes.length);
    try {
      images.push(readImage(bytes.subarray(offset, next)));
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
    }
  }
  const [first, ...others] = images.filter(({ width, height }) => width > 0 && height > 0);
  if (!first) throw decodeError(new Error('an icon without an image'));
  return [first, ...others];
}

/** Compares by pixels, and at equal ones by bits of a pixel: the larger first. */
const byQuality = (a: IconImage, b: IconImage) => area(b) - area(a) || b.bitCount - a.bitCount;

/** Returns the largest image of an icon: at equal sizes, the one with the most bits of a pixel. */
export const largestImage = (images: readonly [IconImage, ...IconImage[]]): IconImage =>
  images.toSorted(byQuality)[0] ?? images[0];

/**
 * Chooses the image that fits an output best: the smallest one of the largest one's aspect ratio that is not smaller than the
 * output, else the largest.
 *
 * @param wanted the size of the output in pixels
 */
export function chooseImage(images: readonly [IconImage, ...IconImage[]], wanted: Size): IconImage {
  const largest = largestImage(images);
  const isAlike = ({ width, height }: Size) =>
    Math.abs(width * largest.height - height * largest.width) < largest.width;
  const large = images
    .toSorted(byQuality)
    .filter((image) => isAlike(image) && image.width >= wanted.width && image.height >= wanted.height);
  const smallest = large.at(-1);
  return large.find((image) => smallest && area(image) === area(smallest)) ?? largest;
}

/** Returns an image by its number from 0, at most the last one; -1 is the largest, -2 the smallest. */
export function imageByPage(images: readonly [IconImage, ...IconImage[]], page: number): IconImage {
  if (page === -1) return largestImage(images);
  const smallest = images.toSorted((a, b) => area(a) - area(b) || b.bitCount - a.bitCount)[0];
  return (page === -2 ? smallest : images[Math.min(page, images.length - 1)]) ?? images[0];
}

/**
 * Reads the size of the largest image, once the first bytes of a file have them all.
 *
 * @returns undefined if an image is not there yet, or none can be read
 */
export function iconSize(head: Buffer): Size | undefined {
  if (head.length < DIRECTORY_BYTES) return undefined;
  const offsets = imageOffsets(head);
  const isThere = offsets.length === head.readUInt16LE(4) && offsets.every((offset) => offset + 64 <= head.length);
  if (!isThere) return undefined;
  try {
    const { width, height } = largestImage(readIcon(head));
    return { width, height };
  } catch (error) {
    if (error instanceof ImageError && error.code === 'IMAGE_CORRUPT') return undefined;
    throw error;
  }
}
