/**
 * Parses the headers of a BMP: BITMAPCOREHEADER and OS22XBITMAPHEADER of OS/2, BITMAPINFOHEADER to BITMAPV5HEADER of Windows. What
 * is lenient or refused here follows Chromium. Pure.
 */
import { ImageError } from '../../errors.ts';
import type { Size } from '../size.ts';
import { MAX } from './bounds.ts';
import { decodeError } from './decode-error.ts';

/** What a BMP says before its pixels. */
export interface BmpHeader extends Size {
  /** Bits of a pixel: 1, 2, 4 and 8 with a palette, 16, 24, 32. */
  readonly bitCount: number;
  readonly compression: 'none' | 'rle4' | 'rle8' | 'rle24';
  /** Whether the first row in the file is the upper one. */
  readonly isTopDown: boolean;
  /** The colour table; empty for none. It may be shorter than the bits of a pixel allow. */
  readonly palette: { readonly start: number; readonly end: number; readonly entryBytes: 3 | 4 };
  /** Bits of red, green, blue and alpha in a pixel of 16 or 32 bits. */
  readonly masks: readonly number[];
  /** Offset of the pixels. */
  readonly dataStart: number;
  /** An embedded ICC profile. */
  readonly profile: { readonly start: number; readonly end: number } | undefined;
  /** Whether it is an image of an icon: a mask of transparent pixels lies after its pixels, counted in its height. */
  readonly isIcon: boolean;
}

const FILE_HEADER_BYTES = 14;
const CORE = 12;
const INFO = 40;
const V3 = 56;
const V4 = 108;
const V5 = 124;

/** Values of the field `compression`. Those above 2 have another meaning in OS/2. */
const RGB = 0;
const RLE8 = 1;
const RLE4 = 2;
const BITFIELDS = 3;
const ALPHA_BITFIELDS = 6;
const RLE24 = 'RLE24';
/** Compressions that no browser reads. */
const UNSUPPORTED = new Map<number | string, string>([
  ['Huffman', 'Huffman'],
  [4, 'JPEG'],
  [5, 'PNG'],
  [11, 'CMYK'],
  [12, 'CMYK'],
  [13, 'CMYK'],
]);
/** Bits of a pixel that go with a compression. */
const BIT_COUNTS = new Map<number | string, readonly number[]>([
  [RGB, [1, 2, 4, 8, 16, 24, 32]],
  [RLE8, [8]],
  [RLE4, [4]],
  [RLE24, [24]],
  [BITFIELDS, [16, 32]],
  [ALPHA_BITFIELDS, [16, 32]],
]);

const COMPRESSIONS = new Map<number | string, BmpHeader['compression']>([
  [RLE8, 'rle8'],
  [RLE4, 'rle4'],
  [RLE24, 'rle24'],
]);

/** `LCS_PROFILE_EMBEDDED`, the colour space type of a V5 header. */
const PROFILE_EMBEDDED = 0x4d424544;
const MASKS_16 = [0x7c00, 0x3e0, 0x1f, 0];
const MASKS_32 = [0xff0000, 0xff00, 0xff, 0];
const MASKS_32_ALPHA = [0xff0000, 0xff00, 0xff, 0xff000000];

const corrupt = (cause: string) => decodeError(new Error(`BMP: ${cause}`));
const unsupported = (name: string) =>
  new ImageError('SOURCE_UNSUPPORTED', `BMP with ${name} compression is not supported.`);

/** Whether a header has this length: those of OS/2 from 16 to 64 bytes end before any field. */
const isHeaderLength = (bytes: number) =>
  [CORE, 42, 46, V4, V5].includes(bytes) || (bytes >= 16 && bytes <= 64 && bytes % 4 === 0);

/** Returns a reader of the fields of a header, counted from its start: 0 after its end. */
function fieldReader(bytes: Buffer, start: number, length: number) {
  const end = Math.min(bytes.length, start + length);
  return {
    u16: (at: number) => (start + at + 2 <= end ? bytes.readUInt16LE(start + at) : 0),
    u32: (at: number) => (start + at + 4 <= end ? bytes.readUInt32LE(start + at) : 0),
    i32: (at: number) => (start + at + 4 <= end ? bytes.readInt32LE(start + at) : 0),
  };
}
type Fields = ReturnType<typeof fieldReader>;

/** Reads width and height as they are stored: a negative height says that rows are stored from the top down. */
function storedSize({ u16, i32 }: Fields, length: number) {
  return length === CORE ? { width: u16(4), height: u16(6) } : { width: i32(4), height: i32(8) };
}

/**
 * Reads the size of a BMP from its first bytes.
 *
 * @returns undefined if they do not have it, or if it is invalid
 */
export function bmpSize(head: Buffer): Size | undefined {
  if (head.length < FILE_HEADER_BYTES + CORE) return undefined;
  const length = head.readUInt32LE(FILE_HEADER_BYTES);
  const { width, height } = storedSize(fieldReader(head, FILE_HEADER_BYTES, length), length);
  return width > 0 && height !== 0 ? { width, height: Math.abs(height) } : undefined;
}

