/** A progressive JPEG gives the pixels of the sequential one with the same coefficients, whatever its decoder leaves out. */
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { openSource } from '../../src/image/open.ts';
import { plan } from '../../src/image/plan.ts';
import { resize } from '../../src/image/resize.ts';
import { forRatio, shrinkRatio } from '../../src/image/shrink-on-load.ts';
import type { ImageOptions } from '../../src/options.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const [WIDTH, HEIGHT] = [400, 300];
const pixels = Buffer.from(
  Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    return [(x * 37 + y * 17) % 256, ((x >> 4) + (y >> 3)) % 2 ? 220 : 40, (x + y) % 256];
  }).flat(),
);
const source = async (progressive: boolean, orientation = 1) => ({
  bytes: await sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .withMetadata({ orientation })
    .jpeg({ progressive })
    .toBuffer(),
  format: 'jpeg' as const,
});
const render = async (file: Awaited<ReturnType<typeof source>>, options: Partial<ImageOptions>) =>
  (await resize({ source: file, options: optionsOf({ f: 'png', ...options }), accept: undefined, limits })).data;
const ratioOf = async (options: Partial<ImageOptions>, orientation = 1) => {
  const opened = await openSource(await source(true, orientation), undefined, limits);
  const planned = plan(opened.info, optionsOf({ f: 'png', ...options }), ['png'], limits);
  const ratio = shrinkRatio(planned, opened.info);
  return { ratio, isCut: forRatio(opened, ratio).bytes.length < opened.bytes.length };
};

const OPTIONS: readonly [Partial<ImageOptions>, boolean, boolean][] = [
  [{ w: 30 }, true, true],
  [{ w: 45, h: 33, fit: 'fill' }, false, false],
  [{ w: 47 }, false, false],
  [{ w: 30, h: 30, fit: 'contain' }, true, true],
  [{ w: 30, h: 30, fit: 'cover' }, true, false],
  [{ w: 30, h: 30, fit: 'cover', a: 'attention' }, true, true],
  [{ w: 30, ro: 90 }, false, false],
  [{ w: 30, ro: 20 }, true, true],
  [{ w: 20, h: 20, fit: 'fill', cx: 0, cy: 0, cw: 300, ch: 280, precrop: true }, false, false],
  [{ w: 30, trim: 10 }, true, true],
  [{ w: 30, blur: 1, filt: 'greyscale' }, true, true],
];

describe.each(OPTIONS)('%j', (options, isCut, isCutTurned) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i', async (orientation) => {
    const [one, other] = [await source(true, orientation), await source(false, orientation)];
    expect(await render(one, options)).toEqual(await render(other, options));
    expect((await ratioOf(options, orientation)).isCut).toBe(orientation === 1 ? isCut : isCutTurned);
  });
});

test.each(['blurhash', 'thumbhash', 'lqip', 'color'] as const)('%s', async (f) => {
  for (const ro of [0, 90])
    expect(await render(await source(true), { f, ro })).toBe(await render(await source(false), { f, ro }));
});

test('the ratio is that of the side that is scaled less', async () => {
  expect((await ratioOf({ w: 40, h: 20, fit: 'fill' })).ratio).toBe(10);
  expect((await ratioOf({ w: 30, h: 10, fit: 'cover', a: 'entropy' })).ratio).toBeCloseTo(400 / 30);
});
