/** BMP of every kind, written by `encode-bmp.ts`: each pixel of the output is that of the image. */
import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { bmpSize, parseBmp } from '../../../src/image/formats/bmp-header.ts';
import { resize } from '../../../src/image/resize.ts';
import { optionsOf, testConfig } from '../../requests.ts';
import { type BmpOptions, encodeBmp, type Rgba, type TestImage } from './encode-bmp.ts';

const limits = testConfig();
const [WIDTH, HEIGHT] = [37, 21];
const photo: TestImage = {
  width: WIDTH,
  height: HEIGHT,
  at: (x, y) => [x * 6 + 10, y * 10 + 20, (x * y) % 256, x < 5 ? 0 : x < 10 ? 128 : 255],
};
/** An image of so many colours; the first one is black. */
const colours = (count: number): TestImage => ({
  width: WIDTH,
  height: HEIGHT,
  at: (x, y) => {
    const i = (Math.floor(x / 3) + y) % count;
    return [(i * 40) % 256, (i * 243) % 256, (i * 90) % 256, 255];
  },
});

const render = (bytes: Buffer, options: Parameters<typeof optionsOf>[0] = {}) =>
  resize({
    source: { bytes, format: 'bmp' },
    options: optionsOf({ w: '100%', f: 'png', ...options }),
    accept: undefined,
    limits,
  });

/** Decodes to RGBA. */
async function decode(bytes: Buffer) {
  const { data } = await render(bytes);
  const raw = await sharp(data as Buffer)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { ...raw, channels: (await sharp(data as Buffer).metadata()).channels };
}

/** Compares all pixels with those of the image, each channel within a tolerance; colours of transparent pixels do not count. */
async function expectPixels(bytes: Buffer, image: TestImage, pixelOf: (pixel: Rgba) => Rgba, tolerance: number) {
  const { data, info } = await decode(bytes);
  expect([info.width, info.height]).toEqual([image.width, image.height]);
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < image.width; x++) {
      const at = (y * image.width + x) * 4;
      const expected = pixelOf(image.at(x, y));
      const [alpha = 0] = data.subarray(at + 3, at + 4);
      const isAlike = expected.every(
        (value, i) => (alpha === 0 && i < 3) || Math.abs(value - (data[at + i] ?? 0)) <= tolerance,
      );
      if (!isAlike) expect([x, y, ...data.subarray(at, at + 4)]).toEqual([x, y, ...expected]);
    }
}

const opaque = ([red, green, blue]: Rgba): Rgba => [red, green, blue, 255];
const withAlpha = (pixel: Rgba): Rgba => pixel;
const RGB565 = [0xf800, 0x7e0, 0x1f];
const ARGB4444 = [0xf00, 0xf0, 0xf, 0xf000];
const ARGB1555 = [0x7c00, 0x3e0, 0x1f, 0x8000];
const RGBA8888 = [0xff, 0xff00, 0xff0000, 0xff000000];

