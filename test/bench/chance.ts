/** Chance that is the same on every run, and the distributions that traffic follows. */

/** Numbers between 0 and 1, neither of them included. */
export type Random = () => number;

/** From a seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/** The share of each rank of `n`, as Zipf's law has it: rank r in proportion to r^-exponent. Together they are 1. */
export function zipf(n: number, exponent: number): Float64Array {
  const parts = Float64Array.from({ length: n }, (_, i) => (i + 1) ** -exponent);
  const sum = parts.reduce((all, part) => all + part, 0);
  return parts.map((part) => part / sum);
}

/** An index of the shares, which together are 1, each as often as its share says. */
export function pick(shares: readonly number[], random: Random): number {
  let left = random();
  const at = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return at < 0 ? shares.length - 1 : at;
}

/** The time to the next event of those that come once in a unit of time, on the mean. */
export const exponential = (random: Random): number => -Math.log(random());

export interface LogNormal {
  /** Half of the values lie below. */
  readonly median: number;
  /** Standard deviation of the logarithm: with 0.8, one of a hundred values is above 6.4 medians. */
  readonly spread: number;
}

export const logNormal = ({ median, spread }: LogNormal, random: Random): number =>
  median * Math.exp(spread * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()));
