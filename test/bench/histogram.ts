/** A histogram of durations in little memory: counts by whole milliseconds, up to a minute. */
export interface Histogram {
  /** @param weight number of values that this one represents */
  readonly add: (milliseconds: number, weight?: number) => void;
  /** Returns the smallest whole millisecond that this share of the values does not exceed. NaN if there are none. */
  readonly at: (share: number) => number;
}

const MAX_MS = 60_000;

export function createHistogram(): Histogram {
  const counts = new Float64Array(MAX_MS + 1);
  let all = 0;
  return {
    add(milliseconds, weight = 1) {
      const bin = Math.min(MAX_MS, Math.ceil(milliseconds));
      counts[bin] = (counts[bin] ?? 0) + weight;
      all += weight;
    },
    at(share) {
      if (!all) return Number.NaN;
      // Sums of weights have rounding errors.
      let left = share * all * (1 - 1e-12);
      let bin = -1;
      while (left > 0) left -= counts[++bin] ?? left;
      return bin;
    },
  };
}
