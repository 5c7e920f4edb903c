/**
 * Simulates the requests of a CDN to its origin. Each image in one width and format is a Poisson stream of requests at each regional
 * cache, faster by day than by night. Hits are skipped: after a request that reached the origin, the next such one is drawn directly
 * from its distribution. So a day of 100 million requests is simulated completely, and not sampled.
 */
import { exponential, type Random } from './chance.ts';

export const DAY_MS = 86_400_000;

/** The clock of a day with the fewest requests at midnight and the most at noon. Times are in days. */
export interface Clock {
  /** Requests until a time, as a share of a day's. */
  readonly until: (time: number) => number;
  /** The time until which there were so many requests: the inverse. */
  readonly when: (share: number) => number;
}

const STEPS = 4096;
/** Days simulated before the one that is counted. */
const START = 5;

/** @param swing how far the busiest time is above the mean, as a share of it; below 1 */
export function createClock(swing: number): Clock {
  const until = (time: number) => time - (swing / (2 * Math.PI)) * Math.sin(2 * Math.PI * time);
  const table = Float64Array.from({ length: STEPS + 1 }, (_, i) => {
    let [low, high] = [0, 1];
    for (let halvings = 0; halvings < 50; halvings++) {
      const middle = (low + high) / 2;
      if (until(middle) < i / STEPS) low = middle;
      else high = middle;
    }
    return high;
  });
  const when = (share: number) => {
    const day = Math.floor(share);
    const at = (share - day) * STEPS;
    const step = Math.floor(at);
    const from = table[step] ?? 0;
    return day + from + (at - step) * ((table[step + 1] ?? 1) - from);
  };
  return { until, when };
}

export interface CacheLifetimes {
  /** Days that a stored response is fresh. */
  readonly fresh: number;
  /** Days without a request after which it is evicted; not less than `fresh`. */
  readonly unasked: number;
}

/**
 * Calls `report` for each request of one stream that reaches the origin from time 0 until `end`, in days.
 *
 * A stale response is served and revalidated in the background (RFC 5861); a viewer waits only if none is stored. That happens when no
 * request came for the time `unasked`, counted from before the response became stale to after. The last request before any moment is
 * distributed like the next one after it; those in between need no draw, since `unasked` is not less than `fresh`.
 *
 * @param mean requests a day
 */
export function eachMiss(
  mean: number,
  { fresh, unasked }: CacheLifetimes,
  end: number,
  { until, when }: Clock,
  random: Random,
  report: (time: number, isWaitedFor: boolean) => void,
): void {
  const next = (time: number) => when(until(time) + exponential(random) / mean);
  // Each stream starts at another moment of its period, or all responses would become stale at the same hour: more of them by day,
  // since those that become stale at night are revalidated in the morning, and later each day. The start has no effect after some days.
  let time = next(when(-START - random() * (fresh + 1 / mean)));
  let isWaitedFor = true;
  while (time < end) {
    if (time >= 0) report(time, isWaitedFor);
    const stale = time + fresh;
    const last = Math.max(time, when(until(stale) - exponential(random) / mean));
    time = next(stale);
    isWaitedFor = time - last > unasked;
  }
}
