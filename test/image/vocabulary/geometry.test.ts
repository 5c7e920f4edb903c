import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ImageOptions } from '../../../src/options.ts';
import { near } from '../../pixels.ts';
import { BLUE, CLEAR, check, corners, GREEN, make, type Points, quadrants, RED, source, YELLOW } from './quadrants.ts';

describe('size, crop, orientation', () => {
  test.each<[string, Partial<ImageOptions>, [number, number], Points]>([
    ['w', { w: 60 }, [60, 40], corners(RED, GREEN, BLUE, YELLOW)],
    ['w in percent', { w: '25%' }, [30, 20], corners(RED, GREEN, BLUE, YELLOW)],
    ['ar', { w: 60, ar: '1:1' }, [60, 60], corners(RED, GREEN, BLUE, YELLOW)],
    ['cover a=left', { w: 40, h: 80, fit: 'cover', a: 'left' }, [40, 80], corners(RED, RED, BLUE, BLUE)],
    ['cover a=right', { w: 40, h: 80, fit: 'cover', a: 'right' }, [40, 80], corners(GREEN, GREEN, YELLOW, YELLOW)],
    ['cover a=top', { w: 120, h: 30, fit: 'cover', a: 'top' }, [120, 30], corners(RED, GREEN, RED, GREEN)],
    [
      'cover a=bottom-right',
      { w: 120, h: 30, fit: 'cover', a: 'bottom-right' },
      [120, 30],
      corners(BLUE, YELLOW, BLUE, YELLOW),
    ],
    ['focal point', { w: 40, h: 80, fit: 'cover', fpx: 0 }, [40, 80], corners(RED, RED, BLUE, BLUE)],
    [
      'focal point, mirrored first',
      { w: 40, h: 80, fit: 'cover', fpx: 0, flop: true },
      [40, 80],
      corners(GREEN, GREEN, YELLOW, YELLOW),
    ],
    [
      'contain',
      { w: 60, h: 60, fit: 'contain' },
      [60, 60],
      [
        [0.5, 0.05, CLEAR],
        [0.1, 0.3, RED],
        [0.5, 0.95, CLEAR],
      ],
    ],
    [
      'contain a=top cbg',
      { w: 60, h: 60, fit: 'contain', a: 'top', cbg: 'ff000000' },
      [60, 60],
      [
        [0.1, 0.1, RED],
        [0.5, 0.9, [0, 0, 0, 255]],
      ],
    ],
    [
      'contain a=top, mirrored first',
      { w: 60, h: 60, fit: 'contain', a: 'top', flip: true },
      [60, 60],
      [
        [0.1, 0.1, BLUE],
        [0.5, 0.9, CLEAR],
      ],
    ],
    [
      'contain pads before the crop rectangle',
      { w: 60, h: 60, fit: 'contain', cy: 10, ch: 40 },
      [60, 40],
      corners(RED, GREEN, BLUE, YELLOW),
    ],
    // 120 × 80 becomes 80 × 120, which is fitted into the box.
    ['the box is that of the rotated image', { w: 40, h: 90, ro: 90 }, [40, 60], corners(BLUE, RED, YELLOW, GREEN)],
    [
      'and covered by it',
      { w: 40, h: 40, fit: 'cover', a: 'top', ro: 270 },
      [40, 40],
      corners(GREEN, YELLOW, RED, BLUE),
    ],
    ['crop', { w: 120, cx: 60, cy: 0, cw: 60, ch: 40 }, [60, 40], corners(GREEN, GREEN, GREEN, GREEN)],
    ['crop in percent', { w: 60, cx: '50%', cy: '50%' }, [30, 20], corners(YELLOW, YELLOW, YELLOW, YELLOW)],
    ['crop without a size', { cx: 0, cy: 40, cw: 60, ch: 40 }, [60, 40], corners(BLUE, BLUE, BLUE, BLUE)],
    ['precrop', { w: 30, cx: 60, cw: 60, ch: 40, precrop: true }, [30, 20], corners(GREEN, GREEN, GREEN, GREEN)],
    [
      'precrop, rotated first',
      { w: 20, cx: 40, cw: 40, ch: 60, precrop: true, ro: 90 },
      [20, 30],
      corners(RED, RED, RED, RED),
    ],
    [
      'precrop, mirrored first',
      { w: 30, cx: 60, cw: 60, ch: 40, precrop: true, flop: true },
      [30, 20],
      corners(RED, RED, RED, RED),
    ],
    ['ro=90', { w: 40, ro: 90 }, [40, 60], corners(BLUE, RED, YELLOW, GREEN)],
    ['ro=180', { w: 60, ro: 180 }, [60, 40], corners(YELLOW, BLUE, GREEN, RED)],
    ['ro=-90', { w: 40, ro: -90 }, [40, 60], corners(GREEN, YELLOW, RED, BLUE)],
    [
      'ro=45',
      { w: 60, ro: 45 },
      [71, 71],
      [
        [0.02, 0.02, CLEAR],
        [0.5, 0.25, RED],
        [0.75, 0.5, GREEN],
      ],
    ],
    ['ro=45 rbg', { w: 60, ro: 45, rbg: 'ff0000ff' }, [71, 71], [[0.02, 0.02, [0, 0, 255, 255]]]],
    ['flip', { w: 60, flip: true }, [60, 40], corners(BLUE, YELLOW, RED, GREEN)],
    ['flop', { w: 60, flop: true }, [60, 40], corners(GREEN, RED, YELLOW, BLUE)],
    ['flip after ro', { w: 40, ro: 90, flip: true }, [40, 60], corners(YELLOW, GREEN, BLUE, RED)],
  ])('%s', async (_what, more, size, points) => {
    const image = await make(source, more);
    expect([image.width, image.height]).toEqual(size);
    check(image, points);
  });

  test('trim removes borders of one colour, before the resize', async () => {
    const framed = await quadrants()
      .extend({ top: 10, bottom: 20, left: 30, right: 40, background: '#fff' })
      .png()
      .toBuffer();
    const image = await make(framed, { w: 60, trim: 10 });
    expect([image.width, image.height]).toEqual([60, 40]);
    check(image, corners(RED, GREEN, BLUE, YELLOW));
    expect((await make(framed, { w: 60, trim: 10, ro: 90 })).height).toBe(90);
  });
});

