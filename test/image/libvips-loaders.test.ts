import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { allowLoaders } from '../../src/image/libvips-loaders.ts';

const file = new URL('../fixtures/cases/files/std-quad.png', import.meta.url);
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAUAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');

test('raster: buffers of the sniffed formats; no SVG, no file, no other format', async () => {
  await allowLoaders('raster');
  expect((await sharp(readFileSync(file)).metadata()).format).toBe('png');
  await expect(sharp(svg).metadata()).rejects.toThrow();
  await expect(sharp(file.pathname).metadata()).rejects.toThrow();
  await expect(
    sharp(readFileSync(new URL('../fixtures/hostile/images/vips-native.v', import.meta.url))).metadata(),
  ).rejects.toThrow();
});

test('svg: SVG and what may be embedded in it; no PNG, which librsvg reads itself', async () => {
  await allowLoaders('svg');
  expect((await sharp(gif).metadata()).format).toBe('gif');
  expect((await sharp(svg).metadata()).format).toBe('svg');
  await expect(sharp(readFileSync(file)).metadata()).rejects.toThrow();
  await allowLoaders('raster');
});

test('a misspelt class name, which blocks nothing, is detected', async () => {
  const block = sharp.block;
  sharp.block = () => block({ operation: ['VipsForeignLaod'] });
  sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
  await expect(allowLoaders('raster')).rejects.toThrow(/still reads/);
  sharp.block = block;
  await allowLoaders('raster');
});

/** A thread that reads an image again and again while others start. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.loaders).then(async ({ allowLoaders }) => {
  await allowLoaders('raster');
  const { default: sharp } = await import(workerData.sharp);
  for (let i = 0; i < 100; i++) await sharp(workerData.image).metadata();
  parentPort.postMessage('ready');
});`;

// Without locks (Node below 24.5) this holds only for threads that start later.
test('threads that start together all get ready, and never block an allowed format', async () => {
  const workerData = {
    loaders: new URL('../../src/image/libvips-loaders.ts', import.meta.url).href,
    sharp: import.meta.resolve('sharp'),
    image: readFileSync(file),
  };
  for (let round = 0; round < 3; round++)
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const thread = new Worker(THREAD, { eval: true, workerData });
        const messages: unknown[] = [];
        thread.on('message', (message) => messages.push(message));
        expect([await once(thread, 'exit'), messages]).toEqual([[0], ['ready']]);
      }),
    );
});
