/**
 * Fuzzes the reader of animated PNG: `npm run fuzz:apng -- --inputs 100000 --seed 1`. Each input gives an image or an error with a
 * reason, in bounded CPU.
 */
import { checkInput, makeInput } from './apng-check.ts';
import { fuzzOptions } from './options.ts';
import { createRandom } from './random.ts';

const MAX_FAILURES = 20;
/** As many as there are threads for. */
const AT_ONCE = 2;

const { seed, first, inputs, minutes } = fuzzOptions(process.argv.slice(2));
const end = performance.now() + minutes * 60_000;
const outcomes: Record<string, number> = {};
let failures = 0;
let peak = 0;
let next = first;
const work = async () => {
  while (next < first + inputs && performance.now() < end && failures < MAX_FAILURES) {
    const index = next++;
    const random = createRandom(seed, index);
    const { outcome, error } = await checkInput(makeInput(random), random);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    peak = Math.max(peak, process.memoryUsage.rss());
    if (error === undefined) continue;
    failures += 1;
    console.log(`FAIL ${error}: npm run fuzz:apng -- --seed ${seed} --first ${index} --inputs 1`);
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(`${next - first} inputs, seed ${seed}: ${JSON.stringify(outcomes)}; peak ${Math.round(peak / 1e6)} MB`);
console.log(failures ? `${failures} failed` : 'passed');
process.exitCode = failures ? 1 : 0;