/** Returns the compression; that of OS/2 by its name where the number means another one in Windows. */
function readCompression({ u32 }: Fields, length: number, bitCount: number): number | string {
  const compression = length === CORE ? RGB : u32(16);
  const isOs2 = ![INFO, 52, V3, V4, V5].includes(length);
  if (compression === BITFIELDS && bitCount === 1) return 'Huffman';
  return compression === 4 && isOs2 && bitCount === 24 ? RLE24 : compression;
}

/** The fields that the place of palette, masks and pixels follows from. */
interface Layout {
  /** Offset of the header. */
  readonly start: number;
  /** Bytes of the header. */
  readonly length: number;
  readonly bitCount: number;
  readonly compression: number | string;
  readonly isIcon: boolean;
}

/** Whether the masks of a header lie after it and not in it. */
const hasMasksAfter = ({ length, compression }: Layout) =>
  length === INFO && (compression === BITFIELDS || compression === ALPHA_BITFIELDS);

/** Whether the bits of a mask are neighbours, and within a pixel. */
function isMask(mask: number, bitCount: number): boolean {
  const bits = mask === 0 ? 0 : mask >>> (31 - Math.clz32(mask & -mask));
  return mask < 2 ** bitCount && (bits & (bits + 1)) === 0;
}

/** Returns the masks of a pixel; none for one with a palette or of 24 bits. @throws ImageError IMAGE_CORRUPT */
function readMasks(bytes: Buffer, layout: Layout): readonly number[] {
  const { start, length, bitCount, compression, isIcon } = layout;
  if (bitCount < 16 || bitCount === 24) return [];
  // At the same place in the header or after it.
  const { u32 } = fieldReader(bytes, start, Math.max(length, V3));
  const masks = [u32(40), u32(44), u32(48), u32(52)];
  if (compression === RGB) {
    if (bitCount === 16) return MASKS_16;
    // Only these two say that the fourth byte is alpha: elsewhere it has any value in opaque images.
    return isIcon || (length >= V4 && masks[3] !== 0) ? MASKS_32_ALPHA : MASKS_32;
  }
  if (length < V3 && compression === BITFIELDS) masks[3] = 0;
  if (!masks.every((mask) => isMask(mask, bitCount))) throw corrupt('masks');
  return masks;
}

/** Returns where the palette is. It ends at the pixels, where it would reach into them. */
function readPalette(layout: Layout, colours: number, dataOffset: number): BmpHeader['palette'] {
  const { start, length, bitCount } = layout;
  const from = start + length;
  const entryBytes = length === CORE ? 3 : 4;
  if (bitCount > 8) return { start: from, end: from, entryBytes };
  const max = 2 ** bitCount;
  const end = from + entryBytes * (colours === 0 ? max : Math.min(colours, max));
  return { start: from, end: dataOffset > from ? Math.min(end, dataOffset) : end, entryBytes };
}

/** Returns where an embedded profile is. One that reaches beyond the file, or is larger than any real one, is none. */
function readProfile(bytes: Buffer, { start, length }: Layout, { u32 }: Fields): BmpHeader['profile'] {
  if (length < V5 || u32(56) !== PROFILE_EMBEDDED) return undefined;
  const from = start + u32(112);
  const end = from + u32(116);
  return from > start && end > from && end <= bytes.length && end - from <= MAX.bmpProfileBytes
    ? { start: from, end }
    : undefined;
}

/**
 * Parses the headers of a BMP.
 *
 * @param isIcon whether it is an image of an icon, which has no file header, and twice the height for its mask
 * @throws ImageError IMAGE_CORRUPT; SOURCE_UNSUPPORTED for a compression that no browser reads
 */
export function parseBmp(bytes: Buffer, isIcon: boolean): BmpHeader {
  const start = isIcon ? 0 : FILE_HEADER_BYTES;
  const length = start + CORE <= bytes.length ? bytes.readUInt32LE(start) : 0;
  if (!isHeaderLength(length) || start + length > bytes.length) throw corrupt('header');
  const fields = fieldReader(bytes, start, length);
  const stored = storedSize(fields, length);
  const height = isIcon ? Math.floor(Math.abs(stored.height) / 2) : Math.abs(stored.height);
  if (stored.width <= 0 || height === 0) throw corrupt('size');
  const bitCount = fields.u16(length === CORE ? 10 : 14);
  const compression = readCompression(fields, length, bitCount);
  const name = UNSUPPORTED.get(compression);
  if (name !== undefined) throw unsupported(name);
  if (!BIT_COUNTS.get(compression)?.includes(bitCount)) throw corrupt(`${bitCount} bits, compression ${compression}`);
  const layout: Layout = { start, length, bitCount, compression, isIcon };
  const dataOffset = isIcon ? 0 : bytes.readUInt32LE(10);
  const palette = readPalette(layout, length === CORE ? 0 : fields.u32(32), dataOffset);
  const afterMasks = palette.end + (hasMasksAfter(layout) ? (compression === BITFIELDS ? 12 : 16) : 0);
  return {
    width: stored.width,
    height,
    bitCount,
    compression: COMPRESSIONS.get(compression) ?? 'none',
    isTopDown: stored.height < 0,
    palette,
    masks: readMasks(bytes, layout),
    dataStart: dataOffset >= start + length ? dataOffset : afterMasks,
    profile: readProfile(bytes, layout, fields),
    isIcon,
  };
}
