import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { encoderBytes, maxFramesByMemory, maxPixelsByMemory } from '../../src/image/encoder-memory.ts';
import { sniff } from '../../src/image/formats/sniff.ts';
import type { Source } from '../../src/image/job.ts';
import { decodeMemory, encodeMemory } from '../../src/image/memory.ts';
import { openSource } from '../../src/image/open.ts';
import { plan } from '../../src/image/plan.ts';
import { resize } from '../../src/image/resize.ts';
import type { ImageOptions } from '../../src/options.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const flat = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: { r: 200, g: 30, b: 90, alpha: 0.5 } } });
const square = (channels?: 3 | 4) => flat(2000, 2000, channels);
const deep = (image: Sharp) => image.toColourspace('rgb16');
const sourceOf = async (image: Sharp): Promise<Source> => {
  const bytes = await image.toBuffer();
  const format = sniff(bytes, true);
  if (format === 'bmp' || format === 'ico') throw new Error('sharp writes neither');
  return { bytes, format };
};
/** Encodes an AVIF with more bits than sharp's own options allow. */
const avifOf = (bits: 10 | 12) => {
  const image = square().avif({ effort: 0 });
  Object.assign((image as unknown as { options: object }).options, { heifBitdepth: bits });
  return image;
};

async function planned(image: Sharp, options: Partial<ImageOptions>) {
  const opened = await openSource(await sourceOf(image), undefined, limits);
  const requested = optionsOf({ f: 'webp', ...options });
  return { opened, requested, plan: plan(opened.info, requested, ['webp'], limits) };
}

/**
 * Bytes a pixel. The minimum was measured as the peak of resident memory at 4000 × 4000 pixels, rows included: the largest of a
 * photograph with all kinds of sampling. No estimate is far above it, where images are common.
 */
test.each<[string, Sharp, Partial<ImageOptions>, number, number]>([
  ['a JPEG', square().jpeg(), {}, 0.1, 0.5],
  ['a JPEG, turned', square().jpeg(), { ro: 90 }, 3.3, 4],
  ['a progressive JPEG', square().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }), {}, 6.1, 7],
  ['a progressive JPEG in CMYK', square().toColourspace('cmyk').jpeg({ progressive: true }), {}, 8.2, 9],
  ['a PNG', square().png(), {}, 1.1, 2],
  ['a PNG with alpha', square(4).png(), {}, 1.7, 2.5],
  ['a PNG with alpha, turned', square(4).png(), { ro: 270 }, 4.5, 7],
  ['a PNG of 16 bits', deep(square()).png(), {}, 2.5, 4],
  ['an interlaced PNG', square().png({ progressive: true }), {}, 3.7, 5],
  ['an interlaced PNG of 16 bits with alpha', deep(square(4)).png({ progressive: true }), {}, 10.4, 13],
  ['the same, turned', deep(square(4)).png({ progressive: true }), { ro: 90 }, 16, 21],
  ['a WebP', square().webp({ lossless: true }), {}, 4.1, 5],
  ['a WebP with alpha, cropped', square(4).webp(), { cx: 1, cy: 1, cw: 9, ch: 9, precrop: true }, 9.2, 10],
  ['a WebP with alpha, turned', square(4).webp(), { ro: 90 }, 12.3, 14],
  ['an AVIF', square().avif({ effort: 0 }), {}, 19.8, 22],
  ['an AVIF of 10 bits', avifOf(10), {}, 25.8, 28],
  ['an AVIF of 12 bits', avifOf(12), {}, 25.8, 28],
  ['a GIF', square().gif({ effort: 1 }), {}, 5.2, 7.5],
  ['a TIFF of one tile', square().tiff(), {}, 7.8, 10],
])('decoding %s', async (_, image, options, min, max) => {
  const { opened, requested, plan: asPlanned } = await planned(image, { w: 10, ...options });
  const perPixel = decodeMemory(opened, requested, asPlanned) / 4e6;
  expect(perPixel).toBeGreaterThanOrEqual(min);
  expect(perPixel).toBeLessThanOrEqual(max);
});

