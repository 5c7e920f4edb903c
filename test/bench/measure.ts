/** Measures in rounds: every contestant does every class of work once per round, request by request, in a shuffled order. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BURST_WIDTHS, CLASSES, COMMON, classOf, type Job, type Role, type Work } from './classes.ts';
import type { Contestant } from './contestants.ts';
import type { Point } from './equal-quality.ts';
import { watched } from './peak-memory.ts';
import type { Response, Running } from './running.ts';
import type { SourceImage } from './source-files.ts';

/** The measurements of one contestant in one class. `why` is set if it was not measured. */
export interface Cell {
  /** The reason why it was not measured. */
  why?: string;
  /** Milliseconds of CPU time and of wall time of each request. */
  readonly cpu: number[];
  readonly wall: number[];
  bytes?: number;
  /** 1 is the reference itself. */
  ssim?: number;
  /** SSIMULACRA2, 100 for the reference itself. */
  score?: number;
  /** Outputs at further qualities. */
  points?: Point[];
}

/** Class → contestant → cell. */
export type Cells = Record<string, Record<string, Cell>>;

/** Title → the source of a srcset. */
export const BURSTS: Readonly<Record<string, Role>> = {
  [`${BURST_WIDTHS.length} widths at once, JPEG`]: 'photo',
  [`${BURST_WIDTHS.length} widths at once, phone JPEG`]: 'phone',
};
export const HIT = 'hit';
/** Not `304` alone: keys that are numbers come first in an object, whatever their order. */
export const NOT_MODIFIED = 'not modified, 304';

/** Requests per measurement of a hit: the figure is their mean. */
const BATCH = 40;
/** Milliseconds for the work that a process does after its response. */
const SETTLE_MS = 8;

export const shuffled = <T>(list: readonly T[]): T[] =>
  list
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);

async function measureCpu(running: Running, work: () => Promise<unknown>): Promise<{ cpu: number; wall: number }> {
  const [cpu, started] = [running.meter.cpu(), performance.now()];
  await work();
  const wall = performance.now() - started;
  await sleep(SETTLE_MS);
  return { cpu: running.meter.cpu() - cpu, wall };
}

export interface BenchRun {
  readonly contestants: readonly Contestant[];
  readonly sources: Readonly<Record<Role, SourceImage>>;
  /** Returns a new source URL of a role with each call. */
  readonly fresh: (role: Role) => string;
  readonly cells: Cells;
}

export function cellOf(cells: Cells, title: string, { name }: Contestant): Cell {
  const row = cells[title] ?? {};
  const cell = row[name] ?? { cpu: [], wall: [] };
  cells[title] = row;
  row[name] = cell;
  return cell;
}

export const expectStatus = ({ status, body }: Response, expected = 200): void => {
  if (status !== expected) throw new Error(`${status} ${body.toString('utf8', 0, 120).replace(/\s+/g, ' ')}`.trim());
};

async function burst({ fresh }: BenchRun, contestant: Contestant, role: Role, cell: Cell) {
  if (contestant.atOnce === 1) throw new Error('one at a time');
  const running = contestant.hits ?? contestant.misses;
  const source = fresh(role);
  const all = () =>
    Promise.all(BURST_WIDTHS.map(async (w) => expectStatus(await running.ask({ ...COMMON, w, source }))));
  const { cpu, wall } = await measureCpu(running, all);
  cell.cpu.push(cpu);
  cell.wall.push(wall);
}

/** Repeats one request for a cached image; with `validate`, as a conditional request. */
async function cachedOrValidated(contestant: Contestant, job: Job, cell: Cell, validate: boolean) {
  const running = validate ? (contestant.hits ?? contestant.misses) : contestant.hits;
  if (!running) throw new Error('no cache');
  if (validate && !contestant.validates) throw new Error('never returns 304');
  const first = await running.ask(job);
  const { etag = '', 'last-modified': modified } = first.headers;
  const headers = validate ? { 'if-none-match': etag, ...(modified && { 'if-modified-since': modified }) } : {};
  const { cpu, wall } = await measureCpu(running, async () => {
    for (let i = 0; i < BATCH; i++) expectStatus(await running.ask(job, headers), validate ? 304 : 200);
  });
  cell.cpu.push(cpu / BATCH);
  cell.wall.push(wall / BATCH);
}

const miss = async (run: BenchRun, contestant: Contestant, work: Work, cell: Cell) => {
  const job = { ...work, source: run.fresh(work.role) };
  const { cpu, wall } = await watched(contestant, () =>
    measureCpu(contestant.misses, async () => expectStatus(await contestant.misses.ask(job))),
  );
  cell.cpu.push(cpu);
  cell.wall.push(wall);
};

/** Runs one round. A contestant that fails once in a class, or does not support it, is excluded from it, with the reason. */
export async function round(run: BenchRun): Promise<void> {
  const knownUrl = run.fresh('photo').replace(/\?.*/, '?known');
  const same = { ...COMMON, source: knownUrl };
  const kinds: Record<string, (contestant: Contestant, cell: Cell) => Promise<void>> = {
    ...Object.fromEntries(
      CLASSES.map((work) => [classOf(work), (who: Contestant, cell: Cell) => miss(run, who, work, cell)]),
    ),
    ...Object.fromEntries(
      Object.entries(BURSTS).map(([title, role]) => [
        title,
        (who: Contestant, cell: Cell) => burst(run, who, role, cell),
      ]),
    ),
    [HIT]: (who, cell) => cachedOrValidated(who, same, cell, false),
    [NOT_MODIFIED]: (who, cell) => cachedOrValidated(who, same, cell, true),
  };
  for (const [title, measure] of shuffled(Object.entries(kinds)))
    for (const contestant of shuffled(run.contestants)) {
      const cell = cellOf(run.cells, title, contestant);
      if (cell.why) continue;
      await measure(contestant, cell).catch((error: Error) => {
        cell.why = error.message;
      });
    }
}
