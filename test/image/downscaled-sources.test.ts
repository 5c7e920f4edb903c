/** The cache of downscaled sources: when it is used, and that images rendered from it are the same. */
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { createDownscaledSources, type DownscaledSources } from '../../src/image/downscaled-sources.ts';
import { sniff } from '../../src/image/formats/sniff.ts';
import { resize } from '../../src/image/resize.ts';
import type { ImageOptions } from '../../src/options.ts';
import { decodePixels, near } from '../pixels.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const render = (bytes: Buffer, cache: DownscaledSources, options: Partial<ImageOptions>) => {
  const source = { bytes, format: sniff(bytes, true) };
  cache.countUse(source);
  return resize({ source, options: optionsOf({ f: 'png', ...options }), accept: undefined, limits }, cache);
};

/** Returns red | green over blue | yellow. */
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
/** Returns a new buffer at each call: sources are cached by their buffer. */
const jpeg = (image = large) => image.clone().jpeg({ quality: 95 }).toBuffer();

/** Damages all but the header of a JPEG, so that it no longer decodes. */
const damage = (bytes: Buffer) => bytes.fill(0xff, bytes.indexOf(Buffer.from([0xff, 0xda])) + 20);
const isRight = (image: Awaited<ReturnType<typeof decodePixels>>) =>
  near(image.at(0.2, 0.2), [220, 30, 30], 6) &&
  near(image.at(0.8, 0.2), [30, 180, 30], 6) &&
  near(image.at(0.2, 0.8), [30, 30, 220], 6) &&
  near(image.at(0.8, 0.8), [230, 220, 40], 6);

