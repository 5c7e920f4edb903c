/** Freshness of a stored response: RFC 9111, section 4.2, and RFC 5861. Pure. */
import { parseAge, parseCacheControl, parseHttpDate, variesOnEverything } from './cache-control.ts';

/** Which caches may store a response: any, only the browser's, none (`no-store`). */
export type Scope = 'public' | 'private' | 'none';

/** The caching directives of an origin's response, parsed when it is received. Seconds; plain data, so that it can be stored. */
export interface CacheDirectives {
  readonly scope: Scope;
  /** Freshness lifetime for a private cache; undefined when the origin sends none. */
  readonly maxAge?: number | undefined;
  /** Freshness lifetime for a shared cache; undefined when the origin sends none. */
  readonly sharedMaxAge?: number | undefined;
  /** Its age when it was received (RFC 9111, 4.2.3): by `Date`, or by `Age` if it came from another cache. */
  readonly age: number;
  /** A directive that forbids stale responses, for caches downstream. */
  readonly revalidation?: 'must-revalidate' | 'proxy-revalidate' | undefined;
  /** RFC 5861; 0 where the origin forbids stale responses, undefined where it sends none. */
  readonly staleWhileRevalidate?: number | undefined;
  readonly staleIfError?: number | undefined;
  /** Whether the deployment's default is the maximum: a part of the chain has no lifetime. */
  readonly isCappedAtDefault?: boolean | undefined;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** How long a response may be used, in seconds. */
export interface Freshness {
  readonly scope: Scope;
  readonly maxAge: number;
  readonly sharedMaxAge: number;
  /** Time since the origin created it. */
  readonly age: number;
  readonly revalidation?: 'must-revalidate' | 'proxy-revalidate' | undefined;
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
}

/** Settings of a deployment, in seconds. */
export interface FreshnessBounds {
  readonly resultDefaultAge: number;
  readonly resultMinAge: number;
  readonly resultMaxAge: number;
  readonly resultStaleWhileRevalidate: number;
  readonly resultStaleIfError: number;
}

/** Seconds that `immutable` (RFC 8246) means without a lifetime. */
const IMMUTABLE_AGE = 86_400;

/** Parses `Expires` to a lifetime in seconds: 0 if it is no date of HTTP (RFC 9111, 5.3). */
function expiresAfter(expires: string, generatedAt: number): number {
  const time = parseHttpDate(expires);
  return time === undefined ? 0 : Math.max(0, Math.floor((time - generatedAt) / 1000));
}

/**
 * Parses the caching headers of a response.
 *
 * @param headers names in lower case
 * @param receivedAt milliseconds since 1970
 * @param requestedAt milliseconds since 1970: `Age` may be as old as the request
 */
export function parseCacheHeaders(
  headers: Readonly<Record<string, string | undefined>>,
  receivedAt: number,
  requestedAt = receivedAt,
): CacheDirectives {
  const control = parseCacheControl(headers['cache-control']);
  const generatedAt = parseHttpDate(headers.date) ?? receivedAt;
  const { expires, pragma = '' } = headers;
  // Pragma counts only without Cache-Control (RFC 9111, 5.4).
  const noCache =
    control.noCache ||
    variesOnEverything(headers.vary) ||
    (headers['cache-control'] === undefined && /\bno-cache\b/i.test(pragma));
  const ofExpires = expires === undefined ? undefined : expiresAfter(expires, generatedAt);
  // No heuristic freshness (RFC 9111, 4.2.2): the deployment has a default of its own.
  const lifetime = control.maxAge ?? ofExpires ?? (control.immutable ? IMMUTABLE_AGE : undefined);
  const maxAge = noCache ? 0 : lifetime;
  const sharedMaxAge = noCache ? 0 : (control.sMaxage ?? lifetime);
  const scope = control.noStore ? 'none' : control.isPrivate ? 'private' : 'public';
  // Explicit directives forbid stale responses (RFC 9111, 4.2.4); `s-maxage` too, unless the origin allows them itself.
  const forbidsStale = noCache || control.mustRevalidate || control.proxyRevalidate;
  const stale = (seconds: number | undefined) =>
    forbidsStale ? 0 : (seconds ?? (control.sMaxage === undefined ? undefined : 0));
  return {
    scope,
    ...(sharedMaxAge !== undefined && {
      maxAge: maxAge ?? sharedMaxAge,
      sharedMaxAge: scope === 'public' ? sharedMaxAge : (maxAge ?? sharedMaxAge),
    }),
    age: Math.floor(
      Math.max(parseAge(headers.age) * 1000 + receivedAt - requestedAt, receivedAt - generatedAt, 0) / 1000,
    ),
    revalidation: control.mustRevalidate ? 'must-revalidate' : control.proxyRevalidate ? 'proxy-revalidate' : undefined,
    staleWhileRevalidate: stale(control.staleWhileRevalidate),
    staleIfError: stale(control.staleIfError),
    receivedAt,
  };
}

const SCOPES: readonly Scope[] = ['public', 'private', 'none'];
/** Returns the scope of a response made of two others. */
export const strictestScope = (a: Scope, b: Scope): Scope =>
  SCOPES[Math.max(SCOPES.indexOf(a), SCOPES.indexOf(b))] ?? 'none';
const minDefined = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

/**
 * Combines the directives of a source with those of the redirects to it: a response to the first URL may be used as long as
 * its strictest hop allows. A permanent redirect without a lifetime counts as its target; another one has the default.
 */
export function strictestDirectives(
  target: CacheDirectives,
  hops: readonly { readonly directives: CacheDirectives; readonly isPermanent: boolean }[],
): CacheDirectives {
  let chain = target;
  for (const { directives, isPermanent } of hops) {
    const hasLifetime = directives.sharedMaxAge !== undefined;
    const isMixed = hasLifetime ? chain.sharedMaxAge === undefined : !isPermanent && chain.sharedMaxAge !== undefined;
    chain = {
      ...chain,
      scope: strictestScope(chain.scope, directives.scope),
      maxAge: minDefined(chain.maxAge, directives.maxAge),
      sharedMaxAge: minDefined(chain.sharedMaxAge, directives.sharedMaxAge),
      age: Math.max(chain.age, directives.age),
      revalidation: chain.revalidation ?? directives.revalidation,
      staleWhileRevalidate: minDefined(chain.staleWhileRevalidate, directives.staleWhileRevalidate),
      staleIfError: minDefined(chain.staleIfError, directives.staleIfError),
      isCappedAtDefault: chain.isCappedAtDefault || isMixed,
    };
  }
  return chain;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  M: 2_592_000,
  y: 31_536_000,
};

/** Parses a duration to seconds: `5m`, `1d`, `2w`; a month has 30 days. NaN for anything else. */
export function parseDuration(duration: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhdwMy])$/.exec(duration) ?? [];
  return Number(count) * (UNIT_SECONDS[unit] ?? Number.NaN);
}

