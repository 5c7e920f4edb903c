/**
 * Fuzzes the reader of animated PNG: `npm run fuzz:apng -- --inputs 100000 --seed 1`. Each input gives an image or an error with a
 * reason, in bounded CPU.
 */
import { checkInput, makeInput } from './apng-check.ts';
import { runFuzz } from './run.ts';

await runFuzz({
  command: 'npm run fuzz:apng --',
  args: process.argv.slice(2),
  check: (random) => checkInput(makeInput(random), random),
  // As many as there are threads for.
  atOnce: 2,
});
