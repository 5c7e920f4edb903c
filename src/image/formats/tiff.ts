/** Walks the directories of a TIFF (6.0, section 2) or a BigTIFF once: the number of pages, and the sizes of the first ones. Pure. */
import { ImageError } from '../../errors.ts';
import type { Size } from '../size.ts';
import { MAX, tooMany } from './bounds.ts';

/** Structure of a TIFF file. */
export interface TiffFile {
  /** Number of directories. */
  readonly pages: number;
  /** Stored sizes of the first 100 pages; undefined where a directory has none. */
  readonly sizes: readonly (Size | undefined)[];
  /** Offsets of the same pages' directories, and their schemes of compression. */
  readonly directories: readonly { readonly at: number; readonly compression: number }[];
  /** Whether the chain of directories leads back to one of them. */
  readonly isCyclic: boolean;
  /** Offset of the pointer to the page after the first 100; undefined if there are not more. */
  readonly nextPointer: number | undefined;
}

const WIDTH = 256;
const LENGTH = 257;
const COMPRESSION = 259;
/** Field types. */
const SHORT = 3;
const LONG = 4;
const LONG8 = 16;

/** Where a TIFF has its fields, and a BigTIFF, whose counts and offsets have 8 bytes. */
const CLASSIC = { firstPointer: 4, countBytes: 2, entryBytes: 12, valueAt: 8, pointerBytes: 4 } as const;
const BIG = { firstPointer: 8, countBytes: 8, entryBytes: 20, valueAt: 12, pointerBytes: 8 } as const;
const layoutOf = (bytes: Buffer) => (bytes[2] === 0x2b || bytes[3] === 0x2b ? BIG : CLASSIC);

