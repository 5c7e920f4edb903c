/** The client that measures: a few connections in a process of its own, so that the load's work is not in its times. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { createClient, type Response } from './client.ts';

const CONNECTIONS = 4;
/** Milliseconds from one request of a connection to its next. */
const PERIOD_MS = 50;

/** One answer from memory: when it was asked for (since 1970), how long it took, whether it was the right picture. */
export interface Hit {
  readonly at: number;
  readonly durationMs: number;
  readonly isCorrect: boolean;
}

type Ask = ReturnType<typeof createClient>['ask'];
type IsRight = (target: string, answer: Response) => boolean;

/** Asks steadily over some connections. @returns a function that ends it */
function requestSteadily(ask: Ask, targets: readonly string[], isRight: IsRight) {
  const hits: Hit[] = [];
  let going = true;
  const line = async (first: number) => {
    await setTimeout((first * PERIOD_MS) / CONNECTIONS);
    let due = performance.now();
    for (let n = first; going; n++) {
      const target = targets[n % targets.length] ?? '';
      const wait = due - performance.now();
      if (wait > 0) await setTimeout(wait);
      // A request that had to wait for the answer before it has waited since it was due.
      const started = wait > 0 ? performance.now() : due;
      const at = Date.now();
      const answer = await ask(target);
      hits.push({ at, durationMs: performance.now() - started, isCorrect: isRight(target, answer) });
      due += PERIOD_MS;
    }
  };
  const lines = Array.from({ length: CONNECTIONS }, (_, i) => line(i));
  return async () => {
    going = false;
    await Promise.all(lines);
    return hits;
  };
}

async function measure(origin: string, targets: readonly string[], plain: string) {
  const server = createClient(origin, CONNECTIONS);
  const floor = createClient(plain, CONNECTIONS);
  const pictures = new Map<string, Buffer>();
  for (const target of targets) pictures.set(target, (await server.ask(target)).body);
  const stopHits = requestSteadily(server.ask, targets, (target, { status, headers, body }) => {
    const remembered = String(headers['server-timing']).startsWith('cache;desc=hit');
    return status === 200 && remembered && body.equals(pictures.get(target) ?? Buffer.alloc(0));
  });
  const stopFloor = requestSteadily(floor.ask, ['/'], () => true);
  process.send?.('measuring');
  await once(process, 'message');
  const measured = { hits: await stopHits(), floor: await stopFloor() };
  server.close();
  floor.close();
  process.send?.(measured, undefined, undefined, () => process.disconnect());
}

/** What a server that does nothing takes on this machine at the same time: the rest of a hit's time is ours. */
async function servePlain() {
  const server = http.createServer((_request, response) => response.end('x'.repeat(5000))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.on('disconnect', () => process.exit());
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** Asks for the remembered pictures, steadily, until it is stopped; and a plain server of node:http beside it. */
export async function startHits(origin: string, targets: readonly string[]) {
  const plain = fork(new URL(import.meta.url), { execArgv: [] });
  const [address] = await once(plain, 'message');
  const child = fork(new URL(import.meta.url), [origin, JSON.stringify(targets), address], { execArgv: [] });
  await once(child, 'message');
  return {
    stop: async () => {
      const [answer] = await Promise.all([once(child, 'message'), child.send('stop')]);
      plain.disconnect();
      return answer[0] as { hits: Hit[]; floor: Hit[] };
    },
  };
}

if (import.meta.main) {
  const [, , origin, targets = '', plain = ''] = process.argv;
  await (origin ? measure(origin, JSON.parse(targets), plain) : servePlain());
}
