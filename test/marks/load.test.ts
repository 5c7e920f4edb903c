/** Files of marks, as they are read at start. */
import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { resolveConfig } from '../../src/config.ts';
import { loadMarks } from '../../src/marks/load.ts';

const config = resolveConfig({});
const dataUrl = (bytes: Buffer | string) => `data:;base64,${Buffer.from(bytes).toString('base64')}`;
async function load(bytes: Buffer | string) {
  const [mark] = await loadMarks([{ name: 'logo', source: dataUrl(bytes), options: { malpha: 0.5 } }], config);
  if (!mark) throw new Error('no mark');
  const pixels = inflateSync(mark.pixels);
  expect(pixels).toHaveLength(mark.width * mark.height * 4);
  return { ...mark, at: (x: number, y: number) => [...pixels.subarray((y * mark.width + x) * 4).subarray(0, 4)] };
}
const image = (width: number, height: number, alpha = 1) =>
  sharp({ create: { width, height, channels: 4, background: { r: 255, g: 0, b: 0, alpha } } });

test('a PNG keeps its size, its colours and its alpha', async () => {
  const mark = await load(await image(30, 20, 0.5).png().toBuffer());
  expect([mark.width, mark.height, mark.at(29, 19)]).toEqual([30, 20, [255, 0, 0, 128]]);
  expect(mark.options).toEqual({ mpos: 'bottom-right', mscale: 0.2, malpha: 0.5, mx: 0, my: 0 });
});

test('a JPEG is upright and opaque', async () => {
  const mark = await load(await image(30, 20).jpeg().withMetadata({ orientation: 6 }).toBuffer());
  expect([mark.width, mark.height, mark.at(0, 0)[3]]).toEqual([20, 30, 255]);
});

test('a large one is scaled down', async () => {
  const { width, height } = await load(await image(3000, 300).png().toBuffer());
  expect([width, height]).toEqual([1024, 102]);
});

test('of an animation, the first frame', async () => {
  const frames = await Promise.all(
    ['#0f0', '#00f'].map((background) =>
      sharp({ create: { width: 4, height: 4, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const mark = await load(
    await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer(),
  );
  expect([mark.height, mark.at(0, 0)]).toEqual([4, [0, 255, 0, 255]]);
});

test('an SVG is rendered at 1024 px, transparent where it is', async () => {
  const mark = await load(
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="20" height="20" fill="#00f"/></svg>',
  );
  expect([mark.width, mark.height, mark.at(10, 10), mark.at(1000, 10)]).toEqual([
    1024,
    512,
    [0, 0, 255, 255],
    [0, 0, 0, 0],
  ]);
});

test('the version is of the file, and not of its settings', async () => {
  const [a, b] = await Promise.all([image(3, 3).png().toBuffer(), image(3, 4).png().toBuffer()]);
  const versions = await Promise.all([a, a, b].map(async (bytes) => (await load(bytes)).version));
  expect(versions[0]).toMatch(/^[\w-]{22}$/);
  expect([versions[0] === versions[1], versions[0] === versions[2]]).toEqual([true, false]);
});

test.each([
  ['text', 'hello', 'The mark logo cannot be read: '],
  ['nothing but a header', Buffer.from('89504e470d0a1a0a', 'hex'), 'The mark logo cannot be read: '],
])('%s is an error', async (_, bytes, expected) => {
  await expect(load(bytes)).rejects.toThrow(expected);
});
