/** Reads the few tags of EXIF that are used here: one bounded pass over the first image file directory (IFD0). Pure. */
import { MAX } from './bounds.ts';

/** Tags of IFD0 (EXIF 2.32, 4.6.4). */
export interface ExifTags {
  /** 1 to 8; 1 if the tag is missing; undefined if it is given twice, of another type or out of range: the decoder decides. */
  readonly orientation: number | undefined;
  /** ASCII strings; the first of several; undefined if the tag is missing, of another type, not ASCII or longer than 64 KiB. */
  readonly artist: string | undefined;
  readonly copyright: string | undefined;
}

const ENTRY_BYTES = 12;
/** Maximum bytes of a string: a whole EXIF block of a JPEG. */
const MAX_STRING_BYTES = 65_536;

const ORIENTATION = 0x112;
const ARTIST = 0x13b;
const COPYRIGHT = 0x8298;
/** Field types (TIFF 6.0, section 2). */
const ASCII = 2;
const SHORT = 3;

/** Returns an ASCII string without its terminator; undefined if it holds other bytes. */
function asciiString(bytes: Buffer): string | undefined {
  if (bytes.some((byte) => byte > 127)) return undefined;
  return bytes.toString('latin1').replace(/\0$/, '');
}

/** Reads IFD0. @throws RangeError if the block is truncated or points outside of itself */
function readTags(tiff: Buffer): ExifTags | undefined {
  const byteOrder = tiff.toString('latin1', 0, 4);
  const isLittleEndian = byteOrder === 'II*\0';
  if (!isLittleEndian && byteOrder !== 'MM\0*') return undefined;
  const u16 = (at: number) => (isLittleEndian ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (isLittleEndian ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const ifd = u32(4);
  const count = u16(ifd);
  if (count > MAX.exifEntries) return undefined;
  const orientations: number[] = [];
  const strings = new Map<number, string | undefined>();
  for (let at = ifd + 2; at < ifd + 2 + count * ENTRY_BYTES; at += ENTRY_BYTES) {
    const [tag, type, length] = [u16(at), u16(at + 2), u32(at + 4)];
    if (tag === ORIENTATION) orientations.push(type === SHORT && length === 1 ? u16(at + 8) : 0);
    if ((tag !== ARTIST && tag !== COPYRIGHT) || strings.has(tag) || length > MAX_STRING_BYTES) continue;
    // Up to four bytes are in the entry itself.
    const start = length <= 4 ? at + 8 : u32(at + 8);
    strings.set(tag, type === ASCII ? asciiString(tiff.subarray(start, start + length)) : undefined);
  }
  const [orientation = 1] = orientations;
  const isValid = orientations.length < 2 && orientation >= 1 && orientation <= 8;
  return {
    orientation: isValid ? orientation : undefined,
    artist: strings.get(ARTIST),
    copyright: strings.get(COPYRIGHT),
  };
}

/**
 * Reads orientation, artist and copyright.
 *
 * @param block an EXIF block: a TIFF header and its directories, with or without `Exif\0\0` before it
 * @returns undefined if the block is invalid: truncated, without a byte order, or with more than 1000 entries
 */
export function readExif(block: Buffer): ExifTags | undefined {
  try {
    return readTags(block.toString('latin1', 0, 6) === 'Exif\0\0' ? block.subarray(6) : block);
  } catch {
    return undefined;
  }
}
