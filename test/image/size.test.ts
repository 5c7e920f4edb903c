import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { resize } from '../../src/image/resize.ts';
import { cropRect, devicePixels, gravityRect, outputSize, rotatedSize, toBox } from '../../src/image/size.ts';
import type { ImageOptions } from '../../src/options.ts';
import { optionsOf, testConfig } from '../requests.ts';

const jpeg = (width: number, height: number, orientation: number) =>
  sharp({ create: { width, height, channels: 3, background: '#888' } })
    .withMetadata({ orientation })
    .jpeg()
    .toBuffer();
/** Each stored upright, and stored sideways with an EXIF orientation. */
const images = {
  landscape: Promise.all([jpeg(400, 300, 1), jpeg(300, 400, 6)]),
  portrait: Promise.all([jpeg(300, 400, 1), jpeg(400, 300, 8)]),
};

describe('outputSize, from the rule on paper', () => {
  const all = ['inside', 'outside', 'cover', 'contain', 'fill'] as const;
  const size = (from: readonly [number, number], options: Partial<ImageOptions>, dpr = 1) => {
    const { width, height } = outputSize(
      { width: from[0], height: from[1] },
      toBox({ width: from[0], height: from[1] }, optionsOf(options)),
      dpr,
    );
    return [width, height];
  };

  // One side: the other follows the ratio, rounded once, to nearest, at least 1.
  test.each([
    [[400, 300], { w: 200 }, 1, [200, 150]],
    [[400, 300], { h: 150 }, 1, [200, 150]],
    [[500, 399], { w: 100 }, 1, [100, 80]],
    [[1500, 735], { w: 300 }, 1, [300, 147]],
    [[400, 300], { w: 101 }, 1.5, [152, 114]],
    [[900, 1], { w: 100 }, 1, [100, 1]],
    [[1, 512], { h: 256 }, 1, [1, 256]],
    [[400, 300], { w: 1 }, 1, [1, 1]],
    [[400, 300], { w: 800 }, 1, [800, 600]],
    [[400, 300], { w: 800, we: true }, 1, [400, 300]],
    [[50, 50], { w: 40, we: true }, 2, [50, 50]],
  ] as const)('%j %j × %d → %j', (from, more, dpr, expected) => expect(size(from, more, dpr)).toEqual(expected));

  test.each([
    ['inside', [200, 150], [150, 200]],
    ['outside', [267, 200], [200, 267]],
    ['cover', [200, 200], [200, 200]],
    ['contain', [200, 200], [200, 200]],
    ['fill', [200, 200], [200, 200]],
  ] as const)('200 × 200 %s', (fit, landscape, portrait) => {
    expect(size([400, 300], { w: 200, h: 200, fit })).toEqual(landscape);
    expect(size([300, 400], { w: 200, h: 200, fit })).toEqual(portrait);
  });

  test.each([
    // 800 × 200 of 400 × 300: the requested aspect ratio (4:1) is kept, nothing is upscaled.
    ['inside', [267, 200]],
    ['outside', [400, 300]],
    ['cover', [400, 100]],
    ['contain', [800, 200]],
    ['fill', [400, 100]],
  ] as const)('800 × 200 %s with we', (fit, expected) =>
    expect(size([400, 300], { w: 800, h: 200, fit, we: true })).toEqual(expected),
  );

  // A box of 320 × 200, at dpr 1 and 2, without and with `we`.
  test.each([
    ['landscape', 'inside', [267, 200], [267, 200], [533, 400], [400, 300]],
    ['landscape', 'outside', [320, 240], [320, 240], [640, 480], [400, 300]],
    ['landscape', 'cover', [320, 200], [320, 200], [640, 400], [400, 250]],
    ['landscape', 'contain', [320, 200], [320, 200], [640, 400], [480, 300]],
    ['landscape', 'fill', [320, 200], [320, 200], [640, 400], [400, 250]],
    ['portrait', 'inside', [150, 200], [150, 200], [300, 400], [300, 400]],
    ['portrait', 'outside', [320, 427], [300, 400], [640, 853], [300, 400]],
    ['portrait', 'cover', [320, 200], [300, 188], [640, 400], [300, 188]],
    ['portrait', 'contain', [320, 200], [320, 200], [640, 400], [640, 400]],
    ['portrait', 'fill', [320, 200], [300, 188], [640, 400], [300, 188]],
  ] as const)('%s %s', async (shape, fit, once, onceWe, twice, twiceWe) => {
    const from = shape === 'landscape' ? ([400, 300] as const) : ([300, 400] as const);
    const box = { w: 320, h: 200, fit };
    expect([1, 2].map((dpr) => size(from, box, dpr))).toEqual([once, twice]);
    expect([1, 2].map((dpr) => size(from, { ...box, we: true }, dpr))).toEqual([onceWe, twiceWe]);
    // The same through the decoder: stored upright, and with an EXIF orientation.
    for (const [i, bytes] of (await images[shape]).entries())
      for (const [dpr, we, expected] of [
        [1, false, once],
        [1, true, onceWe],
        [2, false, twice],
        [2, true, twiceWe],
      ] as const) {
        const options = optionsOf({ ...box, dpr, we, f: 'png' });
        const { data } = await resize({
          source: { bytes, format: 'jpeg' },
          options,
          accept: undefined,
          limits: testConfig(),
        });
        const { width, height } = await sharp(data as Buffer).metadata();
        expect([width, height], `${i ? 'sideways' : 'upright'}, dpr ${dpr}, we ${we}`).toEqual(expected);
      }
  });

  test('contain with we shrinks the box where the image would be upscaled', () =>
    expect(size([400, 300], { w: 1600, h: 1200, fit: 'contain', we: true })).toEqual([400, 300]));

  test('fill with one side keeps the length of the other', () => {
    expect(size([400, 300], { w: 200, fit: 'fill' })).toEqual([200, 300]);
    expect(size([400, 300], { h: 100, fit: 'fill' })).toEqual([400, 100]);
  });

  test('with one side, the other fits make no difference', () => {
    for (const fit of all.filter((one) => one !== 'fill'))
      expect(size([400, 300], { w: 200, fit })).toEqual([200, 150]);
  });

  test.each([
    [[400, 300], { w: '50%' }, 1, [200, 150]],
    [[400, 300], { w: '100%' }, 1, [400, 300]],
    [[400, 300], { h: '33.3%' }, 1, [133, 100]],
    [[400, 300], { w: 100, ar: '1:1' }, 1, [100, 100]],
    [[400, 300], { w: 100, ar: '16:9' }, 2, [200, 113]],
    [[400, 300], { h: 100, ar: '2:1' }, 1, [200, 100]],
    [[400, 300], { w: 800, ar: '1:1', we: true }, 1, [300, 300]],
    [[400, 300], { w: 100, ar: '1:1', fit: 'inside' }, 1, [100, 75]],
    [[400, 300], { w: 100, h: 50, ar: '1:1', fit: 'fill' }, 1, [100, 50]],
  ] as const)('%j %j × %d → %j', (from, more, dpr, expected) => expect(size(from, more, dpr)).toEqual(expected));
});

