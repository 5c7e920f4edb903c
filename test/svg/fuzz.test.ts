/** A short run of `npm run fuzz:svg`. */
import { expect, test } from 'vitest';
import { createRandom } from '../fuzz/random.ts';
import { checkInput } from '../fuzz/svg-check.ts';
import { makeSvg } from '../fuzz/svg-inputs.ts';

test('mutated SVGs leave nothing from elsewhere, and crash nothing', async () => {
  const outcomes = new Set<string>();
  for (let index = 0; index < 1500; index++) {
    const { outcome, error } = await checkInput(makeSvg(createRandom(20, index)));
    expect(error, `input ${index}`).toBeUndefined();
    outcomes.add(outcome);
  }
  expect([...outcomes].sort()).toEqual(['IMAGE_CORRUPT', 'IMAGE_TOO_LARGE', 'SOURCE_UNSUPPORTED', 'ok']);
});
