/**
 * Removes metadata from a file without encoding its pixels again: copies only the chunks that a decoder needs to show the
 * same image. Comments, EXIF, XMP, text, thumbnails and anything after the end are dropped. Pure.
 */
import { ImageError } from '../../errors.ts';
import type { JpegFile } from './jpeg.ts';
import { EOI, JPEG_EOI, jpegSegments } from './jpeg-segments.ts';
import { collectParts, pngChunks } from './png.ts';
import type { Format } from './sniff.ts';

/** Chunks of PNG that are copied: critical chunks, transparency, and the meaning of colours. */
const PNG_CHUNKS = ['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'sBIT', 'cICP'];
/** Chunks of WebP that are copied (RFC 9649): bitstreams, alpha, profile, animation. */
const WEBP_CHUNKS = ['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ICCP', 'ANIM', 'ANMF'];

function stripPng(bytes: Buffer): Buffer | undefined {
  const copied = collectParts(bytes);
  copied.add(0, 8);
  for (const { name, start, end } of pngChunks(bytes)) {
    // A profile is compressed, and can be a decompression bomb for the next reader: such an image is encoded again.
    if (end > bytes.length || name === 'iCCP') return undefined;
    // The chunks of an animated PNG are dropped: one that is a still here must not move in a browser.
    if (PNG_CHUNKS.includes(name)) copied.add(start, end);
    if (name === 'IEND') return copied.concat();
  }
  return undefined;
}

const APP0 = 0xe0;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;
const COM = 0xfe;

/** Copies JFIF (APP0) and Adobe (APP14) segments, profiles (APP2 ICC), tables, and the scans up to the end marker. */
function stripJpeg(bytes: Buffer, { headerSegments, firstScan, hasEoi }: JpegFile): Buffer | undefined {
  if (firstScan === undefined || !hasEoi) return undefined;
  const parts = [bytes.subarray(0, 2)];
  let at = 2;
  for (const { marker, start, end } of headerSegments) {
    // Bytes between segments: a decoder skips them, but what they mean is not known.
    if (start !== at) return undefined;
    const isProfile = marker === APP2 && bytes.toString('latin1', start + 4, start + 15) === 'ICC_PROFILE';
    if (marker <= APP0 || marker === APP14 || isProfile) parts.push(bytes.subarray(start, end));
    at = end;
  }
  const end = at === firstScan ? endOfScans(bytes, firstScan) : undefined;
  return end === undefined ? undefined : Buffer.concat([...parts, bytes.subarray(firstScan, end)]);
}

/**
 * Finds the end of the scans, with the tables between them.
 *
 * @returns undefined if comments, application data or a second image are between or after the scans, or if there are too many
 *   markers to be sure
 */
function endOfScans(bytes: Buffer, firstScan: number): number | undefined {
  try {
    for (const { marker, start, end } of jpegSegments(bytes, firstScan)) {
      if (marker === COM || (marker >= APP0 && marker <= APP15)) return undefined;
      if (marker === EOI) return bytes.lastIndexOf(JPEG_EOI) === start ? end : undefined;
    }
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
  }
  return undefined;
}

/** Copies a WebP (RFC 9649) without EXIF and XMP, and clears the flags that announce them. */
function stripWebp(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  const size = bytes.readUInt32LE(4) + 8;
  if (size > bytes.length) return undefined;
  for (let at = 12; at + 8 <= size; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (end > size) return undefined;
    // Bounded by `checkStructure`.
    if (WEBP_CHUNKS.includes(name)) chunks.push(Buffer.from(bytes.subarray(at, end)));
    at = end;
  }
  const [first] = chunks;
  if (first?.toString('latin1', 0, 4) === 'VP8X') first[8] = (first[8] ?? 0) & ~0b1100;
  const body = Buffer.concat(chunks);
  const head = Buffer.alloc(12);
  head.write('RIFF');
  head.writeUInt32LE(body.length + 4, 4);
  head.write('WEBP', 8);
  return Buffer.concat([head, body]);
}

/**
 * Returns a file without its metadata, with the same pixels.
 *
 * @param jpeg the structure of a JPEG; undefined for other formats
 * @returns undefined if that is not possible: then the image must be encoded again
 */
export function stripMetadata(bytes: Buffer, format: Format, jpeg: JpegFile | undefined): Buffer | undefined {
  if (format === 'png') return stripPng(bytes);
  if (jpeg) return stripJpeg(bytes, jpeg);
  return format === 'webp' ? stripWebp(bytes) : undefined;
}