describe('a content-aware crop keeps the subject', () => {
  /** Draws a square of 60 × 60 on grey, 300 × 100. */
  const withSubject = (left: number, colour: (x: number, y: number) => readonly number[]) => {
    const pixels = Buffer.alloc(300 * 100 * 3, 128);
    for (let y = 20; y < 80; y++)
      for (let x = 0; x < 60; x++) pixels.set(colour(x, y).slice(0, 3), (y * 300 + left + x) * 3);
    return sharp(pixels, { raw: { width: 300, height: 100, channels: 3 } })
      .png()
      .toBuffer();
  };
  const noise = (x: number, y: number) => [(x * 7919 + y * 104_729) % 256, (x * y * 31) % 256, (x * 17 + y * y) % 256];

  test.each([
    ['attention: a saturated colour', 'attention', () => RED],
    ['entropy: detail', 'entropy', noise],
  ] as const)('%s', async (_what, a, colour) => {
    for (const left of [20, 220]) {
      const image = await make(await withSubject(left, colour), { w: 100, h: 100, fit: 'cover', a });
      const subject = Array.from({ length: 100 * 100 }, (_, i) => image.pixels.subarray(i * 4, i * 4 + 3)).filter(
        (pixel) => !near([...pixel], [128, 128, 128], 4),
      );
      expect(subject.length, `at ${left}`).toBeGreaterThan(0.98 * 60 * 60);
    }
    // A centred crop has nothing of it.
    const centred = await make(await withSubject(20, colour), { w: 100, h: 100, fit: 'cover' });
    check(centred, corners([128, 128, 128], [128, 128, 128], [128, 128, 128], [128, 128, 128]), 0);
  });
});
