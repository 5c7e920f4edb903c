import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { allowLoaders } from '../../src/image/loaders.ts';

const file = new URL('../fixtures/cases/files/std-quad.png', import.meta.url);
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');

test('raster: buffers of the formats that are sniffed, no drawing, no file, no other format', async () => {
  await allowLoaders('raster');
  expect((await sharp(readFileSync(file)).metadata()).format).toBe('png');
  await expect(sharp(svg).metadata()).rejects.toThrow();
  await expect(sharp(file.pathname).metadata()).rejects.toThrow();
  await expect(
    sharp(readFileSync(new URL('../fixtures/hostile/images/vips-native.v', import.meta.url))).metadata(),
  ).rejects.toThrow();
});

test('drawing: SVG and nothing else', async () => {
  await allowLoaders('drawing');
  expect((await sharp(svg).metadata()).format).toBe('svg');
  await expect(sharp(readFileSync(file)).metadata()).rejects.toThrow();
  await allowLoaders('raster');
});

test('a misspelt class name blocks nothing, and the self-test sees it', async () => {
  const block = sharp.block;
  sharp.block = () => block({ operation: ['VipsForeignLaod'] });
  sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
  await expect(allowLoaders('raster')).rejects.toThrow(/still reads/);
  sharp.block = block;
  await allowLoaders('raster');
});
