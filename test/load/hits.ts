/** Measures cache hits: over a few connections, from a process of its own, so that its times do not include the load generator's work. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { createClient, type Response } from './client.ts';

const CONNECTIONS = 4;
/** Milliseconds between two requests of a connection. */
const PERIOD_MS = 50;

/** One cache hit: time of the request (since 1970), duration in milliseconds, and whether it is the expected image. */
export interface Hit {
  readonly at: number;
  readonly durationMs: number;
  readonly isCorrect: boolean;
}

type Ask = ReturnType<typeof createClient>['ask'];
type IsExpected = (target: string, response: Response) => boolean;

/** Sends requests at a steady rate over some connections. @returns a function that stops it */
function requestSteadily(ask: Ask, targets: readonly string[], isExpected: IsExpected) {
  const hits: Hit[] = [];
  let isRunning = true;
  const line = async (first: number) => {
    await setTimeout((first * PERIOD_MS) / CONNECTIONS);
    let due = performance.now();
    for (let n = first; isRunning; n++) {
      const target = targets[n % targets.length] ?? '';
      const wait = due - performance.now();
      if (wait > 0) await setTimeout(wait);
      // A request that is late, since it waited for the previous response, counts from the time when it was due.
      const started = wait > 0 ? performance.now() : due;
      const at = Date.now();
      const response = await ask(target);
      hits.push({ at, durationMs: performance.now() - started, isCorrect: isExpected(target, response) });
      due += PERIOD_MS;
    }
  };
  const lines = Array.from({ length: CONNECTIONS }, (_, i) => line(i));
  return async () => {
    isRunning = false;
    await Promise.all(lines);
    return hits;
  };
}

async function measure(origin: string, targets: readonly string[], plain: string) {
  const server = createClient(origin, CONNECTIONS);
  const floor = createClient(plain, CONNECTIONS);
  const images = new Map<string, Buffer>();
  for (const target of targets) images.set(target, (await server.ask(target)).body);
  const stopHits = requestSteadily(server.ask, targets, (target, { status, headers, body }) => {
    const isHit = String(headers['server-timing']).startsWith('cache;desc=hit');
    return status === 200 && isHit && body.equals(images.get(target) ?? Buffer.alloc(0));
  });
  const stopFloor = requestSteadily(floor.ask, ['/'], () => true);
  process.send?.('measuring');
  await once(process, 'message');
  const measured = { hits: await stopHits(), floor: await stopFloor() };
  server.close();
  floor.close();
  process.send?.(measured, undefined, undefined, () => process.disconnect());
}

/** Serves a constant response with node:http: the baseline on this machine at the same time. */
async function servePlain() {
  const server = http.createServer((_request, response) => response.end('x'.repeat(5000))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.on('disconnect', () => process.exit());
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** Starts to request cached images at a steady rate, and a plain server of node:http beside it. */
export async function startHits(origin: string, targets: readonly string[]) {
  const plain = fork(new URL(import.meta.url), { execArgv: [] });
  const [plainUrl] = await once(plain, 'message');
  const child = fork(new URL(import.meta.url), [origin, JSON.stringify(targets), plainUrl], { execArgv: [] });
  await once(child, 'message');
  return {
    stop: async () => {
      const [reply] = await Promise.all([once(child, 'message'), child.send('stop')]);
      plain.disconnect();
      return reply[0] as { hits: Hit[]; floor: Hit[] };
    },
  };
}

if (import.meta.main) {
  const [, , origin, targets = '', plain = ''] = process.argv;
  await (origin ? measure(origin, JSON.parse(targets), plain) : servePlain());
}
