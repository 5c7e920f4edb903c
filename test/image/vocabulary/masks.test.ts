import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ImageOptions } from '../../../src/options.ts';
import { BLUE, CLEAR, check, GREEN, make, type Points, RED, source, YELLOW } from './quadrants.ts';

describe('masks', () => {
  const CORNERS: Points = [
    [0.01, 0.01, CLEAR],
    [0.99, 0.01, CLEAR],
    [0.01, 0.99, CLEAR],
    [0.99, 0.99, CLEAR],
  ];
  test.each<[ImageOptions['mask'], Points]>([
    [
      'circle',
      [
        [0.5, 0.5, YELLOW],
        [0.1, 0.5, CLEAR],
        [0.2, 0.6, BLUE],
      ],
    ],
    [
      'ellipse',
      [
        [0.02, 0.52, BLUE],
        [0.98, 0.48, GREEN],
      ],
    ],
    [
      'triangle',
      [
        [0.5, 0.1, GREEN],
        [0.3, 0.2, CLEAR],
        [0.4, 0.7, BLUE],
      ],
    ],
    [
      'triangle-180',
      [
        [0.51, 0.9, YELLOW],
        [0.3, 0.8, CLEAR],
      ],
    ],
    [
      'pentagon',
      [
        [0.51, 0.05, GREEN],
        [0.3, 0.85, BLUE],
      ],
    ],
    [
      'pentagon-180',
      [
        [0.51, 0.95, YELLOW],
        [0.35, 0.15, RED],
      ],
    ],
    [
      'hexagon',
      [
        [0.2, 0.52, BLUE],
        [0.8, 0.48, GREEN],
      ],
    ],
    [
      'star',
      [
        [0.51, 0.1, GREEN],
        [0.5, 0.95, CLEAR],
        [0.51, 0.52, YELLOW],
      ],
    ],
    [
      'heart',
      [
        [0.35, 0.2, RED],
        [0.5, 0.02, CLEAR],
        [0.51, 0.85, YELLOW],
      ],
    ],
  ])('%s', async (mask, points) =>
    check(await make(source, { w: 120, mask: mask as 'circle' }), [...CORNERS, ...points]),
  );

  test('square', async () =>
    check(await make(source, { w: 120, mask: 'square' }), [
      [0.05, 0.5, CLEAR],
      [0.2, 0.02, RED],
      [0.8, 0.98, YELLOW],
    ]));
  test('mbg is the colour outside', async () =>
    check(await make(source, { w: 120, mask: 'circle', mbg: 'ff0000ff' }), [
      [0.01, 0.01, [0, 0, 255, 255]],
      [0.4, 0.4, RED],
    ]));
  test('in JPEG, the outside is white, or mbg', async () => {
    check(await make(source, { w: 120, mask: 'circle', f: 'jpg' }), [[0.01, 0.01, [255, 255, 255, 255]]], 4);
    check(await make(source, { w: 120, mask: 'circle', f: 'jpg', mbg: 'ff000000' }), [[0.01, 0.01, [0, 0, 0, 255]]], 4);
  });
  test('mtrim crops to the mask', async () =>
    expect(await make(source, { w: 120, mask: 'circle', mtrim: true })).toMatchObject({ width: 80, height: 80 }));
  test('r rounds the corners', async () => {
    check(await make(source, { w: 120, r: 20 }), [
      [0.01, 0.01, CLEAR],
      [0.17, 0.01, RED],
      [0.01, 0.26, RED],
    ]);
    check(await make(source, { w: 120, r: 'max' }), [
      [0.02, 0.2, CLEAR],
      [0.02, 0.52, BLUE],
    ]);
  });
  test('the edge of a mask is antialiased, and its area is exact', async () => {
    const { pixels } = await make(source, { w: 120, mask: 'circle' });
    const alphas = Array.from({ length: pixels.length / 4 }, (_, i) => pixels[i * 4 + 3] ?? 0);
    expect(alphas.reduce((sum, alpha) => sum + alpha, 0) / 255 / (Math.PI * 40 * 40)).toBeCloseTo(1, 2);
    expect(alphas.filter((alpha) => alpha > 0 && alpha < 255).length).toBeGreaterThan(150);
  });
  test('bg is composited behind transparent parts', async () => {
    const half = await sharp({
      create: { width: 20, height: 20, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    check(await make(half, { w: 20, bg: 'ff0000ff' }), [[0.5, 0.5, [127, 0, 128, 255]]], 2);
    check(await make(half, { w: 20, bg: '000000ff' }), [[0.5, 0.5, [255, 0, 0, 128]]], 2);
    check(await make(half, { w: 20, f: 'jpg', bg: 'ff0000ff' }), [[0.5, 0.5, [127, 0, 128, 255]]], 4);
  });
});
