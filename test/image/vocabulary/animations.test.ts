import { describe, expect, test } from 'vitest';
import type { ImageOptions } from '../../../src/options.ts';
import { near } from '../../pixels.ts';
import { animation, BLUE, GREEN, make, RED } from './quadrants.ts';

describe('animations, frame by frame', () => {
  const halves = [
    [RED, GREEN],
    [GREEN, BLUE],
    [BLUE, RED],
  ] as const;
  test.each<[string, Partial<ImageOptions>, [number, number], 'left' | 'rotated' | 'flopped' | 'one']>([
    ['plain', { w: 15 }, [15, 10], 'left'],
    ['contain', { w: 30, h: 30, fit: 'contain', cbg: 'ff000000' }, [30, 30], 'left'],
    ['cover', { w: 15, h: 20, fit: 'cover', a: 'left' }, [15, 20], 'one'],
    ['focal', { w: 15, h: 20, fit: 'cover', fpx: 0 }, [15, 20], 'one'],
    ['crop', { w: 30, cx: 0, cw: 15 }, [15, 20], 'one'],
    ['precrop', { w: 30, cx: 0, cw: 15, ch: 20, precrop: true }, [30, 40], 'one'],
    ['ro=90', { w: 20, ro: 90 }, [20, 30], 'rotated'],
    ['flop', { w: 30, flop: true }, [30, 20], 'flopped'],
    ['mask', { w: 30, mask: 'ellipse' }, [30, 20], 'left'],
    ['sharp', { w: 30, sharp: 1 }, [30, 20], 'left'],
    ['attention falls back to the centre', { w: 15, h: 20, fit: 'cover', a: 'attention' }, [15, 20], 'left'],
  ])('%s', async (_what, more, size, where) => {
    const image = await make(animation, { f: 'webp', ll: true, ...more });
    expect([image.width, image.height, image.pages]).toEqual([...size, 3]);
    expect(image.delay).toEqual([100, 200, 300]);
    for (const [frame, [left, right]] of halves.entries()) {
      const points = {
        left: [
          [0.2, 0.5, left],
          [0.8, 0.5, right],
        ],
        flopped: [
          [0.2, 0.5, right],
          [0.8, 0.5, left],
        ],
        rotated: [
          [0.5, 0.2, left],
          [0.5, 0.8, right],
        ],
        one: [
          [0.2, 0.5, left],
          [0.8, 0.5, left],
        ],
      } as const;
      for (const [x, y, expected] of points[where])
        expect(near(image.at(x, y, frame), expected, 30), `${image.at(x, y, frame)} at ${x},${y} of ${frame}`).toBe(
          true,
        );
    }
  });
  test('loop and delay', async () =>
    expect(await make(animation, { w: 9, f: 'webp', loop: 3, delay: 40 })).toMatchObject({
      loop: 3,
      delay: [40, 40, 40],
    }));
  test.each([
    ['40,60,80', {}, [40, 60, 80]],
    ['40,60', {}, [40, 60, 60]],
    ['40,60,80,90', {}, [40, 60, 80]],
    ['40,60', { page: 1, n: 2 }, [40, 60]],
  ])('delay=%s %o', async (delay, more, expected) =>
    expect((await make(animation, { w: 9, f: 'webp', delay, ...more })).delay).toEqual(expected),
  );
  test('n and page', async () => {
    expect((await make(animation, { w: 30, f: 'webp', n: 2 })).pages).toBe(2);
    const last = await make(animation, { w: 30, f: 'webp', page: 2 });
    expect([last.pages, near(last.at(0.2, 0.5), BLUE, 30)]).toEqual([1, true]);
  });
  test('a trimmed animation is its first frame', async () =>
    expect((await make(animation, { w: 9, f: 'webp', trim: 10 })).pages).toBe(1));
});
