/** One pass from the decoder to the encoder, and two over whole pixels: the same picture. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { sniff } from '../../src/image/formats/sniff.ts';
import { resize } from '../../src/image/resize.ts';
import type { ImageOptions } from '../../src/options.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const read = (name: string) => readFileSync(new URL(`../fixtures/cases/files/${name}`, import.meta.url));
const make = (bytes: Buffer, more: Partial<ImageOptions>, deadline?: number) =>
  resize({
    source: { bytes, format: sniff(bytes, true) },
    options: optionsOf(more),
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
  'photograph, turned by EXIF': read('O01-exif-6.jpg'),
  'Display P3': await sharp(photo).withIccProfile('p3').jpeg().toBuffer(),
  'alpha in a palette': read('C15-palette-alpha.png'),
  'soft alpha': read('C17-alpha-edge.png'),
  animation: read('A13-three.webp'),
};

// With `meta=copyright` pixels lie whole in memory; none of these has any rights to keep.
test.each(
  Object.entries(sources).flatMap(([name, bytes]) =>
    (['jpg', 'webp', 'png'] as const).map((f) => [name, f, bytes] as const),
  ),
)('%s → %s', async (_name, f, bytes) => {
  const one = await make(bytes, { w: 37, f });
  const two = await make(bytes, { w: 37, f, meta: 'copyright' });
  expect(Object.keys(two.timings ?? {})).toEqual(['resize', 'encode']);
  expect((await pixels(one.data)).equals(await pixels(two.data))).toBe(true);
});

test.each([
  ['as it comes', {}, ['resize']],
  ['cut to a box', { h: 20, fit: 'cover' }, ['resize']],
  ['changed', { blur: 2 }, ['resize', 'encode']],
  ['padded', { h: 100, fit: 'contain' }, ['resize', 'encode']],
  ['within bytes', { mb: 5000 }, ['resize', 'encode']],
] as const)('%s', async (_name, options, spent) => {
  const { timings } = await make(photo, { w: 40, f: 'jpg', ...options });
  expect(Object.keys(timings ?? {})).toEqual(spent);
});

test('with little time the encoder is chosen once the pixels are there', async () => {
  const { timings, degraded } = await make(photo, { w: 40, f: 'webp' }, Date.now());
  expect([Object.keys(timings ?? {}), degraded]).toEqual([['resize', 'encode'], ['effort']]);
});

test('a reply that is too large is made again from the pixels', async () => {
  const bytes = photo;
  const job = { source: { bytes, format: 'jpeg' as const }, options: optionsOf({ w: 200, f: 'webp' }), limits };
  const whole = await resize({ ...job, accept: undefined });
  const small = await resize({ ...job, accept: undefined, maxResponseBytes: whole.data.length - 1 });
  expect(small.data.length).toBeLessThan(whole.data.length);
  expect(small.quality).toBeLessThan(80);
});

test('a WebP has the planned size to the pixel, whatever its ratio', async () => {
  for (let i = 0; i < 60; i++) {
    const size = { width: 3 + ((i * 389) % 700), height: 3 + ((i * 271) % 500) };
    const create = { ...size, channels: 3 as const, background: '#456' };
    const bytes = await sharp({ create })
      .withMetadata({ orientation: 1 + (i % 8) })
      .webp({ effort: 0 })
      .toBuffer();
    const asked = i % 2 ? { w: 1 + ((i * 97) % 400) } : { h: 1 + ((i * 89) % 400) };
    const { data, width, height } = await make(bytes, { ...asked, ro: 90 * (i % 3), f: 'png' });
    const made = await sharp(data as Buffer).metadata();
    expect([size, asked, made.width, made.height]).toEqual([size, asked, width, height]);
  }
});