describe('pixels', () => {
  test.each<[string, BmpOptions, TestImage?]>([
    ...[12, 16, 24, 36, 40, 42, 46, 52, 56, 60, 64, 108, 124].flatMap((header) =>
      [1, 4, 8].map((bits): [string, BmpOptions, TestImage] => [
        `${bits} bits, header of ${header} bytes`,
        { header, bits },
        colours(Math.min(2 ** bits, 8)),
      ]),
    ),
    ['2 bits', { bits: 2 }, colours(4)],
    ...[12, 16, 40, 64, 108].map((header): [string, BmpOptions] => [
      `24 bits, header of ${header} bytes`,
      { header, bits: 24 },
    ]),
    ['32 bits whose fourth byte is anything', { bits: 32, fourth: (alpha) => 255 - alpha }],
    ['32 bits in a V3 header without masks', { header: 56, bits: 32 }],
    ['a gap before the pixels', { bits: 8, gap: 33 }, colours(8)],
    ...(['runs', 'absolute', 'deltas'] as const).flatMap((rle) =>
      [false, true].flatMap((isTopDown): [string, BmpOptions, TestImage][] => [
        [`RLE8 by ${rle}, top-down: ${isTopDown}`, { bits: 8, rle, isTopDown }, colours(8)],
        [`RLE4 by ${rle}, top-down: ${isTopDown}`, { bits: 4, rle, isTopDown }, colours(8)],
        [`RLE24 by ${rle}, top-down: ${isTopDown}`, { bits: 24, header: 64, rle, isTopDown }, colours(8)],
      ]),
    ),
    ...[1, 4, 8, 24, 32].map((bits): [string, BmpOptions, TestImage] => [
      `${bits} bits, top-down`,
      { bits, isTopDown: true },
      colours(2),
    ]),
  ])('%s', async (_, options, image = photo) => {
    const bytes = encodeBmp(image, options);
    await expectPixels(bytes, image, opaque, 0);
    expect((await decode(bytes)).channels).toBe(3);
    expect(bmpSize(bytes)).toEqual({ width: WIDTH, height: HEIGHT });
  });

  // The tolerance is half a step of the fewest bits.
  test.each<[string, BmpOptions, (pixel: Rgba) => Rgba, number]>([
    ['16 bits: 555', { bits: 16 }, opaque, 5],
    ['16 bits: 565', { bits: 16, masks: RGB565 }, opaque, 5],
    ['16 bits: 565 in a V4 header', { header: 108, bits: 16, masks: RGB565 }, opaque, 5],
    ['16 bits: 4444', { header: 56, bits: 16, masks: ARGB4444 }, withAlpha, 9],
    ['16 bits: 4444 by BI_ALPHABITFIELDS', { bits: 16, masks: ARGB4444, compression: 6 }, withAlpha, 9],
    ['16 bits: 4444 without a place for alpha', { bits: 16, masks: ARGB4444 }, opaque, 9],
    ['16 bits: 1555', { header: 124, bits: 16, masks: ARGB1555 }, ([r, g, b, a]) => [r, g, b, a < 128 ? 0 : 255], 5],
    ['32 bits: RGBA', { header: 124, bits: 32, masks: RGBA8888 }, withAlpha, 0],
    ['32 bits: RGBA, top-down', { header: 108, bits: 32, masks: RGBA8888, isTopDown: true }, withAlpha, 0],
    ['32 bits: RGBA in a V2 header', { header: 52, bits: 32, masks: RGBA8888 }, opaque, 0],
    [
      '32 bits without masks, but for alpha, in a V4 header',
      { header: 108, bits: 32, masks: [0xff0000, 0xff00, 0xff, 0xff000000], compression: 0 },
      withAlpha,
      0,
    ],
    ['32 bits: 10 of a colour', { header: 108, bits: 32, masks: [0x3ff00000, 0xffc00, 0x3ff] }, opaque, 1],
    ['32 bits: 7 of a colour', { header: 108, bits: 32, masks: [0x7f, 0x3f80, 0x1fc000, 0xfe000000] }, withAlpha, 1],
    ['32 bits: 12, 8 and 12', { bits: 32, masks: [0xfff00000, 0xff000, 0xfff] }, opaque, 1],
    ['32 bits without green', { bits: 32, masks: [0xff0000, 0, 0xff] }, ([r, , b]) => [r, 0, b, 255], 0],
  ])('%s', (_, options, pixelOf, tolerance) => expectPixels(encodeBmp(photo, options), photo, pixelOf, tolerance));

  test('one bit of each colour', () =>
    expectPixels(
      encodeBmp(photo, { bits: 16, masks: [4, 2, 1] }),
      photo,
      ([r, g, b]) => [Math.round(r / 255) * 255, Math.round(g / 255) * 255, Math.round(b / 255) * 255, 255],
      0,
    ));

  test('colours that the palette does not have are black', () =>
    expectPixels(
      encodeBmp(colours(8), { bits: 8, coloursUsed: 5 }),
      colours(8),
      (pixel) => ([0, 40, 80, 120, 160].includes(pixel[0]) ? opaque(pixel) : [0, 0, 0, 255]),
      0,
    ));
});

