/**
 * Reads the pixels of a BMP with run-length encoding. Pixels that are left out are black, as in Chromium; runs end at the end of
 * their row. Pure.
 */
import type { Pixels } from './bmp.ts';
import { readPaletteColours } from './bmp.ts';
import type { BmpHeader } from './bmp-header.ts';

/** Codes that follow a count of 0; higher ones are the number of pixels that follow one by one. */
const END_OF_ROW = 0;
const END_OF_IMAGE = 1;
const DELTA = 2;

const padded = (bytes: number) => bytes + (bytes % 2);

/**
 * Creates a reader.
 *
 * @param pixels that are written to, with three channels: black
 */
export function createRleReader(bytes: Buffer, header: BmpHeader, pixels: Pixels) {
  const { width, height, isTopDown, compression, dataStart } = header;
  const { data, start } = pixels;
  const colours = readPaletteColours(bytes, header);
  let [at, x, y] = [dataStart, 0, 0];
  let isEnded = false;

  const set = (red: number, green: number, blue: number) => {
    if (x < width) {
      const to = start + ((isTopDown ? y : height - 1 - y) * width + x) * 3;
      data[to] = red;
      data[to + 1] = green;
      data[to + 2] = blue;
    }
    x++;
  };
  /** Sets the next pixel by its colour, which is stored at an offset: 24 bits, an index, or in RLE4 a half of a byte. */
  const setFrom = (from: number, isSecondHalf: boolean) => {
    const byte = bytes[from] ?? 0;
    if (compression === 'rle24') return set(bytes[from + 2] ?? 0, bytes[from + 1] ?? 0, byte);
    const index = 3 * (compression === 'rle8' ? byte : isSecondHalf ? byte & 15 : byte >> 4);
    set(colours[index] ?? 0, colours[index + 1] ?? 0, colours[index + 2] ?? 0);
  };
  const colourBytes = compression === 'rle24' ? 3 : 1;

  /** Reads a run of one colour, in RLE4 of two in turn. */
  const readRun = (count: number) => {
    for (let i = 0; i < count && x < width; i++) setFrom(at + 1, i % 2 === 1);
    at += 1 + colourBytes;
  };
  const readAbsolute = (count: number) => {
    const from = at + 2;
    if (compression === 'rle4') for (let i = 0; i < count; i++) setFrom(from + (i >> 1), i % 2 === 1);
    else for (let i = 0; i < count; i++) setFrom(from + i * colourBytes, false);
    at = from + padded(compression === 'rle4' ? (count + 1) >> 1 : count * colourBytes);
  };
  const readEscape = (code: number) => {
    if (code > DELTA) return readAbsolute(code);
    if (code === END_OF_IMAGE) isEnded = true;
    if (code === END_OF_ROW) [x, y] = [0, y + 1];
    if (code === DELTA) [x, y] = [x + (bytes[at + 2] ?? 0), y + (bytes[at + 3] ?? 0)];
    at += code === DELTA ? 4 : 2;
  };

  return {
    /**
     * Reads on until there is no more to read, or so much is done.
     *
     * @param maxPixels of runs and codes together; at most 255 more are read
     * @returns whether it is finished
     */
    read: (maxPixels: number): boolean => {
      for (let left = maxPixels; left > 0; ) {
        if (isEnded || y >= height || at + 2 > bytes.length) return true;
        const [count = 0, code = 0] = [bytes[at], bytes[at + 1]];
        left -= 1 + (count || (code > DELTA ? code : 0));
        if (count > 0) readRun(count);
        else readEscape(code);
      }
      return false;
    },
    /** Whether the image has its end: the code for it, or pixels up to the end of its last row. */
    isComplete: (): boolean => isEnded || y >= height || (y === height - 1 && x >= width),
  };
}
