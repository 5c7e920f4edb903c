import { describe, expect, test } from 'vitest';
import type { ImageOptions } from '../../../src/options.ts';
import { BLUE, check, corners, GREEN, make, type Points, RED, source, YELLOW } from './quadrants.ts';

describe('adjustments', () => {
  test.each<[string, Partial<ImageOptions>, Points, number]>([
    [
      'greyscale',
      { filt: 'greyscale' },
      [
        [0.1, 0.1, [70, 70, 70, 255]],
        [0.9, 0.1, [137, 137, 137, 255]],
      ],
      4,
    ],
    ['negate', { filt: 'negate' }, [[0.1, 0.1, [35, 225, 225, 255]]], 2],
    ['sepia', { filt: 'sepia' }, [[0.1, 0.1, [115, 103, 80, 255]]], 3],
    [
      'duotone',
      { filt: 'duotone', start: 'ff000000', stop: 'ff0000ff' },
      [
        [0.1, 0.1, [0, 0, 70, 255]],
        [0.9, 0.1, [0, 0, 137, 255]],
      ],
      4,
    ],
    [
      'con=-100',
      { con: -100 },
      [
        [0.1, 0.1, [128, 128, 128, 255]],
        [0.9, 0.9, [128, 128, 128, 255]],
      ],
      1,
    ],
    ['con=100', { con: 100 }, [[0.1, 0.1, [255, 0, 0, 255]]], 1],
    ['con=50', { con: 50 }, [[0.9, 0.1, [0, 206, 0, 255]]], 2],
    ['mod=1,1,0', { mod: '1,1,0' }, corners(RED, GREEN, BLUE, YELLOW), 2],
    ['sat=0', { sat: 0 }, [[0.1, 0.1, [114, 114, 114, 255]]], 25],
    ['hue=360', { hue: 360 }, corners(RED, GREEN, BLUE, YELLOW), 4],
    ['gam', { gam: 2.2 }, [[0.1, 0.1, [238, 96, 96, 255]]], 6],
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

  test('tint keeps the lightness', async () => {
    const [r = 0, g = 0, b = 0] = (await make(source, { w: 120, tint: 'ffff0000' })).at(0.1, 0.9);
    expect(r).toBeGreaterThan(g + 20);
    expect(g).toBe(b);
  });

  test('in the order of weserv: contrast before blur', async () => {
    const both = await make(source, { w: 120, con: -100, blur: 5 });
    check(both, [[0.5, 0.5, [128, 128, 128, 255]]], 2);
  });
});
