/** Measures latency and throughput: one request at a time and four at once, in short turns. */
import { COMMON } from './classes.ts';
import type { Contestant } from './contestants.ts';
import { type BenchRun, shuffled } from './measure.ts';
import { watched } from './peak-memory.ts';

export interface Load {
  /** Milliseconds of each request. */
  readonly wall: number[];
  /** Seconds of all turns together. */
  seconds: number;
}

/** Contestant → concurrent requests → measurements. */
export type Loads = Record<string, Record<number, Load>>;

export const AT_ONCE = [1, 4] as const;
const TURNS = 3;
const TURN_MS = 1200;

async function turn({ fresh }: BenchRun, contestant: Contestant, atOnce: number, load: Load) {
  const started = performance.now();
  const client = async () => {
    while (performance.now() - started < TURN_MS) {
      const sent = performance.now();
      const { status } = await contestant.misses.ask({ ...COMMON, source: fresh(COMMON.role) });
      if (status !== 200) throw new Error(`${contestant.name} returned ${status} under load`);
      load.wall.push(performance.now() - sent);
    }
  };
  await watched(contestant, () => Promise.all(Array.from({ length: atOnce }, client)));
  load.seconds += (performance.now() - started) / 1000;
}

export async function loads(run: BenchRun): Promise<Loads> {
  const all: Loads = Object.fromEntries(
    run.contestants.map(({ name, atOnce: maxAtOnce }) => [
      name,
      Object.fromEntries(AT_ONCE.filter((n) => n <= maxAtOnce).map((n) => [n, { wall: [], seconds: 0 }])),
    ]),
  );
  for (let i = 0; i < TURNS; i++)
    for (const atOnce of AT_ONCE)
      for (const contestant of shuffled(run.contestants)) {
        const load = all[contestant.name]?.[atOnce];
        if (load) await turn(run, contestant, atOnce, load);
      }
  return all;
}
