/** An image at its own size takes one encode, whatever its source. */
import { readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sniff } from '../../src/image/formats/sniff.ts';
import type { Job } from '../../src/image/job.ts';
import { type OpenedSource, openSource } from '../../src/image/open.ts';
import type { Plan } from '../../src/image/plan.ts';
import { resize } from '../../src/image/resize.ts';
import { unchangedSource } from '../../src/image/unchanged-source.ts';
import type { ImageOptions } from '../../src/options.ts';
import { decodePixels } from '../pixels.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
const { width: w } = await sharp(photo).metadata();
/** A disc that fades out: its alpha plane is what libwebp's effort 6 searches exhaustively. */
const disc = Buffer.alloc(200 * 200 * 4);
for (let i = 0; i < 200 * 200; i++)
  disc.set([0, 102, 204, Math.max(0, 255 - Math.hypot((i % 200) - 100, Math.floor(i / 200) - 100) * 2.6)], i * 4);
const logo = sharp(disc, { raw: { width: 200, height: 200, channels: 4 } });
/** Three frames of two greys at random, which GIF holds in a bit per pixel, and WebP does not. */
const frames = Buffer.alloc(3 * 40 * 40 * 3);
for (let i = 0, seed = 1; i < frames.length; i += 3) {
  seed = (seed * 16_807) % 2_147_483_647;
  frames.fill(Math.floor(i / 4800) * 60 + (seed % 1000 < 500 ? 0 : 60), i, i + 3);
}
const animated = sharp(frames, { raw: { width: 40, height: 120, channels: 3, pageHeight: 40 } });
const timing = { delay: [40, 200, 77], loop: 3 };
const animation = await animated.clone().gif(timing).toBuffer();

const outputs: (string | undefined)[] = [];
beforeEach(() => {
  outputs.length = 0;
  const original = sharp.prototype.toBuffer;
  vi.spyOn(sharp.prototype, 'toBuffer').mockImplementation(function (this: Sharp, ...args) {
    outputs.push(Reflect.get(this, 'options').formatOut);
    return Reflect.apply(original, this, args);
  });
});
afterEach(() => vi.restoreAllMocks());
const encodes = () => outputs.filter((format) => format !== 'raw');

async function render(bytes: Buffer, options: Partial<ImageOptions>, accept = 'image/webp') {
  outputs.length = 0;
  return resize({ source: { bytes, format: sniff(bytes, true) }, options: optionsOf(options), accept, limits });
}

describe('one encode', async () => {
  test.each([
    ['a PNG logo with a palette', () => logo.clone().png({ palette: true }).toBuffer(), 200, 'webp'],
    ['a WebP with alpha', () => logo.clone().webp({ quality: 5 }).toBuffer(), 200, 'webp'],
    ['a WebP of low quality', () => sharp(photo).webp({ quality: 1 }).toBuffer(), w, 'webp'],
    ['a JPEG of quality 1', () => sharp(photo).jpeg({ quality: 1 }).toBuffer(), w, 'webp'],
    ['a JPEG of quality 50', () => sharp(photo).jpeg({ quality: 50 }).toBuffer(), w, 'webp'],
    ['an animated GIF', () => Promise.resolve(animation), 40, 'webp'],
    ['a GIF as PNG', () => logo.clone().gif().toBuffer(), 200, 'png'],
  ] as const)('%s', async (_name, source, width, f) => {
    const bytes = await source();
    await render(bytes, { w: width, f: f === 'png' ? f : 'auto' });
    expect(encodes()).toEqual([f]);
    await render(bytes, { w: width, f });
    expect(encodes()).toEqual([f]);
  });
});

test('an animation keeps its delays and its loop at its own size', async () => {
  const { data } = await render(animation, { w: 40, f: 'webp' });
  // Larger than its source: here another encoder was tried, which forgot them.
  expect(data.length).toBeGreaterThan(animation.length);
  // GIF counts hundredths of a second.
  expect(await decodePixels(data as Buffer)).toMatchObject({ pages: 3, delay: [40, 200, 80], loop: 3 });
  const webp = await animated
    .clone()
    .webp({ ...timing, quality: 1 })
    .toBuffer();
  const again = await render(webp, { w: 40, f: 'webp' });
  expect(again.data.length).toBeLessThanOrEqual(webp.length);
  expect(await decodePixels(again.data as Buffer)).toMatchObject({ pages: 3, ...timing });
});

test('a JPEG of low quality is encoded at its own, and is not larger than it', async () => {
  for (const quality of [20, 40, 60]) {
    const bytes = await sharp(photo).jpeg({ quality }).toBuffer();
    const output = await render(bytes, { w, f: 'webp' });
    expect([output.encoder, output.quality]).toEqual(['quality', quality]);
    expect(output.data.length).toBeLessThanOrEqual(bytes.length);
  }
});

test('one of ordinary quality is encoded at the requested one', async () => {
  for (const quality of [70, 80, 95]) {
    const bytes = await sharp(photo).jpeg({ quality }).toBuffer();
    const [own, other] = [await render(bytes, { w, f: 'webp' }), await render(bytes, { w, f: 'webp', q: 79 })];
    expect([own.encoder, own.quality, other.encoder]).toEqual([undefined, undefined, undefined]);
  }
});

test('an SVG is not compared with its output', async () => {
  const size = { width: 100, height: 100 };
  const source = { bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), format: 'svg' as const, size };
  const opened: OpenedSource = await openSource(source, undefined, limits);
  const job: Job = { source, options: optionsOf({ w: 100 }), accept: undefined, limits };
  const plan: Partial<Plan> = { ...size, pages: 1, quarterTurns: 0, angle: 0 };
  expect(unchangedSource(job, opened, plan as Plan, ['webp', 'png'])).toBeUndefined();
});
