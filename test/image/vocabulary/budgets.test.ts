import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { sniff } from '../../../src/image/formats/sniff.ts';
import { resize } from '../../../src/image/resize.ts';
import type { ImageOptions } from '../../../src/options.ts';
import { decodePixels } from '../../pixels.ts';
import { optionsOf, testConfig } from '../../requests.ts';
import { animation, limits } from './quadrants.ts';

describe('within the response limit of the event source', () => {
  const photo = readFileSync(new URL('../../../src/dev/samples/landscape.jpg', import.meta.url));
  const within = (maxResponseBytes: number, more: Partial<ImageOptions>, accept?: string, bytes = photo) =>
    resize({
      source: { bytes, format: sniff(bytes, true) },
      options: optionsOf({ w: 600, ...more }),
      accept,
      limits,
      maxResponseBytes,
    });
  test('an output that fits stays as it is', async () => {
    const { quality, type } = await within(1e6, { f: 'jpg' });
    expect([quality, type]).toEqual([undefined, 'image/jpeg']);
  });
  test('one that does not gets a lower quality', async () => {
    const unlimited = (await within(1e6, { f: 'jpg' })).data.length;
    const { data, quality } = await within(unlimited * 0.7, { f: 'jpg' });
    expect(quality).toBeLessThan(80);
    expect(data.length).toBeLessThanOrEqual(unlimited * 0.7);
  });
  test('or another format, if it is negotiated', async () => {
    const png = await sharp(photo).png().toBuffer();
    const { data, type } = await within(60_000, {}, undefined, png);
    expect([type, data.length < 60_000]).toEqual(['image/jpeg', true]);
    expect((await within(60_000, {}, 'image/webp', png)).type).toBe('image/webp');
    expect((await within(60_000, { f: 'png' }, undefined, png)).type).toBe('image/png');
  });
  test('a transparent image does not become a JPEG', async () => {
    const noise = Buffer.from(Array.from({ length: 200 * 200 * 4 }, (_, i) => (i * 7919) % 251));
    const transparent = await sharp(noise, { raw: { width: 200, height: 200, channels: 4 } })
      .png()
      .toBuffer();
    expect((await within(500, { w: 200 }, undefined, transparent)).type).toBe('image/png');
  });
});

describe('within the time budget', () => {
  const photo = readFileSync(new URL('../../../src/dev/samples/landscape.jpg', import.meta.url));
  const within = (remainingMs: number, bytes: Buffer, more: Partial<ImageOptions>, accept?: string) =>
    resize({
      source: { bytes, format: sniff(bytes, true) },
      options: optionsOf(more),
      accept,
      limits: testConfig({ AVIF_AUTO: 'on' }),
      deadline: Date.now() + remainingMs,
    });
  test('with enough time, nothing is degraded', async () => {
    const { degraded, type } = await within(20_000, photo, { w: 600 }, 'image/avif,image/webp');
    expect([degraded, type]).toEqual([[], 'image/avif']);
  });
  test('without, AVIF becomes WebP, effort is low, an animation its first frame', async () => {
    expect(await within(0, photo, { w: 600 }, 'image/avif,image/webp')).toMatchObject({
      degraded: ['format', 'effort'],
      type: 'image/webp',
    });
    expect(await within(0, photo, { w: 600, f: 'avif' })).toMatchObject({ degraded: ['effort'], type: 'image/avif' });
    const still = await within(0, animation, { w: 30, f: 'webp' });
    expect(still.degraded).toEqual(['effort', 'frames']);
    expect((await decodePixels(still.data as Buffer)).pages).toBe(1);
  });
});
