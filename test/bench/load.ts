/** Measures latency and throughput: of one class, one request at a time and four at once, and of mixed classes, in short turns. */
import { CLASSES, COMMON, classOf, type Work } from './classes.ts';
import type { Contestant } from './contestants.ts';
import { type BenchRun, shuffled } from './measure.ts';
import { watched } from './peak-memory.ts';

export interface Load {
  /** Milliseconds of each request. */
  readonly wall: number[];
  /** Seconds of all turns together. */
  seconds: number;
}

/** Contestant → kind of load → measurements. */
export type Loads = Record<string, Record<string, Load>>;

interface LoadKind {
  readonly atOnce: number;
  readonly turnMs: number;
  /** Requested in turn. */
  readonly works: readonly Work[];
}

/** The classes that all contestants take, without AVIF, whose encoders take very different times. */
const MIXED = CLASSES.filter(({ role, f }) => role !== 'svg' && role !== 'gif' && role !== 'avif' && f !== 'avif');

export const LOADS: Readonly<Record<string, LoadKind>> = {
  [`${classOf(COMMON)}, 1 at once`]: { atOnce: 1, turnMs: 1200, works: [COMMON] },
  [`${classOf(COMMON)}, 4 at once`]: { atOnce: 4, turnMs: 1200, works: [COMMON] },
  'mixed classes, 4 at once': { atOnce: 4, turnMs: 4000, works: MIXED },
};
const TURNS = 3;

async function turn({ fresh }: BenchRun, contestant: Contestant, { atOnce, turnMs, works }: LoadKind, load: Load) {
  const started = performance.now();
  let next = 0;
  const client = async () => {
    while (performance.now() - started < turnMs) {
      const work = works[next++ % works.length] ?? COMMON;
      const sent = performance.now();
      const { status } = await contestant.misses.ask({ ...work, source: fresh(work.role) });
      if (status !== 200) throw new Error(`${contestant.name} returned ${status} under load`);
      load.wall.push(performance.now() - sent);
    }
  };
  await watched(contestant, () => Promise.all(Array.from({ length: atOnce }, client)));
  load.seconds += (performance.now() - started) / 1000;
}

export async function loads(run: BenchRun): Promise<Loads> {
  const kinds = Object.entries(LOADS);
  const all: Loads = Object.fromEntries(
    run.contestants.map(({ name, atOnce: maxAtOnce }) => [
      name,
      Object.fromEntries(
        kinds.filter(([, { atOnce }]) => atOnce <= maxAtOnce).map(([title]) => [title, { wall: [], seconds: 0 }]),
      ),
    ]),
  );
  for (let i = 0; i < TURNS; i++)
    for (const [title, kind] of kinds)
      for (const contestant of shuffled(run.contestants)) {
        const load = all[contestant.name]?.[title];
        if (load) await turn(run, contestant, kind, load);
      }
  return all;
}
