/**
 * Fails if a class of work costs more than 110 % of its budget: `npm run bench:guard`. Needs valgrind.
 *
 *   --save   writes the current costs to budgets.json
 *
 * The cost of an image is its number of instructions, by callgrind, relative to bare sharp for the same kind of image in the same
 * process; that of a request is relative to plain code. Spread of the counts of one commit, on a virtual machine with two cores:
 *
 *   this, alone and beside two programs that take all CPU          images at most 1.1 %, most 0.1 %; requests 3 %
 *   pairs of CPU times, the lower quarter of 40: alone, beside     9 %, 12 %
 *   instructions counted by the processor                          not available in many virtual machines, this one included
 *
 * The 10 % are for other machines. callgrind emulates the same processor on all x64 machines with AVX2. Others run other instructions,
 * in bare sharp as well: without any SIMD, 18 of 20 ratios moved by less than 8 %, two by 13 and 19 %. So each architecture has its own
 * budgets. Instructions do not show two costs: waiting for memory, and the work of the kernel.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type GuardedClass, LANES } from './guard/classes.ts';
import { startCounted } from './guard/counted.ts';
import { prepareSources } from './guard/prepared.ts';
import { type Budgets, fails, judge, type Row, toText } from './guard/verdict.ts';
import type { GuardJob } from './guard/work.ts';

const { save } = parseArgs({ options: { save: { type: 'boolean', default: false } } }).values;
const file = new URL('budgets.json', import.meta.url);
/** Budgets by Node's name of the architecture. */
const all: Record<string, Budgets> = JSON.parse(readFileSync(file, 'utf8'));
const budgets = save ? {} : (all[process.arch] ?? {});

/** Tells whether valgrind is installed. On CI it must be. */
function canCount(): boolean {
  if (spawnSync('valgrind', ['--version']).status === 0) return true;
  if (process.env.CI) throw new Error('valgrind is needed (apt-get install valgrind)');
  console.log('SKIPPED: the cost guard needs valgrind (apt-get install valgrind)');
  return false;
}

async function judgeAll(lane: readonly GuardedClass[], load: GuardJob): Promise<Row[]> {
  const counted = await startCounted();
  try {
    await counted.count(load);
    const rows: Row[] = [];
    for (const { title, cost } of lane)
      rows.push({ title, budget: budgets[title], ...(await judge(() => cost(counted), budgets[title])) });
    return rows;
  } finally {
    await counted.stop();
  }
}

async function main() {
  const { load, close } = await prepareSources();
  const rows = (await Promise.all(LANES.map((lane) => judgeAll(lane, load)))).flat();
  await close();
  if (save) {
    const costs = rows.map(({ title, cost }) => [title, Number(cost.toPrecision(4))]);
    writeFileSync(file, `${JSON.stringify({ ...all, [process.arch]: Object.fromEntries(costs) }, null, 2)}\n`);
  }
  console.log(toText(rows));
  if (save || !rows.some(({ verdict }) => fails(verdict))) return;
  console.log('\nIf the change is intended: npm run bench:guard -- --save');
  process.exitCode = 1;
}

if (canCount()) await main();
