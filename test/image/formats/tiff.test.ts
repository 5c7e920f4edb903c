import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { pageBySize, parseTiff, withoutFurtherPages } from '../../../src/image/formats/tiff.ts';
import { openSource } from '../../../src/image/open.ts';
import { testConfig } from '../../requests.ts';

const fixtures = new URL('../../fixtures/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, fixtures));
const limits = testConfig();

/** A grey TIFF of white pages with these sizes. */
function tiff(byteOrder: 'II' | 'MM', sizes: readonly (readonly [number, number])[]) {
  const isLittleEndian = byteOrder === 'II';
  const pixels = Math.max(...sizes.map(([width, height]) => width * height));
  const bytes = Buffer.alloc(8 + pixels + sizes.length * 102, 255);
  const u16 = (value: number, at: number) =>
    isLittleEndian ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at);
  const u32 = (value: number, at: number) =>
    isLittleEndian ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at);
  bytes.write(isLittleEndian ? 'II*\0' : 'MM\0*', 'latin1');
  u32(8 + pixels, 4);
  for (const [page, [width, height]] of sizes.entries()) {
    const start = 8 + pixels + page * 102;
    const entries = [
      [256, 3, width],
      [257, 4, height],
      [258, 3, 8],
      [259, 3, 1],
      [262, 3, 1],
      [273, 4, 8],
      [278, 4, height],
      [279, 4, width * height],
    ] as const;
    u16(entries.length, start);
    for (const [i, [tag, type, value]] of entries.entries()) {
      const at = start + 2 + i * 12;
      u16(tag, at);
      u16(type, at + 2);
      u32(1, at + 4);
      u32(0, at + 8);
      if (type === 3) u16(value, at + 8);
      else u32(value, at + 8);
    }
    u32(page + 1 < sizes.length ? start + 102 : 0, start + 98);
  }
  return bytes;
}

const SIZES = [
  [5, 4],
  [3, 3],
  [20, 10],
  [2, 3],
  [10, 20],
  [3, 2],
] as const;

describe.each(['II', 'MM'] as const)('byte order %s', (byteOrder) => {
  const bytes = tiff(byteOrder, SIZES);
  test('the sizes of all pages, as the decoder reads them', async () => {
    const { sizes, pages } = parseTiff(bytes);
    expect(pages).toBe(6);
    for (const [page, size] of sizes.entries()) {
      const { width, height } = await sharp(bytes, { page }).metadata();
      expect(size).toEqual({ width, height });
    }
  });
  test.each([
    [-1, 2],
    [-2, 3],
    [4, 4],
    [99, 5],
  ])('page=%i is page %i', async (page, expected) => {
    const { pageIndex, info } = await openSource({ bytes, format: 'tiff' }, page, limits);
    expect(pageIndex).toBe(expected);
    expect([info.width, info.height, info.pages]).toEqual([...(SIZES[expected] ?? []), 6]);
  });
});

test('of more than 100 pages the first 100 are read, and all are counted', async () => {
  const bytes = tiff('MM', [...Array(99).fill([2, 2]), [3, 3], [4, 4], ...Array(400).fill([1, 1])]);
  const before = Buffer.from(bytes);
  for (const [page, expected] of [
    [-1, 99],
    [-2, 0],
    [100, 99],
    [450, 99],
  ] as const) {
    const { pageIndex, info, file } = await openSource({ bytes, format: 'tiff' }, page, limits);
    expect([pageIndex, info.pages]).toEqual([expected, 501]);
    expect((await sharp(file).metadata()).pages).toBe(100);
  }
  expect(bytes).toEqual(before);
});

test('a file of at most 100 pages is not copied', () => {
  const bytes = tiff('II', Array(100).fill([1, 1]));
  expect(withoutFurtherPages(bytes, parseTiff(bytes))).toBe(bytes);
});

test('a page without a size is never the largest or the smallest', () => {
  expect(pageBySize([undefined, { width: 2, height: 2 }, { width: 1, height: 1 }], -1)).toBe(1);
  expect(pageBySize([undefined, { width: 2, height: 2 }, { width: 1, height: 1 }], -2)).toBe(2);
  expect(pageBySize([undefined], -1)).toBe(0);
});

test('cycles', () => {
  const isCyclic = (bytes: Buffer) => parseTiff(bytes).isCyclic;
  expect(isCyclic(read('hostile/images/tiff-ifd-loop.tif'))).toBe(true);
  expect(isCyclic(read('cases/files/F06-two-page.tif'))).toBe(false);
  expect(isCyclic(Buffer.from('II*\0'))).toBe(false);
  expect(isCyclic(Buffer.from('II*\0\xff\xff\xff\xff', 'latin1'))).toBe(false);
  // The last of six pages leads back to each of them.
  for (let page = 0; page < 6; page++) {
    const bytes = tiff('II', SIZES);
    bytes.writeUInt32LE(bytes.length - (6 - page) * 102, bytes.length - 4);
    expect(isCyclic(bytes)).toBe(true);
  }
});
