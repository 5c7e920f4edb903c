/** How often a key may be used on the local server: a fixed window of a minute for each id, in memory. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Key } from '../keys.ts';

/** @returns seconds until the key may be used again; undefined where it may be now, or has no `rate` */
export function createRateLimit() {
  const limiters = new Map<string, RateLimiterMemory>();
  return async ({ id, policy }: Key): Promise<number | undefined> => {
    if (policy.rate === undefined) return undefined;
    const name = `${id} ${policy.rate}`;
    const limiter = limiters.get(name) ?? new RateLimiterMemory({ points: policy.rate, duration: 60 });
    limiters.set(name, limiter);
    try {
      await limiter.consume(id);
      return undefined;
    } catch (error) {
      if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext / 1000));
      throw error;
    }
  };
}
