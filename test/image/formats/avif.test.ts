import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sequenceFrames } from '../../../src/image/formats/avif.ts';
import { run } from '../vocabulary/quadrants.ts';

const read = (name: string) => readFileSync(new URL(`../../fixtures/wild/${name}`, import.meta.url));
const moving = read('W59-moving.avif');

test('frames of a sequence are counted by the sizes of its samples', () => {
  expect(sequenceFrames(moving)).toBe(3);
  expect(sequenceFrames(read('W57-primary.avif'))).toBe(1);
  for (let length = 0; length < moving.length; length += 7)
    expect(sequenceFrames(moving.subarray(0, length))).toBeLessThanOrEqual(3);
});

test.each([
  ['auto', {}, 3],
  ['webp', {}, 3],
  ['avif', {}, 3],
  ['jpg', {}, undefined],
  ['webp', { n: 1 }, undefined],
  ['webp', { page: 0 }, undefined],
] as const)('a sequence as %s with %j: the header names %s frames', async (f, more, frames) =>
  expect((await run(moving, { w: 9, f, ...more })).sourceFrameCount).toBe(frames),
);

test('f=json names the frames of the source, and the plan those of the output', async () =>
  expect(JSON.parse(String((await run(moving, { f: 'json', w: 9, explain: true })).data))).toMatchObject({
    pages: 3,
    plan: { pages: 1 },
  }));
