/** A short run of `npm run fuzz:bitmaps`. */
import { expect, test } from 'vitest';
import { checkJob, makeJob } from '../fuzz/bitmap-check.ts';
import { createRandom } from '../fuzz/random.ts';

test('mutated BMP and icons are images or clear errors, within bounds', async () => {
  const outcomes = new Set<string>();
  for (let index = 0; index < 400; index++) {
    const { outcome, error } = await checkJob(makeJob(createRandom(3, index)), index % 10 === 0);
    expect(error, `npm run fuzz:bitmaps -- --seed 3 --first ${index} --inputs 1`).toBeUndefined();
    outcomes.add(outcome);
  }
  expect([...outcomes]).toEqual(expect.arrayContaining(['ok', 'rendered', 'IMAGE_CORRUPT']));
}, 60_000);
