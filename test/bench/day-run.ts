/** One simulated day: the requests that the CDN cannot answer, in their order, through Lambda's instances. */
import { createRandom, logNormal, pick, type Random } from './chance.ts';
import type { Role } from './classes.ts';
import type { Assumed } from './day.ts';
import type { Costs } from './day-costs.ts';
import { createPool, type Instance, recall } from './day-lambda.ts';
import { type Load, meanBytes, SEED, variantsOf, WARM_UP } from './day-traffic.ts';
import { createHistogram } from './histogram.ts';
import { duration } from './prices.ts';

interface Request {
  /** Milliseconds from midnight. */
  readonly time: number;
  readonly object: number;
  /** Else the question whether it has changed, and it has not. */
  readonly isPicture: boolean;
  readonly isCounted: boolean;
}

/** What an instance does for a request, and how long it takes. */
function createService(assumed: Assumed, costs: Costs, { sources }: Load, random: Random) {
  const variants = variantsOf(assumed);
  const names = Object.keys(assumed.roles) as Role[];
  const roles = Uint8Array.from({ length: sources }, () => pick(Object.values(assumed.roles), random));
  const cpu = names.map((role) => variants.map(({ w, f }) => costs.cpu({ role, w, f })));
  const { question, download, unchanged, first, memory, remembered, roomForSources, roomForResults } = assumed;
  const zero = { pictures: 0, questions: 0, results: 0, fetched: 0 };
  const [found, before] = [{ ...zero }, { ...zero }];

  /** Milliseconds of CPU, and of waiting for the origin. */
  function work({ time, object, isPicture, isCounted }: Request, instance: Instance): [cpu: number, wait: number] {
    const source = Math.floor(object / variants.length);
    const counts = isCounted ? found : before;
    counts[isPicture ? 'pictures' : 'questions']++;
    if (!isPicture) {
      const since = instance.sources.get(source) ?? Number.NEGATIVE_INFINITY;
      return [unchanged, time - since <= remembered ? 0 : logNormal(question, random)];
    }
    const result = recall(instance.results, object, time, roomForResults, remembered);
    if (result !== 'unknown') counts.results++;
    if (result === 'fresh') return [costs.hit, 0];
    if (result === 'stale') return [unchanged, logNormal(question, random)];
    const known = recall(instance.sources, source, time, roomForSources, remembered);
    if (known !== 'unknown') counts.fetched++;
    const wait = known === 'fresh' ? 0 : logNormal(known === 'stale' ? question : download, random);
    return [cpu[roles[source] ?? 0]?.[object % variants.length] ?? Number.NaN, wait];
  }

  return {
    found,
    /** Milliseconds. */
    serve(request: Request, instance: Instance, isFirst: boolean): number {
      const [milliseconds, wait] = work(request, instance);
      return duration(milliseconds + (isFirst ? first : 0), wait, memory);
    },
  };
}

/** @param misses as `missesOf` made them of the same assumptions */
export function runDay(assumed: Assumed, costs: Costs, load: Load, misses: Float64Array) {
  const random = createRandom(SEED + 1);
  const { found, serve } = createService(assumed, costs, load, random);
  const { bill, ask } = createPool({ ...assumed, init: assumed.init + assumed.load });
  const [edge, waits] = [createHistogram(), createHistogram()];
  const objects = load.sources * variantsOf(assumed).length;
  let waited = 0;
  for (const key of misses) {
    const [time, object, isWaitedFor] = [Math.floor(key / 2 / objects), Math.floor(key / 2) % objects, key % 2 === 1];
    const isCounted = time >= WARM_UP;
    const request = { time, object, isPicture: isWaitedFor || random() < assumed.changed, isCounted };
    const took = ask(time, (instance, isFirst) => serve(request, instance, isFirst), isCounted);
    if (!isWaitedFor || !isCounted) continue;
    const answer = logNormal(assumed.hit, random) + assumed.hop + took;
    waited++;
    waits.add(answer);
    edge.add(answer);
  }
  // All others are answered from the edge: by so many draws, each for many of them.
  const draws = 100_000;
  for (let i = 0; i < draws; i++) edge.add(logNormal(assumed.hit, random), (load.requests - waited) / draws);
  const sent = load.requests * meanBytes(assumed, costs);
  const logged = bill.requests * assumed.log;
  return { ...load, memory: assumed.memory, ...found, waited, bill, edge, waits, sent, logged };
}

export type Day = ReturnType<typeof runDay>;
