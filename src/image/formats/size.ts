/** What the first bytes of a picture promise, read without a decoder: its size, and how much work hides behind it. Pure. */

import type { Size } from '../size.ts';
import { jpegSize } from './jpeg.ts';
import type { Format } from './sniff.ts';

/** PNG 1.2, 4.1.1: IHDR is the first chunk. */
const pngSize = (head: Buffer): Size => ({ width: head.readUInt32BE(16), height: head.readUInt32BE(20) });

/** GIF89a, 18: the logical screen. Frames may be larger; the decoder's own header says so later. */
const gifSize = (head: Buffer): Size => ({ width: head.readUInt16LE(6), height: head.readUInt16LE(8) });

/** WebP container specification, RFC 9649: the extended header, a lossless or a lossy bitstream. */
function webpSize(head: Buffer): Size | undefined {
  const chunk = head.toString('latin1', 12, 16);
  if (chunk === 'VP8X') return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
  if (chunk === 'VP8 ') return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
  if (chunk !== 'VP8L') return undefined;
  const bits = head.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** ISO 23008-12, 6.5.3: the largest `ispe` of the first kilobytes, since tiles and thumbnails have one each. */
function avifSize(head: Buffer): Size | undefined {
  let largest: Size | undefined;
  for (let at = head.indexOf('ispe'); at >= 0 && at + 16 <= head.length; at = head.indexOf('ispe', at + 4)) {
    const size = { width: head.readUInt32BE(at + 8), height: head.readUInt32BE(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

/**
 * The stored size of a picture, as soon as its beginning has it, or undefined: too early, or a format (TIFF, SVG) whose
 * size only the decoder knows. A header may lie; what the decoder says later is checked as well.
 */
export function peekSize(head: Buffer, format: Format): Size | undefined {
  if (head.length < 32) return undefined;
  if (format === 'png') return pngSize(head);
  if (format === 'gif') return gifSize(head);
  if (format === 'webp') return webpSize(head);
  if (format === 'avif') return avifSize(head.subarray(0, 65_536));
  return format === 'jpeg' ? jpegSize(head) : undefined;
}

/** Whether the chain of directories of a TIFF (6.0, section 2) comes back to one that was there before. */
export function hasTiffCycle(bytes: Buffer): boolean {
  const little = bytes[0] === 0x49;
  const u16 = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const seen = new Set<number>();
  let next = bytes.length >= 8 ? u32(4) : 0;
  while (next > 0 && next + 2 <= bytes.length) {
    if (seen.has(next)) return true;
    seen.add(next);
    const end = next + 2 + u16(next) * 12;
    next = end + 4 <= bytes.length ? u32(end) : 0;
  }
  return false;
}
