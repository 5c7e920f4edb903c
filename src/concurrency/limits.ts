/** Limits the concurrent requests and the concurrent decodes of one process. */
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { deadlineError, ImageError } from './errors.ts';

export interface ConcurrencyLimit {
  /** Runs a request, or rejects it at once when too many are running or waiting. */
  readonly admit: <T>(request: () => Promise<T>) => Promise<T>;
  /** Waits for a free vCPU, then decodes an image. Not started when its request has ended meanwhile. */
  readonly decode: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
}

/**
 * Creates the limit of one process. Decoding is CPU work: two images at once on one vCPU take as long as one after the other,
 * and twice the memory.
 *
 * @param options.maxRequests maximum concurrent requests, waiting ones included
 * @param options.maxDecodes maximum concurrent decodes; 0 for one per vCPU
 * @throws ImageError OVERLOADED from `admit`, SOURCE_TIMEOUT from `decode`
 */
export function createConcurrencyLimit({
  maxRequests,
  maxDecodes,
}: {
  maxRequests: number;
  maxDecodes: number;
}): ConcurrencyLimit {
  const decodeLimit = pLimit(maxDecodes || availableParallelism());
  let activeRequests = 0;
  return {
    admit: async (request) => {
      if (activeRequests >= maxRequests)
        throw new ImageError('OVERLOADED', 'Too many concurrent requests. Try again in a second.');
      activeRequests++;
      try {
        return await request();
      } finally {
        activeRequests--;
      }
    },
    decode: (work, signal) =>
      decodeLimit(() => {
        if (signal.aborted) throw deadlineError();
        return work();
      }),
  };
}
