/**
 * Fuzzes the readers of BMP and icons: `npm run fuzz:bitmaps -- --inputs 100000 --seed 1`. No input may crash them, take longer
 * than its bounds in all or between two turns of the event loop, or take more memory than was reserved. Every tenth is rendered.
 */
import { checkJob, makeJob } from './bitmap-check.ts';
import { fuzzOptions } from './options.ts';
import { createRandom } from './random.ts';

const MAX_FAILURES = 20;
const RENDERED = 0.1;

const { seed, first, inputs, minutes } = fuzzOptions(process.argv.slice(2));
const end = performance.now() + minutes * 60_000;
const outcomes: Record<string, number> = {};
let [failures, peak, index] = [0, 0, first];
for (; index < first + inputs && performance.now() < end && failures < MAX_FAILURES; index++) {
  const random = createRandom(seed, index);
  const job = makeJob(random);
  const { outcome, error } = await checkJob(job, random.chance(RENDERED));
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  peak = Math.max(peak, process.memoryUsage.rss());
  if (error === undefined) continue;
  failures += 1;
  console.log(`FAIL ${error}: npm run fuzz:bitmaps -- --seed ${seed} --first ${index} --inputs 1`);
}
console.log(`${index - first} inputs, seed ${seed}: ${JSON.stringify(outcomes)}; peak ${Math.round(peak / 1e6)} MB`);
console.log(failures ? `${failures} failed` : 'passed');
process.exitCode = failures ? 1 : 0;
