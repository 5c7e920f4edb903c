/** Hostile requests: the cases of test/work, by a key of their own, and their origins in a process of their own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { EXPENSIVE, LOGOS } from '../work/cases/render.ts';
import { DRIPPING, PAGES, STRUCTURE, THIN_IMAGES } from '../work/cases/structure.ts';
import { TOGETHER } from '../work/cases/together.ts';
import { bytesOf, startOrigin } from '../work/origin.ts';
import { KEYS, target } from './requests.ts';

export const CASES = [...STRUCTURE, ...DRIPPING, ...PAGES, ...THIN_IMAGES, ...EXPENSIVE, ...LOGOS, ...TOGETHER];
/** Distance of two requests in the list of cases, a prime number: kinds of work alternate. */
const STEP = 23;
const HOSTS = 5;

/** Creates an endless list of targets, each of a new URL, so that no response is cached. @param hosts origins of the sources */
export function createHostile(hosts: readonly string[]) {
  let requests = 0;
  return () => {
    const n = requests++;
    const { input, query } = CASES[(n * STEP) % CASES.length] as (typeof CASES)[number];
    return target(`${hosts[n % hosts.length]}/${encodeURIComponent(input.name)}?${n}`, query, KEYS.hostile);
  };
}

async function serve() {
  const inputs = [...new Set(CASES.map(({ input }) => input))];
  for (const input of inputs) await bytesOf(input);
  const origins = await Promise.all(Array.from({ length: HOSTS }, () => startOrigin(inputs)));
  process.on('disconnect', () => process.exit());
  const [any] = inputs;
  process.send?.(any && origins.map(({ urlOf }) => new URL(urlOf(any, 0)).origin));
}

/** Starts the origins, when their files are made. */
export async function startHostile() {
  const child = fork(new URL(import.meta.url), { execArgv: [] });
  const [hosts] = (await once(child, 'message')) as [string[]];
  return { hosts, stop: () => child.disconnect() };
}

if (import.meta.main) await serve();
