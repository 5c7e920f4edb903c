/** How often a key may be used on the local server: a fixed window of a minute for each id, in memory. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Key } from '../keys/registry.ts';

/** @returns seconds until the key may be used again; undefined where it may be now, or has no `rate` */
export function createRateLimit() {
  const limiters = new Map<string, RateLimiterMemory>();
  async function consume(id: string, rate: number): Promise<number | undefined> {
    const name = `${id} ${rate}`;
    const limiter = limiters.get(name) ?? new RateLimiterMemory({ points: rate, duration: 60 });
    limiters.set(name, limiter);
    try {
      await limiter.consume(id);
      return undefined;
    } catch (error) {
      if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext / 1000));
      throw error;
    }
  }
  return ({ id, policy }: Key) => (policy.rate === undefined ? undefined : consume(id, policy.rate));
}
