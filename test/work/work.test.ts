/**
 * Bounded work: no small request costs much, and no client starves another. `npm run test:work`, or with a part of a title:
 * `npm run test:work -- -t JPEG`. Each case runs against a server of its own, started by `npm start` with the default settings.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { BITMAPS } from './cases/bitmaps.ts';
import { ANIMATIONS, EXPENSIVE, HEIC, LOGOS } from './cases/render.ts';
import { DRIPPING, HEIC_STRUCTURE, PAGES, STRUCTURE, THIN_IMAGES } from './cases/structure.ts';
import { TOGETHER } from './cases/together.ts';
import { GOOD } from './inputs/images.ts';
import { failuresOf, measure, rowOf } from './measure.ts';
import { isSupported } from './server.ts';

const CASES = [
  ...STRUCTURE,
  ...BITMAPS,
  ...HEIC_STRUCTURE,
  ...HEIC,
  ...DRIPPING,
  ...PAGES,
  ...THIN_IMAGES,
  ...EXPENSIVE,
  ...LOGOS,
  ...ANIMATIONS,
  ...TOGETHER,
];

if (!isSupported) console.log('SKIPPED: the bounds of work are measured by /proc, on Linux only');

describe.skipIf(!isSupported)('what a request may cost', () => {
  const counts = { passed: 0, failed: 0 };
  let hasHeader = false;
  afterAll(() => console.log(`${counts.passed} passed, ${counts.failed} failed`));

  test.each(CASES)('$title', async (workCase) => {
    const measured = await measure(workCase, GOOD);
    const failures = failuresOf(workCase, measured);
    counts[failures.length ? 'failed' : 'passed']++;
    const header = hasHeader ? '' : '     status       CPU     main    after      peak\n';
    hasHeader = true;
    console.log(`${header}${failures.length ? 'FAIL' : 'ok  '} ${rowOf(workCase, measured)}`);
    expect(failures).toEqual([]);
  });
});
