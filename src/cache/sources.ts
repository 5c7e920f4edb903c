/** The source cache: sources by their URL, revalidated when they are stale, and fetched once for all requests that wait. */
import type { ConcurrencyLimits } from '../concurrency/limits.ts';
import type { Owner } from '../concurrency/shares.ts';
import type { Config } from '../config.ts';
import type { CacheHeaders, OriginResponse } from '../fetch/body.ts';
import type { Validators } from '../fetch/request.ts';
import { fetchSource } from '../fetch/source.ts';
import { assertRedirectsAllowed, type SourceRestriction } from '../fetch/source-url.ts';
import type { SourcePolicy } from '../fetch/ssrf.ts';
import { conditionsFor, validatorOf } from '../http/conditional.ts';
import { type CacheDirectives, freshness, parseCacheHeaders, strictestDirectives } from '../http/freshness.ts';
import { sanitizeHeaders, type Timings } from '../http/headers.ts';
import type { RenderedImage, Source } from '../image/job.ts';
import { decide, type StoredState, withStaleIfError } from './decide.ts';
import { createMemoryCache, ENTRY_OVERHEAD } from './memory.ts';

/** Identifies one version of a source. */
export interface SourceVersion {
  /** See `validatorOf`. */
  readonly validator: string;
  /** Cache headers of the origin, names in lower case. */
  readonly headers: CacheHeaders;
  /** See `OriginResponse`: the validator belongs to that URL. */
  readonly finalUrl?: string | undefined;
  /** See `OriginResponse`; undefined for a version that only the client has. */
  readonly redirects?: readonly string[] | undefined;
}

/** A rendered image as it is stored. */
export interface StoredImage extends RenderedImage, SourceVersion {
  readonly caching: CacheDirectives;
  /** Time of rendering or of the last revalidation, in milliseconds since 1970. */
  readonly validatedAt: number;
}

/** A source with its cache directives. */
export interface StoredSource extends Source, SourceVersion {
  readonly caching: CacheDirectives;
}

/** A 304 of the origin: the caller's version is the current one. */
export interface NotModified extends SourceVersion {
  readonly bytes: undefined;
  readonly caching: CacheDirectives;
}

/** A source, and where it came from. */
export interface FoundSource {
  readonly source: StoredSource | NotModified;
  /** `source`: cached, or revalidated; `stale`: cached, and the origin failed; undefined: fetched. */
  readonly cacheStatus: 'source' | 'stale' | undefined;
  /** Milliseconds of the fetch by step, and `bytesIn`. */
  readonly timings: Timings;
}

/** Codes of errors that say something of the origin, and will for a while. */
const NEGATIVELY_CACHED = [
  'SOURCE_NOT_FOUND',
  'SOURCE_TOO_LARGE',
  'SOURCE_UNSUPPORTED',
  'SOURCE_UNAVAILABLE',
  'SOURCE_TIMEOUT',
  'IMAGE_TOO_LARGE',
] as const;

const JOINED = { cacheStatus: undefined, timings: {} } as const;

const sourceSize = ({ bytes, caching }: StoredSource | NotModified) =>
  bytes && caching.scope === 'public' ? bytes.buffer.byteLength + ENTRY_OVERHEAD : undefined;

const createCache = (maxBytes: number) =>
  createMemoryCache<StoredSource | NotModified>({ maxBytes, sizeOf: sourceSize, negativeCodes: NEGATIVELY_CACHED });

export interface FindOptions {
  /** What the client may fetch: checked at every redirect, also of a cached source. */
  readonly restriction?: SourceRestriction | undefined;
  /** Maximum seconds that a source may be old when it is served stale, by the key's policy. */
  readonly maxAgeLimit?: number | undefined;
  /** Counts the fetch as a request, for a caller that is not counted yet. */
  readonly admit?: ConcurrencyLimits['admit'];
}

