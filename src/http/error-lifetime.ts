/** How long an error of a source may be cached: by the caching headers of the response it was found in (RFC 9111). Pure. */
import { type ErrorLifetime, MAX_ERROR_AGE } from '../errors.ts';
import { parseHttpDate } from './cache-control.ts';
import type { CacheDirectives } from './freshness.ts';

/** Maximum seconds that an error is cached for a missing image whose 404 or 410 has a lifetime of its own: bounded, since it may be put there at any moment. */
const MAX_AGE_MISSING = 3600;
/** Seconds that `Retry-After` is honoured, at most. */
const MAX_RETRY_AFTER = 300;

/**
 * Parses `Retry-After`: seconds, or a date of HTTP (RFC 9110, 10.2.3).
 *
 * @param receivedAt milliseconds since 1970
 * @returns milliseconds since 1970, at most five minutes ahead; undefined if it is neither
 */
export function parseRetryAfter(field: string | undefined, receivedAt: number): number | undefined {
  const text = field?.trim() ?? '';
  const time = /^\d+$/.test(text) ? receivedAt + Number(text) * 1000 : parseHttpDate(text);
  return time === undefined || time <= receivedAt ? undefined : Math.min(time, receivedAt + MAX_RETRY_AFTER * 1000);
}

/** Returns the seconds that a response may still be used; undefined if it has no lifetime of its own. */
function remainingLifetime(
  { maxAge = Number.POSITIVE_INFINITY, sharedMaxAge, age, receivedAt }: CacheDirectives,
  now: number,
): number | undefined {
  if (sharedMaxAge === undefined) return undefined;
  return Math.max(0, Math.min(maxAge, sharedMaxAge) - age - Math.floor((now - receivedAt) / 1000));
}

/**
 * Returns the lifetime of an error that will last, such as a 404 or a corrupt source: a minute, and no longer, nor in other
 * caches, than its response may be used.
 *
 * @param directives of that response
 * @param now milliseconds since 1970
 * @param isMissing whether the response is a 404 or 410: with a lifetime of its own it is cached for that long, at most an hour
 */
export function errorLifetime(directives: CacheDirectives, now: number, isMissing: boolean): ErrorLifetime {
  const { scope, isCappedAtDefault } = directives;
  const heldUntil = scope === 'public' ? undefined : now;
  const remaining = remainingLifetime(directives, now);
  if (remaining === undefined) return { scope, heldUntil };
  if (!isMissing || isCappedAtDefault)
    return { scope, expiresAt: remaining < MAX_ERROR_AGE ? now + remaining * 1000 : undefined, heldUntil };
  const expiresAt = now + Math.min(remaining, MAX_AGE_MISSING) * 1000;
  return { scope, expiresAt, heldUntil: heldUntil ?? expiresAt };
}

/**
 * Returns the lifetime of an error that may pass, such as a 503: it is not cached downstream, and is held for ten seconds, or for
 * the shorter lifetime of its response, but at least a second. `Retry-After` of the origin goes before.
 */
export function transientErrorLifetime(
  directives: CacheDirectives,
  retryAfter: string | undefined,
  now: number,
): ErrorLifetime {
  const retryAt = parseRetryAfter(retryAfter, now);
  const remaining = remainingLifetime(directives, now);
  const isShort = remaining !== undefined && remaining < 10;
  return { scope: 'none', retryAt, heldUntil: retryAt ?? (isShort ? now + Math.max(remaining, 1) * 1000 : undefined) };
}
