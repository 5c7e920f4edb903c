/** Copies of sources: when they are made, and that pictures of them are right. */
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { createDownscaledSources, type DownscaledSources } from '../../src/image/downscaled-sources.ts';
import { sniff } from '../../src/image/formats/sniff.ts';
import { resize } from '../../src/image/resize.ts';
import type { ImageOptions } from '../../src/options.ts';
import { look, near } from '../pixels.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const make = (bytes: Buffer, copies: DownscaledSources, more: Partial<ImageOptions>) => {
  const source = { bytes, format: sniff(bytes, true) };
  copies.countUse(source);
  return resize({ source, options: optionsOf({ f: 'png', ...more }), accept: undefined, limits }, copies);
};

/** Red | green over blue | yellow, with a little noise, so that there are data to damage. */
async function quadrants(width: number, height: number) {
  const colours = ['dc1e1e', '1eb41e', '1e1edc', 'e6dc28'].map((hex) => `#${hex}`);
  const [w, h] = [width / 2, height / 2];
  const input = await Promise.all(
    colours.map(async (background, i) => ({
      input: await sharp({ create: { width: w, height: h, channels: 3, background } })
        .png()
        .toBuffer(),
      left: (i % 2) * w,
      top: i > 1 ? h : 0,
    })),
  );
  return sharp({ create: { width, height, channels: 3, background: '#000' } }).composite(input);
}
const large = await quadrants(2000, 1200);
/** A source of its own: copies are known by it. */
const jpeg = (image = large) => image.clone().jpeg({ quality: 95 }).toBuffer();

/** Nothing can be read of it from now on, but for its header. */
const damage = (bytes: Buffer) => bytes.fill(0xff, bytes.indexOf(Buffer.from([0xff, 0xda])) + 20);
const isRight = (picture: Awaited<ReturnType<typeof look>>) =>
  near(picture.at(0.2, 0.2), [220, 30, 30], 6) &&
  near(picture.at(0.8, 0.2), [30, 180, 30], 6) &&
  near(picture.at(0.2, 0.8), [30, 30, 220], 6) &&
  near(picture.at(0.8, 0.8), [230, 220, 40], 6);

