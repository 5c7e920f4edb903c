/**
 * Fuzzes the readers of BMP and icons: `npm run fuzz:bitmaps -- --inputs 100000 --seed 1`. No input may crash them, take longer
 * than its bounds in all or between two turns of the event loop, or take more memory than was reserved. Every tenth is rendered.
 */
import { checkJob, makeJob } from './bitmap-check.ts';
import { runFuzz } from './run.ts';

const RENDERED = 0.1;

await runFuzz({
  command: 'npm run fuzz:bitmaps --',
  args: process.argv.slice(2),
  check: (random) => {
    const job = makeJob(random);
    return checkJob(job, random.chance(RENDERED));
  },
});
