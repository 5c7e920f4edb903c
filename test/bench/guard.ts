/**
 * Fails when a class of work has become more than a tenth dearer than its budget: `npm run bench:guard`. Needs valgrind.
 *
 *   --save   renews budgets.json by what is counted now
 *
 * The cost of a picture is the instructions that it takes, by callgrind, over those of bare sharp for the same kind of picture in the
 * same process; of a request, over plain code. How far apart counts of one commit were, on a virtual machine with two cores:
 *
 *   this, alone and beside two programs that take all CPU          pictures 1.1 % at most, most 0.1; requests 3 %
 *   pairs of CPU times, the lower quarter of 40: alone, beside     9 %, 12 %
 *   instructions by the processor                                  not to be had in many virtual machines, this one included
 *
 * The tenth is for other machines. callgrind shows programs the same processor on all of x64 with AVX2. On others other instructions
 * are taken, by bare sharp as well: without any SIMD 18 of 20 ratios moved by less than 8 %, two by 13 and 19. So each architecture has
 * budgets of its own. Not seen is what no instruction tells: waiting for memory, and the work of the kernel.
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
/** By Node's name of the architecture. */
const all: Record<string, Budgets> = JSON.parse(readFileSync(file, 'utf8'));
const budgets = save ? {} : (all[process.arch] ?? {});

/** Whether it can be counted here. On CI it must be. */
function canCount(): boolean {
  if (spawnSync('valgrind', ['--version']).status === 0) return true;
  if (process.env.CI) throw new Error('valgrind is needed (apt-get install valgrind)');
  console.log('SKIPPED: the cost of a picture is counted by valgrind (apt-get install valgrind)');
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
    const found = rows.map(({ title, cost }) => [title, Number(cost.toPrecision(4))]);
    writeFileSync(file, `${JSON.stringify({ ...all, [process.arch]: Object.fromEntries(found) }, null, 2)}\n`);
  }
  console.log(toText(rows));
  if (save || !rows.some(({ verdict }) => fails(verdict))) return;
  console.log('\nIf that is meant to be so: npm run bench:guard -- --save');
  process.exitCode = 1;
}

if (canCount()) await main();
