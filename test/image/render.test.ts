/** One pass from the decoder to the encoder gives the same image as two passes with all pixels in memory. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { sniff } from '../../src/image/formats/sniff.ts';
import { resize } from '../../src/image/resize.ts';
import type { ImageOptions } from '../../src/options.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const read = (name: string) => readFileSync(new URL(`../fixtures/cases/files/${name}`, import.meta.url));
const render = (bytes: Buffer, options: Partial<ImageOptions>, deadline?: number) =>
  resize({
    source: { bytes, format: sniff(bytes, true) },
    options: optionsOf(options),
    accept: undefined,
    limits,
    deadline,
  });
const pixels = (data: string | Buffer) =>
  sharp(data as Buffer, { animated: true })
    .raw()
    .toBuffer();

const photo = read('std-photo.jpg');
const sources = {
  photograph: photo,
  'photograph with EXIF orientation': read('O01-exif-6.jpg'),
  'Display P3': await sharp(photo).withIccProfile('p3').jpeg().toBuffer(),
  'alpha in a palette': read('C15-palette-alpha.png'),
  'soft alpha': read('C17-alpha-edge.png'),
  animation: read('A13-three.webp'),
};

// With `meta=copyright` all pixels are kept in memory; none of these sources has a copyright to copy.
test.each(
  Object.entries(sources).flatMap(([name, bytes]) =>
    (['jpg', 'webp', 'png'] as const).map((f) => [name, f, bytes] as const),
  ),
)('%s → %s', async (_name, f, bytes) => {
  const onePass = await render(bytes, { w: 37, f });
  const twoPasses = await render(bytes, { w: 37, f, meta: 'copyright' });
  expect(Object.keys(twoPasses.timings ?? {})).toEqual(['resize', 'encode']);
  expect((await pixels(onePass.data)).equals(await pixels(twoPasses.data))).toBe(true);
});

test.each([
  ['scaled only', {}, ['resize']],
  ['cropped to a box', { h: 20, fit: 'cover' }, ['resize']],
  ['with an effect', { blur: 2 }, ['resize', 'encode']],
  ['padded', { h: 100, fit: 'contain' }, ['resize', 'encode']],
  ['within a byte budget', { mb: 5000 }, ['resize', 'encode']],
] as const)('%s: timings', async (_name, options, steps) => {
  const { timings } = await render(photo, { w: 40, f: 'jpg', ...options });
  expect(Object.keys(timings ?? {})).toEqual(steps);
});

test('with little time left the encoder is chosen after decoding', async () => {
  const { timings, degraded } = await render(photo, { w: 40, f: 'webp' }, Date.now());
  expect([Object.keys(timings ?? {}), degraded]).toEqual([['resize', 'encode'], ['effort']]);
});

test('an output too large for the response is encoded again at a lower quality', async () => {
  const bytes = photo;
  const job = { source: { bytes, format: 'jpeg' as const }, options: optionsOf({ w: 200, f: 'webp' }), limits };
  const full = await resize({ ...job, accept: undefined });
  const small = await resize({ ...job, accept: undefined, maxResponseBytes: full.data.length - 1 });
  expect(small.data.length).toBeLessThan(full.data.length);
  expect(small.quality).toBeLessThan(80);
});

test('a WebP source gives exactly the planned size at every aspect ratio', async () => {
  for (let i = 0; i < 60; i++) {
    const size = { width: 3 + ((i * 389) % 700), height: 3 + ((i * 271) % 500) };
    const create = { ...size, channels: 3 as const, background: '#456' };
    const bytes = await sharp({ create })
      .withMetadata({ orientation: 1 + (i % 8) })
      .webp({ effort: 0 })
      .toBuffer();
    const requested = i % 2 ? { w: 1 + ((i * 97) % 400) } : { h: 1 + ((i * 89) % 400) };
    const { data, width, height } = await render(bytes, { ...requested, ro: 90 * (i % 3), f: 'png' });
    const output = await sharp(data as Buffer).metadata();
    expect([size, requested, output.width, output.height]).toEqual([size, requested, width, height]);
  }
});
