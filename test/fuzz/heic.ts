/**
 * Fuzzes HEIC: `npm run fuzz:heic -- --inputs 100000 --seed 1` reads headers; `npm run fuzz:heic -- decode --minutes 5` decodes in the
 * worker thread. No input may crash the process, take longer than its bounds, or give another error than one of the source.
 */
import { checkDecode, checkHeader } from './heic-check.ts';
import { makeHeic } from './heic-inputs.ts';
import { runFuzz } from './run.ts';

const isDecoded = process.argv[2] === 'decode';
await runFuzz({
  command: `npm run fuzz:heic --${isDecoded ? ' decode' : ''}`,
  args: process.argv.slice(isDecoded ? 3 : 2),
  check: (random) => (isDecoded ? checkDecode : checkHeader)(makeHeic(random)),
});
