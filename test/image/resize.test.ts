import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { sniff } from '../../src/image/formats/sniff.ts';
import { resize } from '../../src/image/resize.ts';
import type { ImageOptions } from '../../src/options.ts';
import { createSvgPool } from '../../src/svg/pool.ts';
import { decodePixels, near } from '../pixels.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const { renderSvg } = createSvgPool(limits);
const file = (name: string) => readFileSync(new URL(`../fixtures/cases/files/${name}`, import.meta.url));
const sample = (name: string) => readFileSync(new URL(`../../src/dev/samples/${name}`, import.meta.url));

async function render(bytes: Buffer, more: Partial<ImageOptions>, accept = '*/*') {
  const options = optionsOf(more);
  const format = sniff(bytes, true);
  const job = { source: { bytes, format }, options, accept, limits };
  const { data, ...result } = format === 'svg' ? await renderSvg(job, new AbortController().signal) : await resize(job);
  if (typeof data === 'string') throw new TypeError('expected an image');
  const image = await decodePixels(data);
  expect(image).toMatchObject({ type: result.type, width: result.width, height: result.height });
  expect(image.hasMetadata).toBe(false);
  return { ...image, bytes: data.length };
}

/** Returns red | green over blue | yellow. */
const quadrants = (width: number, height: number, channels: 3 | 4 = 3) => {
  const colours = [
    [220, 30, 30, 255],
    [30, 180, 30, 255],
    [30, 30, 220, 255],
    [230, 220, 40, 255],
  ];
  const pixels = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const colour = colours[(y * 2 >= height ? 2 : 0) + (x * 2 >= width ? 1 : 0)] ?? [];
      pixels.set(colour.slice(0, channels), (y * width + x) * channels);
    }
  return sharp(pixels, { raw: { width, height, channels } });
};

describe('every format in, every format out', async () => {
  const png = await quadrants(120, 80).png().toBuffer();
  const sources = {
    jpeg: await quadrants(120, 80).jpeg().toBuffer(),
    png,
    webp: await quadrants(120, 80).webp().toBuffer(),
    gif: await quadrants(120, 80).gif().toBuffer(),
    avif: await quadrants(120, 80).avif().toBuffer(),
    tiff: await quadrants(120, 80).tiff().toBuffer(),
    svg: Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 80"><rect width="60" height="40" fill="#dc1e1e"/><rect x="60" width="60" height="40" fill="#1eb41e"/><rect y="40" width="60" height="40" fill="#1e1edc"/><rect x="60" y="40" width="60" height="40" fill="#e6dc28"/></svg>`,
    ),
  };
  const formats = ['jpg', 'png', 'webp', 'avif', 'gif'] as const;
  test.each(Object.entries(sources).flatMap(([from, bytes]) => formats.map((to) => [from, to, bytes] as const)))(
    '%s → %s',
    async (_from, f, bytes) => {
      const image = await render(bytes, { w: 60, f });
      expect([image.width, image.height]).toEqual([60, 40]);
      for (const [x, y, rgb] of [
        [0.25, 0.25, [220, 30, 30]],
        [0.75, 0.25, [30, 180, 30]],
        [0.25, 0.75, [30, 30, 220]],
        [0.75, 0.75, [230, 220, 40]],
      ] as const)
        expect(near(image.at(x, y), rgb, 20), `${image.at(x, y)} at ${x},${y}`).toBe(true);
    },
  );
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i: upright first', async (orientation) => {
  const isSideways = orientation >= 5;
  const bytes = await quadrants(120, 80)
    .withMetadata({ orientation })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .toBuffer();
  const image = await render(bytes, { w: 40, f: 'png' });
  expect([image.width, image.height]).toEqual(isSideways ? [40, 60] : [40, 27]);
  // Where the red quadrant, stored at top left, is shown (Exif 2.32, 4.6.4).
  const red =
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ][orientation - 1] ?? [];
  expect(near(image.at(0.25 + (red[0] ?? 0) / 2, 0.25 + (red[1] ?? 0) / 2), [220, 30, 30], 30)).toBe(true);
});

test('a JPEG that is shrunk on load has exact sides', async () => {
  for (const [width, height, w, expected] of [
    [500, 399, 100, 80],
    [1500, 735, 300, 147],
    [4000, 3001, 250, 188],
  ] as const) {
    const image = await render(await quadrants(width, height).jpeg().toBuffer(), { w });
    expect([image.width, image.height]).toEqual([w, expected]);
  }
});

