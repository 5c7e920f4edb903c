/** Short runs of `npm run fuzz:heic`. */
import { expect, test } from 'vitest';
import { checkDecode, checkHeader } from '../fuzz/heic-check.ts';
import { makeHeic } from '../fuzz/heic-inputs.ts';
import { createRandom } from '../fuzz/random.ts';

test('mutated headers are read within bounds, and crash nothing', () => {
  const outcomes = new Set<string>();
  for (let index = 0; index < 1500; index++) {
    const { outcome, error } = checkHeader(makeHeic(createRandom(21, index)));
    expect(error, `input ${index}`).toBeUndefined();
    outcomes.add(outcome);
  }
  expect([...outcomes]).toEqual(expect.arrayContaining(['ok', 'IMAGE_CORRUPT', 'SOURCE_UNSUPPORTED']));
});

test('mutated files crash no thread for longer than one image', async () => {
  const outcomes = new Set<string>();
  for (let index = 0; index < 60; index++) {
    const { outcome, error } = await checkDecode(makeHeic(createRandom(22, index)));
    expect(error, `input ${index}`).toBeUndefined();
    outcomes.add(outcome);
  }
  expect([...outcomes]).toEqual(expect.arrayContaining(['ok', 'IMAGE_CORRUPT']));
});
