/** Builds TIFF files, little-endian: chains of directories. */

/** Fields of a directory of one grey pixel: tag, type (3 short, 4 long), value. */
const ONE_PIXEL = [
  [256, 3, 1],
  [257, 3, 1],
  [258, 3, 8],
  [259, 3, 1],
  [262, 3, 1],
  [273, 4, 8],
  [278, 3, 1],
  [279, 4, 1],
] as const;

const directoryBytes = (entries: number) => 2 + 12 * entries + 4;

function header(length: number, first: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(first, 4);
  return bytes;
}

/** Chains directories whose entries are zeros. */
export function directories(count: number, entries = 0): Buffer {
  const size = directoryBytes(entries);
  const bytes = header(8 + count * size, 8);
  for (let i = 0; i < count; i++) {
    const at = 8 + i * size;
    bytes.writeUInt16LE(entries, at);
    bytes.writeUInt32LE(i + 1 < count ? at + size : 0, at + size - 4);
  }
  return bytes;
}

/**
 * Chains pages of one pixel.
 *
 * @param before bytes between the header and the first directory
 */
export function pages(count: number, before = 10): Buffer {
  const size = directoryBytes(ONE_PIXEL.length);
  const bytes = header(before + count * size, before);
  bytes[8] = 128;
  for (let i = 0; i < count; i++) {
    const at = before + i * size;
    bytes.writeUInt16LE(ONE_PIXEL.length, at);
    for (const [j, [tag, type, value]] of ONE_PIXEL.entries()) {
      const entry = at + 2 + 12 * j;
      bytes.writeUInt16LE(tag, entry);
      bytes.writeUInt16LE(type, entry + 2);
      bytes.writeUInt32LE(1, entry + 4);
      bytes.writeUInt32LE(value, entry + 8);
    }
    bytes.writeUInt32LE(i + 1 < count ? at + size : 0, at + size - 4);
  }
  return bytes;
}
