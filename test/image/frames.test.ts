import { expect, test } from 'vitest';
import { type Frame, type FrameStep, inOnePipeline, mapFrames, runSteps } from '../../src/image/frames.ts';
import { createTimeLimit } from '../../src/image/time-limit.ts';

const limit = createTimeLimit();
/** A frame of two pixels a row, with a memory of its own, as a decoder gives it. */
const frameOf = (...rows: number[]): Frame => {
  const data = Buffer.allocUnsafeSlow(rows.length * 6);
  rows.forEach((value, row) => void data.fill(value, row * 6, (row + 1) * 6));
  return { width: 2, height: rows.length, channels: 3, data };
};
const add: FrameStep = async ({ data, height }) =>
  frameOf(...Array.from({ length: height }, (_, row) => (data[row * 6] ?? 0) + 1));

test('each step gets the output of the one before, whose pixels are released when it has ended', async () => {
  const frames: Frame[] = [];
  const step: FrameStep = async (frame) => {
    frames.push(frame);
    return add(frame, limit);
  };
  const first = frameOf(7);
  const output = await runSteps(first, [step, step, async (frame) => frame], limit);
  expect([...output.data]).toEqual([9, 9, 9, 9, 9, 9]);
  expect(frames.map(({ data }) => data.length)).toEqual([0, 0]);
  expect(await runSteps(output, [], limit)).toBe(output);
});

test('the pixels that sharp returns are released too', async () => {
  const flip = inOnePipeline((image) => image.flip());
  const flipped = await flip(frameOf(3), limit);
  const again = await runSteps(flipped, [flip], limit);
  expect([flipped.data.length, again.data.length]).toEqual([0, 6]);
});

test('a step that fails leaves its input as it is', async () => {
  const first = frameOf(7);
  const fail: FrameStep = () => Promise.reject(new Error('x'));
  await expect(runSteps(first, [fail], limit)).rejects.toThrow('x');
  expect(first.data.length).toBe(6);
});

test('stacked frames are changed one by one and stacked again; their pixels are released at the end', async () => {
  const stacked = frameOf(0, 1, 2);
  const seen: number[] = [];
  const output = await mapFrames(stacked, 3, async (frame) => {
    seen.push(frame.height, frame.data[0] ?? -1, stacked.data.length);
    return runSteps(frame, [add, add], limit);
  });
  expect(seen).toEqual([1, 0, 18, 1, 1, 18, 1, 2, 18]);
  expect([output.height, ...output.data]).toEqual([3, ...[2, 3, 4].flatMap((value) => Array(6).fill(value))]);
  expect(stacked.data.length).toBe(0);
});
