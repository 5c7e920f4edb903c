/** Finds a colour index that no pixel of a GIF image has, or frees one, without unpacking its pixels. Pure. */

/** Returns the bytes of a colour table by the packed fields that announce it. */
export const colourTableBytes = (packed = 0) => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0);

/** Maximum bytes of pixels that are walked in one file: 20 ms of CPU for each million. */
export const MAX_WALKED_BYTES = 2_097_152;

/** The compressed pixels of an image, out of their sub-blocks. */
interface ImageData {
  readonly codeSize: number;
  readonly codes: Buffer;
  /** Offsets of the sub-blocks' data, and their lengths. */
  readonly parts: readonly { readonly at: number; readonly length: number }[];
}

/** @param start offset of the image descriptor */
function readData(bytes: Buffer, start: number): ImageData {
  let at = start + 10 + colourTableBytes(bytes[start + 9]);
  const codeSize = bytes[at++] ?? 0;
  const parts: { at: number; length: number }[] = [];
  // `gifBlocks` has counted them.
  for (let length = bytes[at]; length; length = bytes[at]) {
    parts.push({ at: at + 1, length: Math.min(length, bytes.length - at - 1) });
    at += length + 1;
  }
  return { codeSize, parts, codes: Buffer.concat(parts.map((part) => bytes.subarray(part.at, part.at + part.length))) };
}

/**
 * Visits the codes that are colour indices (GIF89a, appendix F). Each index of the pixels is one of them at least once: an entry
 * of the dictionary is made of those before it.
 *
 * @param visit called with the index, and the offset and number of its bits; returns whether to go on
 */
function visitIndices(
  { codeSize, codes }: ImageData,
  visit: (index: number, bit: number, width: number) => boolean,
): void {
  const clear = 1 << codeSize;
  let width = codeSize + 1;
  let next = clear + 2;
  let isFirst = true;
  for (let bit = 0; bit + width <= codes.length * 8; ) {
    const at = bit >> 3;
    const bits = (codes[at] ?? 0) | ((codes[at + 1] ?? 0) << 8) | ((codes[at + 2] ?? 0) << 16);
    const code = (bits >>> (bit & 7)) & ((1 << width) - 1);
    if (code < clear && !visit(code, bit, width)) return;
    if (code === clear + 1) return;
    bit += width;
    if (code === clear) {
      width = codeSize + 1;
      next = clear + 2;
      isFirst = true;
      continue;
    }
    if (!isFirst && next < 4096 && ++next === 1 << width && width < 12) width++;
    isFirst = false;
  }
}

/** Returns the two indices of a table whose colours are nearest to each other. */
function nearestPair(table: Buffer): { readonly from: number; readonly to: number } {
  let best = { from: 255, to: 0, distance: Number.POSITIVE_INFINITY };
  const distance = (a: number, b: number) => {
    let sum = 0;
    for (let channel = 0; channel < 3; channel++)
      sum += ((table[a * 3 + channel] ?? 0) - (table[b * 3 + channel] ?? 0)) ** 2;
    return sum;
  };
  for (let from = 1; from < table.length / 3; from++)
    for (let to = 0; to < from; to++) {
      const found = distance(from, to);
      if (found < best.distance) best = { from, to, distance: found };
    }
  return best;
}

/** Gives all pixels of an index another one, in place. */
function replaceIndex(bytes: Buffer, data: ImageData, from: number, to: number): void {
  const { codes, parts } = data;
  visitIndices(data, (index, bit, width) => {
    if (index !== from) return true;
    const at = bit >> 3;
    // The width is up to 12 bits, which lie in up to 3 bytes.
    const shift = bit & 7;
    const mask = ((1 << width) - 1) << shift;
    const bits = (codes[at] ?? 0) | ((codes[at + 1] ?? 0) << 8) | ((codes[at + 2] ?? 0) << 16);
    const changed = (bits & ~mask) | (to << shift);
    for (let i = 0; i < 3 && at + i < codes.length; i++) codes[at + i] = (changed >> (8 * i)) & 255;
    return true;
  });
  let offset = 0;
  for (const { at, length } of parts) {
    codes.copy(bytes, at, offset, offset + length);
    offset += length;
  }
}

/** Returns whether an image has the colour index 255 free by its header: its table is shorter, or its codes. */
export function hasFreeIndex(bytes: Buffer, start: number): boolean {
  const local = colourTableBytes(bytes[start + 9]);
  const table = local || colourTableBytes(bytes[10]);
  return table > 0 && (table < 768 || (bytes[start + 10 + local] ?? 8) < 8);
}

/**
 * Frees a colour index of an image with a table of 256 colours, in place. If its pixels have all of them, those of one index get the
 * other of the two that are most alike.
 *
 * @param start offset of the image descriptor
 * @returns an index that no pixel has; undefined if the image is not valid
 */
export function freeIndex(bytes: Buffer, start: number): number | undefined {
  const local = colourTableBytes(bytes[start + 9]);
  const tableStart = local ? start + 10 : 13;
  const table = bytes.subarray(tableStart, tableStart + 768);
  const data = readData(bytes, start);
  if (table.length < 768 || data.codeSize !== 8) return undefined;
  const isUsed = new Uint8Array(256);
  let used = 0;
  visitIndices(data, (index) => {
    if (!isUsed[index]) used++;
    isUsed[index] = 1;
    return used < 256;
  });
  if (used < 256) return isUsed.lastIndexOf(0);
  const { from, to } = nearestPair(table);
  replaceIndex(bytes, data, from, to);
  return from;
}
