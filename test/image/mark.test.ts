import { describe, expect, test } from 'vitest';
import { MARK_DEFAULTS, type MarkOptions, planMark } from '../../src/image/mark.ts';

const plan = (output: [number, number], mark: [number, number], options: MarkOptions = {}) => {
  const [width, height] = output;
  const [markWidth, markHeight] = mark;
  return planMark({ width, height }, { width: markWidth, height: markHeight }, { ...MARK_DEFAULTS, ...options });
};
const boxOf = (...args: Parameters<typeof plan>) => {
  const { left, top, width, height } = plan(...args);
  return [left, top, width, height];
};

describe('a mark of 20 × 10 on 100 × 50, a fifth as wide, 3 px and 4 px from the edges', () => {
  test.each([
    ['top-left', [3, 4]],
    ['top', [43, 4]],
    ['top-right', [77, 4]],
    ['left', [3, 24]],
    ['center', [43, 24]],
    ['right', [77, 24]],
    ['bottom-left', [3, 36]],
    ['bottom', [43, 36]],
    ['bottom-right', [77, 36]],
  ] as const)('%s', (mpos, at) => expect(boxOf([100, 50], [20, 10], { mpos, mx: 3, my: 4 })).toEqual([...at, 20, 10]));
});

test.each([
  ['a share of the width', [200, 200], [50, 25], { mscale: 0.5 }, [100, 150, 100, 50]],
  ['a small mark is enlarged', [200, 200], [2, 1], { mscale: 0.5 }, [100, 150, 100, 50]],
  ['as wide as the output', [200, 200], [50, 25], { mscale: 1 }, [0, 100, 200, 100]],
  ['never higher than the output', [200, 40], [10, 20], { mscale: 0.5 }, [180, 0, 20, 40]],
  ['at least a pixel', [3, 3], [1000, 10], { mscale: 0.01 }, [2, 2, 1, 1]],
  ['never outside, whatever the distance', [100, 50], [20, 10], { mx: 8192, my: 8192 }, [0, 0, 20, 10]],
  ['nor to the right of the centre', [100, 50], [20, 10], { mpos: 'center', mx: 8192 }, [80, 20, 20, 10]],
  ['odd room in the middle', [101, 50], [20, 10], { mpos: 'top', mscale: 0.2 }, [40, 0, 20, 10]],
] as const)('%s', (_, output, mark, options, box) => expect(boxOf([...output], [...mark], options)).toEqual(box));

test('a mark is drawn once, tiles with gaps from the top left corner', () => {
  expect(plan([100, 50], [20, 10])).toMatchObject({ stepX: Infinity, stepY: Infinity });
  const tiles = { left: 0, top: 0, width: 20, height: 10, stepX: 25, stepY: 17 };
  expect(plan([100, 50], [20, 10], { mpos: 'tile', mx: 5, my: 7 })).toEqual(tiles);
});
