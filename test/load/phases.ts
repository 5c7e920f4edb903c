/** Phases besides the load, each with its check: a full queue, an outage of the origin, and a drain. */
import { setTimeout } from 'node:timers/promises';
import { waitFor } from '../waited.ts';
import { type Check, count, formatCounts } from './checks.ts';
import { createClient } from './client.ts';
import { type Origins, startOrigins } from './origins.ts';
import type { Requests } from './requests.ts';
import { MAX_REQUESTS, type Server } from './server-process.ts';

/** Sends as many requests as the limit allows, and a few more, and a cache hit meanwhile. */
export async function fill(server: Server, requests: Requests): Promise<Check> {
  const over = 8;
  const { ask, close } = createClient(server.origin, MAX_REQUESTS + over + 1);
  const many = Array.from({ length: MAX_REQUESTS + over }, (_, i) => ask(requests.silent(i)));
  await setTimeout(200);
  const hit = await ask(requests.hit());
  const responses = await Promise.all(many);
  close();
  const refused = responses.filter(({ status }) => status === 503);
  const waiting = responses.filter(({ status }) => status === 504);
  const haveRetryAfter = refused.every(({ headers }) => headers['retry-after'] === '1');
  return {
    name: `${MAX_REQUESTS + over} at once, of which ${MAX_REQUESTS} are admitted: the others get 503 with Retry-After`,
    figure: `${formatCounts(count(responses.map(({ status }) => status)))}; a cached image meanwhile ${hit.status}`,
    met: refused.length === over && waiting.length === MAX_REQUESTS && haveRetryAfter && hit.status === 200,
  };
}

/** Milliseconds that an error of an origin is cached. */
const ERROR_TTL_MS = 10_000;

/** Kills the origins, and restarts them on the same port. */
export async function outage(server: Server, requests: Requests, origins: Origins) {
  const { ask, close } = createClient(server.origin, 8);
  const statusOf = async (target: string) => (await ask(target)).status;
  const dying = Array.from({ length: 4 }, () => statusOf(requests.miss()));
  await origins.kill();
  await Promise.all(dying);
  const names = Array.from({ length: 20 }, (_, i) => `outage-${i}`);
  const during = await Promise.all(names.map((name) => statusOf(requests.fresh(name))));
  const cached = await Promise.all(requests.popular.map(statusOf));
  const restarted = await startOrigins(Number(new URL(origins.good).port));
  const atOnce = await statusOf(requests.fresh('after-outage'));
  const [refused = ''] = names;
  const back = await waitFor(async () => (await statusOf(requests.fresh(refused))) === 200, ERROR_TTL_MS + 5000);
  close();
  const check: Check = {
    name: `the origin is down: 502, and cached images; it is back: 200, and within ${ERROR_TTL_MS / 1000} s for URLs that failed`,
    figure: `${formatCounts(count(during))}, cached ${formatCounts(count(cached))}; then ${atOnce}, and ${
      back === undefined ? 'nothing' : `200 after ${(back / 1000).toFixed(1)} s`
    }`,
    met:
      during.every((status) => status === 502) &&
      cached.every((status) => status === 200) &&
      atOnce === 200 &&
      back !== undefined &&
      back <= ERROR_TTL_MS + 1000,
  };
  return { check, origins: restarted };
}

/** Milliseconds before the signal in which a request may still be in transit, on a connection that the server closes as idle. */
const IN_TRANSIT_MS = 100;

/** Sends SIGTERM while clients keep sending requests. */
export async function drain(server: Server, requests: Requests, connections: number): Promise<Check> {
  const { ask, close } = createClient(server.origin, connections);
  await server.watched();
  let isRunning = true;
  let completed = 0;
  const lost: number[] = [];
  const kinds = [requests.hit, requests.miss, requests.badSource, requests.miss];
  const line = async (kind: () => string) => {
    while (isRunning) {
      const sent = performance.now();
      try {
        await ask(kind());
        completed++;
      } catch {
        // Refused: the server does not listen any more.
        lost.push(sent);
        await setTimeout(20);
      }
      await setTimeout(5);
    }
  };
  const lines = Array.from({ length: connections }, (_, i) => line(kinds[i % kinds.length] as () => string));
  await setTimeout(3000);
  const signalled = performance.now();
  server.kill('SIGTERM');
  const [code, signal] = await server.ended;
  const took = (performance.now() - signalled) / 1000;
  isRunning = false;
  await Promise.all(lines);
  close();
  const accepted = server.acceptedAtEnd();
  const before = lost.filter((sent) => sent < signalled - IN_TRANSIT_MS).length;
  return {
    name: 'kill -TERM under load: every accepted request gets a complete response, then exit code 0',
    figure: `${accepted} accepted, ${completed} completed; ${before} sent before the signal were lost; exit ${code ?? signal} after ${took.toFixed(1)} s`,
    met: accepted === completed && before === 0 && code === 0,
  };
}
