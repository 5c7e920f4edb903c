/**
 * Compares pixgate with its peers on the same work: `npm run bench`. Prints one table, and the targets, met or missed.
 *
 *   --photos DIR   folder of photographs; roles without a suitable file, or all roles without it, are made from the samples
 *   --rounds N     measured rounds, 9 by default, after one that warms up
 *   SSIMULACRA2=…  a program that measures it, see ssimulacra2.ts: without it, bytes at equal quality are not compared
 *   IMGPROXY=…, IMAGOR=…   the programs of these two contestants
 *   --save         writes results.json, RESULTS.md, and the table and plot of the README
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { COMMON, type Role } from './classes.ts';
import { type Contestant, STARTS } from './contestants.ts';
import { loads } from './load.ts';
import { type BenchRun, type Cells, round, shuffled } from './measure.ts';
import { median } from './median.ts';
import { meterKind } from './meter.ts';
import { peakOf } from './peak-memory.ts';
import { qualityScale } from './quality-scale.ts';
import { figures, loadFigures, type Report } from './report.ts';
import { machineInfo, save } from './save.ts';
import { loadSources, type SourceImage } from './source-files.ts';
import { createScorer } from './ssimulacra2.ts';
import { toTable, toText } from './table.ts';
import { toLine, verdicts } from './targets.ts';
import { warmUp } from './warm-up.ts';

const { values } = parseArgs({
  options: {
    photos: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    save: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const log = (line: string) => console.error(`${Math.round(performance.now() / 1000)} s  ${line}`);

async function startOrigin(sources: Readonly<Record<Role, SourceImage>>) {
  const child = fork(new URL('peers/origin.ts', import.meta.url), { serialization: 'advanced' });
  const served = Object.entries(sources).map(async ([role, { bytes, extension }]) => {
    const { format = '' } = await sharp(bytes).metadata();
    const type = { svg: 'image/svg+xml', heif: 'image/avif' }[format as string] ?? `image/${format}`;
    return [`/${role}${extension}`, { bytes, type }];
  });
  child.send(Object.fromEntries(await Promise.all(served)));
  const [url] = await once(child, 'message');
  let last = 0;
  return {
    fresh: (role: Role) => `${url}/${role}${sources[role].extension}?n=${++last}`,
    stop: () => child.disconnect(),
  };
}

async function startAll(): Promise<{ contestants: Contestant[]; missing: Record<string, string> }> {
  const contestants: Contestant[] = [];
  const missing: Record<string, string> = {};
  for (const [name, start] of Object.entries(STARTS)) {
    log(`starting ${name}`);
    const started = await start().catch((error: Error) => {
      missing[name] = error.message.split('\n').slice(0, 3).join(' ');
    });
    if (started) contestants.push(started);
  }
  return { contestants, missing };
}

const PAIRS = 60;
/** Measures in pairs within one process: the overhead around the core is small compared with the machine's noise. */
async function overhead({ contestants, fresh }: BenchRun): Promise<number> {
  const cpuOf = contestants.find((contestant) => contestant.cpuOf)?.cpuOf;
  if (!cpuOf) return Number.NaN;
  const [wholePath, core]: [number[], number[]] = [[], []];
  for (let i = 0; i < PAIRS; i++)
    for (const isCore of shuffled([true, false]))
      (isCore ? core : wholePath).push(await cpuOf({ ...COMMON, source: fresh(COMMON.role) }, isCore));
  return median(wholePath) / median(core);
}

async function main() {
  if (process.platform !== 'linux') throw new Error('npm run bench counts by /proc and cgroups, which only Linux has');
  const sources = await loadSources(values.photos);
  const origin = await startOrigin(sources);
  const { contestants, missing } = await startAll();
  try {
    const cells: Cells = {};
    const run: BenchRun = { contestants, sources, fresh: origin.fresh, cells };
    log('warming up');
    const scorer = createScorer();
    await warmUp(run, log, scorer);
    const scale = scorer && (await qualityScale(run, scorer));
    await round({ ...run, cells: structuredClone(cells) });
    for (let i = 1; i <= rounds; i++) {
      log(`round ${i} of ${rounds}`);
      await round(run);
    }
    log('under load');
    const load = loadFigures(await loads(run));
    const versions = Object.fromEntries(contestants.map(({ name, version }) => [name, version]));
    const report: Report = {
      date: new Date().toISOString().slice(0, 10),
      machine: machineInfo(),
      meter: meterKind(),
      rounds,
      sources: Object.fromEntries(Object.entries(sources).map(([role, { about }]) => [role, about])),
      contestants: Object.fromEntries(Object.keys(STARTS).map((name) => [name, versions[name] ?? 'missing'])),
      missing,
      classes: figures(cells),
      load,
      peak: Object.fromEntries(contestants.map((contestant) => [contestant.name, peakOf(contestant)])),
      overhead: await overhead(run),
      seconds: Math.round(performance.now() / 1000),
    };
    console.log(`${report.rounds} rounds, CPU counted by ${report.meter}\n`);
    console.log(toText(toTable(report)));
    if (scale) console.log(`\n${toText(scale)}`);
    console.log(`\n${verdicts(report).map(toLine).join('\n')}`);
    if (values.save) save(report);
  } finally {
    for (const { misses, hits } of contestants) {
      await misses.stop();
      if (hits && hits !== misses) await hits.stop();
    }
    origin.stop();
  }
}

await main();