test.each<[string, Sharp, number]>([
  ['a JPEG', square().jpeg(), 6.3],
  ['a PNG with alpha', square(4).png(), 8.4],
  ['a PNG of 16 bits with alpha', deep(square(4)).png(), 12.3],
  ['a WebP with alpha', square(4).webp(), 12.3],
])('trimming %s', async (_, image, measured) => {
  const opened = await openSource(await sourceOf(image), undefined, limits);
  expect(decodeMemory(opened, optionsOf({ w: 10, trim: 10 })) / 4e6).toBeGreaterThanOrEqual(measured);
});

/** Measured in megabytes, to 320 px. */
test.each<[string, Sharp, number, number]>([
  ['450 rows', flat(100_000, 450, 4).png(), 359, 450],
  ['10 rows', flat(65_536, 10, 4).png(), 66, 100],
  ['16 bits', deep(flat(50_000, 900, 4)).png(), 414, 450],
  ['a GIF', flat(65_000, 700).gif({ effort: 1 }), 413, 510],
])('rows of wide images: %s', async (_, image, min, max) => {
  const opened = await openSource(await sourceOf(image), undefined, limits);
  const bytes = decodeMemory(opened, optionsOf({ w: 320 }));
  expect(bytes / 1e6).toBeGreaterThanOrEqual(min);
  expect(bytes / 1e6).toBeLessThanOrEqual(max);
});

/** Measured with 50 frames of a megapixel, in bytes for each of their pixels. */
test('all frames of a WebP are decoded at once, and twice if they are turned; of a GIF, one', async () => {
  const { opened, requested, plan: still } = await planned(flat(100, 100, 4).webp(), { w: 100 });
  const animated = { ...still, pages: 50, readPages: 50 };
  const perPixel = (of: typeof still) => decodeMemory(opened, requested, of) / (50 * 100 * 100);
  expect(perPixel(animated)).toBeGreaterThanOrEqual(4.2);
  expect(perPixel({ ...animated, quarterTurns: 1 })).toBeGreaterThanOrEqual(8);
  const gif = await planned(flat(100, 100).gif(), { w: 100 });
  expect(decodeMemory(gif.opened, requested, animated)).toBe(decodeMemory(gif.opened, requested, still));
});

test('frames that are cropped are held, all that are read at once', async () => {
  const { opened, requested, plan: still } = await planned(flat(1000, 800).gif(), { w: 1000 });
  const bytesOf = (more: Partial<typeof still>) => decodeMemory(opened, requested, { ...still, ...more });
  const rect = { left: 0, top: 0, width: 1000, height: 100 };
  const frame = 1000 * 800 * 4;
  const animated = { pages: 40, readPages: 40 };
  expect(bytesOf({ ...animated, cover: rect })).toBe(bytesOf(animated) + 40 * frame);
  expect(bytesOf({ ...animated, preCrop: rect, scaled: rect })).toBe(bytesOf(animated) + 40 * frame);
  // In runs: those of a run before and after the crop.
  const cropped = { preCrop: rect, scaled: { width: 500, height: 50 }, pages: 90, readPages: 90 };
  expect(bytesOf(cropped)).toBe(bytesOf({}) + 62 * (frame + 500 * 100 * 4));
});

/** The maximum of a photograph and of noise, in bytes a pixel, but for WebP without alpha. */
test.each([
  ['jpg', {}, 7],
  ['png', {}, 5],
  ['tiff', {}, 5.8],
  ['webp', {}, 6.4],
  ['webp', { hasAlpha: true }, 38.9],
  ['webp', { ll: true }, 41.6],
  ['avif', {}, 23.7],
  ['avif', { hasAlpha: true }, 41.7],
  ['avif', { ll: true }, 59.1],
  ['avif', { ll: true, hasAlpha: true }, 77.5],
  ['gif', {}, 15.4],
] as const)('encoding %s %j', (format, options, measured) => {
  const bytes = encoderBytes(format, { ll: false, hasAlpha: false, ...options }, 'low');
  expect(bytes).toBeGreaterThanOrEqual(measured);
  expect(bytes).toBeLessThanOrEqual(measured * 1.6);
});

test('a GIF at full effort takes more', () =>
  expect(encoderBytes('gif', { ll: false, hasAlpha: false }, 'full')).toBeGreaterThanOrEqual(37.9));

