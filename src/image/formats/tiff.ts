/** Walks the directories of a TIFF (6.0, section 2) once: the number of pages, and the sizes of the first ones. Pure. */
import type { Size } from '../size.ts';
import { MAX, tooMany } from './bounds.ts';

/** Structure of a TIFF file. */
export interface TiffFile {
  /** Number of directories. */
  readonly pages: number;
  /** Stored sizes of the first 100 pages; undefined where a directory has none. */
  readonly sizes: readonly (Size | undefined)[];
  /** Whether the chain of directories leads back to one of them. */
  readonly isCyclic: boolean;
  /** Offset of the pointer to the page after the first 100; undefined if there are not more. */
  readonly nextPointer: number | undefined;
}

const WIDTH = 256;
const LENGTH = 257;
/** Field types. */
const SHORT = 3;
const LONG = 4;
const ENTRY_BYTES = 12;

/** Reads numbers in the byte order of a file; 0 outside of it. */
function reader(bytes: Buffer) {
  const isLittleEndian = bytes[0] === 0x49;
  return {
    u16: (at: number) => {
      if (at + 2 > bytes.length) return 0;
      return isLittleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
    },
    u32: (at: number) => {
      if (at + 4 > bytes.length) return 0;
      return isLittleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    },
  };
}

/** Returns the size that a directory gives by its first width and length. */
function sizeOf({ u16, u32 }: ReturnType<typeof reader>, directory: number): Size | undefined {
  let [width, height] = [0, 0];
  const end = directory + 2 + u16(directory) * ENTRY_BYTES;
  for (let at = directory + 2; at < end && !(width && height); at += ENTRY_BYTES) {
    const [tag, type] = [u16(at), u16(at + 2)];
    if (tag !== WIDTH && tag !== LENGTH) continue;
    const value = type === SHORT ? u16(at + 8) : type === LONG ? u32(at + 8) : 0;
    if (tag === WIDTH) width ||= value;
    else height ||= value;
  }
  return width && height ? { width, height } : undefined;
}

/**
 * Parses the directories of a TIFF.
 *
 * @throws ImageError IMAGE_TOO_LARGE above 65,536 directories, or 20,000 entries in the first 100 of them
 */
export function parseTiff(bytes: Buffer): TiffFile {
  const read = reader(bytes);
  const sizes: (Size | undefined)[] = [];
  let pages = 0;
  let entries = 0;
  let nextPointer: number | undefined;
  // Brent's search for cycles: compares with a directory that moves on at each power of two, so that none is stored.
  let marked = 0;
  let steps = 1;
  let isCyclic = false;
  for (let pointer = 4, at = read.u32(pointer); at > 0 && at + 2 <= bytes.length; at = read.u32(pointer)) {
    isCyclic = at === marked;
    if (isCyclic) break;
    if (++pages > MAX.tiffDirectories) throw tooMany('TIFF directories', MAX.tiffDirectories);
    if (pages === steps) {
      marked = at;
      steps *= 2;
    }
    const count = read.u16(at);
    if (sizes.length < MAX.tiffPages) {
      entries += count;
      if (entries > MAX.tiffEntries) throw tooMany('TIFF entries', MAX.tiffEntries);
      sizes.push(sizeOf(read, at));
    } else nextPointer ??= pointer;
    pointer = at + 2 + count * ENTRY_BYTES;
  }
  return { pages, sizes, isCyclic, nextPointer };
}

/**
 * Returns a TIFF that ends after its first 100 pages, as a copy if it has more: libtiff walks the whole chain each time that it
 * opens a file.
 */
export function withoutFurtherPages(bytes: Buffer, { nextPointer }: TiffFile): Buffer {
  if (nextPointer === undefined) return bytes;
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(0, nextPointer);
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
