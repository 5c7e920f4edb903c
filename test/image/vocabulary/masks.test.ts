import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ImageOptions } from '../../../src/options.ts';
import { BLUE, CLEAR, check, GREEN, make, type Points, quadrants, RED, source, YELLOW } from './quadrants.ts';

describe('masks', () => {
  const CORNERS: Points = [
    [0.01, 0.01, CLEAR],
    [0.99, 0.01, CLEAR],
    [0.01, 0.99, CLEAR],
    [0.99, 0.99, CLEAR],
  ];
  // In 120 × 80: each shape is 80 high, from the top edge to the bottom edge.
  test.each<[NonNullable<ImageOptions['mask']>, Points]>([
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
        [0.5, 0.05, GREEN],
        [0.3, 0.2, CLEAR],
        // 92.4 wide at the bottom.
        [0.14, 0.99, BLUE],
        [0.1, 0.99, CLEAR],
        [0.86, 0.99, YELLOW],
      ],
    ],
    [
      'triangle-180',
      [
        [0.51, 0.9, YELLOW],
        [0.3, 0.8, CLEAR],
        [0.14, 0.01, RED],
      ],
    ],
    [
      'pentagon',
      [
        [0.51, 0.05, GREEN],
        // The lower side is 52 wide, on the bottom edge.
        [0.3, 0.98, BLUE],
        [0.7, 0.98, YELLOW],
        [0.25, 0.98, CLEAR],
      ],
    ],
    [
      'pentagon-180',
      [
        [0.51, 0.97, YELLOW],
        [0.3, 0.02, RED],
        [0.7, 0.02, GREEN],
      ],
    ],
    [
      'hexagon',
      [
        // On a point: 69.3 wide, with upright sides.
        [0.5, 0.02, GREEN],
        [0.5, 0.98, YELLOW],
        [0.23, 0.3, RED],
        [0.23, 0.7, BLUE],
        [0.2, 0.52, CLEAR],
        [0.8, 0.48, CLEAR],
      ],
    ],
    [
      'square',
      [
        // On a corner.
        [0.5, 0.02, GREEN],
        [0.5, 0.98, YELLOW],
        [0.18, 0.5, BLUE],
        [0.2, 0.3, CLEAR],
        [0.3, 0.1, CLEAR],
        [0.35, 0.35, RED],
      ],
    ],
    [
      'star',
      [
        [0.51, 0.15, GREEN],
        [0.3, 0.95, BLUE],
        [0.69, 0.93, YELLOW],
        [0.5, 0.95, CLEAR],
        [0.51, 0.52, YELLOW],
      ],
    ],
    [
      'heart',
      [
        [0.35, 0.02, RED],
        [0.65, 0.02, GREEN],
        [0.5, 0.1, CLEAR],
        [0.5, 0.93, YELLOW],
        [0.16, 0.3, RED],
      ],
    ],
  ])('%s', async (mask, points) => check(await make(source, { w: 120, mask }), [...CORNERS, ...points]));

  test('mbg is the colour outside', async () =>
    check(await make(source, { w: 120, mask: 'circle', mbg: 'ff0000ff' }), [
      [0.01, 0.01, [0, 0, 255, 255]],
      [0.4, 0.4, RED],
    ]));
  test('in JPEG, the outside is white, or mbg', async () => {
    check(await make(source, { w: 120, mask: 'circle', f: 'jpg' }), [[0.01, 0.01, [255, 255, 255, 255]]], 4);
    check(await make(source, { w: 120, mask: 'circle', f: 'jpg', mbg: 'ff000000' }), [[0.01, 0.01, [0, 0, 0, 255]]], 4);
  });
  test('mbg is outside only: what is transparent inside stays so', async () => {
    const half = await sharp({
      create: { width: 60, height: 60, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    const hole = await sharp(await quadrants(60, 60, 4).png().toBuffer())
      .composite([{ input: { create: { width: 20, height: 20, channels: 4, background: '#fff' } }, blend: 'dest-out' }])
      .png()
      .toBuffer();
    for (const more of [{ mask: 'circle' }, { r: 'max' }] as const) {
      check(await make(half, { w: 60, ...more, mbg: 'ff0000ff' }), [
        [0.5, 0.5, [255, 0, 0, 128]],
        [0.02, 0.02, [0, 0, 255, 255]],
      ]);
      const image = await make(hole, { w: 60, ...more, mbg: 'ff0000ff' });
      check(image, [[0.5, 0.5, CLEAR]]);
      // JPEG has no transparency: inside white, not mbg.
      check(await make(hole, { w: 60, ...more, mbg: 'ff0000ff', f: 'jpg' }), [[0.5, 0.5, [255, 255, 255, 255]]], 16);
    }
  });
  test('the edge of an opaque mask in an opaque colour has no seam', async () => {
    const { pixels } = await make(source, { w: 120, mask: 'circle', mbg: 'ff0000ff' });
    expect(Array.from({ length: pixels.length / 4 }, (_, i) => pixels[i * 4 + 3]).every((alpha) => alpha === 255)).toBe(
      true,
    );
  });
  test.each<[NonNullable<ImageOptions['mask']>, number, number, [number, number]]>([
    ['circle', 120, 80, [80, 80]],
    ['circle', 300, 401, [300, 300]],
    ['circle', 401, 300, [300, 300]],
    ['square', 301, 300, [300, 300]],
    ['triangle', 120, 80, [92, 80]],
    ['triangle', 80, 120, [80, 69]],
    ['hexagon', 120, 80, [69, 80]],
    ['hexagon', 80, 121, [80, 92]],
    ['ellipse', 120, 80, [120, 80]],
  ])('mtrim of a %s in %i × %i', async (mask, width, height, size) => {
    const bytes = await quadrants(width, height).png().toBuffer();
    const image = await make(bytes, { w: width, mask, mtrim: true });
    expect([image.width, image.height]).toEqual(size);
    // The shape touches all four sides, in the middle or at a corner.
    const { pixels, width: columns, height: rows } = image;
    const alpha = (x: number, y: number) => pixels[(y * columns + x) * 4 + 3] ?? 0;
    const across = (of: (x: number) => number) => Math.max(...Array.from({ length: columns }, (_, x) => of(x)));
    const down = (of: (y: number) => number) => Math.max(...Array.from({ length: rows }, (_, y) => of(y)));
    const touched = [
      across((x) => alpha(x, 0)),
      across((x) => alpha(x, rows - 1)),
      down((y) => alpha(0, y)),
      down((y) => alpha(columns - 1, y)),
    ];
    for (const side of touched) expect(side).toBeGreaterThan(50);
  });
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
