import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encode } from '../../src/image/encode.ts';
import { encoderQuality } from '../../src/image/quality-scale.ts';
import { optionsOf } from '../requests.ts';

test.each([
  [1, 1, 1],
  [20, 20, 22],
  [40, 40, 44],
  [50, 51, 48],
  [60, 61, 51],
  [80, 81, 63],
  [85, 86, 70],
  [90, 90, 76],
  [100, 100, 90],
])('q=%i is %i of WebP and %i of AVIF', (q, webp, avif) =>
  expect([encoderQuality('webp', q), encoderQuality('avif', q)]).toEqual([webp, avif]),
);

test('a higher quality is never a lower one of an encoder', () => {
  for (let q = 2; q <= 100; q++)
    for (const format of ['webp', 'avif'] as const)
      expect(encoderQuality(format, q)).toBeGreaterThanOrEqual(encoderQuality(format, q - 1));
});

test('each format has more bytes at a higher quality', async () => {
  const pixels = Buffer.from(Array.from({ length: 128 * 128 * 3 }, (_, i) => (i * i * 7 + (i >> 7) * 31) % 251));
  const raw = { width: 128, height: 128, channels: 3 } as const;
  for (const format of ['jpg', 'webp', 'avif'] as const) {
    const sizes: number[] = [];
    for (const q of [20, 40, 60, 80, 90, 100])
      sizes.push((await encode(sharp(pixels, { raw }), format, optionsOf({ q }), undefined).toBuffer()).length);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  }
});
