/**
 * Fuzzes HEIC: `npm run fuzz:heic -- --inputs 100000 --seed 1` reads headers; `npm run fuzz:heic -- decode --minutes 5` decodes in the
 * worker thread. No input may crash the process, take longer than its bounds, or give another error than one of the source.
 */
import { checkDecode, checkHeader } from './heic-check.ts';
import { makeHeic } from './heic-inputs.ts';
import { fuzzOptions } from './options.ts';
import { createRandom } from './random.ts';

const MAX_FAILURES = 20;

const isDecoded = process.argv[2] === 'decode';
const { seed, first, inputs, minutes } = fuzzOptions(process.argv.slice(isDecoded ? 3 : 2));
const command = `npm run fuzz:heic -- ${isDecoded ? 'decode ' : ''}--seed ${seed}`;
const end = performance.now() + minutes * 60_000;
const outcomes: Record<string, number> = {};
let failures = 0;
let peak = 0;
let index = first;
for (; index < first + inputs && performance.now() < end && failures < MAX_FAILURES; index++) {
  const bytes = makeHeic(createRandom(seed, index));
  const { outcome, error } = isDecoded ? await checkDecode(bytes) : checkHeader(bytes);
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  peak = Math.max(peak, process.memoryUsage.rss());
  if (error === undefined) continue;
  failures += 1;
  console.log(`FAIL ${error}: ${command} --first ${index} --inputs 1`);
}
console.log(`${index - first} inputs, seed ${seed}: ${JSON.stringify(outcomes)}; peak ${Math.round(peak / 1e6)} MB`);
console.log(failures ? `${failures} failed` : 'passed');
process.exitCode = failures ? 1 : 0;
