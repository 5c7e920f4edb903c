/** Reads the size of an image from its first bytes, without a decoder, so that it can be checked during the download. Pure. */

import type { Size } from '../size.ts';
import { bmpSize } from './bmp-header.ts';
import { iconSize } from './ico.ts';
import { jpegSize } from './jpeg.ts';
import type { Format } from './sniff.ts';

/** PNG 1.2, 4.1.1: IHDR is the first chunk. */
const pngSize = (head: Buffer): Size => ({ width: head.readUInt32BE(16), height: head.readUInt32BE(20) });

/** GIF89a, 18: the logical screen. Frames may be larger: `metadata()` says so later. */
const gifSize = (head: Buffer): Size => ({ width: head.readUInt16LE(6), height: head.readUInt16LE(8) });

/** RFC 9649: the extended header (VP8X), a lossy bitstream (VP8) or a lossless one (VP8L). */
function webpSize(head: Buffer): Size | undefined {
  const chunk = head.toString('latin1', 12, 16);
  if (chunk === 'VP8X') return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
  if (chunk === 'VP8 ') return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
  if (chunk !== 'VP8L') return undefined;
  const bits = head.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** ISO 23008-12, 6.5.3: the largest `ispe` box of the first 64 KiB, since tiles and thumbnails have one each. */
function heifSize(head: Buffer): Size | undefined {
  let largest: Size | undefined;
  for (let at = head.indexOf('ispe'); at >= 0 && at + 16 <= head.length; at = head.indexOf('ispe', at + 4)) {
    const size = { width: head.readUInt32BE(at + 8), height: head.readUInt32BE(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

/**
 * Reads the stored size, before EXIF orientation, once the first bytes of a file have it: of an icon, that of its largest image. A header may lie: the size that
 * the decoder reports is checked as well.
 *
 * @param head the bytes so far
 * @returns undefined if it is too early, or if only the decoder knows the size (TIFF, SVG)
 */
export function peekSize(head: Buffer, format: Format): Size | undefined {
  if (head.length < 32) return undefined;
  if (format === 'png') return pngSize(head);
  if (format === 'gif') return gifSize(head);
  if (format === 'webp') return webpSize(head);
  if (format === 'avif' || format === 'heic') return heifSize(head.subarray(0, 65_536));
  if (format === 'bmp') return bmpSize(head);
  if (format === 'ico') return iconSize(head);
  return format === 'jpeg' ? jpegSize(head) : undefined;
}