test.each([
  [100, 1.1, 110],
  [101, 1.5, 151.5],
  [3, 1.1, 3.3],
  [33.3, 3, 99.9],
  [0.0000001, 2, 0.0000002],
])('devicePixels: %d × %d = %d', (length, dpr, expected) => expect(devicePixels(length, dpr)).toBe(expected));

test.each([
  ['center', [50, 25]],
  ['top', [50, 0]],
  ['top-left', [0, 0]],
  ['right', [100, 25]],
  ['bottom-right', [100, 50]],
  ['focal', [0, 30]],
] as const)('gravityRect %s', (position, [left, top]) =>
  expect(gravityRect({ width: 200, height: 100 }, { width: 100, height: 50 }, position, [0.1, 0.55])).toEqual({
    left,
    top,
    width: 100,
    height: 50,
  }),
);

test('cropRect: a size is clamped to the image, an edge beyond it is 0', () => {
  const from = { width: 100, height: 50 };
  expect(cropRect(from, {})).toBeUndefined();
  expect(cropRect(from, { cx: 10 })).toEqual({ left: 10, top: 0, width: 90, height: 50 });
  expect(cropRect(from, { cw: 500, ch: '50%' })).toEqual({ left: 0, top: 0, width: 100, height: 25 });
  expect(cropRect(from, { cx: 99, cy: 49 })).toEqual({ left: 99, top: 49, width: 1, height: 1 });
  expect(cropRect(from, { cx: 100, cy: 50 })).toEqual({ left: 0, top: 0, width: 100, height: 50 });
  expect(cropRect(from, { cx: '100%', cy: 20, cw: 10 })).toEqual({ left: 0, top: 20, width: 10, height: 30 });
  expect(cropRect(from, { cx: 'center', cy: 'bottom', cw: 31, ch: 20 })).toEqual({
    left: 35,
    top: 30,
    width: 31,
    height: 20,
  });
  expect(cropRect(from, { cx: 'right', cy: 'center', cw: '50%' })).toEqual({ left: 50, top: 0, width: 50, height: 50 });
  expect(cropRect(from, { cx: 'center', cw: 500 })).toEqual({ left: 0, top: 0, width: 100, height: 50 });
  expect(cropRect(from, { cx: 3000, cy: 10, cw: 10, ch: 10 })).toEqual({ left: 0, top: 10, width: 10, height: 10 });
});

test.each([
  [45, [106, 106]],
  [30, [112, 93]],
  [180, [100, 50]],
] as const)('rotatedSize %i', (degrees, [width, height]) =>
  expect(rotatedSize({ width: 100, height: 50 }, degrees)).toEqual({ width, height }),
);
