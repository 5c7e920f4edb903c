/**
 * Fuzzes the preparation of SVG: `npm run fuzz:svg -- --inputs 100000 --seed 1`. No input may crash it, take longer than its
 * bounds, or leave a reference to anything outside of the file in what librsvg gets. It runs without permission to read files
 * outside of the project, or to start a process.
 */

import { fuzzOptions } from './options.ts';
import { createRandom } from './random.ts';
import { checkInput } from './svg-check.ts';
import { makeSvg } from './svg-inputs.ts';

const MAX_FAILURES = 20;

const { seed, first, inputs, minutes } = fuzzOptions(process.argv.slice(2));
const end = performance.now() + minutes * 60_000;
const outcomes: Record<string, number> = {};
let failures = 0;
let peak = 0;
let index = first;
for (; index < first + inputs && performance.now() < end && failures < MAX_FAILURES; index++) {
  const bytes = makeSvg(createRandom(seed, index));
  const { outcome, error } = await checkInput(bytes);
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  peak = Math.max(peak, process.memoryUsage.rss());
  if (error === undefined) continue;
  failures += 1;
  console.log(
    `FAIL ${error}: npm run fuzz:svg -- --seed ${seed} --first ${index} --inputs 1\n${bytes.toString().slice(0, 2000)}`,
  );
}
console.log(`${index - first} inputs, seed ${seed}: ${JSON.stringify(outcomes)}; peak ${Math.round(peak / 1e6)} MB`);
console.log(failures ? `${failures} failed` : 'passed');
process.exitCode = failures ? 1 : 0;