describe('use of the cache', () => {
  test('the second request downscales the source, the third does not decode it', async () => {
    const [bytes, cache] = [await jpeg(), createDownscaledSources(50e6)];
    const uncached = await render(bytes, createDownscaledSources(0), { w: 300 });
    const first = await render(bytes, cache, { w: 300 });
    expect((first.data as Buffer).equals(uncached.data as Buffer)).toBe(true);
    await render(bytes, cache, { w: 400 });
    damage(bytes);
    const third = await render(bytes, cache, { w: 640, l: 6 });
    const image = await decodePixels(third.data as Buffer);
    expect([image.width, image.height, isRight(image)]).toEqual([640, 384, true]);
    expect(Object.keys(third.timings ?? {})).toEqual(['resize']);
  });

  test('concurrent requests share one downscaled source', async () => {
    const [bytes, cache] = [await jpeg(), createDownscaledSources(50e6)];
    const widths = [320, 640, 960, 1280, 1600];
    const images = await Promise.all(widths.map((w) => render(bytes, cache, { w })));
    expect(images.map(({ width }) => width)).toEqual(widths);
    for (const { data } of images) expect(isRight(await decodePixels(data as Buffer))).toBe(true);
    damage(bytes);
    expect(isRight(await decodePixels((await render(bytes, cache, { w: 500 })).data as Buffer))).toBe(true);
  });

  test('a request does not fail because the client of another one has left', async () => {
    const [bytes, cache] = [await jpeg(), createDownscaledSources(50e6)];
    await render(bytes, cache, { w: 300 });
    const source = { bytes, format: 'jpeg' as const };
    cache.countUse(source);
    const job = { source, options: optionsOf({ w: 400, f: 'png' }), accept: undefined, limits };
    const [left, stayed] = await Promise.allSettled([
      resize(job, cache, { signal: AbortSignal.abort() }),
      resize(job, cache, { signal: new AbortController().signal }),
    ]);
    expect(left).toMatchObject({ status: 'rejected', reason: { code: 'SOURCE_TIMEOUT' } });
    expect(stayed).toMatchObject({ status: 'fulfilled', value: { width: 400 } });
  });

  test('the least recently used source is evicted when the cache is full', async () => {
    const sources = [await jpeg(), await jpeg(), await jpeg()];
    // A downscaled source has 1600 × 960 pixels: two fit.
    const cache = createDownscaledSources(2.5 * (1600 * 960 * 3 + 100_000));
    for (const bytes of sources) {
      await render(bytes, cache, { w: 300 });
      await render(bytes, cache, { w: 301 });
    }
    for (const bytes of sources) damage(bytes);
    const [oldest, ...others] = sources;
    for (const bytes of others) await render(bytes, cache, { w: 302 });
    await expect(render(oldest as Buffer, cache, { w: 302 })).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });

  test('a source that does not decode is not cached, and is decoded again', async () => {
    const [bytes, cache] = [await jpeg(), createDownscaledSources(50e6)];
    const intact = Buffer.from(bytes);
    damage(bytes);
    for (const w of [300, 301, 302])
      await expect(render(bytes, cache, { w })).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
    intact.copy(bytes);
    expect(isRight(await decodePixels((await render(bytes, cache, { w: 303 })).data as Buffer))).toBe(true);
  });

  test.each([
    ['a pre-crop', { precrop: true, cx: 10, cy: 10, cw: 500, ch: 500, w: 200 }],
    ['a smart crop', { w: 200, h: 200, fit: 'cover', a: 'attention' }],
    ['a rotation by 90°', { w: 200, ro: 90 }],
    ['an output larger than the downscaled source', { w: 1700 }],
    ['a trim', { w: 200, trim: 10 }],
  ] as const)('%s is rendered from the source', async (_name, options) => {
    const [bytes, cache] = [await jpeg(), createDownscaledSources(50e6)];
    for (const w of [300, 301]) await render(bytes, cache, { w });
    damage(bytes);
    await expect(render(bytes, cache, options)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });

  test.each([
    [1600, 'from the downscaled source'],
    [1700, 'from the source'],
  ])('with alpha, %i pixels wide: %s', async (width, from) => {
    const bytes = await (await quadrants(width, 800)).ensureAlpha(0.5).png().toBuffer();
    const cache = createDownscaledSources(50e6);
    for (const w of [300, 301]) await render(bytes, cache, { w });
    bytes.fill(0xff, 100);
    const third = render(bytes, cache, { w: 302 });
    if (from === 'from the downscaled source') expect((await third).width).toBe(302);
    else await expect(third).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });

  test('a WebP whose downscaled source has a slightly different aspect ratio', async () => {
    const bytes = await (await quadrants(2000, 1998)).webp({ effort: 0 }).toBuffer();
    const cache = createDownscaledSources(50e6);
    for (const w of [300, 301]) await render(bytes, cache, { w });
    const scaled = await render(bytes, cache, { w: 1450 });
    expect(await sharp(scaled.data as Buffer).metadata()).toMatchObject({ width: 1450, height: 1449 });
    const cropped = await render(bytes, cache, { w: 1450, h: 1400, fit: 'cover', a: 'bottom' });
    expect(await sharp(cropped.data as Buffer).metadata()).toMatchObject({ width: 1450, height: 1400 });
  });

  test('a small source is not downscaled', async () => {
    const [bytes, cache] = [await jpeg(await quadrants(1000, 900)), createDownscaledSources(50e6)];
    for (const w of [300, 301]) await render(bytes, cache, { w });
    damage(bytes);
    await expect(render(bytes, cache, { w: 302 })).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });
});

describe('the same image', () => {
  /** Returns the maximum and mean difference of channel values between an image from the source and one from the cache. */
  async function difference(bytes: Buffer, options: Partial<ImageOptions>) {
    const cache = createDownscaledSources(50e6);
    for (const w of [300, 301]) await render(bytes, cache, { w });
    const [direct, cached] = [
      await render(bytes, createDownscaledSources(0), options),
      await render(bytes, cache, options),
    ];
    expect([cached.width, cached.height, cached.type]).toEqual([direct.width, direct.height, direct.type]);
    const [a, b] = await Promise.all(
      [direct, cached].map(({ data }) =>
        sharp(data as Buffer)
          .raw()
          .toBuffer(),
      ),
    );
    let [max, sum] = [0, 0];
    for (const [i, value] of (a as Buffer).entries()) {
      const delta = Math.abs(value - ((b as Buffer)[i] ?? 0));
      max = Math.max(max, delta);
      sum += delta;
    }
    return { max, mean: sum / (a as Buffer).length };
  }
  /** Returns a smooth image, in which only errors make a difference. */
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
    ['JPEG with EXIF orientation', () => gradient(3).withMetadata({ orientation: 6 }).jpeg({ quality: 100 })],
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
      const { max, mean } = await difference(bytes, query);
      // Colours at the edge of sRGB, and under low alpha, are rounded by more.
      expect(max).toBeLessThan(20);
      expect(mean).toBeLessThan(1.5);
    }
  });
});
