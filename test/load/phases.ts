/** What is done to the server beside the load, each time with what must come of it. */
import { setTimeout } from 'node:timers/promises';
import { waitFor } from '../waited.ts';
import { type Check, formatCounts } from './checks.ts';
import { createClient } from './client.ts';
import { type Origins, startOrigins } from './origins.ts';
import type { Requests } from './requests.ts';
import { MAX_REQUESTS, type Server } from './server-process.ts';

function count(statuses: readonly number[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Exactly so many requests as are let in, and a few more; and remembered pictures beside them. */
export async function fill(server: Server, requests: Requests): Promise<Check> {
  const over = 8;
  const { ask, close } = createClient(server.origin, MAX_REQUESTS + over + 1);
  const many = Array.from({ length: MAX_REQUESTS + over }, (_, i) => ask(requests.silent(i)));
  await setTimeout(200);
  const hit = await ask(requests.hit());
  const answers = await Promise.all(many);
  close();
  const refused = answers.filter(({ status }) => status === 503);
  const waiting = answers.filter(({ status }) => status === 504);
  const told = refused.every(({ headers }) => headers['retry-after'] === '1');
  return {
    name: `${MAX_REQUESTS + over} at once of which ${MAX_REQUESTS} are let in: the others get 503 with Retry-After`,
    figure: `${formatCounts(count(answers.map(({ status }) => status)))}; a remembered picture meanwhile ${hit.status}`,
    met: refused.length === over && waiting.length === MAX_REQUESTS && told && hit.status === 200,
  };
}

/** An error of an origin is told again for ten seconds. */
const ERROR_TTL_MS = 10_000;

/** The origins die, and come back at the same place. */
export async function outage(server: Server, requests: Requests, origins: Origins) {
  const { ask, close } = createClient(server.origin, 8);
  const statusOf = async (target: string) => (await ask(target)).status;
  const dying = Array.from({ length: 4 }, () => statusOf(requests.miss()));
  await origins.kill();
  await Promise.all(dying);
  const names = Array.from({ length: 20 }, (_, i) => `outage-${i}`);
  const during = await Promise.all(names.map((name) => statusOf(requests.fresh(name))));
  const remembered = await Promise.all(requests.popular.map(statusOf));
  const again = await startOrigins(Number(new URL(origins.good).port));
  const atOnce = await statusOf(requests.fresh('after-outage'));
  const [refused = ''] = names;
  const back = await waitFor(async () => (await statusOf(requests.fresh(refused))) === 200, ERROR_TTL_MS + 5000);
  close();
  const check: Check = {
    name: `the origin dies: 502, and what is remembered; it is back: 200, and within ${ERROR_TTL_MS / 1000} s where it failed`,
    figure: `${formatCounts(count(during))}, remembered ${formatCounts(count(remembered))}; then ${atOnce}, and ${
      back === undefined ? 'nothing' : `200 after ${(back / 1000).toFixed(1)} s`
    }`,
    met:
      during.every((status) => status === 502) &&
      remembered.every((status) => status === 200) &&
      atOnce === 200 &&
      back !== undefined &&
      back <= ERROR_TTL_MS + 1000,
  };
  return { check, origins: again };
}

/** Milliseconds before the signal in which a request may still be on its way, on a connection that is closed as idle. */
const IN_TRANSIT_MS = 100;

/** Clients that keep asking while the server is told to end. */
export async function drain(server: Server, requests: Requests, connections: number): Promise<Check> {
  const { ask, close } = createClient(server.origin, connections);
  await server.watched();
  let going = true;
  let whole = 0;
  const lost: number[] = [];
  const kinds = [requests.hit, requests.miss, requests.fault, requests.miss];
  const line = async (kind: () => string) => {
    while (going) {
      const sent = performance.now();
      try {
        await ask(kind());
        whole++;
      } catch {
        // Where nobody listens any more, nobody accepts.
        lost.push(sent);
        await setTimeout(20);
      }
      await setTimeout(5);
    }
  };
  const lines = Array.from({ length: connections }, (_, i) => line(kinds[i % kinds.length] as () => string));
  await setTimeout(3000);
  const told = performance.now();
  server.kill('SIGTERM');
  const [code, signal] = await server.ended;
  const took = (performance.now() - told) / 1000;
  going = false;
  await Promise.all(lines);
  close();
  const accepted = server.acceptedAtEnd();
  const before = lost.filter((sent) => sent < told - IN_TRANSIT_MS).length;
  return {
    name: 'kill -TERM under load: every accepted request gets its whole answer, then exit code 0',
    figure: `${accepted} accepted, ${whole} answered; of those sent before it ${before} lost; exit ${code ?? signal} after ${took.toFixed(1)} s`,
    met: accepted === whole && before === 0 && code === 0,
  };
}
