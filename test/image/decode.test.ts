/** Colours, items and timing of decoded images, as browsers show them. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { sniff } from '../../src/image/formats/sniff.ts';
import { resize } from '../../src/image/resize.ts';
import type { ImageOptions } from '../../src/options.ts';
import { optionsOf, testConfig } from '../requests.ts';

const read = (name: string) => readFileSync(new URL(`../fixtures/wild/${name}`, import.meta.url));
const render = async (bytes: Buffer, options: Partial<ImageOptions>) => {
  const source = { bytes, format: sniff(bytes, true) };
  return (await resize({ source, options: optionsOf(options), accept: undefined, limits: testConfig() }))
    .data as Buffer;
};

/** Returns the colour in the middle of the left upper quarter. */
async function colourOf(image: Buffer): Promise<number[]> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(info.height / 4) * info.width + Math.floor(info.width / 4)) * info.channels;
  return [...data.subarray(at, at + 3)];
}
const difference = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? 0))));

describe('a profile of more than 8 bits', () => {
  const RED = [200, 30, 40];
  const sources: [string, Buffer][] = [
    ['16-bit PNG in Display P3', read('W63-p3.png')],
    ['16-bit PNG in Adobe RGB', read('W64-adobe.png')],
    ['16-bit TIFF in ProPhoto', read('W65-prophoto.tif')],
    ['10-bit AVIF in Display P3', read('W66-p3.avif')],
    ['8-bit PNG in Display P3', read('W67-p3-8.png')],
  ];
  test.each(
    sources.flatMap(([name, bytes]) =>
      [
        { w: 48 },
        { w: 96 },
        { w: 200 },
        { w: 48, h: 40, fit: 'contain' as const },
        { w: 48, ro: 180 },
        { w: 48, mod: '1,1,0' },
        { w: 48, meta: 'keep' as const },
        { w: 48, trim: 10 },
      ].map((options) => [name, options, bytes] as const),
    ),
  )('%s, %j', async (_what, options, bytes) => {
    const image = await render(bytes, { f: 'png', ...options });
    const corner = 'ro' in options ? await sharp(image).rotate(180).png().toBuffer() : image;
    expect(difference(await colourOf(corner), RED)).toBeLessThanOrEqual(4);
    expect((await sharp(image).metadata()).icc).toBeUndefined();
  });
  test('without a profile it is sRGB', async () => {
    const pixels = Uint16Array.from({ length: 16 * 16 * 3 }, (_, i) => (RED[i % 3] ?? 0) * 257);
    const bytes = await sharp(pixels, { raw: { width: 16, height: 16, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expect(await colourOf(await render(bytes, { w: 8, f: 'png' }))).toEqual(RED);
  });
});

test('an AVIF shows its primary item, which is not always the first', async () => {
  const image = await render(read('W57-primary.avif'), { w: 200, f: 'png' });
  const { width, height } = await sharp(image).metadata();
  expect([width, height]).toEqual([200, 100]);
  expect(difference(await colourOf(image), [0, 170, 0])).toBeLessThanOrEqual(12);
});

test.each([
  ['a loop count of 65535', 'W50-a.gif', { loop: 65_535, delay: [200, 200] }],
  ['a frame of 70 s', 'W52-a.gif', { loop: 0, delay: [200, 65_535] }],
])('GIF with %s: the maximum of WebP', async (_what, name, expected) => {
  const { loop, delay } = await sharp(await render(read(name), { w: 30, f: 'webp' }), { animated: true }).metadata();
  expect({ loop, delay }).toEqual(expected);
  const gif = await sharp(await render(read(name), { w: 30, f: 'gif' }), { animated: true }).metadata();
  expect(gif.delay).toEqual([200, name === 'W50-a.gif' ? 200 : 65_540]);
});
