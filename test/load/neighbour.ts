/** An ordinary client beside the load: with a key and an origin of its own, at a steady rate, from a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { type Input, startOrigin } from '../work/origin.ts';
import { createClient } from './client.ts';
import { GOOD } from './origins.ts';
import { KEYS, target } from './requests.ts';

/** Milliseconds between two requests; every second one is for a new image. */
const PERIOD_MS = 100;
const CONNECTIONS = 64;
const POPULAR = 4;
const WIDTHS = 500;

/** A request: its time (since 1970), duration in milliseconds, and status; 0 without a response. */
export interface Visit {
  readonly at: number;
  readonly durationMs: number;
  readonly status: number;
  readonly isHit: boolean;
}

const PHOTOS: readonly Input[] = GOOD.map((name) => ({
  name,
  bytes: () => readFileSync(new URL(`../../src/dev/samples/${name}`, import.meta.url)),
}));

/** Sends requests when they are due, whether or not earlier ones have a response. @returns a function that stops it */
function requestSteadily(ask: ReturnType<typeof createClient>['ask'], targetOf: (n: number) => string) {
  const visits: Promise<Visit>[] = [];
  const visit = async (n: number): Promise<Visit> => {
    const [at, started] = [Date.now(), performance.now()];
    const response = await ask(targetOf(n)).catch(() => undefined);
    const isHit = String(response?.headers['server-timing']).startsWith('cache;desc=hit');
    return { at, durationMs: performance.now() - started, status: response?.status ?? 0, isHit };
  };
  let isRunning = true;
  const run = async () => {
    for (let due = performance.now(); isRunning; due += PERIOD_MS) {
      await setTimeout(Math.max(0, due - performance.now()));
      visits.push(visit(visits.length));
    }
  };
  const running = run();
  return async () => {
    isRunning = false;
    await running;
    return await Promise.all(visits);
  };
}

async function measure(server: string) {
  const photos = await startOrigin(PHOTOS);
  const imageOf = (n: number, variant: number | string) => {
    const photo = PHOTOS[n % PHOTOS.length] as Input;
    return target(photos.urlOf(photo, variant), `w=${100 + n}&f=webp`, KEYS.neighbour);
  };
  const { ask, close } = createClient(server, CONNECTIONS);
  const targetOf = (n: number) => (n % 2 ? imageOf((n >> 1) % POPULAR, 'popular') : imageOf((n >> 1) % WIDTHS, n));
  const stop = requestSteadily(ask, targetOf);
  process.on('disconnect', () => process.exit());
  process.send?.('measuring');
  await once(process, 'message');
  const visits = await stop();
  close();
  photos.close();
  process.send?.(visits, undefined, undefined, () => process.disconnect());
}

/** Starts the client. */
export async function startNeighbour(server: string) {
  const child = fork(new URL(import.meta.url), [server], { execArgv: [] });
  await once(child, 'message');
  return {
    stop: async () => {
      const [reply] = await Promise.all([once(child, 'message'), child.send('stop')]);
      return reply[0] as Visit[];
    },
  };
}

if (import.meta.main) await measure(process.argv[2] ?? '');