/** Reads numbers of 2, 4 or 8 bytes in the byte order of a file; 0 outside of it. One above 2^53 is outside of every file. */
function reader(bytes: Buffer) {
  const isLittleEndian = bytes[0] === 0x49;
  return (at: number, size: 2 | 4 | 8): number => {
    if (at + size > bytes.length) return 0;
    if (size === 8) return Number(isLittleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    return isLittleEndian ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
  };
}

/** Returns the size that a directory gives by its first width and length, and its scheme of compression. */
function readDirectory(
  read: ReturnType<typeof reader>,
  { countBytes, entryBytes, valueAt }: typeof CLASSIC | typeof BIG,
  directory: number,
): { readonly size: Size | undefined; readonly compression: number } {
  let [width, height, compression] = [0, 0, 0];
  const start = directory + countBytes;
  const end = start + read(directory, countBytes) * entryBytes;
  const valueBytes = new Map<number, 2 | 4 | 8>([
    [SHORT, 2],
    [LONG, 4],
    [LONG8, 8],
  ]);
  for (let at = start; at < end && !(width && height && compression); at += entryBytes) {
    const tag = read(at, 2);
    if (tag !== WIDTH && tag !== LENGTH && tag !== COMPRESSION) continue;
    const bytes = valueBytes.get(read(at + 2, 2));
    const value = bytes ? read(at + valueAt, bytes) : 0;
    if (tag === WIDTH) width ||= value;
    else if (tag === LENGTH) height ||= value;
    else compression ||= value;
  }
  return { size: width && height ? { width, height } : undefined, compression: compression || UNCOMPRESSED };
}

/**
 * Parses the directories of a TIFF.
 *
 * @throws ImageError IMAGE_TOO_LARGE above 65,536 directories, or 20,000 entries in the first 100 of them
 */
export function parseTiff(bytes: Buffer): TiffFile {
  const read = reader(bytes);
  const layout = layoutOf(bytes);
  const { firstPointer, countBytes, entryBytes, pointerBytes } = layout;
  const sizes: (Size | undefined)[] = [];
  const directories: { at: number; compression: number }[] = [];
  let pages = 0;
  let entries = 0;
  let nextPointer: number | undefined;
  // Brent's search for cycles: compares with a directory that moves on at each power of two, so that none is stored.
  let marked = 0;
  let steps = 1;
  let isCyclic = false;
  const directoryAt = (pointer: number) => read(pointer, pointerBytes);
  for (
    let pointer = firstPointer, at = directoryAt(pointer);
    at > 0 && at + 2 <= bytes.length;
    at = directoryAt(pointer)
  ) {
    isCyclic = at === marked;
    if (isCyclic) break;
    if (++pages > MAX.tiffDirectories) throw tooMany('TIFF directories', MAX.tiffDirectories);
    if (pages === steps) {
      marked = at;
      steps *= 2;
    }
    const count = read(at, countBytes);
    if (sizes.length < MAX.tiffPages) {
      entries += count;
      if (entries > MAX.tiffEntries) throw tooMany('TIFF entries', MAX.tiffEntries);
      const { size, compression } = readDirectory(read, layout, at);
      sizes.push(size);
      directories.push({ at, compression });
    } else nextPointer ??= pointer;
    pointer = at + countBytes + count * entryBytes;
  }
  return { pages, sizes, directories, isCyclic, nextPointer };
}

/**
 * Returns a TIFF that ends after its first 100 pages, as a copy if it has more: libtiff walks the whole chain each time that it
 * opens a file.
 */
export function withoutFurtherPages(bytes: Buffer, { nextPointer }: TiffFile): Buffer {
  if (nextPointer === undefined) return bytes;
  const copy = Buffer.from(bytes);
  copy.fill(0, nextPointer, nextPointer + layoutOf(bytes).pointerBytes);
  return copy;
}

const UNCOMPRESSED = 1;
/**
 * Schemes that libtiff decodes here: none, CCITT, LZW, JPEG, Deflate, PackBits, NeXT, ThunderScan, SGI Log and WebP. With any
 * other in one page, libvips opens no page of the file.
 */
const SUPPORTED: ReadonlySet<number> = new Set([
  UNCOMPRESSED,
  ...[2, 3, 4, 5, 7, 8, 32766, 32771, 32773, 32809, 32946, 34676, 34677, 50001],
]);
const NAMES: Readonly<Record<number, string>> = {
  6: 'old-style JPEG',
  9: 'JBIG',
  10: 'JBIG',
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  34661: 'JBIG',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'Zstandard',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};

/** Whether each of the first 100 pages can be decoded. */
export const supportedPages = ({ directories }: TiffFile): boolean[] =>
  directories.map(({ compression }) => SUPPORTED.has(compression));

/**
 * Returns a copy of a TIFF that has one page only.
 *
 * @param index of the page, from 0
 * @throws ImageError SOURCE_UNSUPPORTED if its compression is not supported
 */
export function onlyPage(bytes: Buffer, { directories }: TiffFile, index: number): Buffer {
  const { at = 0, compression = UNCOMPRESSED } = directories[index] ?? {};
  if (!SUPPORTED.has(compression)) {
    const name = NAMES[compression] ?? `scheme ${compression}`;
    throw new ImageError(
      'SOURCE_UNSUPPORTED',
      `Page ${index} of this TIFF is compressed with ${name}, which is not supported.`,
    );
  }
  const { firstPointer, countBytes, entryBytes, pointerBytes } = layoutOf(bytes);
  const copy = Buffer.from(bytes);
  const pointer = Buffer.alloc(8);
  const isLittleEndian = bytes[0] === 0x49;
  if (isLittleEndian) pointer.writeBigUInt64LE(BigInt(at));
  else pointer.writeBigUInt64BE(BigInt(at));
  copy.set(isLittleEndian ? pointer.subarray(0, pointerBytes) : pointer.subarray(8 - pointerBytes), firstPointer);
  const end = at + countBytes + reader(bytes)(at, countBytes) * entryBytes;
  copy.fill(0, end, end + pointerBytes);
  return copy;
}

/**
 * Finds the largest page (-1) or the smallest (-2) by their pixels, the first of equal ones.
 *
 * @returns its index from 0; 0 if no page has a size
 */
export function pageBySize(sizes: TiffFile['sizes'], page: -1 | -2): number {
  const areas = sizes.map((size) => (size ? size.width * size.height : undefined));
  const known = areas.filter((pixels) => pixels !== undefined);
  return Math.max(0, areas.indexOf(page === -1 ? Math.max(...known) : Math.min(...known)));
}
