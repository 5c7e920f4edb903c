import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { sniff } from '../../src/image/formats/sniff.ts';
import { candidateFormats } from '../../src/image/negotiate.ts';
import { openSource } from '../../src/image/open.ts';
import { plan } from '../../src/image/plan.ts';
import { estimateWork } from '../../src/image/work.ts';
import type { ImageOptions } from '../../src/options.ts';
import { testConfig as limitsOf, optionsOf } from '../requests.ts';

const limits = limitsOf({});
const flat = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#369' }, limitInputPixels: false });
const photo = flat(6000, 4000).jpeg();
const small = flat(1000, 1000).jpeg();

async function estimate(image: Sharp, options: Partial<ImageOptions>) {
  const bytes = await image.toBuffer();
  const source = { bytes, format: sniff(bytes, true) };
  const opened = await openSource(source, undefined, limits);
  const requested = optionsOf({ w: 100, f: 'webp', ...options });
  const formats = candidateFormats(requested.f, source.format, undefined, false);
  return estimateWork(opened, requested, plan(opened.info, requested, formats, limits));
}

test.each<[string, Sharp, Partial<ImageOptions>, boolean]>([
  ['a photograph of 24 megapixels at the width of a page', photo, { w: 640 }, true],
  ['the same, large', photo, { w: 3000 }, false],
  ['the same, progressive: it is held in memory', flat(6000, 4000).jpeg({ progressive: true }), { w: 640 }, false],
  ['a PNG of a megapixel', flat(1000, 1000).png(), {}, true],
  ['an animation of some frames', flat(100, 100).gif(), {}, true],
  ['an AVIF of a megapixel', flat(1000, 1000).avif({ effort: 0 }), {}, true],
  ['an AVIF of four megapixels', flat(2000, 2000).avif({ effort: 0 }), {}, false],
  ['a small AVIF as output', small, { w: 400, f: 'avif' }, true],
  ['a large AVIF as output', small, { w: 1000, f: 'avif' }, false],
  ['a lossless WebP of a megapixel', small, { w: 1000, ll: true }, false],
  ['a large blur', small, { w: 4000, blur: 50 }, false],
  ['several encodes', small, { mb: 5000 }, false],
  ['an output whose size is not known before', small, { trim: 10 }, false],
])('%s: short is %#', async (_, image, options, isShort) => {
  expect((await estimate(image, options)).isShort).toBe(isShort);
});

test('without a plan, the decode counts', async () => {
  const of = async (image: Sharp) => {
    const bytes = await image.toBuffer();
    const opened = await openSource({ bytes, format: sniff(bytes, true) }, undefined, limits);
    return estimateWork(opened, optionsOf({ f: 'blurhash' }), undefined).isShort;
  };
  expect([await of(small), await of(flat(4000, 4000).png())]).toEqual([true, false]);
});
