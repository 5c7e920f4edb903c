/**
 * Overloads the local server: `npm run load -- --seconds 600`. Good and bad sources together, until SIGTERM. Each figure has its bound;
 * the exit code is 1 if one is missed.
 */
import { setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { waitFor } from '../waited.ts';
import { type Check, type Point, table } from './checks.ts';
import { createClient } from './client.ts';
import { startHits } from './hits.ts';
import { judgeHits, judgeLoop, judgeMemory, judgeResponses } from './judge.ts';
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

async function underLoad(server: Server, requests: Requests, origins: Origins, seconds: number): Promise<Check[]> {
  const start = await warmUp(server, requests);
  // Lower the priority: a real client takes no CPU from the server. The processes that measure keep theirs.
  const hits = await startHits(server.origin, requests.popular);
  setPriority(10);
  await load(server.origin, requests, WARM_UP_S);
  await server.watched();
  const from = Date.now();
  const stopSampling = sampleMemory(server, seconds);
  const result = await load(server.origin, requests, seconds);
  const points = stopSampling();
  const watched = await server.watched();
  const measured = await hits.stop();
  return [
    ...judgeResponses(result),
    ...judgeHits(measured.hits, measured.floor, (at) => at >= from && result.isFull(at)),
    judgeLoop(watched),
    judgeMemory(points),
    await judgeHandles(server, start, origins),
  ];
}

async function main() {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '600' } } });
  const seconds = Number(values.seconds);
  if (!(seconds >= 10)) throw new TypeError('--seconds must be a number from 10 on');
  let origins = await startOrigins();
  const server = await startServer();
  try {
    const requests = createRequests(origins);
    console.log(`${CONNECTIONS} connections for ${seconds} s …`);
    const checks = await underLoad(server, requests, origins, seconds);
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
    await origins.kill();
  }
}

await main();
