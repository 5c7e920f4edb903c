/** How much is in work at once. */
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { ImageError } from './errors.ts';

/** The two doors of `createGate`. */
export interface ConcurrencyLimit {
  /** Lets a request in, or refuses it at once when too many are in work. */
  readonly admit: <T>(request: () => Promise<T>) => Promise<T>;
  /** Waits for a free vCPU. A picture whose request has ended meanwhile is not begun. */
  readonly decode: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
}

/**
 * Decoding is CPU work: two pictures at once on one vCPU take as long as one after the other, and twice the memory.
 *
 * @param options.maxRequests requests in work at once, those that wait included
 * @param options.maxDecodes pictures decoded at once; 0 for one on each vCPU
 * @throws ImageError OVERLOADED from `admit`, SOURCE_TIMEOUT from `decode`
 */
export function createConcurrencyLimit({
  maxRequests,
  maxDecodes,
}: {
  maxRequests: number;
  maxDecodes: number;
}): ConcurrencyLimit {
  const limit = pLimit(maxDecodes || availableParallelism());
  let inside = 0;
  return {
    admit: async (request) => {
      if (inside >= maxRequests)
        throw new ImageError('OVERLOADED', 'Too many requests are in work. Try again in a second.');
      inside++;
      try {
        return await request();
      } finally {
        inside--;
      }
    },
    decode: (work, signal) =>
      limit(() => {
        if (signal.aborted) throw new ImageError('SOURCE_TIMEOUT', 'There was no time left to make the picture.');
        return work();
      }),
  };
}
