/**
 * What a CDN asks its origin for in a day. Each regional cache and each picture in one width and format is a stream of requests of its own,
 * by Poisson's law, faster by day than by night. What the cache answers itself is never gone through: from one request that reached the
 * origin the next one is drawn at once, as it is distributed. So a day of 100 million requests is complete, with no sample of it.
 */
import { exponential, type Random } from './chance.ts';

export const DAY_MS = 86_400_000;

/** The clock of a day whose requests are fewest at midnight and most at noon. Times are in days. */
export interface Clock {
  /** Requests until then, in shares of a day's. */
  readonly until: (time: number) => number;
  /** The time until which there were so many: the other way round. */
  readonly when: (share: number) => number;
}

const STEPS = 4096;
/** Days before the one that counts. */
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

export interface Kept {
  /** Days that a copy is fresh. */
  readonly fresh: number;
  /** Days without a request after which a copy is dropped; not less than `fresh`. */
  readonly unasked: number;
}

/**
 * Calls `report` for each request of one stream that reaches the origin from time 0 until `end`, in days.
 *
 * A stale copy is shown and asked about behind the viewer's back; a viewer waits only where there is none. That is so when nobody had
 * asked for the time `unasked`, before the copy ran out and after. Before, the last request is as far back as the next one is ahead
 * of any moment; no draw for those between is needed, since `unasked` is not less than `fresh`.
 *
 * @param mean requests of a day
 */
export function eachMiss(
  mean: number,
  { fresh, unasked }: Kept,
  end: number,
  { until, when }: Clock,
  random: Random,
  report: (time: number, isWaitedFor: boolean) => void,
): void {
  const next = (time: number) => when(until(time) + exponential(random) / mean);
  // Each from another moment of its period on, or all copies would run out at the same hour: more of them by day, since those that
  // run out at night are renewed in the morning, and later each day. After some days nothing tells that it began.
  let asked = next(when(-START - random() * (fresh + 1 / mean)));
  let isWaitedFor = true;
  while (asked < end) {
    if (asked >= 0) report(asked, isWaitedFor);
    const stale = asked + fresh;
    const last = Math.max(asked, when(until(stale) - exponential(random) / mean));
    asked = next(stale);
    isWaitedFor = asked - last > unasked;
  }
}
