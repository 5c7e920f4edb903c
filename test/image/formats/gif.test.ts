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

test('a full colour table has no free index', () => {
  const bytes = Buffer.from(read('W54-dispose.gif'));
  const full = Buffer.concat([
    bytes.subarray(0, 13),
    Buffer.alloc(768),
    bytes.subarray(13 + (3 << (((bytes[10] ?? 0) & 7) + 1))),
  ]);
  full[10] = 0x87;
  expect(withTransparentBackground(full)).toBe(full);
});

test('a file that is cut short is no error', () => {
  for (const name of ['W54-dispose.gif', 'W55-small.gif']) {
    const bytes = read(name);
    for (let i = 13; i < bytes.length; i += 3)
      expect(() => withTransparentBackground(bytes.subarray(0, i))).not.toThrow();
  }
});
