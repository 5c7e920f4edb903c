/** BMP and icons that are small downloads and much work. */
import type { Input } from '../origin.ts';
import { EMPTY_LINES, FLOOD, png, pngChunk, repeated } from './bytes.ts';

const u16 = (value: number) => Buffer.from([value & 255, value >> 8]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const BLACK_AND_WHITE = Buffer.concat([u32(0), u32(0xffffff)]);

/** A BMP with 8 bits a pixel and two colours. @param compression 0 for none, 1 for RLE8 */
function bmp(width: number, height: number, compression: 0 | 1, data: Buffer): Buffer {
  const info = [
    u32(40),
    u32(width),
    u32(height),
    u16(1),
    u16(8),
    u32(compression),
    u32(0),
    u32(0),
    u32(0),
    u32(2),
    u32(0),
  ];
  return Buffer.concat([Buffer.from('BM'), u32(0), u32(0), u32(62), ...info, BLACK_AND_WHITE, data]);
}

/** An icon whose directory has so many entries, all of one image. */
function icon(count: number, image: Buffer): Buffer {
  const entry = Buffer.concat([u32(0), u32(0), u32(image.length), u32(6 + 16 * count)]);
  return Buffer.concat([u16(0), u16(1), u16(count), repeated(entry, 16 * count), image]);
}

/** Two sides of 49 megapixels. */
const SIDE = 7000;
const END = Buffer.from([0, 1]);

export const EMPTY_RLE: Input = { name: 'BMP of 49 MP in 64 bytes', bytes: () => bmp(SIDE, SIDE, 1, END) };
export const LARGE_BMP: Input = {
  name: 'BMP of 49 MP',
  bytes: () => bmp(SIDE, SIDE, 0, Buffer.alloc(SIDE * SIDE)),
  isCompressed: true,
};
export const RLE_FLOODS: readonly Input[] = [
  {
    name: 'BMP of deltas by nothing',
    bytes: () => bmp(SIDE, SIDE, 1, repeated([0, 2, 0, 0], FLOOD)),
    isCompressed: true,
  },
  { name: 'BMP of runs of a pixel', bytes: () => bmp(SIDE, SIDE, 1, repeated([1, 1], FLOOD)), isCompressed: true },
  {
    name: 'BMP of runs beyond the row',
    bytes: () => bmp(SIDE, SIDE, 1, repeated([255, 1], FLOOD)),
    isCompressed: true,
  },
  {
    name: 'BMP of rows that end',
    bytes: () => bmp(500, 100_000, 1, repeated([0, 3, 1, 1, 1, 0], FLOOD)),
    isCompressed: true,
  },
];
export const BITMAP_HEADERS: readonly Input[] = [
  { name: 'BMP without its pixels', bytes: () => bmp(SIDE, SIDE, 0, Buffer.alloc(100)) },
  { name: 'BMP of 4 billion pixels', bytes: () => bmp(65_535, 65_535, 1, END) },
  { name: 'BMP of a row of 49 MP', bytes: () => bmp(SIDE * SIDE, 1, 1, END) },
  { name: 'icon of 65,535 images', bytes: () => icon(65_535, bmp(16, 32, 1, END).subarray(14)), isCompressed: true },
  {
    name: 'icon of 256 times a PNG that is too large',
    bytes: () => icon(256, png(20_000, 20_000, 6, EMPTY_LINES, pngChunk('IEND'))),
  },
];