test('a frame whose encoder would take too much memory is not encoded', () => {
  expect(maxPixelsByMemory('webp', { ll: false, hasAlpha: true })).toBeCloseTo(7_142_857, -2);
  expect(maxPixelsByMemory('avif', { ll: true, hasAlpha: true })).toBeCloseTo(3_846_153, -2);
  for (const format of ['jpg', 'png', 'tiff', 'webp'] as const)
    expect(maxPixelsByMemory(format, { ll: false, hasAlpha: false })).toBeGreaterThan(limits.resultMaxPixels);
});

test('frames of an animation are limited by memory too', () => {
  const options = { ll: false, hasAlpha: false };
  expect(maxFramesByMemory(500_000, 'webp', options)).toBeGreaterThan(100);
  expect(maxFramesByMemory(3_000_000, 'webp', options)).toBe(18);
  expect(maxFramesByMemory(25_000_000, 'webp', options)).toBe(0);
});

test('the memory of an output counts all of its frames, twice with effects, and one encoder', async () => {
  const { opened, requested, plan: still } = await planned(flat(100, 100).jpeg(), { w: 100 });
  const size = 100 * 100;
  expect(encodeMemory(opened, still, requested)).toBe(size * (4 + 9));
  expect(encodeMemory(opened, { ...still, hasAlpha: true }, requested)).toBe(size * (4 + 42));
  expect(encodeMemory(opened, { ...still, pages: 10 }, requested)).toBe(size * (40 + 9));
  expect(encodeMemory(opened, { ...still, pages: 10 }, { ...requested, blur: 1 })).toBe(size * (80 + 9));
  // Scaled one by one: one frame at a time is read and written.
  const turned = { ...still, pages: 10, quarterTurns: 1 };
  expect(encodeMemory(opened, turned, requested)).toBe(size * (40 + 8 + 9));
  expect(encodeMemory(opened, turned, { ...requested, blur: 1 })).toBe(size * (40 + 8 + 9));
  expect(encodeMemory(opened, still, { ...requested, meta: 'keep' })).toBe(size * (8 + 9));
  const box = { left: 0, top: 0, width: 100, height: 100 };
  expect(encodeMemory(opened, { ...still, border: box }, requested)).toBe(size * (8 + 9));
  expect(encodeMemory(opened, { ...still, contain: box }, requested)).toBe(size * (4 + 9));
  expect(encodeMemory(opened, { ...still, contain: box }, { ...requested, cbg: 'blur' })).toBe(size * (8 + 9));
  expect(encodeMemory(opened, { ...still, contain: box, pages: 10 }, requested)).toBe(size * (80 + 9));
  const cropped = { ...still, height: 10, postCrop: { ...box, height: 10 } };
  expect(encodeMemory(opened, cropped, requested)).toBe(size * 8 + (size / 10) * 9);
  expect(encodeMemory(opened, { ...cropped, pages: 10 }, requested)).toBe((size / 10) * (40 + 9) + size * 8);
});

test('memory is reserved before pixels are decoded: once, or again when a trimmed size is known', async () => {
  const source = await sourceOf(flat(400, 400).png());
  const reservedFor = async (options: Partial<ImageOptions>) => {
    const job = { source, options: optionsOf({ w: 100, ...options }), accept: undefined, limits };
    const reserved: number[] = [];
    const reserve = async (bytes: number) => void reserved.push(bytes);
    await resize(job, undefined, { begin: ({ bytes }) => reserve(bytes), reserve });
    const full = new Error('full');
    if (reserved.length) await expect(resize(job, undefined, { begin: () => Promise.reject(full) })).rejects.toBe(full);
    return reserved;
  };
  const decode = 400 * 3 * 900;
  expect(await reservedFor({ f: 'jpg' })).toEqual([decode + 100 * 100 * 11]);
  expect(await reservedFor({ f: 'jpg', trim: 10 })).toEqual([decode + 400 * 400 * 7, 100 * 100 * 11]);
  expect(await reservedFor({ f: 'color' })).toEqual([decode]);
  expect(await reservedFor({ f: 'json' })).toEqual([]);
});
