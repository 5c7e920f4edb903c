/** How long an answer may be used, by what the origin, the request and the deployment say of it. Pure. */
import CachePolicy from 'http-cache-semantics';

/** Who may keep an answer: any cache, the browser alone, nobody. */
export type Scope = 'public' | 'private' | 'none';

/** What an origin says of its answer, read once when it came (RFC 9111). Seconds; plain, so that it can be stored. */
export interface CacheDirectives {
  readonly scope: Scope;
  /** Lifetimes for a browser and for a shared cache; undefined when the origin says nothing. */
  readonly maxAge?: number | undefined;
  readonly sharedMaxAge?: number | undefined;
  /** Its age when it came: it may have come from another cache. */
  readonly age: number;
  /** RFC 5861; 0 where the origin forbids stale answers, undefined where it says nothing. */
  readonly staleWhileRevalidate?: number | undefined;
  readonly staleIfError?: number | undefined;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** For how long an answer may be used, in seconds. */
export interface Freshness {
  readonly scope: Scope;
  readonly maxAge: number;
  readonly sharedMaxAge: number;
  readonly age: number;
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
}

/** A deployment's bounds, in seconds. */
export interface FreshnessBounds {
  readonly resultDefaultAge: number;
  readonly resultMinAge: number;
  readonly resultMaxAge: number;
  readonly resultStaleWhileRevalidate: number;
  readonly resultStaleIfError: number;
}

const directive = (control: string, name: string): number | undefined => {
  const found = new RegExp(`(?:^|[\\s,])${name}="?(\\d{1,10})`, 'i').exec(control)?.[1];
  return found === undefined ? undefined : Number(found);
};

/**
 * @param fields cache fields of the answer, names in lower case
 * @param receivedAt milliseconds since 1970
 */
export function parseCacheHeaders(
  fields: Readonly<Record<string, string | undefined>>,
  receivedAt: number,
): CacheDirectives {
  const headers = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  // A lifetime guessed from the last change would be the library's; the deployment has its own default.
  const read = (shared: boolean) =>
    new CachePolicy({ headers: {} }, { status: 200, headers } as CachePolicy.Response, { shared, cacheHeuristic: 0 });
  const [shared, own] = [read(true), read(false)];
  const control = fields['cache-control'] ?? '';
  const says =
    /\b(?:max-age|s-maxage|no-cache|immutable)\b/i.test(control) ||
    [fields.expires, fields.pragma].some((value) => value !== undefined) ||
    fields.vary === '*';
  const strict = /\b(?:must-revalidate|proxy-revalidate|no-cache)\b/i.test(control);
  const scope = shared.storable() ? 'public' : own.storable() ? 'private' : 'none';
  return {
    scope,
    ...(says && {
      maxAge: Math.floor(own.maxAge()),
      sharedMaxAge: Math.floor(scope === 'public' ? shared.maxAge() : own.maxAge()),
    }),
    age: Math.min(Math.floor(Number(fields.age) || 0), 2_147_483_647),
    staleWhileRevalidate: strict ? 0 : directive(control, 'stale-while-revalidate'),
    staleIfError: strict ? 0 : directive(control, 'stale-if-error'),
    receivedAt,
  };
}

const UNITS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  M: 2_592_000,
  y: 31_536_000,
};

/** `5m`, `1d`, `2w` → seconds; a month has 30 days. NaN for anything else. */
export function parseDuration(duration: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhdwMy])$/.exec(duration) ?? [];
  return Number(count) * (UNITS[unit] ?? Number.NaN);
}

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

/**
 * What is answered: the lifetime that the request asks for, else the origin's, else the deployment's, within the
 * deployment's bounds, and never beyond the end of the request's own validity. What the origin lets nobody keep, or no
 * shared cache, stays so.
 *
 * @param wanted.maxAge seconds, from `maxage`
 * @param wanted.until seconds since 1970, from `exp`
 * @param now milliseconds since 1970
 */
export function freshness(
  caching: CacheDirectives,
  wanted: { maxAge?: number | undefined; until?: number | undefined },
  bounds: FreshnessBounds,
  now: number,
): Freshness {
  const { scope, receivedAt } = caching;
  const bounded = (age: number) => clamp(age, bounds.resultMinAge, bounds.resultMaxAge);
  const ofOrigin = wanted.maxAge === undefined && caching.sharedMaxAge !== undefined;
  const age = Math.max(0, Math.floor((now - receivedAt) / 1000)) + (ofOrigin ? caching.age : 0);
  const rest =
    wanted.until === undefined ? Number.POSITIVE_INFINITY : Math.max(0, wanted.until - Math.ceil(now / 1000));
  const cap = (length: number) => Math.min(length, rest + age);
  const lifetime = wanted.maxAge ?? bounds.resultDefaultAge;
  const maxAge = cap(bounded(ofOrigin ? (caching.maxAge ?? 0) : lifetime));
  const sharedMaxAge = cap(bounded(ofOrigin ? (caching.sharedMaxAge ?? 0) : lifetime));
  // A stale answer, too, ends when the request's validity does.
  const stale = (length: number) =>
    scope === 'public' && maxAge > 0 ? clamp(length, 0, rest + age - Math.max(maxAge, sharedMaxAge)) : 0;
  return {
    scope,
    maxAge,
    sharedMaxAge,
    age,
    staleWhileRevalidate: stale(caching.staleWhileRevalidate ?? bounds.resultStaleWhileRevalidate),
    staleIfError: stale(caching.staleIfError ?? bounds.resultStaleIfError),
  };
}

export const isFresh = ({ age, sharedMaxAge }: Freshness) => age < sharedMaxAge;
/** Whether it may still be used while a new one is made. */
export const isWithinStaleWhileRevalidate = ({ age, sharedMaxAge, staleWhileRevalidate: whileRevalidate }: Freshness) =>
  age < sharedMaxAge + whileRevalidate;
/** Whether it may still be used when no new one can be made. */
export const isWithinStaleIfError = ({ age, sharedMaxAge, staleIfError: onError }: Freshness) =>
  age < sharedMaxAge + onError;
