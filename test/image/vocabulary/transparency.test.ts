import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ImageOptions } from '../../../src/options.ts';
import { decodePixels } from '../../pixels.ts';
import {
  BLUE,
  CLEAR,
  check,
  corners,
  GREEN,
  make,
  type Points,
  quadrants,
  RED,
  run,
  source,
  YELLOW,
} from './quadrants.ts';

const photo = await quadrants().jpeg({ chromaSubsampling: '4:4:4', quality: 95 }).toBuffer();
const box = { w: 60, h: 60, fit: 'contain' } as const;

describe('a colour is as transparent as it says', () => {
  const HALF = [0, 0, 255, 128];
  test.each<[string, Partial<ImageOptions>, number, number]>([
    ['cbg', box, 0.5, 0.05],
    ['rbg', { w: 60, ro: 45 }, 0.02, 0.02],
    ['mbg', { w: 60, mask: 'circle' }, 0.02, 0.02],
    ['mbg', { w: 60, r: 20 }, 0.01, 0.01],
  ])('%s of %j', async (name, more, x, y) => {
    for (const f of ['auto', 'png', 'webp', 'gif'] as const) {
      const outside = async (colour: string): Promise<number[]> => {
        const { data, type } = await run(photo, { ...more, f, ll: true, [name]: colour });
        expect(type).toBe(f === 'auto' ? 'image/png' : `image/${f}`);
        return (await decodePixels(data as Buffer)).at(x, y);
      };
      expect((await outside('00ff0000'))[3], f).toBe(0);
      // GIF has no partial transparency.
      if (f !== 'gif') expect(await outside('800000ff'), f).toEqual(HALF);
    }
  });

  test('an opaque one stays a reason for JPEG', async () =>
    expect((await run(photo, { ...box, f: 'auto', cbg: 'ff0000ff' })).type).toBe('image/jpeg'));

  test('contain in the ratio of the source is as small as without', async () => {
    const same = await run(photo, { w: 60, h: 40, fit: 'contain', f: 'auto' });
    const plain = await run(photo, { w: 60, h: 40, f: 'auto' });
    expect([same.type, same.data.length]).toEqual(['image/jpeg', plain.data.length]);
    check(await decodePixels(same.data as Buffer), corners(RED, GREEN, BLUE, YELLOW), 8);
  });
});

describe('flattened for JPEG', async () => {
  const clear = await sharp({
    create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 255, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer();
  const PINK = [255, 127, 127, 255];
  const WHITE = [255, 255, 255, 255];
  test.each<[string, Buffer, Partial<ImageOptions>, Points]>([
    ['a translucent bg is over white', clear, { w: 20, bg: '80ff0000' }, [[0.5, 0.5, PINK]]],
    ['and so behind padding', source, { ...box, bg: '80ff0000' }, [[0.5, 0.05, PINK]]],
    ['a translucent cbg is over white', source, { ...box, cbg: '80ff0000' }, [[0.5, 0.05, PINK]]],
    [
      'a translucent cbg is over bg',
      source,
      { ...box, cbg: '80ff0000', bg: 'ff0000ff' },
      [[0.5, 0.05, [128, 0, 127, 255]]],
    ],
    ['a transparent cbg is white', source, { ...box, cbg: '00ff0000' }, [[0.5, 0.05, WHITE]]],
    [
      'the outside of a mask is bg',
      source,
      { w: 60, mask: 'circle', bg: 'ff0000ff' },
      [[0.01, 0.01, [0, 0, 255, 255]]],
    ],
  ])('%s', async (_what, bytes, more, points) => check(await make(bytes, { f: 'jpg', q: 95, ...more }), points, 6));
});

test('an opaque bg leaves nothing transparent but the outside of a mask', async () => {
  const image = await make(source, { ...box, bg: 'ff0000ff', mask: 'circle' });
  check(image, [
    [0.5, 0.05, [0, 0, 255, 255]],
    [0.02, 0.02, CLEAR],
  ]);
});
