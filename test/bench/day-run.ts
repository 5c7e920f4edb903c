/** Simulates one day: the CDN's misses, in order, through Lambda's instances. */
import { createRandom, logNormal, pick, type Random } from './chance.ts';
import type { Role } from './classes.ts';
import type { Assumptions } from './day.ts';
import type { Costs } from './day-costs.ts';
import { createPool, type Instance, lookUp } from './day-lambda.ts';
import { type Load, meanBytes, SEED, variantsOf, WARM_UP } from './day-traffic.ts';
import { createHistogram } from './histogram.ts';
import { duration } from './prices.ts';

interface Request {
  /** Milliseconds from midnight. */
  readonly time: number;
  readonly object: number;
  /** False for a revalidation that returns 304. */
  readonly needsImage: boolean;
  readonly isCounted: boolean;
}

/** Models what an instance does for a request, and how long it takes. */
function createService(assumed: Assumptions, costs: Costs, { sources }: Load, random: Random) {
  const variants = variantsOf(assumed);
  const names = Object.keys(assumed.roles) as Role[];
  const roles = Uint8Array.from({ length: sources }, () => pick(Object.values(assumed.roles), random));
  const cpu = names.map((role) => variants.map(({ w, f }) => costs.cpu({ role, w, f })));
  const { revalidation, download, unchanged, first, memory, maxAge, maxSources, maxImages } = assumed;
  const zero = { images: 0, revalidations: 0, imageHits: 0, sourceHits: 0 };
  const [counted, warmUp] = [{ ...zero }, { ...zero }];

  /** Returns milliseconds of CPU, and of waiting for the origin. */
  function work({ time, object, needsImage, isCounted }: Request, instance: Instance): [cpu: number, wait: number] {
    const source = Math.floor(object / variants.length);
    const counts = isCounted ? counted : warmUp;
    counts[needsImage ? 'images' : 'revalidations']++;
    if (!needsImage) {
      const since = instance.sources.get(source) ?? Number.NEGATIVE_INFINITY;
      return [unchanged, time - since <= maxAge ? 0 : logNormal(revalidation, random)];
    }
    const image = lookUp(instance.results, object, time, maxImages, maxAge);
    if (image !== 'unknown') counts.imageHits++;
    if (image === 'fresh') return [costs.hit, 0];
    if (image === 'stale') return [unchanged, logNormal(revalidation, random)];
    const cachedSource = lookUp(instance.sources, source, time, maxSources, maxAge);
    if (cachedSource !== 'unknown') counts.sourceHits++;
    const wait = cachedSource === 'fresh' ? 0 : logNormal(cachedSource === 'stale' ? revalidation : download, random);
    return [cpu[roles[source] ?? 0]?.[object % variants.length] ?? Number.NaN, wait];
  }

  return {
    counts: counted,
    /** Returns the duration in milliseconds. */
    serve(request: Request, instance: Instance, isFirst: boolean): number {
      const [milliseconds, wait] = work(request, instance);
      return duration(milliseconds + (isFirst ? first : 0), wait, memory);
    },
  };
}

/** @param misses from `missesOf`, with the same assumptions */
export function runDay(assumed: Assumptions, costs: Costs, load: Load, misses: Float64Array) {
  const random = createRandom(SEED + 1);
  const { counts, serve } = createService(assumed, costs, load, random);
  const { bill, ask } = createPool({ ...assumed, init: assumed.init + assumed.load });
  const [edge, waits] = [createHistogram(), createHistogram()];
  const objects = load.sources * variantsOf(assumed).length;
  let waited = 0;
  for (const key of misses) {
    const [time, object, isWaitedFor] = [Math.floor(key / 2 / objects), Math.floor(key / 2) % objects, key % 2 === 1];
    const isCounted = time >= WARM_UP;
    const request = { time, object, needsImage: isWaitedFor || random() < assumed.changed, isCounted };
    const took = ask(time, (instance, isFirst) => serve(request, instance, isFirst), isCounted);
    if (!isWaitedFor || !isCounted) continue;
    const latency = logNormal(assumed.hit, random) + assumed.hop + took;
    waited++;
    waits.add(latency);
    edge.add(latency);
  }
  // All others are hits at the edge: so many draws, each weighted for many requests.
  const draws = 100_000;
  for (let i = 0; i < draws; i++) edge.add(logNormal(assumed.hit, random), (load.requests - waited) / draws);
  const sent = load.requests * meanBytes(assumed, costs);
  const logged = bill.requests * assumed.log;
  return { ...load, memory: assumed.memory, ...counts, waited, bill, edge, waits, sent, logged };
}

export type Day = ReturnType<typeof runDay>;
