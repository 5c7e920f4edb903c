import { describe, expect, test } from 'vitest';
import type { Frame } from '../../src/image/frames.ts';
import { SLICE_PIXELS } from '../../src/image/slices.ts';
import { findContent } from '../../src/image/trim.ts';

/** Draws pixels on a ground of one colour. */
function frame(
  width: number,
  height: number,
  ground: number[],
  pixels: [x: number, y: number, colour: number[]][] = [],
) {
  const channels = ground.length as 3 | 4;
  const data = Buffer.alloc(width * height * channels, Buffer.from(ground));
  for (const [x, y, colour] of pixels) data.set(colour, (y * width + x) * channels);
  return { data, width, height, channels } satisfies Frame;
}
const find = async (image: Frame, threshold = 10, background?: Parameters<typeof findContent>[2]) => {
  const rect = await findContent(image, threshold, background);
  return rect && [rect.left, rect.top, rect.width, rect.height];
};
const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];

describe('content', () => {
  test('is every pixel that differs', async () => {
    expect(await find(frame(9, 7, WHITE, [[4, 3, BLACK]]))).toEqual([4, 3, 1, 1]);
    expect(
      await find(
        frame(9, 7, WHITE, [
          [7, 1, BLACK],
          [2, 5, BLACK],
        ]),
      ),
    ).toEqual([2, 1, 6, 5]);
    expect(await find(frame(9, 7, WHITE, [[8, 6, BLACK]]))).toEqual([8, 6, 1, 1]);
  });

  test('is all, if it touches all edges; none, if nothing differs', async () => {
    const corners: [number, number, number[]][] = [
      [8, 0, BLACK],
      [0, 6, BLACK],
    ];
    expect(await find(frame(9, 7, WHITE, corners))).toEqual([0, 0, 9, 7]);
    expect(await find(frame(9, 7, WHITE))).toBeUndefined();
  });

  test.each([
    [1, 1, undefined],
    [1, 9, [0, 4, 1, 1]],
    [9, 1, [4, 0, 1, 1]],
    [2, 9, [1, 4, 1, 1]],
  ])('in %i × %i', async (width, height, expected) => {
    const pixel: [number, number, number[]] = [Math.floor(width / 2), Math.floor(height / 2), BLACK];
    expect(await find(frame(width, height, WHITE, width * height === 1 ? [] : [pixel]))).toEqual(expected);
  });

  test('differs by more than the threshold in one channel', async () => {
    const by = (difference: number) => frame(5, 5, [100, 100, 100], [[2, 2, [100, 100 - difference, 100]]]);
    expect(await find(by(10), 10)).toBeUndefined();
    expect(await find(by(11), 10)).toEqual([2, 2, 1, 1]);
    expect(await find(by(11), 11)).toBeUndefined();
  });

  test('differs from a colour, if one is given', async () => {
    const image = frame(3, 3, WHITE, [[1, 1, BLACK]]);
    expect(await find(image, 10, { r: 0, g: 0, b: 0, alpha: 1 })).toEqual([0, 0, 3, 3]);
    expect(await find(frame(3, 3, BLACK), 10, { r: 0, g: 0, b: 0, alpha: 1 })).toBeUndefined();
  });

  test('with alpha: black on transparent is content, one transparent colour on another is not', async () => {
    expect(await find(frame(5, 5, [0, 0, 0, 0], [[2, 3, [0, 0, 0, 255]]]))).toEqual([2, 3, 1, 1]);
    expect(await find(frame(5, 5, [0, 0, 0, 0], [[2, 3, [255, 0, 0, 0]]]))).toBeUndefined();
    expect(await find(frame(5, 5, [255, 255, 255, 255], [[2, 3, [255, 255, 255, 128]]]))).toEqual([2, 3, 1, 1]);
    expect(await find(frame(5, 5, [9, 9, 9, 8]), 10, { r: 255, g: 255, b: 255, alpha: 0 })).toBeUndefined();
  });

  test('in any slice', async () => {
    const [width, height] = [500, (3 * SLICE_PIXELS) / 500];
    const image = frame(width, height, WHITE, [
      [499, 1, BLACK],
      [7, height - 2, BLACK],
    ]);
    expect(await find(image)).toEqual([7, 1, 493, height - 2]);
  });
});