describe('transparency', () => {
  const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
  const auto = async (bytes: Buffer, accept?: string) =>
    (
      await resize({
        source: { bytes, format: 'bmp' },
        options: optionsOf({ w: 20 }),
        accept,
        limits,
      })
    ).type;
  test('an alpha channel of opaque pixels is none', async () => {
    const bytes = encodeBmp({ ...photo, at: (x, y) => opaque(photo.at(x, y)) }, { header: 124, bits: 32, masks });
    expect((await decode(bytes)).channels).toBe(3);
  });
  test('an alpha channel that is 0 everywhere is transparent, as in Chromium', async () => {
    const bytes = encodeBmp({ ...photo, at: () => [9, 9, 9, 0] }, { header: 124, bits: 32, masks });
    expect((await decode(bytes)).data.every((value, i) => i % 4 < 3 || value === 0)).toBe(true);
  });
  test('the format under auto', async () => {
    const [plain, transparent] = [encodeBmp(photo, { bits: 24 }), encodeBmp(photo, { header: 124, bits: 32, masks })];
    expect(await auto(plain)).toBe('image/png');
    expect(await auto(plain, 'image/webp')).toBe('image/webp');
    expect(await auto(transparent)).toBe('image/png');
    expect(await auto(transparent, 'image/webp')).toBe('image/webp');
    expect((await render(transparent, { f: 'jpg' })).type).toBe('image/jpeg');
  });
});

test('an embedded profile is applied, a damaged one is not', async () => {
  const plain = { ...photo, at: (): Rgba => [200, 40, 40, 255] };
  const p3 = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#c82828' } })
    .withIccProfile('p3')
    .png()
    .toBuffer();
  const { icc = Buffer.alloc(0) } = await sharp(p3).metadata();
  const [red = 0, green = 0] = (await decode(encodeBmp(plain, { header: 124, bits: 24, icc }))).data;
  // Display P3 is wider: its red is more than sRGB has.
  expect(red).toBeGreaterThan(212);
  expect(green).toBeLessThan(35);
  const damaged = encodeBmp(plain, { header: 124, bits: 24, icc: Buffer.alloc(300, 7) });
  expect([...(await decode(damaged)).data.subarray(0, 4)]).toEqual([200, 40, 40, 255]);
});

