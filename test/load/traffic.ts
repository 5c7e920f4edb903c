/** Generates the load by autocannon: some connections for cached images, some for new ones, for bad sources and for hostile ones. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { npmInstall, once } from '../runtime/installed-tools.ts';

/** Connections of a group. */
const GROUP = 4;

/** Groups of connections by kind of request, and maximum requests per second of each connection. */
const KINDS = [
  { kind: 'hit', groups: 4, rate: 5 },
  { kind: 'miss', groups: 6, rate: 4 },
  { kind: 'badSource', groups: 6, rate: 4 },
  { kind: 'hostile', groups: 4, rate: 1 },
] as const;

export const CONNECTIONS = KINDS.reduce((sum, { groups }) => sum + groups * GROUP, 0);

export type Kind = (typeof KINDS)[number]['kind'];
export type Counts = Record<string, number>;

/** The part of autocannon's API that is used here: https://github.com/mcollina/autocannon. */
type Autocannon = (options: object) => PromiseLike<{ readonly errors: number; readonly timeouts: number }>;

const VERSION = '9.0.0';

async function loadAutocannon(): Promise<Autocannon> {
  const folder = await once(`autocannon-${VERSION}`, (making) => npmInstall(making, { autocannon: VERSION }));
  return createRequire(join(folder, 'package.json'))('autocannon');
}

/** Milliseconds for which a 503 counts as "the queue is full". */
const MOMENT_MS = 200;
const momentOf = (time: number) => Math.floor(time / MOMENT_MS);

/** Counts the responses. */
function createTally() {
  const counts: Record<Kind, Counts> = { hit: {}, miss: {}, badSource: {}, hostile: {} };
  const full = new Set<number>();
  let withoutRetry = 0;
  return {
    counts,
    /** Tells whether a request was refused about that time. */
    isFull: (time: number) => full.has(momentOf(time)),
    withoutRetry: () => withoutRetry,
    note: (kind: Kind, status: number, headers: Readonly<Record<string, string>>) => {
      counts[kind][status] = (counts[kind][status] ?? 0) + 1;
      if (status !== 503) return;
      full.add(momentOf(Date.now()));
      const retry = Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
      if (!(Number(retry) >= 1)) withoutRetry++;
    },
  };
}

/** Runs the load for `seconds`. @returns counts of the responses */
export async function load(origin: string, requests: Readonly<Record<Kind, () => string>>, seconds: number) {
  const autocannon = await loadAutocannon();
  const tally = createTally();
  const groups = KINDS.flatMap(({ kind, groups, rate }) => Array.from({ length: groups }, () => ({ kind, rate })));
  const runs = groups.map(async ({ kind, rate }, i) => {
    // Clients of a group start each second together; the groups are offset.
    await setTimeout((i * 1000) / groups.length);
    const request = {
      setupRequest: (before: object) => ({ ...before, path: requests[kind]() }),
      onResponse: (status: number, _body: string, _context: object, headers: Record<string, string>) =>
        tally.note(kind, status, headers),
    };
    return await autocannon({
      url: origin,
      connections: GROUP,
      connectionRate: rate,
      duration: seconds - 1,
      timeout: 30,
      headers: { accept: 'image/webp,*/*' },
      requests: [request],
    });
  });
  const results = await Promise.all(runs);
  return { ...tally, failed: results.reduce((sum, { errors }) => sum + errors, 0) };
}
