import sharp from 'sharp';
import { expect, test } from 'vitest';
import { CLEAR, type Colour } from '../../src/image/colour.ts';
import { compositeOver, replaceOutside } from '../../src/image/composite.ts';
import { mapFrames, toFrame } from '../../src/image/frames.ts';
import { planMask } from '../../src/image/mask.ts';
import { maskCoverage } from '../../src/image/mask-coverage.ts';
import { forEachSlice, SLICE_PIXELS } from '../../src/image/slices.ts';
import { createTimeLimit } from '../../src/image/time-limit.ts';

/** One row for each alpha, one column for each coverage. */
const SIDE = 256;
const frame = (channels: 3 | 4) => ({
  width: SIDE,
  height: SIDE,
  channels,
  data: Buffer.from(
    Array.from({ length: SIDE * SIDE * channels }, (_, i) =>
      channels === 4 && i % 4 === 3 ? Math.floor(i / 4 / SIDE) : (i * 7) & 255,
    ),
  ),
});
const coverage = (fromRow: number, toRow: number) =>
  Uint8Array.from({ length: (toRow - fromRow) * SIDE }, (_, i) => i % SIDE);

test.each<[string, Colour]>([
  ['nothing', CLEAR],
  ['an opaque colour', { r: 1, g: 20, b: 255, alpha: 1 }],
  ['a transparent colour', { r: 200, g: 0, b: 77, alpha: 0.4 }],
])('over %s: source-over of each alpha, and the mean by each coverage', async (_name, { r, g, b, alpha }) => {
  for (const channels of [3, 4] as const)
    for (const mask of [undefined, coverage]) {
      const source = frame(channels);
      const { data } = await (mask
        ? replaceOutside(source, { r, g, b, alpha }, mask)
        : compositeOver(source, { r, g, b, alpha }));
      const expected = Buffer.alloc(data.length);
      for (let i = 0; i < SIDE * SIDE; i++) {
        const own = channels === 4 ? Math.floor(i / SIDE) / 255 : 1;
        const covered = mask ? (i % SIDE) / 255 : own;
        const front = mask ? own * covered : own;
        const back = alpha * (1 - covered);
        for (const [channel, colour] of [r, g, b].entries()) {
          const from = source.data[i * channels + channel] ?? 0;
          // What is wholly inside stays as it is, where it is clear too.
          const mean = front + back ? (from * front + colour * back) / (front + back) : colour;
          expected[i * 4 + channel] = Math.round(mask && covered === 1 ? from : mean);
        }
        expected[i * 4 + 3] = Math.round((front + back) * 255);
      }
      expect(data.equals(expected)).toBe(true);
    }
});

test('the coverage of a mask is the same in any slices', () => {
  const size = { width: 61, height: 37 };
  const rows = maskCoverage(planMask(size, { mask: 'heart', mtrim: false })?.points ?? [], size);
  expect(Buffer.concat([rows(0, 5), rows(5, 6), rows(6, 37)])).toEqual(Buffer.from(rows(0, 37)));
});

test('a loop over pixels is interrupted after each slice', async () => {
  const slicesOf = async (width: number, height: number) => {
    const slices: [from: number, to: number][] = [];
    let turns = 0;
    let isDone = false;
    const count = () => {
      if (isDone) return;
      turns++;
      setImmediate(count);
    };
    setImmediate(count);
    await forEachSlice({ width, height }, (from, to) => slices.push([from, to]));
    isDone = true;
    return { slices, turns };
  };
  const { slices, turns } = await slicesOf(1000, 1001);
  expect(slices).toEqual([
    [0, 250],
    [250, 500],
    [500, 750],
    [750, 1000],
    [1000, 1001],
  ]);
  expect(turns).toBeGreaterThanOrEqual(3);
  expect((await slicesOf(SLICE_PIXELS * 2, 2)).slices).toEqual([
    [0, 1],
    [1, 2],
  ]);
});

test('masks and greyscale images are changed in slices', async () => {
  let turns = 0;
  const count = () => {
    turns++;
    timer = setImmediate(count);
  };
  let timer = setImmediate(count);
  const size = { width: 1000, height: 1000 };
  await compositeOver({ ...size, channels: 3, data: Buffer.alloc(3_000_000) }, CLEAR);
  expect(turns).toBeGreaterThanOrEqual(2);
  clearImmediate(timer);
});

test('greyscale images get three channels, with alpha four', async () => {
  const grey = (channels: 1 | 2, data: number[]) =>
    toFrame(sharp(Buffer.from(data), { raw: { width: 2, height: 1, channels } }), createTimeLimit());
  expect([...(await grey(1, [7, 200])).data]).toEqual([7, 7, 7, 200, 200, 200]);
  expect([...(await grey(2, [7, 1, 200, 2])).data]).toEqual([7, 7, 7, 1, 200, 200, 200, 2]);
});

test('the pixels of a still are not copied', async () => {
  const still = frame(4);
  expect((await mapFrames(still, 1, async (one) => one)).data).toBe(still.data);
});