test('metadata, crops, rotation and trim', async () => {
  const bytes = encodeBmp(photo, { bits: 24 });
  expect(JSON.parse(String((await render(bytes, { f: 'json' })).data))).toMatchObject({
    format: 'bmp',
    bytes: bytes.length,
    width: WIDTH,
    height: HEIGHT,
    pages: 1,
    alpha: false,
    channels: 3,
    space: 'srgb',
    depth: 'uchar',
  });
  expect(await render(bytes, { w: '50%' })).toMatchObject({ width: 19, height: 11 });
  expect(await render(bytes, { ro: 90 })).toMatchObject({ width: HEIGHT, height: WIDTH });
  expect(await render(bytes, { cx: 5, cy: 5, cw: 10, ch: 10, precrop: true })).toMatchObject({ width: 10, height: 10 });
  const framed = {
    ...photo,
    at: (x: number, y: number): Rgba => (x > 9 && x < 20 && y > 4 && y < 12 ? [255, 0, 0, 255] : [9, 9, 9, 255]),
  };
  expect(await render(encodeBmp(framed, { bits: 8 }), { trim: 10 })).toMatchObject({ width: 10, height: 7 });
  expect(await render(bytes, { f: 'color' })).toMatchObject({ data: expect.stringMatching(/^#/) });
  expect(await render(bytes, { meta: 'keep', f: 'jpg' })).toMatchObject({ width: WIDTH });
});

test.each([true, false])('rows that are missing are transparent; top-down: %s', async (isTopDown) => {
  for (const options of [
    { bits: 24 },
    { header: 124, bits: 32, masks: [0xff0000, 0xff00, 0xff, 0xff000000] },
    { bits: 8 },
  ]) {
    const image = options.bits === 8 ? colours(8) : photo;
    const bytes = encodeBmp(image, { ...options, isTopDown });
    const start = bytes.readUInt32LE(10);
    const cut = bytes.subarray(0, start + Math.floor((bytes.length - start) * 0.6));
    expect((await render(cut)).isTruncated).toBe(true);
    const missing = Math.ceil(HEIGHT * 0.4);
    const { data } = await decode(cut);
    for (let y = 0; y < HEIGHT; y++) {
      const isMissing = isTopDown ? y >= HEIGHT - missing : y < missing;
      const alpha = options.header ? image.at(8, y)[3] : 255;
      expect(data[(y * WIDTH + 8) * 4 + 3]).toBe(isMissing ? 0 : alpha);
    }
  }
  expect((await render(encodeBmp(photo, { bits: 24 }))).isTruncated).toBeFalsy();
});

describe('what is refused', () => {
  const good = encodeBmp(photo, { bits: 24 });
  const change = (at: number, value: number, bytes = good) => {
    const copy = Buffer.from(bytes);
    copy.writeInt32LE(value, at);
    return copy;
  };
  test.each<[string, Buffer, string, string?]>([
    ['JPEG inside', encodeBmp(photo, { bits: 24, compression: 4 }), 'SOURCE_UNSUPPORTED', 'JPEG'],
    ['PNG inside', encodeBmp(photo, { bits: 24, compression: 5 }), 'SOURCE_UNSUPPORTED', 'PNG'],
    ['Huffman', encodeBmp(colours(2), { header: 64, bits: 1, compression: 3 }), 'SOURCE_UNSUPPORTED', 'Huffman'],
    ['CMYK', encodeBmp(photo, { bits: 32, compression: 11 }), 'SOURCE_UNSUPPORTED', 'CMYK'],
    ['an unknown compression', encodeBmp(photo, { bits: 24, compression: 99 }), 'IMAGE_CORRUPT'],
    ['masks of 24 bits', encodeBmp(photo, { bits: 24, compression: 3 }), 'IMAGE_CORRUPT'],
    ['7 bits', change(26, 7 * 65_536 + 1), 'IMAGE_CORRUPT'],
    ['a mask in parts', encodeBmp(photo, { bits: 32, masks: [0xf0f000, 0xff00, 0xff] }), 'IMAGE_CORRUPT'],
    ['a mask beyond a pixel', encodeBmp(photo, { bits: 16, masks: [0xf00000, 0xff00, 0xff] }), 'IMAGE_CORRUPT'],
    ['no width', change(18, 0), 'IMAGE_CORRUPT'],
    ['a negative width', change(18, -WIDTH), 'IMAGE_CORRUPT'],
    ['no height', change(22, 0), 'IMAGE_CORRUPT'],
    ['an unknown header', change(14, 41), 'IMAGE_CORRUPT'],
    ['a header that is cut short', good.subarray(0, 40), 'IMAGE_CORRUPT'],
    ['a part of the first row', good.subarray(0, 140), 'IMAGE_CORRUPT'],
    ['RLE that is cut short', encodeBmp(colours(8), { bits: 8, rle: 'runs' }).subarray(0, -20), 'IMAGE_CORRUPT'],
    ['an offset beyond the file', change(10, 1_000_000), 'IMAGE_CORRUPT'],
    ['too many pixels', change(18, 1_000_000), 'IMAGE_TOO_LARGE'],
    ['the lowest height', change(22, -(2 ** 31)), 'IMAGE_TOO_LARGE'],
    ['a side that is too long', change(18, 120_000, change(22, 1)), 'IMAGE_TOO_LARGE'],
  ])('%s', async (_, bytes, code, message = '') => {
    await expect(render(bytes)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('not the padding of the last row, and no end of RLE after the last pixel', async () => {
    await expectPixels(good.subarray(0, -1), photo, opaque, 0);
    await expectPixels(encodeBmp(colours(8), { bits: 8, rle: 'runs' }).subarray(0, -4), colours(8), opaque, 0);
  });
  test('not an offset of pixels that is missing', () => expectPixels(change(10, 0), photo, opaque, 0));
  test('a place and memory are waited for before pixels are decoded, after the limits', async () => {
    const works: unknown[] = [];
    const job = (bytes: Buffer, w: number) => ({
      source: { bytes, format: 'bmp' as const },
      options: optionsOf({ w, f: 'png' }),
      accept: undefined,
      limits,
    });
    const begin = async (work: unknown) => void works.push(work);
    await resize(job(good, 9), undefined, { begin });
    expect(works).toEqual([{ isShort: true, bytes: WIDTH * HEIGHT * 4 }]);
    const wide = encodeBmp({ width: 5000, height: 2, at: () => [0, 0, 0, 255] }, { bits: 8, rle: 'runs' });
    wide.writeInt32LE(5000, 22);
    const reserved: number[] = [];
    await resize(job(wide, 9), undefined, { begin, reserve: async (bytes) => void reserved.push(bytes) });
    expect(works[1]).toEqual({ isShort: false, bytes: 5000 * 5000 * 4 });
    expect(reserved[0]).toBeGreaterThan(0);
    const full = new Error('full');
    await expect(resize(job(good, 9), undefined, { begin: () => Promise.reject(full) })).rejects.toBe(full);
  });
});

test('runs beyond a row end there, deltas beyond the image end it', async () => {
  const file = (codes: readonly number[]) => {
    const head = encodeBmp(
      { width: 4, height: 2, at: (x): Rgba => (x ? [255, 255, 255, 255] : [0, 0, 0, 255]) },
      { bits: 8, rle: 'runs' },
    );
    return Buffer.concat([head.subarray(0, head.readUInt32LE(10)), Buffer.from(codes)]);
  };
  const rows = async (codes: readonly number[]) => {
    const { data } = await decode(file(codes));
    return [0, 1].map((y) => [0, 1, 2, 3].map((x) => (data[(y * 4 + x) * 4] ? 1 : 0)).join(''));
  };
  expect(await rows([9, 1, 0, 0, 2, 1, 0, 1])).toEqual(['1100', '1111']);
  expect(await rows([0, 5, 0, 1, 0, 1, 1, 0, 0, 0, 4, 1, 0, 1])).toEqual(['1111', '0101']);
  expect(await rows([0, 1])).toEqual(['0000', '0000']);
  expect(await rows([0, 2, 1, 1, 2, 1, 0, 1])).toEqual(['0110', '0000']);
  expect(await rows([4, 1, 0, 2, 200, 200])).toEqual(['0000', '1111']);
  await expect(decode(file([4, 1, 0, 0]))).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
});

test('no prefix of a header is an error of another kind', () => {
  for (const header of [12, 40, 64, 124])
    for (const bytes of [encodeBmp(photo, { header, bits: 24 }), encodeBmp(colours(2), { header, bits: 1 })])
      for (let length = 0; length < 200; length++) {
        const part = bytes.subarray(0, length);
        bmpSize(part);
        for (const isIcon of [true, false])
          try {
            parseBmp(part, isIcon);
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^(?:IMAGE_CORRUPT|SOURCE_UNSUPPORTED)$/) });
          }
      }
});

const fixtures = new URL('../../fixtures/', import.meta.url);
test.each(
  ['cases/files/', 'wild/'].flatMap((folder) =>
    readdirSync(new URL(folder, fixtures))
      .filter((name) => name.endsWith('.bmp'))
      .map((name) => folder + name),
  ),
)('%s', async (path) => {
  const { width, height } = await render(readFileSync(new URL(path, fixtures)));
  expect(width).toBeGreaterThan(0);
  expect(height).toBeGreaterThan(0);
});
