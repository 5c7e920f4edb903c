/** The lengths of `pad`, and the fills of padding that are made of the image. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compositeColours, toColour } from '../../src/image/colour.ts';
import type { Frame } from '../../src/image/frames.ts';
import { clampDpr } from '../../src/image/limits.ts';
import { dominantEdgeColour } from '../../src/image/pad-frame.ts';
import { canonicalPad, planBorder } from '../../src/image/padding.ts';
import { plan } from '../../src/image/plan.ts';
import type { SourceInfo } from '../../src/image/source-info.ts';
import { optionsOf, testConfig } from '../requests.ts';

test.each([
  ['10', '10,10,10,10'],
  ['010', '10,10,10,10'],
  ['10,20', '10,20,10,20'],
  ['1,2,3', '1,2,3,2'],
  ['1,2,3,4', '1,2,3,4'],
  ['5%,0', '5%,0,5%,0'],
  ['5.50%', '5.5%,5.5%,5.5%,5.5%'],
  ['0%,3', '0,3,0,3'],
  ['0', undefined],
  ['0%,0,00,0.000%', undefined],
])('pad=%s is %s', (text, canonical) => expect(canonicalPad(text)).toBe(canonical));

test('a border of one spelling stays as it is', () => {
  const length = fc.oneof(
    fc.nat(9999).map(String),
    fc.nat(1000).map((tenth) => `${tenth / 10}%`),
  );
  fc.assert(
    fc.property(fc.array(length, { minLength: 1, maxLength: 4 }), (lengths) => {
      const canonical = canonicalPad(lengths.join());
      if (canonical !== undefined) expect(canonicalPad(canonical)).toBe(canonical);
    }),
  );
});

test.each([
  ['10,10,10,10', 1, { left: 10, top: 10, width: 220, height: 120 }],
  ['1,2,3,4', 2, { left: 8, top: 2, width: 212, height: 108 }],
  // 10 % of the height, and 5 % of the width, whatever the ratio.
  ['10%,5%,0,0', 3, { left: 0, top: 10, width: 210, height: 110 }],
  ['0.1%,0,0.1%,0', 1, undefined],
  [undefined, 1, undefined],
])('the border %s of 200 × 100 at a ratio of %d', (pad, dpr, border) =>
  expect(planBorder({ width: 200, height: 100 }, { ...(pad && { pad }) }, dpr)).toEqual(border),
);

const source: SourceInfo = {
  format: 'jpeg',
  decodedFrom: 'file',
  width: 400,
  height: 300,
  hasAlpha: false,
  pages: 1,
  orientation: 1,
  channels: 3,
  scans: 1,
};

describe('a plan with a border', () => {
  const limits = testConfig();
  test('is around the crop, the rotation and the trimmed mask', () => {
    const pad = '10,10,10,10';
    const sizeOf = (more: object) => {
      const { width, height, border } = plan(source, optionsOf({ w: 100, pad, ...more }), ['webp'], limits);
      expect(border).toEqual({ left: 10, top: 10, width, height });
      return [width, height];
    };
    expect(sizeOf({})).toEqual([120, 95]);
    expect(sizeOf({ cw: 30, ch: 20 })).toEqual([50, 40]);
    expect(sizeOf({ ro: 90 })).toEqual([120, 153]);
    expect(sizeOf({ ro: 45 })).toEqual([144, 144]);
    expect(sizeOf({ mask: 'circle', mtrim: true })).toEqual([95, 95]);
  });

  test('a ratio is lowered until the border is within the limits too', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 0, max: 500 }),
        fc.double({ min: 1, max: 8, noNaN: true }),
        fc.constantFrom('jpg', 'png'),
        (w, length, dpr, f) => {
          const options = optionsOf({ w, dpr, pad: `${length},1,2%,${length}`, f });
          const { width, height } = plan(source, options, [f], limits);
          expect(width * height).toBeLessThanOrEqual(limits.resultMaxPixels);
        },
      ),
    );
  });

  test('a border beyond the limits is a 413', () =>
    expect(() => plan(source, optionsOf({ w: 100, pad: '9999,9999,9999,9999' }), ['jpg'], limits)).toThrow(
      expect.objectContaining({ code: 'IMAGE_TOO_LARGE', message: expect.stringContaining('at most 25000000') }),
    ));

  test('a ratio within the limits is not lowered', () => {
    const box = { w: 100, h: undefined, fit: 'inside', we: false } as const;
    const options = { ...optionsOf({ pad: '5,5,5,5' }), hasAlpha: false };
    expect(clampDpr(source, box, 3, ['jpg'], options, limits)).toBe(3);
  });
});

describe('the dominant colour of the edges', () => {
  /** A frame of 4 × 3 whose pixels are given row by row. */
  const frame = (rows: readonly string[], colours: Readonly<Record<string, readonly number[]>>): Frame => ({
    width: 4,
    height: 3,
    channels: 4,
    data: Buffer.from(rows.flatMap((row) => [...row].flatMap((letter) => colours[letter] ?? []))),
  });
  const rows = ['rrgb', 'kkkk', 'bbbg'];
  const colours = { r: [200, 0, 0, 255], g: [0, 200, 0, 255], b: [0, 0, 200, 255], k: [0, 0, 0, 0] };
  test.each([
    ['above', { left: 0, top: 5, width: 4, height: 8 }, { r: 200, g: 0, b: 0, alpha: 1 }],
    ['below', { left: 0, top: 0, width: 4, height: 8 }, { r: 0, g: 0, b: 200, alpha: 1 }],
    ['above and below', { left: 0, top: 1, width: 4, height: 5 }, { r: 0, g: 0, b: 200, alpha: 1 }],
  ])('%s', (_, box, expected) => expect(dominantEdgeColour(frame(rows, colours), box)).toEqual(expected));

  test('is the mean of the noise around it', () => {
    const noisy = { r: [201, 4, 0, 255], g: [203, 0, 2, 255], b: [0, 0, 200, 255], k: [9, 9, 9, 255] };
    expect(dominantEdgeColour(frame(rows, noisy), { left: 0, top: 5, width: 4, height: 8 })).toEqual({
      r: 202,
      g: 3,
      b: 1,
      alpha: 1,
    });
  });
  test('of a long edge is that of pixels evenly spread over it', () => {
    const height = 100_000;
    const data = Buffer.alloc(height * 3, 200).fill(10, 0, height);
    const long = { data, width: 1, height, channels: 3 } as const;
    expect(dominantEdgeColour(long, { left: 1, top: 0, width: 3, height })).toEqual({
      r: 200,
      g: 200,
      b: 200,
      alpha: 1,
    });
  });
  test('is transparent where most of the edge is', () => {
    const clear = { ...colours, r: [9, 8, 7, 0], g: [200, 100, 0, 0] };
    expect(dominantEdgeColour(frame(rows, clear), { left: 0, top: 5, width: 4, height: 8 }).alpha).toBe(0);
  });
});

test.each([
  ['800000ff', 'ffff0000', { r: 127, g: 0, b: 128, alpha: 1 }],
  ['00ffffff', '80ff0000', { r: 255, g: 0, b: 0, alpha: 128 / 255 }],
  ['00ffffff', '00ff0000', { r: 255, g: 255, b: 255, alpha: 0 }],
  ['ff00ff00', '80ff0000', { r: 0, g: 255, b: 0, alpha: 1 }],
])('%s over %s', (front, back, expected) =>
  expect(compositeColours(toColour(front), toColour(back))).toEqual(expected),
);
