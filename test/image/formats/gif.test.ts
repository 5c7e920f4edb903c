/** The background of a GIF is transparent, as in browsers. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { withTransparentBackground } from '../../../src/image/formats/gif.ts';

const read = (name: string) => readFileSync(new URL(`../../fixtures/wild/${name}`, import.meta.url));

/** Returns the alpha of a frame at a place from 0 to 1. */
async function alphaAt(bytes: Buffer, frame: number, x: number, y: number): Promise<number | undefined> {
  const image = sharp(bytes, { pages: -1 });
  const { pageHeight } = await image.metadata();
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const height = pageHeight ?? info.height;
  return data[((frame * height + Math.floor(y * height)) * info.width + Math.floor(x * info.width)) * 4 + 3];
}

test('where a frame was cleared', async () => {
  const gif = withTransparentBackground(read('W54-dispose.gif'));
  expect(
    await Promise.all(
      [
        [0, 0.8, 0.2],
        [1, 0.2, 0.2],
        [1, 0.8, 0.8],
        [2, 0.2, 0.2],
        [2, 0.8, 0.8],
      ].map(([frame = 0, x = 0, y = 0]) => alphaAt(gif, frame, x, y)),
    ),
  ).toEqual([255, 255, 0, 0, 255]);
});

test('where no frame is', async () => {
  const gif = withTransparentBackground(read('W55-small.gif'));
  expect([await alphaAt(gif, 0, 0.5, 0.1), await alphaAt(gif, 0, 0.5, 0.5), await alphaAt(gif, 0, 0.5, 0.9)]).toEqual([
    0, 255, 0,
  ]);
});

test('other files are returned as they are', async () => {
  const opaque = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .gif()
    .toBuffer();
  for (const bytes of [opaque, read('W50-a.gif'), withTransparentBackground(read('W54-dispose.gif'))])
    expect(withTransparentBackground(bytes)).toBe(bytes);
});

/** An indexed image: the pixels of `W54`, in a table of 256 colours of which all or all but one are used. */
function fullTable(used: number, { dispose = 2, width = 32, screen = 32 } = {}): Buffer {
  const pixels = Array.from({ length: width * 32 }, (_, i) => i % used);
  // Codes of 9 bits, with the dictionary cleared before it grows to 10.
  const codes = pixels.flatMap((index, i) => (i % 200 === 0 ? [256, index] : [index]));
  let bits = 0n;
  for (const [i, code] of [...codes, 257].entries()) bits |= BigInt(code) << BigInt(9 * i);
  const data = Buffer.alloc(Math.ceil(((codes.length + 1) * 9) / 8));
  for (let i = 0; i < data.length; i++) data[i] = Number((bits >> BigInt(8 * i)) & 255n);
  const blocks = Array.from({ length: Math.ceil(data.length / 255) }, (_, i) => data.subarray(i * 255, i * 255 + 255));
  // Greys and reds, of which two differ by 1 at most.
  const table = Buffer.from(Array.from({ length: 256 }, (_, i) => [i, i === 8 ? 7 : i, i === 8 ? 7 : i]).flat());
  const size = (value: number) => [value & 255, value >> 8];
  const image = (controls: number[]) => [
    ...[0x21, 0xf9, 4, ...controls, 0, 0],
    ...[0x2c, 0, 0, 0, 0, ...size(width), ...size(32), 0, 8],
    ...blocks.flatMap((block) => [block.length, ...block]),
    0,
  ];
  // The second frame: one pixel.
  const dot = [0x21, 0xf9, 4, 0, 10, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 8, 4, 0, 3, 4, 4, 0];
  return Buffer.from([
    ...Buffer.from('GIF89a'),
    ...[...size(screen), ...size(32), 0x87, 5, 0],
    ...table,
    ...image([dispose << 2, 10, 0]),
    ...dot,
    0x3b,
  ]);
}

test.each([
  ['one index of 256 is not used', 255],
  ['all are used: two colours that are alike become one', 256],
])('a full colour table: %s', async (_what, used) => {
  const gif = withTransparentBackground(fullTable(used));
  expect(gif.length).toBe(fullTable(used).length);
  const { data, info } = await sharp(gif, { pages: -1 }).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([32, 64, 4]);
  // The first frame is whole, but for a level of one colour.
  for (let i = 0; i < 32 * 32; i++) {
    const expected = i % used;
    expect(data[i * 4 + 3], `pixel ${i}`).toBe(255);
    expect(Math.abs((data[i * 4] ?? 0) - expected), `pixel ${i}`).toBeLessThanOrEqual(1);
  }
  expect(await alphaAt(gif, 1, 0.5, 0.5)).toBe(0);
});

test('a full colour table, in a frame that is smaller than the screen', async () => {
  const gif = withTransparentBackground(fullTable(256, { dispose: 0, screen: 64 }));
  expect([await alphaAt(gif, 0, 0.25, 0.5), await alphaAt(gif, 0, 0.75, 0.5)]).toEqual([255, 0]);
});

test('a file that is cut short is no error', () => {
  for (const name of ['W54-dispose.gif', 'W55-small.gif']) {
    const bytes = read(name);
    for (let i = 13; i < bytes.length; i += 3)
      expect(() => withTransparentBackground(bytes.subarray(0, i))).not.toThrow();
  }
});
