/** Decides how a request may be served from a stored response (RFC 9111, 4; RFC 5861). Pure, but for `withStaleIfError`. */
import { isTransient } from '../errors.ts';
import { type Freshness, isFresh, isWithinStaleIfError, isWithinStaleWhileRevalidate } from '../http/freshness.ts';

/**
 * - `fresh`: serve it.
 * - `stale-while-revalidate`: serve it, and revalidate in the background.
 * - `revalidate`: revalidate before serving it.
 * - `stale-if-error`: the origin failed; serve it stale.
 * - `miss`: no stored response may be served.
 */
export type Decision = 'fresh' | 'stale-while-revalidate' | 'revalidate' | 'stale-if-error' | 'miss';

/** A stored response, as far as a decision needs it. */
export interface StoredState {
  readonly freshness: Freshness;
  /** Time of the last fetch or revalidation, in milliseconds since 1970. */
  readonly validatedAt: number;
}

export interface Circumstances {
  /** Maximum seconds since the last revalidation, even if the response is fresh for longer. */
  readonly memoryMaxAge: number;
  /** Whether the process runs on after its response: Lambda freezes it, so a background revalidation would not finish. */
  readonly allowBackgroundWork: boolean;
  /** Error of the fetch or revalidation, if one was tried. */
  readonly error?: unknown;
}

/** @param now milliseconds since 1970 */
export function decide(
  stored: StoredState | undefined,
  { memoryMaxAge, allowBackgroundWork, error }: Circumstances,
  now: number,
): Decision {
  if (!stored) return 'miss';
  const { freshness, validatedAt } = stored;
  if (error !== undefined) return isTransient(error) && isWithinStaleIfError(freshness) ? 'stale-if-error' : 'miss';
  // Older than MEMORY_MAX_AGE: revalidated first, since caches downstream would store it for its lifetime.
  if (now - validatedAt >= memoryMaxAge * 1000) return 'revalidate';
  if (isFresh(freshness)) return 'fresh';
  return allowBackgroundWork && isWithinStaleWhileRevalidate(freshness) ? 'stale-while-revalidate' : 'revalidate';
}

const ON_ERROR = { memoryMaxAge: 0, allowBackgroundWork: false };

/**
 * Runs `work`, and serves the stored response if that fails for a transient reason while stale-if-error allows it.
 *
 * @param stored what may be served instead: its state at that moment, and how it is served
 * @param signal of the caller: no response is served after the client has left
 * @throws what `work` throws
 */
export async function withStaleIfError<Result>(
  work: () => Promise<Result>,
  stored: { readonly state: () => StoredState; readonly serve: () => Result } | undefined,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!stored || signal.aborted) throw error;
    if (decide(stored.state(), { ...ON_ERROR, error }, Date.now()) !== 'stale-if-error') throw error;
    return stored.serve();
  }
}
