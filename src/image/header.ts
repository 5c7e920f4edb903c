/** What the first bytes of a picture promise, read without a decoder: its size, and how much work hides behind it. Pure. */
import type { Size } from './size.ts';
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

interface Segment {
  readonly marker: number;
  /** Where the segment's length stands. */
  readonly at: number;
}

/** The markers of a JPEG (T.81, B.1.1) up to its end: segments are jumped over, coded data is searched for the next marker. */
function* jpegMarkers(bytes: Buffer): Generator<Segment> {
  let at = 2;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return;
    const marker = bytes[at + 1] ?? 0;
    // Stuffed bytes, fill bytes and restart markers have no segment.
    if (marker === 0xff) at += 1;
    else if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else {
      yield { marker, at: at + 2 };
      if (marker === 0xd9 || at + 4 > bytes.length) return;
      at += 2 + bytes.readUInt16BE(at + 2);
    }
  }
}

const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpegSize(head: Buffer): Size | undefined {
  for (const { marker, at } of jpegMarkers(head))
    if (isFrame(marker) && at + 7 <= head.length)
      return { width: head.readUInt16BE(at + 5), height: head.readUInt16BE(at + 3) };
  return undefined;
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

/**
 * Scans of a JPEG, counted up to `most` + 1, and whether its end marker is there. Each scan of a progressive file goes
 * over the whole picture again: 883 of them make 130 kB cost eight seconds. About 1 ms per megabyte.
 */
export function walkJpeg(bytes: Buffer, most: number): { scans: number; ended: boolean } {
  let scans = 0;
  for (const { marker } of jpegMarkers(bytes)) {
    if (marker === 0xda && ++scans > most) break;
    if (marker === 0xd9) return { scans, ended: true };
  }
  return { scans, ended: false };
}

/** Sum of the luminance table of T.81, K.1, which quality 50 is. */
const SUM_AT_50 = 3688;

/**
 * The quality that a JPEG was written with, by the sum of its first quantisation table on libjpeg's scale (1 to 100);
 * undefined when it has none. An encoder with tables of its own is met about, and
 * below 20, where the table is cut at 255, the answer is too high.
 */
export function jpegQuality(bytes: Buffer): number | undefined {
  for (const { marker, at } of jpegMarkers(bytes)) {
    if (marker === 0xda) return undefined;
    if (marker !== 0xdb) continue;
    const wide = (bytes[at + 2] ?? 0) >> 4 ? 2 : 1;
    if (at + 3 + 64 * wide > bytes.length) return undefined;
    let sum = 0;
    for (let i = 0; i < 64; i++) sum += bytes.readUIntBE(at + 3 + i * wide, wide);
    const percent = (sum * 100) / SUM_AT_50;
    return Math.min(100, Math.max(1, Math.round(percent > 100 ? 5000 / percent : 100 - percent / 2)));
  }
  return undefined;
}

/** Whether the chain of directories of a TIFF (6.0, section 2) comes back to one that was there before. */
export function tiffLoops(bytes: Buffer): boolean {
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
