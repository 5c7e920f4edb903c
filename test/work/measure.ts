/** Runs one case against a server of its own, and compares what it cost with the case's bounds. */
import http from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Bounds, WorkCase } from './cases/work-case.ts';
import { bytesOf, type Input, startOrigin } from './origin.ts';
import { KEY, OTHER_KEY, type Server, startServer } from './server.ts';

/** Milliseconds after which a request without a response has failed. */
const RESPONSE_MS = 120_000;
/** Milliseconds after the last response in which work may end, and in which there must be none. */
const SETTLE_MS = 1000;
const IDLE_MS = 2000;
const SAMPLE_MS = 20;
/** Milliseconds after the requests of a case at which the other client comes. */
const NEIGHBOUR_AFTER_MS = 1000;

/** A response; status 0 if there was none. */
interface Outcome {
  readonly status: number;
  readonly ms: number;
}

export interface Measured extends Bounds {
  readonly statuses: readonly number[];
  /** The response of the other client. */
  readonly neighbour: Outcome | undefined;
  readonly isRunning: boolean;
}

function ask(url: string, accept = '*/*'): Promise<Outcome> {
  const started = performance.now();
  return new Promise((resolve) => {
    const end = (status: number) => resolve({ status, ms: performance.now() - started });
    const request = http.get(url, { headers: { accept }, agent: false, timeout: RESPONSE_MS }, (response) => {
      response
        .resume()
        .on('end', () => end(response.statusCode ?? 0))
        .on('error', () => end(0));
    });
    request.on('timeout', () => request.destroy()).on('error', () => end(0));
  });
}

const urlOf = (server: Server, query: string, source: string, key = KEY) =>
  `${server.url}/?k=${key}&${query}&u=${encodeURIComponent(source)}`;

/** Requests a photo as another client does: with a key and an origin of its own. */
async function askNeighbour(server: Server, photo: Input): Promise<Outcome> {
  const origin = await startOrigin([photo]);
  try {
    await setTimeout(NEIGHBOUR_AFTER_MS);
    return await ask(urlOf(server, 'w=100', origin.urlOf(photo, 0), OTHER_KEY));
  } finally {
    origin.close();
  }
}

/** @param photo the image of the other client */
export async function measure(
  { input, query, env, accept, times = 1, origins = 1, neighbourMs }: WorkCase,
  photo: Input,
): Promise<Measured> {
  // Made before the clock runs.
  for (const source of [input, photo]) await bytesOf(source);
  const servers = await Promise.all(Array.from({ length: origins }, () => startOrigin([input])));
  const server = await startServer(env);
  const sourceOf = (i: number) => servers[i % origins]?.urlOf(input, i) ?? '';
  let peak = 0;
  const sample = setInterval(() => {
    peak = Math.max(peak, server.peak());
  }, SAMPLE_MS);
  try {
    const before = { cpu: server.cpu(), main: server.mainThread() };
    const requests = Array.from({ length: times }, (_, i) => ask(urlOf(server, query, sourceOf(i)), accept));
    const neighbour = neighbourMs === undefined ? undefined : await askNeighbour(server, photo);
    const outcomes = await Promise.all(requests);
    await setTimeout(SETTLE_MS);
    const settled = server.cpu();
    await setTimeout(IDLE_MS);
    const cpu = server.cpu();
    return {
      statuses: outcomes.map(({ status }) => status),
      cpu: cpu - before.cpu,
      main: server.mainThread() - before.main,
      after: cpu - settled,
      peak: Math.max(peak, server.peak()),
      neighbour,
      isRunning: server.isRunning(),
    };
  } finally {
    clearInterval(sample);
    await server.stop();
    for (const origin of servers) origin.close();
  }
}

/** Returns what exceeds a bound, or is no right response; none if the case has passed. */
export function failuresOf({ statuses, bounds, neighbourMs }: WorkCase, measured: Measured): string[] {
  const { neighbour } = measured;
  const exceeded = Object.entries(bounds).flatMap(([name, bound]) => {
    const figure = measured[name as keyof Bounds];
    // Not below the bound: a figure that could not be read is no success.
    return figure <= bound ? [] : [`${name} ${figure.toFixed(1)}, at most ${bound}`];
  });
  const wrong = [...new Set(measured.statuses.filter((status) => !statuses.includes(status)))];
  return [
    ...exceeded,
    ...wrong.map((status) => `status ${status}, expected ${statuses.join(' or ')}`),
    ...(measured.isRunning ? [] : ['the server ended']),
    ...(neighbour && neighbour.status !== 200 ? [`status ${neighbour.status} for another client`] : []),
    ...(neighbour && neighbourMs !== undefined && neighbour.ms > neighbourMs
      ? [`another client waited ${Math.round(neighbour.ms)} ms, at most ${neighbourMs}`]
      : []),
  ];
}

/** Formats a row of the report. */
export function rowOf({ title }: WorkCase, { statuses, cpu, main, after, peak, neighbour }: Measured): string {
  const figures = [
    [...new Set(statuses)].join('/').padStart(7),
    `${cpu.toFixed(2).padStart(6)} s`,
    `${main.toFixed(2).padStart(5)} s`,
    `${after.toFixed(2).padStart(5)} s`,
    `${Math.round(peak).toString().padStart(5)} MB`,
  ];
  return `${figures.join('  ')}  ${title}${neighbour ? `; the other client: ${neighbour.status} in ${Math.round(neighbour.ms)} ms` : ''}`;
}
