import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { sniff } from '../../../src/image/formats/sniff.ts';
import { resize } from '../../../src/image/resize.ts';
import type { ImageOptions } from '../../../src/options.ts';
import { decodePixels } from '../../pixels.ts';
import { optionsOf, testConfig } from '../../requests.ts';
import { animation, limits } from './quadrants.ts';

describe('within a reply', () => {
  const photo = readFileSync(new URL('../../../src/dev/samples/landscape.jpg', import.meta.url));
  const within = (maxResponseBytes: number, more: Partial<ImageOptions>, accept?: string, bytes = photo) =>
    resize({
      source: { bytes, format: sniff(bytes, true) },
      options: optionsOf({ w: 600, ...more }),
      accept,
      limits,
      maxResponseBytes,
    });
  test('as it is, where it fits', async () => {
    const { quality, type } = await within(1e6, { f: 'jpg' });
    expect([quality, type]).toEqual([undefined, 'image/jpeg']);
  });
  test('with less quality', async () => {
    const whole = (await within(1e6, { f: 'jpg' })).data.length;
    const { data, quality } = await within(whole * 0.7, { f: 'jpg' });
    expect(quality).toBeLessThan(80);
    expect(data.length).toBeLessThanOrEqual(whole * 0.7);
  });
  test('in another format, under auto', async () => {
    const png = await sharp(photo).png().toBuffer();
    const { data, type } = await within(60_000, {}, undefined, png);
    expect([type, data.length < 60_000]).toEqual(['image/jpeg', true]);
    expect((await within(60_000, {}, 'image/webp', png)).type).toBe('image/webp');
    expect((await within(60_000, { f: 'png' }, undefined, png)).type).toBe('image/png');
  });
  test('what is transparent does not become a JPEG', async () => {
    const noise = Buffer.from(Array.from({ length: 200 * 200 * 4 }, (_, i) => (i * 7919) % 251));
    const clear = await sharp(noise, { raw: { width: 200, height: 200, channels: 4 } })
      .png()
      .toBuffer();
    expect((await within(500, { w: 200 }, undefined, clear)).type).toBe('image/png');
  });
});

describe('as time runs out', () => {
  const photo = readFileSync(new URL('../../../src/dev/samples/landscape.jpg', import.meta.url));
  const late = (left: number, bytes: Buffer, more: Partial<ImageOptions>, accept?: string) =>
    resize({
      source: { bytes, format: sniff(bytes, true) },
      options: optionsOf(more),
      accept,
      limits: testConfig({ AVIF_AUTO: 'on' }),
      deadline: Date.now() + left,
    });
  test('with time, all is done', async () => {
    const { degraded, type } = await late(20_000, photo, { w: 600 }, 'image/avif,image/webp');
    expect([degraded, type]).toEqual([[], 'image/avif']);
  });
  test('AVIF becomes WebP, effort is low, an animation its first frame', async () => {
    expect(await late(0, photo, { w: 600 }, 'image/avif,image/webp')).toMatchObject({
      degraded: ['format', 'effort'],
      type: 'image/webp',
    });
    expect(await late(0, photo, { w: 600, f: 'avif' })).toMatchObject({ degraded: ['effort'], type: 'image/avif' });
    const still = await late(0, animation, { w: 30, f: 'webp' });
    expect(still.degraded).toEqual(['effort', 'frames']);
    expect((await decodePixels(still.data as Buffer)).pages).toBe(1);
  });
});
