import { describe, expect, test } from 'vitest';
import { planMask } from '../../src/image/mask.ts';
import type { Size } from '../../src/image/size.ts';
import type { ImageOptions } from '../../src/options.ts';

type Shape = NonNullable<ImageOptions['mask']>;
const LANDSCAPE = { width: 120, height: 80 };
const PORTRAIT = { width: 80, height: 121 };

function extent(size: Size, options: Parameters<typeof planMask>[1]) {
  const points = planMask(size, options)?.points ?? [];
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

describe('a mask is as large as fits, in its own ratio', () => {
  // Width by height.
  test.each<[Shape, number]>([
    ['circle', 1],
    ['square', 1],
    ['triangle', 2 / Math.sqrt(3)],
    ['triangle-180', 2 / Math.sqrt(3)],
    ['hexagon', Math.sqrt(3) / 2],
    ['pentagon', 1.05146],
    ['pentagon-180', 1.05146],
    ['star', 1.05146],
    ['heart', 1.1064],
  ])('%s', (mask, ratio) => {
    for (const size of [LANDSCAPE, PORTRAIT]) {
      const { left, top, right, bottom } = extent(size, { mask, mtrim: false });
      expect((right - left) / (bottom - top)).toBeCloseTo(ratio, 3);
      expect(left + right).toBeCloseTo(size.width, 6);
      expect(top + bottom).toBeCloseTo(size.height, 6);
      const touches = size === LANDSCAPE ? [top, bottom - size.height] : [left, right - size.width];
      for (const distance of touches) expect(distance).toBeCloseTo(0, 6);
    }
  });

  test('an ellipse fills the image', () => {
    const { left, top, right, bottom } = extent(LANDSCAPE, { mask: 'ellipse', mtrim: false });
    expect([left, top, right, bottom].map((side) => Math.round(side * 1e6) / 1e6)).toEqual([0, 0, 120, 80]);
  });
});

describe('the bounds of a mask', () => {
  test.each<[Shape, Size, number[]]>([
    ['circle', { width: 300, height: 401 }, [0, 51, 300, 300]],
    ['square', { width: 401, height: 300 }, [51, 0, 300, 300]],
    ['triangle', LANDSCAPE, [14, 0, 92, 80]],
    ['hexagon', LANDSCAPE, [26, 0, 69, 80]],
    ['ellipse', PORTRAIT, [0, 0, 80, 121]],
    ['heart', { width: 1, height: 1 }, [0, 0, 1, 1]],
    ['triangle', { width: 1, height: 999 }, [0, 499, 1, 1]],
  ])('%s in %j', (mask, size, expected) => {
    const bounds = planMask(size, { mask, mtrim: true })?.bounds;
    expect([bounds?.left, bounds?.top, bounds?.width, bounds?.height]).toEqual(expected);
  });

  test('with mtrim the shape is centred in them', () => {
    const { left, top, right, bottom } = extent({ width: 300, height: 401 }, { mask: 'circle', mtrim: true });
    expect([left, top, right, bottom].map((side) => Math.round(side * 1e6) / 1e6)).toEqual([0, 51, 300, 351]);
  });

  test('without a mask there is none; rounded corners have the whole image', () => {
    expect(planMask(LANDSCAPE, { mtrim: true })).toBeUndefined();
    expect(planMask(LANDSCAPE, { r: 9, mtrim: true })?.bounds).toEqual({ left: 0, top: 0, ...LANDSCAPE });
  });
});
