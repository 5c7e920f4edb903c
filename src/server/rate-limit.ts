/** Rate limit of a server: a fixed window of one minute for each key id, in memory. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Key } from '../keys/registry.ts';

/**
 * Returns a function that counts one request of a key against its `rate` (requests a minute).
 *
 * @returns seconds until the window ends if the limit is exceeded; undefined within the limit or without a `rate`
 */
export function createRateLimit() {
  const limiters = new Map<string, RateLimiterMemory>();
  async function consume(id: string, rate: number): Promise<number | undefined> {
    const limiterKey = `${id} ${rate}`;
    const limiter = limiters.get(limiterKey) ?? new RateLimiterMemory({ points: rate, duration: 60 });
    limiters.set(limiterKey, limiter);
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
