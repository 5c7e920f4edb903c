/** Reads the pixels of a BMP without RLE, row by row, and finds out whether they have alpha. Pure. */
import type { BmpHeader } from './bmp-header.ts';

/** Decoded pixels, from the upper row down: red, green, blue, and alpha if there are four channels. */
export interface Pixels {
  readonly data: Buffer;
  /** Offset of the first pixel. */
  readonly start: number;
  readonly channels: 3 | 4;
}

/** Bytes of a row in the file: a multiple of four. */
const strideOf = (width: number, bitCount: number) => Math.ceil((width * bitCount) / 32) * 4;

/** The number of a row of the image in the file; rows of the image are counted from the upper one. */
const fileRow = ({ height, isTopDown }: BmpHeader, row: number) => (isTopDown ? row : height - 1 - row);

const rowStart = (header: BmpHeader, start: number, stride: number, row: number) =>
  start + fileRow(header, row) * stride;

/** The mask of an icon, one bit per pixel: 1 is transparent. It lies after the pixels. */
const maskOf = ({ width, height, bitCount, dataStart }: BmpHeader) => ({
  start: dataStart + strideOf(width, bitCount) * height,
  stride: strideOf(width, 1),
});

/** Returns the colours of a palette as 256 × RGB. Those that it does not have are black. */
export function readPaletteColours(bytes: Buffer, { palette: { start, end, entryBytes } }: BmpHeader): Uint8Array {
  const colours = new Uint8Array(256 * 3);
  const last = Math.min(end, bytes.length) - 2;
  for (let at = start, i = 0; at < last; at += entryBytes, i += 3) {
    colours[i] = bytes[at + 2] ?? 0;
    colours[i + 1] = bytes[at + 1] ?? 0;
    colours[i + 2] = bytes[at] ?? 0;
  }
  return colours;
}

/** Counts the rows that are there, in the order of the file. The padding after the last one may be missing. */
export function countRows(bytes: Buffer, { width, height, bitCount, dataStart }: BmpHeader): number {
  const [stride, row] = [strideOf(width, bitCount), Math.ceil((width * bitCount) / 8)];
  return Math.min(height, Math.max(0, Math.floor((bytes.length - dataStart - row) / stride) + 1));
}

/** How a channel is read from a pixel: `values[(pixel >>> shift) & mask]`. */
function channelOf(mask: number, empty: number) {
  if (mask === 0) return { shift: 0, mask: 0, values: new Uint8Array([empty]) };
  const lowest = 31 - Math.clz32(mask & -mask);
  const bits = 32 - Math.clz32(mask >>> lowest);
  const used = Math.min(bits, 8);
  const max = 2 ** used - 1;
  const values = Uint8Array.from({ length: max + 1 }, (_, i) => Math.round((i * 255) / max));
  return { shift: lowest + bits - used, mask: max, values };
}

/** Where transparency comes from: `rows` is of those that are missing. */
export type AlphaSource = 'none' | 'channel' | 'mask' | 'rows';

/**
 * Creates a search for alpha, to be given all rows. In an icon, an alpha channel that is 0 everywhere is none: then its mask counts,
 * as in Chromium.
 *
 * @param rows that are there, in the order of the file
 */