const clamp = (value: number, min: number, max: number) => Math.min(Math.max(value, min), max);

/**
 * Computes how long a response may be used: the lifetime in the request, else the origin's, else the deployment's default,
 * within the deployment's bounds, and never beyond the expiry time of the request. `no-store` and `private` of the origin
 * are always kept.
 *
 * @param directives of the origin's response
 * @param requested.maxAge seconds, from `maxage`
 * @param requested.until expiry time of the request in seconds since 1970, from `exp`
 * @param requested.limit maximum seconds that the response may be used, fresh or stale, by the key's policy
 * @param bounds of the deployment
 * @param now milliseconds since 1970
 */
export function freshness(
  directives: CacheDirectives,
  requested: { maxAge?: number | undefined; until?: number | undefined; limit?: number | undefined },
  bounds: FreshnessBounds,
  now: number,
): Freshness {
  const { scope, receivedAt } = directives;
  const { limit = Number.POSITIVE_INFINITY } = requested;
  const withinBounds = (age: number) => Math.min(clamp(age, bounds.resultMinAge, bounds.resultMaxAge), limit);
  const usesOrigin = requested.maxAge === undefined && directives.sharedMaxAge !== undefined;
  const age = Math.max(0, Math.floor((now - receivedAt) / 1000)) + (usesOrigin ? directives.age : 0);
  const remainingValidity =
    requested.until === undefined ? Number.POSITIVE_INFINITY : Math.max(0, requested.until - Math.ceil(now / 1000));
  const untilExpiry = (lifetime: number) => Math.min(lifetime, remainingValidity + age);
  const defaultAge = requested.maxAge ?? bounds.resultDefaultAge;
  const cap = directives.isCappedAtDefault ? bounds.resultDefaultAge : Number.POSITIVE_INFINITY;
  const ofOrigin = (lifetime = 0) => untilExpiry(withinBounds(usesOrigin ? Math.min(lifetime, cap) : defaultAge));
  const [maxAge, sharedMaxAge] = [ofOrigin(directives.maxAge), ofOrigin(directives.sharedMaxAge)];
  // Nor may a stale response be used beyond the expiry time of the request, or the key's limit.
  const maxStale = Math.min(remainingValidity + age, limit) - Math.max(maxAge, sharedMaxAge);
  const staleLifetime = (seconds: number) => (scope === 'public' && maxAge > 0 ? clamp(seconds, 0, maxStale) : 0);
  return {
    scope,
    maxAge,
    sharedMaxAge,
    age,
    revalidation: directives.revalidation,
    staleWhileRevalidate: staleLifetime(directives.staleWhileRevalidate ?? bounds.resultStaleWhileRevalidate),
    staleIfError: staleLifetime(directives.staleIfError ?? bounds.resultStaleIfError),
  };
}

/** Whether a shared cache, as this one, may use it without revalidation. */
export const isFresh = ({ age, sharedMaxAge }: Freshness) => age < sharedMaxAge;
/** Whether it may be used while it is revalidated in the background. True for a fresh one, too. */
export const isWithinStaleWhileRevalidate = ({ age, sharedMaxAge, staleWhileRevalidate }: Freshness) =>
  age < sharedMaxAge + staleWhileRevalidate;
/** Whether it may be used when revalidation fails. True for a fresh one, too. */
export const isWithinStaleIfError = ({ age, sharedMaxAge, staleIfError }: Freshness) =>
  age < sharedMaxAge + staleIfError;
