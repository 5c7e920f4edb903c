/**
 * Fuzzes the preparation of SVG: `npm run fuzz:svg -- --inputs 100000 --seed 1`. No input may crash it, take longer than its
 * bounds, or leave a reference to anything outside of the file in what librsvg gets. It runs without permission to read files
 * outside of the project, or to start a process.
 */
import { runFuzz } from './run.ts';
import { checkInput } from './svg-check.ts';
import { makeSvg } from './svg-inputs.ts';

await runFuzz({
  command: 'npm run fuzz:svg --',
  args: process.argv.slice(2),
  check: async (random) => {
    const input = makeSvg(random);
    return { ...(await checkInput(input)), input };
  },
});
