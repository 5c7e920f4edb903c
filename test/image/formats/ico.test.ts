/** ICO and CUR: the image that fits an output best, masks, PNG inside. */
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { chooseImage, iconSize, imageByPage, largestImage, readIcon } from '../../../src/image/formats/ico.ts';
import { resize } from '../../../src/image/resize.ts';
import { optionsOf, testConfig } from '../../requests.ts';
import { encodeBmp, encodeIcon, type Rgba, type TestImage } from './encode-bmp.ts';

const limits = testConfig();
const RED: Rgba = [255, 0, 0, 255];
const CLEAR: Rgba = [0, 0, 0, 0];

/** A square of one colour, whose left quarter is transparent. */
const square = (side: number, colour: Rgba = RED, height = side): TestImage => ({
  width: side,
  height,
  at: (x) => (x < side / 4 ? CLEAR : colour),
});
const bmp = (side: number, bits = 32, colour: Rgba = RED, height = side) => ({
  bytes: encodeBmp(square(side, colour, height), { bits, isIcon: true }),
  width: side,
  height,
  bits,
});
async function png(side: number, [r, g, b, alpha]: Rgba = RED) {
  const image = sharp({
    create: { width: side, height: side, channels: 4, background: { r, g, b, alpha: alpha / 255 } },
  });
  return { bytes: await image.png().toBuffer(), width: side, height: side };
}
const render = (bytes: Buffer, options: Parameters<typeof optionsOf>[0] = {}, accept?: string) =>
  resize({ source: { bytes, format: 'ico' }, options: optionsOf({ f: 'png', ...options }), accept, limits });
const pixelsOf = async (bytes: Buffer, options: Parameters<typeof optionsOf>[0] = {}) => {
  const { data } = await render(bytes, options);
  return sharp(data as Buffer)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
};
const pixelAt = async (
  bytes: Buffer,
  x: number,
  y: number,
  options: Parameters<typeof optionsOf>[0] = { w: '100%' },
) => {
  const { data, info } = await pixelsOf(bytes, options);
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 4;
  return [...data.subarray(at, at + 4)];
};

/** An icon of four sizes, each in a colour of its own. */
const COLOURS: Readonly<Record<number, Rgba>> = {
  16: [200, 0, 0, 255],
  32: [0, 200, 0, 255],
  48: [0, 0, 200, 255],
  256: [200, 200, 0, 255],
};
const favicon = encodeIcon([
  bmp(32, 32, COLOURS[32]),
  bmp(16, 8, COLOURS[16]),
  await png(256, COLOURS[256]),
  bmp(48, 24, COLOURS[48]),
]);

