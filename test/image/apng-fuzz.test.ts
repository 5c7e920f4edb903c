/** A short run of `npm run fuzz:apng`. */
import { expect, test } from 'vitest';
import { checkInput, makeInput } from '../fuzz/apng-check.ts';
import { createRandom } from '../fuzz/random.ts';

test('mutated animated PNGs give an image, or an error with a reason', { timeout: 120_000 }, async () => {
  const outcomes = new Set<string>();
  for (let index = 0; index < 300; index++) {
    const random = createRandom(21, index);
    const { outcome, error } = await checkInput(makeInput(random), random);
    expect(error, `input ${index}`).toBeUndefined();
    outcomes.add(outcome);
  }
  expect([...outcomes]).toEqual(expect.arrayContaining(['image', 'IMAGE_CORRUPT']));
});