describe('when', () => {
  test('the second time a copy is made, the third it is enough', async () => {
    const [bytes, copies] = [await jpeg(), createDownscaledSources(50e6)];
    const alone = await make(bytes, createDownscaledSources(0), { w: 300 });
    const first = await make(bytes, copies, { w: 300 });
    expect((first.data as Buffer).equals(alone.data as Buffer)).toBe(true);
    await make(bytes, copies, { w: 400 });
    damage(bytes);
    const third = await make(bytes, copies, { w: 640, l: 6 });
    const picture = await look(third.data as Buffer);
    expect([picture.width, picture.height, isRight(picture)]).toEqual([640, 384, true]);
    expect(Object.keys(third.timings ?? {})).toEqual(['resize']);
  });

  test('of those that wait for their turn the first makes it for all', async () => {
    const [bytes, copies] = [await jpeg(), createDownscaledSources(50e6)];
    const widths = [320, 640, 960, 1280, 1600];
    const made = await Promise.all(widths.map((w) => make(bytes, copies, { w })));
    expect(made.map(({ width }) => width)).toEqual(widths);
    for (const { data } of made) expect(isRight(await look(data as Buffer))).toBe(true);
    damage(bytes);
    expect(isRight(await look((await make(bytes, copies, { w: 500 })).data as Buffer))).toBe(true);
  });

  test('the oldest goes when there is no more room', async () => {
    const sources = [await jpeg(), await jpeg(), await jpeg()];
    // A copy is of 1600 × 960 pixels: there is room for two.
    const copies = createDownscaledSources(2.5 * (1600 * 960 * 3 + 100_000));
    for (const bytes of sources) {
      await make(bytes, copies, { w: 300 });
      await make(bytes, copies, { w: 301 });
    }
    for (const bytes of sources) damage(bytes);
    const [oldest, ...others] = sources;
    for (const bytes of others) await make(bytes, copies, { w: 302 });
    await expect(make(oldest as Buffer, copies, { w: 302 })).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });

  test('what does not decode has no copy, and is asked of the source again', async () => {
    const [bytes, copies] = [await jpeg(), createDownscaledSources(50e6)];
    const right = Buffer.from(bytes);
    damage(bytes);
    for (const w of [300, 301, 302])
      await expect(make(bytes, copies, { w })).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
    right.copy(bytes);
    expect(isRight(await look((await make(bytes, copies, { w: 303 })).data as Buffer))).toBe(true);
  });

  test.each([
    ['a cut before scaling', { precrop: true, cx: 10, cy: 10, cw: 500, ch: 500, w: 200 }],
    ['a searched crop', { w: 200, h: 200, fit: 'cover', a: 'attention' }],
    ['a quarter turned', { w: 200, ro: 90 }],
    ['more than the copy has', { w: 1700 }],
    ['an edge taken off', { w: 200, trim: 10 }],
  ] as const)('%s is of the source', async (_name, options) => {
    const [bytes, copies] = [await jpeg(), createDownscaledSources(50e6)];
    for (const w of [300, 301]) await make(bytes, copies, { w });
    damage(bytes);
    await expect(make(bytes, copies, options)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });

  test.each([
    [1600, 'of a copy'],
    [1700, 'of the source'],
  ])('with alpha, %i pixels wide: %s', async (width, from) => {
    const bytes = await (await quadrants(width, 800)).ensureAlpha(0.5).png().toBuffer();
    const copies = createDownscaledSources(50e6);
    for (const w of [300, 301]) await make(bytes, copies, { w });
    bytes.fill(0xff, 100);
    const third = make(bytes, copies, { w: 302 });
    if (from === 'of a copy') expect((await third).width).toBe(302);
    else await expect(third).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });

  test('a WebP whose copy is not quite of its ratio', async () => {
    const bytes = await (await quadrants(2000, 1998)).webp({ effort: 0 }).toBuffer();
    const copies = createDownscaledSources(50e6);
    for (const w of [300, 301]) await make(bytes, copies, { w });
    const one = await make(bytes, copies, { w: 1450 });
    expect(await sharp(one.data as Buffer).metadata()).toMatchObject({ width: 1450, height: 1449 });
    const cut = await make(bytes, copies, { w: 1450, h: 1400, fit: 'cover', a: 'bottom' });
    expect(await sharp(cut.data as Buffer).metadata()).toMatchObject({ width: 1450, height: 1400 });
  });

  test('a small source has none', async () => {
    const [bytes, copies] = [await jpeg(await quadrants(1000, 900)), createDownscaledSources(50e6)];
    for (const w of [300, 301]) await make(bytes, copies, { w });
    damage(bytes);
    await expect(make(bytes, copies, { w: 302 })).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });
});

describe('the same picture', () => {
  /** How far apart the values of channels are between a picture of the source and one of its copy: at most, and on average. */
  async function difference(bytes: Buffer, more: Partial<ImageOptions>) {
    const copies = createDownscaledSources(50e6);
    for (const w of [300, 301]) await make(bytes, copies, { w });
    const [direct, copied] = [await make(bytes, createDownscaledSources(0), more), await make(bytes, copies, more)];
    expect([copied.width, copied.height, copied.type]).toEqual([direct.width, direct.height, direct.type]);
    const [a, b] = await Promise.all(
      [direct, copied].map(({ data }) =>
        sharp(data as Buffer)
          .raw()
          .toBuffer(),
      ),
    );
    let [most, sum] = [0, 0];
    for (const [i, value] of (a as Buffer).entries()) {
      const apart = Math.abs(value - ((b as Buffer)[i] ?? 0));
      most = Math.max(most, apart);
      sum += apart;
    }
    return { most, mean: sum / (a as Buffer).length };
  }
  /** Smooth, so that only what is wrong makes a difference. */
  const gradient = (channels: 3 | 4) => {
    const [width, height] = channels === 4 ? [1600, 1000] : [2000, 1200];
    const data = Buffer.alloc(width * height * channels);
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        data[at++] = (x * 255) / width;
        data[at++] = (y * 255) / height;
        data[at++] = 90;
        if (channels === 4) data[at++] = 255 - (x * 200) / width;
      }
    return sharp(data, { raw: { width, height, channels } });
  };
  test.each([
    ['JPEG', () => gradient(3).jpeg({ quality: 100 })],
    ['progressive JPEG', () => gradient(3).jpeg({ quality: 100, progressive: true })],
    ['JPEG turned by EXIF', () => gradient(3).withMetadata({ orientation: 6 }).jpeg({ quality: 100 })],
    ['Display P3', () => gradient(3).withIccProfile('p3').jpeg({ quality: 100 })],
    ['CMYK', () => gradient(3).toColourspace('cmyk').jpeg({ quality: 100 })],
    ['grey JPEG', () => gradient(3).greyscale().jpeg({ quality: 100 })],
    ['PNG with alpha', () => gradient(4).png({ compressionLevel: 1 })],
    ['WebP with alpha', () => gradient(4).webp({ lossless: true, effort: 0 })],
    ['AVIF', () => gradient(3).avif({ quality: 90, effort: 0 })],
  ])('%s', async (_name, image) => {
    const bytes = await image().toBuffer();
    const queries = [
      { w: 500 },
      { w: 400, h: 400, fit: 'cover', a: 'right' },
      { w: 400, h: 400, fit: 'contain', cbg: 'ffff0000' },
      { w: 300, flop: true, f: 'jpg', q: 100 },
    ] as const;
    for (const query of queries) {
      const { most, mean } = await difference(bytes, query);
      // Colours at the edge of sRGB, and under little alpha, are rounded by more.
      expect(most).toBeLessThan(20);
      expect(mean).toBeLessThan(1.5);
    }
  });
});
