import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { sniff } from '../../src/image/formats/sniff.ts';
import type { Frame } from '../../src/image/frames.ts';
import { choosePngSettings, isPhotograph } from '../../src/image/png-filters.ts';
import { resize } from '../../src/image/resize.ts';
import type { ImageOptions } from '../../src/options.ts';
import { optionsOf, testConfig } from '../requests.ts';

const sample = (name: string) => readFileSync(new URL(`../../src/dev/samples/${name}`, import.meta.url));
const limits = testConfig({});

const frameOf = async (bytes: Buffer, width: number): Promise<Frame> => {
  const { data, info } = await sharp(bytes)
    .resize(width)
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels as 3 | 4 };
};

/** Returns a photograph in the middle of transparency: nine tenths of its pixels are transparent. */
const cutOut = async () =>
  sharp(await sharp(sample('landscape.jpg')).resize(200).png().toBuffer())
    .ensureAlpha()
    .extend({ left: 500, right: 500, top: 100, bottom: 100, background: '#0000' })
    .png()
    .toBuffer();

/** Returns bars that resemble words; the resize softens their edges. */
const text = () =>
  sharp({ create: { width: 900, height: 700, channels: 3, background: '#fff' } })
    .composite(
      Array.from({ length: 18 }, (_, i) => ({
        input: { create: { width: 400 + ((i * 71) % 360), height: 15, channels: 3, background: '#234' } },
        left: 40 + i,
        top: i * 37 + 20,
      })),
    )
    .png()
    .toBuffer();

const flat = (alpha: number) => ({
  create: { width: 40, height: 30, channels: 4 as const, background: { r: 9, g: 8, b: 7, alpha } },
});

test.each<[string, () => Buffer | Promise<Buffer>, boolean]>([
  ['a photograph', () => sample('landscape.jpg'), true],
  ['a portrait photograph', () => sample('turned.jpg'), true],
  ['a WebP photograph', () => sample('cat.webp'), true],
  ['a cut-out', cutOut, true],
  ['lines of text', text, false],
  ['a cartoon', () => sample('banana.gif'), false],
  ['one colour', () => sharp(flat(1)).png().toBuffer(), false],
  ['full transparency', () => sharp(flat(0)).png().toBuffer(), false],
])('isPhotograph: %s', async (_what, bytes, expected) => {
  const source = await bytes();
  for (const width of [180, 320]) expect(isPhotograph(await frameOf(source, width))).toBe(expected);
});

test('an image of one pixel has no neighbours', () => {
  expect(isPhotograph({ data: Buffer.from([1, 2, 3]), width: 1, height: 1, channels: 3 })).toBe(false);
});

test('requested level and filters are kept', async () => {
  const photograph = await frameOf(sample('landscape.jpg'), 120);
  const lineArt = await frameOf(await text(), 120);
  expect(choosePngSettings({ af: false }, photograph)).toEqual({ af: true, l: 2 });
  expect(choosePngSettings({ af: false }, lineArt)).toEqual({ af: false, l: 6 });
  for (const frame of [photograph, lineArt]) {
    expect(choosePngSettings({ af: true }, frame)).toEqual({ af: true, l: 6 });
    expect(choosePngSettings({ af: true, l: 9 }, frame)).toEqual({ af: true, l: 9 });
    expect(choosePngSettings({ af: false, l: 0 }, frame)).toEqual({ af: false, l: 0 });
    expect(choosePngSettings({ af: false, l: 6 }, frame)).toEqual({ af: false, l: 6 });
  }
});

test('thin lines on transparency are no photograph', async () => {
  const width = 300;
  const rings = Buffer.alloc(width * width * 4);
  for (let i = 0; i < width * width; i++) {
    const distance = Math.hypot((i % width) - 150, Math.floor(i / width) - 150) % 12;
    rings[i * 4 + 3] = Math.round(255 * Math.max(0, 1 - Math.abs(distance - 6)));
  }
  const frame = { data: rings, width, height: width, channels: 4 as const };
  expect(isPhotograph(frame)).toBe(false);
});

const render = async (bytes: Buffer, options: Partial<ImageOptions>) => {
  const format = sniff(bytes, true);
  const job = {
    source: { bytes, format },
    options: optionsOf({ w: 320, f: 'png', ...options }),
    accept: undefined,
    limits,
  };
  return (await resize(job)).data as Buffer;
};

test.each(['landscape.jpg', 'turned.jpg', 'cat.webp'])('%s: a smaller PNG with the same pixels', async (name) => {
  const source = sample(name);
  const [filtered, plain] = [await render(source, {}), await render(source, { l: 6 })];
  expect(filtered.length).toBeLessThan(plain.length * 0.85);
  expect(await sharp(filtered).raw().toBuffer()).toEqual(await sharp(plain).raw().toBuffer());
});

test('a cartoon gets no filters', async () => {
  const source = sample('banana.gif');
  expect((await render(source, {})).equals(await render(source, { l: 6 }))).toBe(true);
  expect((await render(source, { af: true })).length).toBeGreaterThan((await render(source, {})).length);
});

test('only the first 16,384 pixels of a row are sampled', () => {
  const noise = Buffer.from(Array.from({ length: 16_384 * 3 }, (_, i) => (i * 7919) & 255));
  const data = Buffer.concat([noise, Buffer.alloc(100_000 * 3)]);
  expect(isPhotograph({ data, width: 116_384, height: 1, channels: 3 })).toBe(true);
});