test('no metadata is copied, not even GPS', async () => {
  const bytes = await quadrants(60, 40)
    .withExif({ IFD0: { Copyright: 'someone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
    .jpeg()
    .toBuffer();
  expect((await sharp(bytes).metadata()).exif).toBeDefined();
  for (const f of ['jpg', 'png', 'webp', 'avif'] as const) await render(bytes, { w: 30, f });
});

describe('alpha', async () => {
  const transparent = await sharp({
    create: { width: 40, height: 40, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer();
  test.each(['png', 'webp', 'avif', 'gif'] as const)('stays in %s', async (f) =>
    expect((await render(transparent, { w: 20, f })).at(0.5, 0.5)[3]).toBe(0),
  );
  test('is flattened on white in JPEG', async () =>
    expect(near((await render(transparent, { w: 20, f: 'jpg' })).at(0.5, 0.5), [255, 255, 255, 255], 2)).toBe(true));
  test('contain pads with transparency, in JPEG with white', async () => {
    const photo = await quadrants(40, 20).jpeg().toBuffer();
    const png = await render(photo, { w: 40, h: 40, fit: 'contain', f: 'png' });
    expect(png.at(0.5, 0.05)[3]).toBe(0);
    const jpg = await render(photo, { w: 160, h: 160, fit: 'contain', f: 'jpg' });
    expect(near(jpg.at(0.5, 0.05), [255, 255, 255, 255], 2)).toBe(true);
  });
});

test('cover crops to the centre', async () => {
  const image = await render(await quadrants(80, 40).png().toBuffer(), { w: 20, h: 20, fit: 'cover' });
  expect([image.width, image.height]).toEqual([20, 20]);
  expect(near(image.at(0.1, 0.1), [220, 30, 30], 5)).toBe(true);
  expect(near(image.at(0.9, 0.1), [30, 180, 30], 5)).toBe(true);
});

describe('animation', () => {
  test.each(['gif', 'webp'] as const)('stays in %s: frames, delays, loop', async (f) => {
    const source = await decodePixels(sample('banana.gif'));
    const image = await render(sample('banana.gif'), { w: 99, f });
    expect(image).toMatchObject({ width: 99, height: 105, pages: 8, loop: 0 });
    expect(image.delay).toEqual(source.delay);
  });
  test.each(['jpg', 'png', 'avif'] as const)('is its first frame in %s', async (f) =>
    expect(await render(sample('banana.gif'), { w: 99, f })).toMatchObject({ width: 99, height: 105, pages: 1 }),
  );
  test('auto is WebP where it is accepted, else GIF', async () => {
    expect((await render(sample('banana.gif'), { w: 20 }, 'image/webp')).type).toBe('image/webp');
    expect((await render(sample('banana.gif'), { w: 20 }, '*/*')).type).toBe('image/gif');
  });
  test('a delay of 0 or 10 ms becomes 100 ms, as in browsers', async () => {
    const strip = Buffer.concat([0, 120, 240].map((value) => Buffer.alloc(10 * 10 * 3, value)));
    const gif = await sharp(strip, { raw: { width: 10, height: 30, channels: 3, pageHeight: 10 } })
      .gif({ delay: [0, 10, 20], loop: 3 })
      .toBuffer();
    expect(await render(gif, { w: 5, f: 'webp' })).toMatchObject({ pages: 3, delay: [100, 100, 20], loop: 3 });
  });
  test('above the limit, frames are dropped evenly and the ones before them are shown for longer', async () => {
    const strip = Buffer.concat(Array.from({ length: 120 }, (_, i) => Buffer.alloc(10 * 10 * 3, (i * 97) % 256)));
    const gif = await sharp(strip, { raw: { width: 10, height: 1200, channels: 3, pageHeight: 10 } })
      .gif({ delay: Array.from({ length: 120 }, (_, i) => 50 + 10 * (i % 3)) })
      .toBuffer();
    const image = await render(gif, { w: 5, f: 'webp' });
    expect(image.pages).toBe(100);
    expect(image.delay?.reduce((sum, delay) => sum + delay)).toBe(120 * 60);
    for (let frame = 0; frame < 100; frame++) {
      const grey = (Math.floor(frame * 1.2) * 97) % 256;
      expect(near(image.at(0.5, 0.5, frame), [grey, grey, grey], 12), `frame ${frame}`).toBe(true);
    }
    const first = await render(gif, { w: 5, f: 'webp', n: 110, delay: 40 });
    expect([first.pages, first.delay?.reduce((sum, delay) => sum + delay)]).toEqual([100, 110 * 40]);
  });
});

test('an SVG is rendered at the size of the output, not upscaled', async () => {
  const image = await render(sample('logo.svg'), { w: 960 });
  expect(image).toMatchObject({ type: 'image/png', width: 960, height: 480 });
});

test('a lower quality has fewer bytes', async () => {
  for (const f of ['jpg', 'webp', 'avif'] as const) {
    const high = await render(sample('landscape.jpg'), { w: 300, f, q: 90 });
    const low = await render(sample('landscape.jpg'), { w: 300, f, q: 30 });
    expect(low.bytes).toBeLessThan(high.bytes * 0.6);
  }
});

test('a decompression bomb is rejected by its header', async () => {
  const started = process.cpuUsage();
  await expect(render(file('L11-bomb-19000.png'), { w: 20 })).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(200);
});
