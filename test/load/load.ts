/**
 * Overloads the local server: `npm run load -- --minutes 10`. Good, bad and hostile sources together, until SIGTERM, and an ordinary client
 * beside them. Each figure has its bound; the exit code is 1 if one is missed.
 */
import { setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { waitFor } from '../waited.ts';
import { type Check, type Point, table } from './checks.ts';
import { createClient } from './client.ts';
import { startHits } from './hits.ts';
import { createHostile, startHostile } from './hostile.ts';
import { judgeHits, judgeLoop, judgeMemory, judgeNeighbour, judgeResponses } from './judge.ts';
import { startNeighbour } from './neighbour.ts';
import { type Origins, startOrigins } from './origins.ts';
import { drain, fill, outage } from './phases.ts';
import { createRequests, type Requests } from './requests.ts';
import { type Server, startServer } from './server-process.ts';
import { CONNECTIONS, load } from './traffic.ts';

/** Seconds under load before measuring: the caches fill, and code is compiled. */
const WARM_UP_S = 10;
/** Milliseconds after the load within which all connections must be closed. */
const SETTLE_MS = 15_000;

/** Fills the caches, starts the SVG workers, and loads the native code. */
async function warmUp(server: Server, requests: Requests) {
  const { ask, close } = createClient(server.origin, 8);
  await Promise.all(requests.popular.map(ask));
  await Promise.all(Array.from({ length: 40 }, () => ask(requests.miss())));
  close();
  await waitFor(() => server.handles().connections === 0, SETTLE_MS);
  return server.handles();
}

function sampleMemory(server: Server, seconds: number) {
  const points: Point[] = [];
  const sample = () => points.push({ x: performance.now() / 1000, y: server.memory() });
  const timer = setInterval(sample, Math.max(250, (seconds * 1000) / 600));
  return () => {
    clearInterval(timer);
    return points;
  };
}

async function judgeHandles(server: Server, start: ReturnType<Server['handles']>, origins: Origins): Promise<Check> {
  const isBack = async () => {
    const { connections, listeners, files } = server.handles();
    return connections === 0 && listeners === 1 && files <= start.files && (await origins.open()) === 0;
  };
  const settledMs = await waitFor(isBack, SETTLE_MS);
  const { connections, listeners, files } = server.handles();
  return {
    name: 'after the load: no connection, one listener, no more files than before',
    figure: `${connections}, ${listeners}, ${start.files} → ${files}; ${await origins.open()} at the origins; ${settledMs === undefined ? 'not' : `after ${(settledMs / 1000).toFixed(1)} s`}`,
    met: settledMs !== undefined,
  };
}

type AllRequests = Requests & { readonly hostile: () => string };

async function underLoad(server: Server, requests: AllRequests, origins: Origins, seconds: number): Promise<Check[]> {
  const start = await warmUp(server, requests);
  // Lower the priority: a real client takes no CPU from the server. The processes that measure keep theirs.
  const hits = await startHits(server.origin, requests.popular);
  const neighbour = await startNeighbour(server.origin);
  setPriority(10);
  await load(server.origin, requests, WARM_UP_S);
  await server.watched();
  const from = Date.now();
  const stopSampling = sampleMemory(server, seconds);
  const result = await load(server.origin, requests, seconds);
  const to = Date.now();
  const points = stopSampling();
  const watched = await server.watched();
  const measured = await hits.stop();
  const visits = await neighbour.stop();
  return [
    ...judgeResponses(result),
    ...judgeHits(measured.hits, measured.floor, (at) => at >= from && result.isFull(at)),
    ...judgeNeighbour(visits, measured.floor, { from, to }),
    judgeLoop(watched),
    judgeMemory(points),
    await judgeHandles(server, start, origins),
  ];
}

/** Waits for the checks of the load. @throws Error with a table of one row, if the server does not survive it */
async function survive(server: Server, checks: Promise<Check[]>): Promise<Check[]> {
  const row = (figure: string, met: boolean) => ({ name: 'the process survives the load', figure, met });
  const died = server.ended.then(([code, signal]) => {
    throw new Error(`\n${table([row(`ended with ${code ?? signal}: ${server.complaints().slice(-2000)}`, false)])}`);
  });
  return [...(await Promise.race([checks, died])), row('running', true)];
}

async function main() {
  const { values } = parseArgs({
    options: { seconds: { type: 'string' }, minutes: { type: 'string', default: '10' } },
  });
  const seconds = Number(values.seconds ?? Number(values.minutes) * 60);
  if (!(seconds >= 10)) throw new TypeError('--seconds or --minutes must be 10 s or more');
  let origins = await startOrigins();
  const hostile = await startHostile();
  const server = await startServer();
  try {
    const requests = createRequests(origins);
    console.log(`${CONNECTIONS} connections for ${seconds} s …`);
    const all = { ...requests, hostile: createHostile(hostile.hosts) };
    const checks = await survive(server, underLoad(server, all, origins, seconds));
    checks.push(await fill(server, requests));
    const after = await outage(server, requests, origins);
    origins = after.origins;
    checks.push(after.check, await drain(server, createRequests(origins), CONNECTIONS));
    const complaints = server.complaints();
    checks.push({
      name: 'output on standard error: none',
      figure: complaints.slice(0, 500) || 'none',
      met: !complaints,
    });
    console.log(table(checks));
    if (checks.some(({ met }) => !met)) process.exitCode = 1;
  } finally {
    server.kill('SIGKILL');
    hostile.stop();
    await origins.kill();
  }
}

await main();