/** Creates the cache of fetched sources of a process (RFC 9111). @returns `findSource`, which serves, revalidates or fetches */
export function createSourceCache(config: Config, policy: SourcePolicy, limits: ConcurrencyLimits) {
  const sources = createCache(config.sourceMemory);
  // Shares concurrent revalidations of one version; stores nothing.
  const revalidations = createCache(0);
  const rules = { memoryMaxAge: config.memoryMaxAge, allowBackgroundWork: false };
  const stateOf = ({ caching }: StoredSource, now: number, limit?: number): StoredState => ({
    freshness: freshness(caching, { limit }, config, now),
    validatedAt: caching.receivedAt,
  });

  /**
   * Returns the source of a URL: cached, revalidated, or fetched.
   *
   * @param version that the caller has a rendered image of; revalidated if the source is not cached
   * @param signal ends the wait
   * @param owner whose place among the downloads it takes
   * @returns the source; without bytes if the origin says that the caller's version is the current one
   * @throws ImageError as `fetchSource`; errors of the origin are cached for ten seconds
   */
  return async function findSource(
    u: string,
    version: SourceVersion | undefined,
    signal: AbortSignal,
    owner: Owner,
    { restriction, maxAgeLimit, admit = (_, request) => request() }: FindOptions = {},
  ): Promise<FoundSource> {
    // Entries by URL always have bytes: without a version the request to the origin is not conditional.
    const stored = sources.get(u) as StoredSource | undefined;
    const now = Date.now();
    if (stored && decide(stateOf(stored, now), rules, now) === 'fresh') {
      assertRedirectsAllowed(stored.redirects, restriction);
      return { source: stored, cacheStatus: 'source', timings: {} };
    }
    const options = { group: restriction?.id };

    const find = async (): Promise<FoundSource> => {
      let fetched: FoundSource | undefined;
      const create = (flightSignal: AbortSignal) =>
        admit(owner, async () => {
          fetched = await fetchOrRevalidate(u, stored ?? version, download, flightSignal);
          return fetched.source;
        });
      const download: Download = (url, conditions, flightSignal) =>
        fetchInBudget(url, conditions, { policy: { ...policy, restriction }, config, limits, owner }, flightSignal);
      if (stored || !version)
        return { ...JOINED, source: await sources.getOrCreate(u, create, signal, options), ...fetched };
      // A 304 says nothing of a version that came from another URL with the same validator.
      const versionKey = `${version.validator} ${version.finalUrl ?? ''} ${u}`;
      const source = await revalidations.getOrCreate(versionKey, create, signal, options);
      if (source.bytes) sources.set(u, source);
      return { ...JOINED, source, ...fetched };
    };
    const stale = stored && {
      state: () => stateOf(stored, Date.now(), maxAgeLimit),
      serve: () => {
        assertRedirectsAllowed(stored.redirects, restriction);
        return { source: stored, cacheStatus: 'stale' as const, timings: {} };
      },
    };
    return withStaleIfError(find, stale, signal);
  };
}

type Download = (url: URL, conditions: Validators, signal: AbortSignal) => ReturnType<typeof fetchInBudget>;

/** Waits for a place among the downloads, and downloads a source within the memory budget. */
async function fetchInBudget(
  url: URL,
  conditions: Validators,
  { policy, config, limits, owner }: { policy: SourcePolicy; config: Config; limits: ConcurrencyLimits; owner: Owner },
  signal: AbortSignal,
) {
  const memory = limits.sources.lease();
  try {
    const sourceLimits = { ...config, reserve: memory.reserve };
    const fetch = () => fetchSource(url, policy, sourceLimits, signal, conditions);
    const fetched = await limits.download(owner, fetch, signal);
    // Those who wait for it hold it themselves, before the event loop goes on.
    if (fetched.bytes) setImmediate(limits.sources.hold(fetched.bytes));
    return fetched;
  } finally {
    memory.release();
  }
}

/** Returns the directives of a source and of the redirects to it, the strictest of each. */
function cachingOf(headers: CacheHeaders, { hops, receivedAt }: OriginResponse): CacheDirectives {
  const redirects = hops.map((hop) => ({
    directives: parseCacheHeaders(sanitizeHeaders(hop.headers), receivedAt),
    isPermanent: hop.isPermanent,
  }));
  return strictestDirectives(parseCacheHeaders(headers, receivedAt), redirects);
}

/** Fetches a source; asks conditionally if a version is known. */
async function fetchOrRevalidate(
  u: string,
  version: SourceVersion | StoredSource | undefined,
  download: Download,
  signal: AbortSignal,
): Promise<FoundSource> {
  const conditions = version ? { ...conditionsFor(version), finalUrl: version.finalUrl } : {};
  const fetched = await download(new URL(u), conditions, signal);
  const { redirects, finalUrl } = fetched;
  if (fetched.bytes) {
    const { bytes, format } = fetched;
    const headers = sanitizeHeaders(fetched.headers);
    const caching = cachingOf(headers, fetched);
    const timings = { ...fetched.timings, bytesIn: bytes.byteLength };
    const source = { bytes, format, headers, validator: validatorOf(headers, bytes), caching, redirects, finalUrl };
    return { source, cacheStatus: undefined, timings };
  }
  // Headers that a 304 leaves out still hold (RFC 9111, 4.3.4), but for the age of the response before it.
  const { age: _, date: __, ...stored } = version?.headers ?? {};
  const headers = { ...stored, ...sanitizeHeaders(fetched.headers) };
  const updated = { headers, caching: cachingOf(headers, fetched), redirects, finalUrl };
  if (!version || !('bytes' in version)) {
    const source = { bytes: undefined, validator: version?.validator ?? '', ...updated };
    return { source, cacheStatus: undefined, timings: {} };
  }
  return { source: { ...version, ...updated }, cacheStatus: 'source', timings: {} };
}
