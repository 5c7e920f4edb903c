/** Reproducible random numbers, and the distributions of the simulated traffic. */

/** Returns the next number between 0 and 1, both excluded. */
export type Random = () => number;

/** Creates a generator from a seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/** Computes the share of each of `n` ranks by Zipf's law: rank r in proportion to r^-exponent. Their sum is 1. */
export function zipf(n: number, exponent: number): Float64Array {
  const parts = Float64Array.from({ length: n }, (_, i) => (i + 1) ** -exponent);
  const sum = parts.reduce((all, part) => all + part, 0);
  return parts.map((part) => part / sum);
}

/** Picks an index with the probability of its share. The sum of the shares is 1. */
export function pick(shares: readonly number[], random: Random): number {
  let rest = random();
  const at = shares.findIndex((share) => {
    rest -= share;
    return rest < 0;
  });
  return at < 0 ? shares.length - 1 : at;
}

/** Draws the time to the next event of a Poisson process of rate 1. */
export const exponential = (random: Random): number => -Math.log(random());

export interface LogNormal {
  /** Half of the values lie below it. */
  readonly median: number;
  /** Standard deviation of the logarithm: with 0.8, 1 % of the values lies above 6.4 medians. */
  readonly spread: number;
}

export const logNormal = ({ median, spread }: LogNormal, random: Random): number =>
  median * Math.exp(spread * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()));
