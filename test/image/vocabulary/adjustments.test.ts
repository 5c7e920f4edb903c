import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ImageOptions } from '../../../src/options.ts';
import { BLUE, check, corners, GREEN, make, type Points, RED, source, YELLOW } from './quadrants.ts';

describe('adjustments', () => {
  test.each<[string, Partial<ImageOptions>, Points, number]>([
    [
      'greyscale',
      { filt: 'greyscale' },
      [
        [0.1, 0.1, [112, 112, 112, 255]],
        [0.9, 0.1, [155, 155, 155, 255]],
      ],
      4,
    ],
    ['negate', { filt: 'negate' }, [[0.1, 0.1, [35, 225, 225, 255]]], 2],
    ['sepia', { filt: 'sepia' }, [[0.1, 0.1, [104, 87, 69, 255]]], 1],
    [
      'duotone',
      { filt: 'duotone', start: 'ff000000', stop: 'ff0000ff' },
      [
        [0.1, 0.1, [35, 17, 104, 255]],
        [0.9, 0.1, [37, 17, 148, 255]],
      ],
      4,
    ],
    [
      'con=-100',
      { con: -100 },
      [
        [0.1, 0.1, [143, 110, 110, 255]],
        [0.9, 0.9, [146, 143, 113, 255]],
      ],
      1,
    ],
    ['con=100', { con: 100 }, [[0.1, 0.1, [254, 0, 0, 255]]], 1],
    ['con=50', { con: 50 }, [[0.9, 0.1, [0, 244, 0, 255]]], 1],
    ['bri=10', { bri: 10 }, [[0.1, 0.1, [245, 55, 55, 255]]], 1],
    ['mod=1,1,0', { mod: '1,1,0' }, corners(RED, GREEN, BLUE, YELLOW), 2],
    ['sat=0', { sat: 0 }, [[0.1, 0.1, [114, 114, 114, 255]]], 25],
    ['hue=360', { hue: 360 }, corners(RED, GREEN, BLUE, YELLOW), 4],
    ['gam', { gam: 2.2 }, [[0.1, 0.1, [184, 2, 2, 255]]], 1],
    ['gam=1', { gam: 1 }, corners(RED, GREEN, BLUE, YELLOW), 1],
    ['blur', { blur: 1000 }, [[0.5, 0.5, [128, 115, 80, 255]]], 30],
    ['sharp leaves flat areas as they are', { sharp: 1 }, corners(RED, GREEN, BLUE, YELLOW), 3],
    ['no adjustment', {}, corners(RED, GREEN, BLUE, YELLOW), 0],
  ])('%s', async (_what, more, points, tolerance) => check(await make(source, { w: 120, ...more }), points, tolerance));

  test('the first number of mod is the brightness', async () => {
    const [dark = 0] = (await make(source, { w: 120, mod: '0.5' })).at(0.9, 0.9);
    const [light = 0] = (await make(source, { w: 120, mod: '1.2' })).at(0.9, 0.1);
    expect(dark).toBeLessThan(160);
    expect(light).toBeGreaterThan(30);
  });

  test.each<[string, Partial<ImageOptions>, number[]]>([
    ['tint: the grey of the same luminance, with the chroma of the colour', { tint: 'ff704214' }, [152, 101, 54, 255]],
    ['a tint that is partly transparent is the same', { tint: '80704214' }, [152, 101, 54, 255]],
    ['a transparent tint is none', { tint: '00704214' }, RED],
  ])('%s', async (_what, more, expected) => check(await make(source, { w: 120, ...more }), [[0.1, 0.1, expected]], 1));

  test('alpha stays', async () => {
    const half = await sharp({
      create: { width: 20, height: 20, channels: 4, background: { r: 220, g: 30, b: 30, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    for (const more of [
      { con: 50 },
      { gam: 2.2 },
      { filt: 'greyscale' },
      { filt: 'sepia' },
      { tint: 'ff0000ff' },
    ] as const)
      expect((await make(half, { w: 20, ...more })).at(0.5, 0.5)[3], JSON.stringify(more)).toBe(128);
  });

  test('in the order of weserv: contrast before blur', async () => {
    const both = await make(source, { w: 120, con: 100, blur: 5 });
    check(both, [[0.5, 0.25, [128, 128, 0, 255]]], 12);
  });
});