export function createAlphaSearch(bytes: Buffer, header: BmpHeader, rows: number) {
  const { width, height, bitCount, dataStart, isIcon, masks } = header;
  const [, , , alphaMask = 0] = masks;
  const alpha = channelOf(alphaMask, 255);
  const stride = strideOf(width, bitCount);
  const mask = maskOf(header);
  let [isTransparent, isVisible, isMasked] = [false, false, false];
  const scanAlpha = (row: number) => {
    const from = rowStart(header, dataStart, stride, row);
    const step = bitCount / 8;
    for (let at = from; at < from + width * step; at += step) {
      const pixel = pixelAt(bytes, at, step);
      const value = alpha.values[(pixel >>> alpha.shift) & alpha.mask];
      if (value !== 255) isTransparent = true;
      if (value !== 0) isVisible = true;
    }
  };
  const scanMask = (row: number) => {
    const from = rowStart(header, mask.start, mask.stride, row);
    if (from + Math.ceil(width / 8) > bytes.length) return;
    for (let x = 0; x < width && !isMasked; x++)
      isMasked = (((bytes[from + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) === 1;
  };
  return {
    /** Whether there is anything to search. */
    isNeeded: alphaMask !== 0 || isIcon,
    scan: (fromRow: number, toRow: number): void => {
      for (let row = fromRow; row < toRow; row++) {
        if (fileRow(header, row) >= rows) continue;
        if (alphaMask !== 0) scanAlpha(row);
        if (isIcon) scanMask(row);
      }
    },
    /** Where transparency comes from, once all rows were given. */
    source: (): AlphaSource => {
      const without = rows < height ? 'rows' : 'none';
      if (alphaMask !== 0 && (isVisible || !isIcon)) return isTransparent ? 'channel' : without;
      return isMasked ? 'mask' : without;
    },
  };
}

/** Reads a pixel of 16 or 32 bits. By index: the methods of Buffer take a third more time. */
const pixelAt = (bytes: Buffer, at: number, step: number): number => {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  return step === 2 ? low : low | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
};

type ReadRow = (from: number, to: number) => void;

/** Returns a reader of rows of palette indices. */
function paletteRows(bytes: Buffer, header: BmpHeader, { data, channels }: Pixels): ReadRow {
  const { width, bitCount } = header;
  const colours = readPaletteColours(bytes, header);
  const [perByte, max] = [8 / bitCount, 2 ** bitCount - 1];
  return (from, start) => {
    let to = start;
    for (let x = 0, at = from; x < width; at++) {
      const byte = bytes[at] ?? 0;
      const end = Math.min(width, x + perByte);
      for (let shift = 8 - bitCount; x < end; x++, shift -= bitCount, to += channels) {
        const colour = ((byte >> shift) & max) * 3;
        data[to] = colours[colour] ?? 0;
        data[to + 1] = colours[colour + 1] ?? 0;
        data[to + 2] = colours[colour + 2] ?? 0;
      }
    }
  };
}

/** Returns a reader of rows of 24 bits a pixel. */
function rgbRows(bytes: Buffer, { width }: BmpHeader, { data, channels }: Pixels): ReadRow {
  return (start, to) => {
    for (let x = 0, from = start; x < width; x++, from += 3) {
      const at = to + x * channels;
      data[at] = bytes[from + 2] ?? 0;
      data[at + 1] = bytes[from + 1] ?? 0;
      data[at + 2] = bytes[from] ?? 0;
    }
  };
}

/** Returns a reader of rows of 16 or 32 bits a pixel. */
function maskedRows(bytes: Buffer, header: BmpHeader, { data, channels }: Pixels, hasAlpha: boolean): ReadRow {
  const { width, bitCount, masks } = header;
  const [red = 0, green = 0, blue = 0, alpha = 0] = masks;
  const [r, g, b, a] = [channelOf(red, 0), channelOf(green, 0), channelOf(blue, 0), channelOf(alpha, 255)];
  const step = bitCount / 8;
  return (start, to) => {
    for (let x = 0, from = start; x < width; x++, from += step) {
      const pixel = pixelAt(bytes, from, step);
      const at = to + x * channels;
      data[at] = r.values[(pixel >>> r.shift) & r.mask] ?? 0;
      data[at + 1] = g.values[(pixel >>> g.shift) & g.mask] ?? 0;
      data[at + 2] = b.values[(pixel >>> b.shift) & b.mask] ?? 0;
      if (hasAlpha) data[at + 3] = a.values[(pixel >>> a.shift) & a.mask] ?? 0;
    }
  };
}

/** Makes pixels transparent where the mask of an icon has 1. Rows that are missing have none. */
function maskRows(bytes: Buffer, { width }: BmpHeader, { data }: Pixels): ReadRow {
  return (from, to) => {
    for (let x = 0; x < width; x++)
      data[to + 4 * x + 3] = (((bytes[from + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) === 1 ? 0 : 255;
  };
}

/**
 * Creates a reader of the pixels of a BMP without RLE.
 *
 * @param pixels that are written to: with four channels if `alpha` is not `none`, transparent
 * @param rows that are there, in the order of the file
 * @returns a function that reads rows of the image, counted from the upper one
 */
export function createRowReader(bytes: Buffer, header: BmpHeader, pixels: Pixels, alpha: AlphaSource, rows: number) {
  const { width, bitCount, dataStart } = header;
  const stride = strideOf(width, bitCount);
  const mask = maskOf(header);
  const readColours =
    bitCount <= 8
      ? paletteRows(bytes, header, pixels)
      : bitCount === 24
        ? rgbRows(bytes, header, pixels)
        : maskedRows(bytes, header, pixels, alpha === 'channel');
  const readMask = maskRows(bytes, header, pixels);
  return (fromRow: number, toRow: number): void => {
    for (let row = fromRow; row < toRow; row++) {
      if (fileRow(header, row) >= rows) continue;
      const to = pixels.start + row * width * pixels.channels;
      readColours(rowStart(header, dataStart, stride, row), to);
      if (alpha === 'mask') readMask(rowStart(header, mask.start, mask.stride, row), to);
      if (alpha === 'rows') for (let x = 0; x < width; x++) pixels.data[to + 4 * x + 3] = 255;
    }
  };
}