describe('the image that fits best', () => {
  test.each([
    [{ w: 8 }, 16],
    [{ w: 16 }, 16],
    [{ w: 17 }, 32],
    [{ w: 32 }, 32],
    [{ w: 16, dpr: 2 }, 32],
    [{ w: 33 }, 48],
    [{ h: 40 }, 48],
    [{ w: 180 }, 256],
    [{ w: 400 }, 256],
    [{ w: 400, we: true }, 256],
    [{ w: '50%' }, 256],
    [{ w: '10%' }, 32],
    [{ w: 40, h: 20, fit: 'cover' }, 48],
    [{ w: 40, h: 20, fit: 'contain' }, 32],
    [{ w: 20, ro: 90 }, 32],
    [{ w: 10, precrop: true, cx: 0, cy: 0, cw: 128, ch: 128 }, 256],
    [{ w: 10, trim: 10 }, 256],
    [{ w: 100, page: 0 }, 32],
    [{ w: 100, page: 1 }, 16],
    [{ w: 100, page: 9 }, 48],
    [{ w: 100, page: -1 }, 256],
    [{ w: 100, page: -2 }, 16],
  ] as const)('%j: of %d px', async (options, side) => {
    const pixel = await pixelAt(favicon, 0.6, 0.5, options);
    for (const [i, value] of (COLOURS[side] ?? []).entries()) expect(Math.abs(value - (pixel[i] ?? 0))).toBeLessThan(5);
  });

  test('percentages and metadata are those of the largest image', async () => {
    expect(await render(favicon, { w: '10%' })).toMatchObject({ width: 26, height: 26 });
    expect(JSON.parse(String((await render(favicon, { f: 'json' })).data))).toMatchObject({
      format: 'ico',
      bytes: favicon.length,
      width: 256,
      height: 256,
      pages: 4,
    });
    expect(JSON.parse(String((await render(favicon, { f: 'json', page: 1 })).data))).toMatchObject({
      width: 16,
      alpha: true,
    });
    expect(await render(favicon, { w: '100%', page: 1 })).toMatchObject({ width: 16, height: 16 });
    expect(iconSize(favicon)).toEqual({ width: 256, height: 256 });
  });

  test('of equal sizes the one with most bits, of other shapes none', async () => {
    const images = readIcon(encodeIcon([bmp(16, 4), bmp(16, 32), bmp(16, 8), bmp(64, 24, RED, 32), bmp(64, 24)]));
    expect(chooseImage(images, { width: 10, height: 10 }).bitCount).toBe(32);
    expect(chooseImage(images, { width: 20, height: 20 })).toMatchObject({ width: 64, height: 64 });
    expect(largestImage(images)).toMatchObject({ width: 64, height: 64 });
    expect(imageByPage(images, -2).bitCount).toBe(32);
  });

  test('the size of an image counts, not that in the directory', async () => {
    const wrong = encodeIcon([
      { ...bmp(48), width: 16, height: 16 },
      { ...(await png(512)), width: 0, height: 0 },
    ]);
    expect(readIcon(wrong).map(({ width }) => width)).toEqual([48, 512]);
    expect(await render(wrong, { w: '100%' })).toMatchObject({ width: 512 });
  });

  test('the placeholders', async () => {
    expect((await render(favicon, { f: 'color' })).data).toMatch(/^#c8c80/);
    expect((await render(favicon, { f: 'lqip' })).data).toMatch(/^data:image\/webp/);
  });
});

describe('transparency', () => {
  test.each([1, 2, 4, 8, 16, 24])('by the mask of %d bits', async (bits) => {
    const icon = encodeIcon([bmp(24, bits)]);
    expect((await pixelAt(icon, 0.1, 0.5))[3]).toBe(0);
    expect(await pixelAt(icon, 0.5, 0.5)).toEqual([255, 0, 0, 255]);
    expect(await pixelAt(icon, 0.99, 0.01)).toEqual([255, 0, 0, 255]);
  });
  const icon32 = (options: Partial<Parameters<typeof encodeBmp>[1]>, alpha: Rgba = CLEAR) => {
    const image = { ...square(24), at: (x: number) => (x < 6 ? alpha : RED) };
    return encodeIcon([{ bytes: encodeBmp(image, { bits: 32, isIcon: true, ...options }), width: 24, height: 24 }]);
  };
  test('by an alpha channel, whatever the mask says', async () => {
    expect(await pixelAt(icon32({}, [255, 0, 0, 130]), 0.1, 0.5)).toEqual([255, 0, 0, 130]);
    expect((await pixelAt(icon32({ fourth: () => 255 }), 0.1, 0.5))[3]).toBe(255);
    expect((await pixelAt(icon32({ hasMask: false }), 0.1, 0.5))[3]).toBe(0);
    const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
    expect((await pixelAt(icon32({ header: 124, masks }), 0.1, 0.5))[3]).toBe(0);
  });
  test('by the mask where all alpha is 0; without it, opaque', async () => {
    expect((await pixelAt(icon32({ fourth: () => 0 }), 0.1, 0.5))[3]).toBe(0);
    expect(await pixelAt(icon32({ fourth: () => 0 }), 0.5, 0.5)).toEqual([255, 0, 0, 255]);
    expect((await pixelAt(icon32({ fourth: () => 0, hasMask: false }), 0.1, 0.5))[3]).toBe(255);
  });
  test('of an opaque icon there is none', async () => {
    const plain = { width: 20, height: 20, at: () => RED };
    const icon = encodeIcon([{ bytes: encodeBmp(plain, { bits: 24, isIcon: true }), width: 20, height: 20 }]);
    expect((await render(icon, { w: 20, f: 'auto' })).type).toBe('image/png');
    expect(await sharp((await render(icon, { w: 20 })).data as Buffer).metadata()).toMatchObject({ hasAlpha: false });
  });
});

test('a cursor, sides that are no multiple of 8, RLE and a header of OS/2', async () => {
  const cursor = encodeIcon([bmp(32, 1)], 2);
  expect((await pixelAt(cursor, 0.1, 0.5))[3]).toBe(0);
  expect(await pixelAt(cursor, 0.5, 0.5)).toEqual([255, 0, 0, 255]);
  const odd = encodeIcon([bmp(17, 24, RED, 23)]);
  expect(await render(odd, { w: '100%' })).toMatchObject({ width: 17, height: 23 });
  expect(await pixelAt(odd, 0.99, 0.01)).toEqual([255, 0, 0, 255]);
  const plain = { width: 20, height: 20, at: () => RED };
  for (const options of [{ rle: 'runs' as const }, { header: 12 }]) {
    const icon = encodeIcon([
      { bytes: encodeBmp(plain, { bits: 8, isIcon: true, ...options }), width: 20, height: 20 },
    ]);
    expect(await pixelAt(icon, 0.5, 0.5)).toEqual([255, 0, 0, 255]);
  }
});

describe('PNG inside', () => {
  test('of any colour type, and returned as it is where an output would be larger', async () => {
    const noise = Buffer.from(Array.from({ length: 64 * 64 }, (_, i) => (i * 7919) % 251));
    const image = sharp(noise, { raw: { width: 64, height: 64, channels: 1 } });
    for (const bytes of [
      await image.clone().png({ palette: true, colours: 200 }).toBuffer(),
      await image.clone().toColourspace('b-w').png({ compressionLevel: 9 }).toBuffer(),
    ]) {
      const icon = encodeIcon([{ bytes, width: 64, height: 64 }]);
      const { data, width } = await render(icon, { w: 64, f: 'auto' });
      expect(width).toBe(64);
      expect(data.length).toBeLessThanOrEqual(bytes.length);
    }
  });
  test('its limits are those of every PNG', async () => {
    const { bytes } = await png(64);
    const huge = Buffer.from(bytes);
    huge.writeUInt32BE(60_000, 16);
    huge.writeUInt32BE(60_000, 20);
    await expect(render(encodeIcon([{ bytes: huge, width: 0, height: 0 }]), { w: 16 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
    });
    const cut = encodeIcon([{ bytes: bytes.subarray(0, 60), width: 64, height: 64 }]);
    await expect(render(cut, { w: 16 })).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });
});

describe('damaged icons', () => {
  test('lengths in the directory do not count', async () => {
    for (const length of [0, 1, 0xffffffff]) {
      const icon = Buffer.from(favicon);
      for (let i = 0; i < 4; i++) icon.writeUInt32LE(length, 6 + 16 * i + 8);
      expect(await pixelAt(icon, 0.5, 0.5, { w: 180 })).toEqual([...(COLOURS[256] ?? [])]);
      expect(await pixelAt(icon, 0.5, 0.5, { w: 32 })).toEqual([...(COLOURS[32] ?? [])]);
    }
  });
  test('an image that cannot be read is left out', async () => {
    const icon = encodeIcon([bmp(16), { bytes: Buffer.from('<html>'), width: 0, height: 0 }, bmp(32)]);
    expect(readIcon(icon).map(({ width }) => width)).toEqual([16, 32]);
    expect(await render(icon, { w: 64 })).toMatchObject({ width: 64 });
    const beyond = Buffer.from(icon);
    beyond.writeUInt32LE(icon.length + 1, 6 + 12);
    beyond.writeUInt32LE(3, 6 + 16 + 12);
    expect(readIcon(beyond).map(({ width }) => width)).toEqual([32]);
  });
  test.each([
    ['no image that can be read', encodeIcon([{ bytes: Buffer.alloc(100), width: 16, height: 16 }]), 'IMAGE_CORRUPT'],
    ['a directory that is cut short', favicon.subarray(0, 10), 'IMAGE_CORRUPT'],
    ['pixels that are cut short', encodeIcon([bmp(48)]).subarray(0, 2000), 'IMAGE_CORRUPT'],
    ['too many images', encodeIcon(Array.from({ length: 257 }, () => bmp(1, 1))), 'IMAGE_TOO_LARGE'],
  ])('%s', async (_, bytes, code) => {
    await expect(render(bytes, { w: 16 })).rejects.toMatchObject({ code });
  });
  test('no prefix of a file is an error of another kind', async () => {
    const icon = encodeIcon([bmp(16), await png(20), bmp(32, 4)]);
    for (let length = 0; length < icon.length; length += 5) {
      const part = icon.subarray(0, length);
      expect([undefined, 32]).toContain(iconSize(part)?.width);
      if (length % 50 === 0)
        await render(part, { w: 8 }).catch((error) => expect(error).toMatchObject({ code: 'IMAGE_CORRUPT' }));
    }
  });
});
