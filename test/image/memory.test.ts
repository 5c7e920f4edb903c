import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { sniff } from '../../src/image/formats/sniff.ts';
import { decodeMemory, encodeMemory, framesMemory, isSmall } from '../../src/image/memory.ts';
import { openSource } from '../../src/image/open.ts';
import { plan } from '../../src/image/plan.ts';
import { resize } from '../../src/image/resize.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const flat = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: 'red' } });
const sourceOf = async (image: Sharp) => {
  const bytes = await image.toBuffer();
  return { bytes, format: sniff(bytes, true) };
};

/** Bytes a pixel: what a decoder was measured to hold, at least. */
test.each<[string, Sharp, number, number]>([
  ['a JPEG', flat(1000, 1000).jpeg(), 0.2, 1],
  ['a progressive JPEG', flat(1000, 1000).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }), 6.2, 7],
  ['a PNG', flat(1000, 1000).png(), 1.5, 3],
  ['an interlaced PNG', flat(1000, 1000).png({ progressive: true }), 5.6, 7],
  ['an interlaced PNG of 16 bits', flat(1000, 1000).toColourspace('rgb16').png({ progressive: true }), 7.9, 9],
  ['a WebP', flat(1000, 1000).webp({ lossless: true }), 4.1, 5],
  ['an AVIF', flat(1000, 1000).avif({ effort: 0 }), 19.8, 25],
  ['a GIF', flat(1000, 1000).gif({ effort: 1 }), 5.5, 7],
])('decoding %s', async (_, image, min, max) => {
  const opened = await openSource(await sourceOf(image), undefined, limits);
  const perPixel = decodeMemory(opened, optionsOf({ w: 10 })) / 1e6;
  expect(perPixel).toBeGreaterThanOrEqual(min);
  expect(perPixel).toBeLessThanOrEqual(max);
  expect(decodeMemory(opened, optionsOf({ w: 10, trim: 10 })) / 1e6).toBe(perPixel + 4);
});

test('the memory of an output counts all of its frames', async () => {
  const { info } = await openSource(await sourceOf(flat(100, 100).gif()), undefined, limits);
  const planned = plan(info, optionsOf({ w: 50 }), ['webp'], limits);
  expect(encodeMemory({ ...planned, pages: 10 })).toBe(10 * encodeMemory(planned));
  expect(encodeMemory(planned)).toBe(50 * 50 * 13);
});

test('frames that are scaled apart are held in memory, all of them', async () => {
  const { info } = await openSource(await sourceOf(flat(100, 80).gif()), undefined, limits);
  const planned = plan(info, optionsOf({ w: 200 }), ['webp'], limits);
  expect(framesMemory(info, planned)).toBe(0);
  expect(framesMemory({ ...info, pages: 3 }, { ...planned, pages: 3 })).toBe(3 * 100 * 80 * 4);
});

test('memory is reserved before pixels are decoded', async () => {
  const source = await sourceOf(flat(400, 300).png());
  const job = { source, options: optionsOf({ w: 100, f: 'jpg' }), accept: undefined, limits };
  const reserved: number[] = [];
  await resize(job, undefined, { reserve: async (bytes) => void reserved.push(bytes) });
  expect(reserved).toEqual([400 * 300 * 2, 100 * 75 * 11]);
  const full = new Error('full');
  await expect(resize(job, undefined, { reserve: () => Promise.reject(full) })).rejects.toBe(full);
});

test.each<[string, Sharp, Record<string, unknown>, boolean]>([
  ['a megapixel to 100 px', flat(1000, 1000).jpeg(), { w: 100 }, true],
  ['more than a megapixel', flat(1001, 1000).jpeg(), { w: 100 }, false],
  ['to more than a megapixel', flat(100, 100).png(), { w: 600, dpr: 2 }, false],
  ['as AVIF', flat(1000, 1000).jpeg(), { w: 100, f: 'avif' }, false],
  ['without loss', flat(1000, 1000).jpeg(), { w: 100, ll: true }, false],
  ['within a byte budget', flat(1000, 1000).jpeg(), { w: 100, mb: 5000 }, false],
  ['blurred', flat(1000, 1000).jpeg(), { w: 100, blur: 5 }, false],
  ['a format that may have many frames', flat(100, 100).gif(), { w: 100 }, false],
])('%s', async (_, image, options, expected) =>
  expect(isSmall(await sourceOf(image), optionsOf(options))).toBe(expected),
);
