/**
 * The source's own pixels without its metadata, by taking chunks out and not by encoding again. Only what a decoder needs
 * to show the same picture stays; comments, EXIF, XMP, text, thumbnails and whatever follows the end go. Pure.
 */
import type { Format } from './sniff.ts';

/** PNG: critical chunks, transparency, and what the colours mean. */
const PNG_KEPT = ['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'sBIT', 'cICP'];

function stripPng(bytes: Buffer): Buffer | undefined {
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const name = bytes.toString('latin1', at + 4, at + 8);
    // A profile is compressed, and can be a bomb for whoever unpacks it next: such a picture is encoded again.
    if (end > bytes.length || name === 'iCCP') return undefined;
    // An animated PNG is shown as its first picture here, and must not move there.
    if (PNG_KEPT.includes(name)) kept.push(bytes.subarray(at, end));
    if (name === 'IEND') return Buffer.concat(kept);
    at = end;
  }
  return undefined;
}

/** JPEG: JFIF and Adobe markers, profiles (APP2 ICC), tables and scans up to the end marker. */
function stripJpeg(bytes: Buffer): Buffer | undefined {
  const kept = [bytes.subarray(0, 2)];
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === 0xff) return undefined;
    if (marker === 0xda) {
      // Scans may be many, with tables between them: all to the end of the picture.
      const end = bytes.lastIndexOf(Buffer.from([0xff, 0xd9]));
      const rest = bytes.subarray(at, end + 2);
      return end < 0 || hasSegments(rest) ? undefined : Buffer.concat([...kept, rest]);
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    const isProfile = marker === 0xe2 && bytes.toString('latin1', at + 4, at + 15) === 'ICC_PROFILE';
    const isTable = marker < 0xe0 || marker === 0xe0 || marker === 0xee;
    if (isProfile || isTable) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return undefined;
}

/** Whether comments, application data, or a second picture hide between or behind the scans. */
function hasSegments(scans: Buffer): boolean {
  for (let at = scans.indexOf(0xff); at >= 0 && at + 2 < scans.length; at = scans.indexOf(0xff, at + 2)) {
    const marker = scans[at + 1] ?? 0;
    if (marker === 0xd8 || marker === 0xd9 || marker === 0xfe || (marker >= 0xe0 && marker <= 0xef)) return true;
  }
  return false;
}

/** WebP (RFC 9649): without EXIF and XMP, and without the flags that announce them. */
function stripWebp(bytes: Buffer): Buffer | undefined {
  const kept: Buffer[] = [];
  const size = bytes.readUInt32LE(4) + 8;
  if (size > bytes.length) return undefined;
  for (let at = 12; at + 8 <= size; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (end > size) return undefined;
    if (['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ICCP', 'ANIM', 'ANMF'].includes(name))
      kept.push(Buffer.from(bytes.subarray(at, end)));
    at = end;
  }
  const [first] = kept;
  if (first?.toString('latin1', 0, 4) === 'VP8X') first[8] = (first[8] ?? 0) & ~0b1100;
  const body = Buffer.concat(kept);
  const head = Buffer.alloc(12);
  head.write('RIFF').toString();
  head.writeUInt32LE(body.length + 4, 4);
  head.write('WEBP', 8);
  return Buffer.concat([head, body]);
}

/** The same picture without its metadata, or undefined where that cannot be had: then it is encoded again. */
export function stripMetadata(bytes: Buffer, format: Format): Buffer | undefined {
  if (format === 'png') return stripPng(bytes);
  if (format === 'jpeg') return stripJpeg(bytes);
  return format === 'webp' ? stripWebp(bytes) : undefined;
}
