/**
 * `npm run load -- --seconds 600`: the local server under more than it can do, by good and bad sources together, until it
 * is told to end. Each figure has its bound; the exit code is 1 where one is missed.
 */
import { setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { type Check, counted, growth, type Point, percentile, table } from './checks.ts';
import { createClient } from './client.ts';
import { type Hit, startHits } from './hits.ts';
import { type Origins, startOrigins } from './origins.ts';
import { drain, fill, outage, waited } from './phases.ts';
import { createRequests, type Requests } from './requests.ts';
import { type Server, startServer } from './server.ts';
import { CONNECTIONS, load } from './traffic.ts';

/** Milliseconds. */
const MOST_HIT = 10;
const MOST_LOOP = 50;
/** Growth of the resident memory in the last half, as a share of it. */
const MOST_GROWTH = 0.05;
/** Milliseconds in which everything must be closed again. */
const SETTLING = 15_000;

/** Everything once: memory filled, workers for drawings started, native code loaded. */
async function warmUp(server: Server, requests: Requests) {
  const { ask, close } = createClient(server.origin, 8);
  await Promise.all(requests.popular.map(ask));
  await Promise.all(Array.from({ length: 40 }, () => ask(requests.miss())));
  close();
  await waited(() => server.handles().connections === 0, SETTLING);
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

type Answers = Awaited<ReturnType<typeof load>>;

function judgeAnswers({ counts, failed, withoutRetry }: Answers): Check[] {
  const bad = (kind: keyof typeof counts, allowed: (status: number) => boolean) =>
    Object.keys(counts[kind]).some((status) => !allowed(Number(status)));
  const refused = Object.values(counts).reduce((sum, { 503: some = 0 }) => sum + some, 0);
  return [
    { name: 'remembered pictures: 200', figure: counted(counts.hit), met: !bad('hit', (s) => s === 200) },
    {
      name: 'new pictures: 200 or 503',
      figure: counted(counts.miss),
      met: !bad('miss', (s) => s === 200 || s === 503),
    },
    {
      name: 'bad sources: no 5xx but 502, 503, 504',
      figure: counted(counts.fault),
      met: !bad('fault', (s) => s < 500 || [502, 503, 504].includes(s)),
    },
    { name: 'requests without an answer: 0', figure: `${failed}`, met: failed === 0 },
    {
      name: 'beyond the queue: 503 with Retry-After',
      figure: `${refused}, ${withoutRetry()} without`,
      met: refused > 0 && withoutRetry() === 0,
    },
  ];
}

function judgeHits(hits: readonly Hit[], isFull: Answers['isFull']): Check[] {
  const full = hits.filter(({ at }) => isFull(at)).map(({ took }) => took);
  const all = hits.map(({ took }) => took);
  const at = (values: readonly number[], share: number) => percentile(values, share).toFixed(1);
  const wrong = hits.filter(({ right }) => !right).length;
  return [
    {
      name: `p99 of hits while the queue is full: under ${MOST_HIT} ms`,
      figure: `${at(full, 0.99)} ms of ${full.length} (p50 ${at(full, 0.5)}; of all ${all.length}: p50 ${at(all, 0.5)}, p99 ${at(all, 0.99)})`,
      met: percentile(full, 0.99) < MOST_HIT,
    },
    { name: 'hits with other bytes, or not from memory: 0', figure: `${wrong}`, met: wrong === 0 },
  ];
}

function judgeMemory(points: readonly Point[]): Check {
  const { by, mean, share } = growth(points);
  const sign = by < 0 ? '' : '+';
  return {
    name: `RSS flat in the last half: by the straight line, growth under ${MOST_GROWTH * 100} %`,
    figure: `${sign}${by.toFixed(0)} MB of ${mean.toFixed(0)} (${sign}${(share * 100).toFixed(1)} %)`,
    met: share < MOST_GROWTH,
  };
}

async function judgeHandles(server: Server, start: ReturnType<Server['handles']>, origins: Origins): Promise<Check> {
  const isBack = async () => {
    const { connections, listeners, files } = server.handles();
    return connections === 0 && listeners === 1 && files <= start.files && (await origins.open()) === 0;
  };
  const took = await waited(isBack, SETTLING);
  const { connections, listeners, files } = server.handles();
  return {
    name: 'after the load: no connection, one listener, no more files than before',
    figure: `${connections}, ${listeners}, ${start.files} → ${files}; ${await origins.open()} at the origins; ${took === undefined ? 'not' : `after ${(took / 1000).toFixed(1)} s`}`,
    met: took !== undefined,
  };
}

async function underLoad(server: Server, requests: Requests, origins: Origins, seconds: number): Promise<Check[]> {
  const start = await warmUp(server, requests);
  const hits = await startHits(server.origin, requests.popular);
  // A client of the real world takes no CPU from the server.
  setPriority(10);
  await server.watched();
  const stopSampling = sampleMemory(server, seconds);
  const answers = await load(server.origin, requests, seconds);
  const points = stopSampling();
  const { loop, work } = await server.watched();
  if (process.env.DUMP) console.log(points.map(({ y }) => y.toFixed(0)).join(' '));
  const measured = await hits.stop();
  return [
    ...judgeAnswers(answers),
    ...judgeHits(measured, answers.isFull),
    {
      name: `event-loop delay p99: under ${MOST_LOOP} ms`,
      figure: `${loop.p99.toFixed(1)} ms (p50 ${loop.p50.toFixed(1)}, max ${loop.max.toFixed(0)}); its own CPU in that: p99 ${work.p99.toFixed(1)} ms, max ${work.max.toFixed(0)}`,
      met: loop.p99 < MOST_LOOP,
    },
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
      name: 'words on the standard error: none',
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
