import sharp from 'sharp';
import { expect, test } from 'vitest';
import { losslessIcon } from '../../src/image/encode.ts';
import { run } from './vocabulary/quadrants.ts';

/** Stripes of one pixel, red and blue: with one colour for four pixels they are purple. */
const stripes = (side: number) => {
  const data = Buffer.from(Array.from({ length: side * side }, (_, i) => (i % 2 ? [255, 0, 0] : [0, 0, 255])).flat());
  return sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
};

async function farthest(side: number, options: object): Promise<number> {
  const source = await stripes(side);
  const { data } = await run(source, { w: side, ...options }, 'image/webp');
  const pixels = (bytes: Buffer) => sharp(bytes).removeAlpha().raw().toBuffer();
  const [before, after] = [await pixels(source), await pixels(Buffer.from(data))];
  return Math.max(...before.map((value, i) => Math.abs(value - (after[i] ?? 0))));
}

test.each([
  ['f=auto', { f: 'auto' }],
  ['f=webp', { f: 'webp' }],
  ['a lower quality', { f: 'webp', q: 20 }],
  ['pixels in memory', { f: 'webp', flop: true, ro: 180 }],
] as const)('an icon of 16 px keeps the colour of every pixel: %s', async (_what, options) =>
  expect(await farthest(16, options)).toBe(0),
);

test('larger ones, animations, small images of large sources, and a byte budget do not', async () => {
  expect(await farthest(32, { f: 'webp' })).toBeGreaterThan(40);
  const icon = { format: 'webp', width: 16, height: 16, pages: 1 } as const;
  const source = { format: 'png', width: 48, height: 48 };
  expect(losslessIcon(icon, source, {})).toEqual({ ll: true });
  expect(losslessIcon(icon, { ...source, width: 49 }, {})).toEqual({});
  expect(losslessIcon(icon, { format: 'svg', width: 512, height: 512 }, {})).toEqual({ ll: true });
  expect(losslessIcon({ ...icon, pages: 2 }, source, {})).toEqual({});
  expect(losslessIcon({ ...icon, width: 17 }, source, {})).toEqual({});
  expect(losslessIcon({ ...icon, format: 'avif' }, source, {})).toEqual({});
  expect(losslessIcon(icon, source, { mb: 100 })).toEqual({});
});
