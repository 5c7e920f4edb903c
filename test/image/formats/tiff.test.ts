import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { pageBySize, parseTiff, withoutFurtherPages } from '../../../src/image/formats/tiff.ts';
import { openSource } from '../../../src/image/open.ts';
import { testConfig } from '../../requests.ts';

const fixtures = new URL('../../fixtures/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, fixtures));
const limits = testConfig();

/** A grey TIFF or BigTIFF of white pages with these sizes. */
function tiff(byteOrder: 'II' | 'MM', sizes: readonly (readonly [number, number])[], isBig = false) {
  const pixels = Math.max(...sizes.map(([width, height]) => width * height));
  const [header, countBytes, entryBytes, pointerBytes] = isBig ? [16, 8, 20, 8] : [8, 2, 12, 4];
  const directoryBytes = countBytes + 8 * entryBytes + pointerBytes;
  const bytes = Buffer.alloc(header + pixels + sizes.length * directoryBytes, 255);
  const write = (value: number, at: number, size: number) => {
    bytes.fill(0, at, at + size);
    const start = byteOrder === 'II' ? at : at + Math.max(0, size - 4);
    if (byteOrder === 'II') bytes.writeUIntLE(value, start, Math.min(size, 4));
    else bytes.writeUIntBE(value, start, Math.min(size, 4));
  };
  bytes.write(byteOrder, 'latin1');
  write(isBig ? 43 : 42, 2, 2);
  if (isBig) {
    write(8, 4, 2);
    write(0, 6, 2);
  }
  write(header + pixels, header - pointerBytes, pointerBytes);
  for (const [page, [width, height]] of sizes.entries()) {
    const start = header + pixels + page * directoryBytes;
    const entries = [
      [256, 3, width],
      [257, 4, height],
      [258, 3, 8],
      [259, 3, 1],
      [262, 3, 1],
      [273, isBig ? 16 : 4, header],
      [278, 4, height],
      [279, 4, width * height],
    ] as const;
    write(entries.length, start, countBytes);
    for (const [i, [tag, type, value]] of entries.entries()) {
      const at = start + countBytes + i * entryBytes;
      write(tag, at, 2);
      write(type, at + 2, 2);
      write(1, at + 4, pointerBytes);
      write(0, at + 4 + pointerBytes, pointerBytes);
      write(value, at + 4 + pointerBytes, type === 3 ? 2 : type === 4 ? 4 : 8);
    }
    const isLast = page + 1 === sizes.length;
    write(isLast ? 0 : start + directoryBytes, start + directoryBytes - pointerBytes, pointerBytes);
  }
  return bytes;
}

const LAYOUTS = [
  ['II', false],
  ['MM', false],
  ['II', true],
  ['MM', true],
] as const;

const SIZES = [
  [5, 4],
  [3, 3],
  [20, 10],
  [2, 3],
  [10, 20],
  [3, 2],
] as const;

describe.each(LAYOUTS)('byte order %s, BigTIFF %s', (byteOrder, isBig) => {
  const bytes = tiff(byteOrder, SIZES, isBig);
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

test.each([false, true])(
  'of more than 100 pages the first 100 are read, and all are counted; BigTIFF %s',
  async (isBig) => {
    const bytes = tiff('MM', [...Array(99).fill([2, 2]), [3, 3], [4, 4], ...Array(400).fill([1, 1])], isBig);
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
  },
);

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

describe('pages with a compression that is not supported', () => {
  const JBIG = 34661;
  const compressed = (byteOrder: 'II' | 'MM', isBig: boolean, pages: readonly number[]) => {
    const bytes = tiff(byteOrder, SIZES, isBig);
    for (const page of pages) {
      const at = (parseTiff(bytes).directories[page]?.at ?? 0) + (isBig ? 8 + 3 * 20 + 12 : 2 + 3 * 12 + 8);
      expect(byteOrder === 'II' ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)).toBe(1);
      if (byteOrder === 'II') bytes.writeUInt16LE(JBIG, at);
      else bytes.writeUInt16BE(JBIG, at);
    }
    return bytes;
  };
  describe.each(LAYOUTS)('byte order %s, BigTIFF %s', (byteOrder, isBig) => {
    const bytes = compressed(byteOrder, isBig, [2, 3]);
    const open = (page: number | undefined) => openSource({ bytes, format: 'tiff' }, page, limits);
    test('libvips opens no page', async () =>
      expect(sharp(bytes, { failOn: 'error' }).raw().toBuffer()).rejects.toThrow('JBIG'));
    test.each([0, 1, 4, 5, 9])('page %i is read', async (page) => {
      const { info, bytes: file, pageIndex } = await open(page);
      const [width, height] = SIZES[Math.min(page, 5)] ?? [];
      expect(info).toMatchObject({ width, height, pages: 6 });
      const { data } = await sharp(file, { page: pageIndex, failOn: 'error' })
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(data.every((value) => value === 255)).toBe(true);
    });
    test('the largest and the smallest are those of the others', async () => {
      expect((await open(-1)).info).toMatchObject({ width: 10, height: 20 });
      expect((await open(-2)).info).toMatchObject({ width: 3, height: 2 });
    });
    test('the pages themselves are refused, with the name', async () =>
      expect(open(2)).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED', message: expect.stringContaining('JBIG') }));
  });
  test('of one page only, and of none', async () => {
    const first = compressed('II', false, [0]);
    await expect(openSource({ bytes: first, format: 'tiff' }, undefined, limits)).rejects.toMatchObject({
      message: 'Page 0 of this TIFF is compressed with JBIG, which is not supported.',
    });
    expect((await openSource({ bytes: first, format: 'tiff' }, 1, limits)).info.width).toBe(3);
  });
});
