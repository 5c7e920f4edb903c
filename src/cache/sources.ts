/** The source cache: sources by their URL, revalidated when they are stale, and fetched once for all requests that wait. */
import type { ConcurrencyLimits } from '../concurrency/limits.ts';
import type { Owner } from '../concurrency/shares.ts';
import type { Config } from '../config.ts';
import { MAX_ERROR_AGE } from '../errors.ts';
import type { HostHeaders } from '../fetch/source-headers.ts';
import { assertRedirectsAllowed, type SourceRestriction } from '../fetch/source-url.ts';
import type { SourcePolicy } from '../fetch/ssrf.ts';
import { freshness } from '../http/freshness.ts';
import type { ImageOptions } from '../options.ts';
import { decide, type StoredState, withStaleIfError } from './decide.ts';
import { createMemoryCache, ENTRY_OVERHEAD } from './memory.ts';
import { fetchOrRevalidate } from './revalidation.ts';
import type { FoundSource, NotModified, SourceVersion, StoredSource } from './stored.ts';

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

/** Names a source: its URL, and the version that the client asks for, if it does. */
type SourceName = Pick<ImageOptions, 'u' | 'v'>;

/**
 * A version that was not asked for yet must not get the bytes of the one before, nor a request without the deployment's headers
 * what was fetched with them. No URL and no digest holds a space.
 */
const entryId = ({ u, v }: SourceName, headers: HostHeaders | undefined) =>
  [...(headers ? [headers.id] : []), u, ...(v === undefined ? [] : [v])].join(' ');

export interface FindOptions {
  /** What the client may fetch: checked at every redirect, also of a cached source. */
  readonly restriction?: SourceRestriction | undefined;
  /** Headers of the deployment that the source is fetched with: it is cached apart from the same URL without them. */
  readonly headers?: HostHeaders | undefined;
  /** Maximum seconds that a source may be old when it is served stale, by the key's policy. */
  readonly maxAgeLimit?: number | undefined;
  /** Counts the fetch as a request, for a caller that is not counted yet. */
  readonly admit?: ConcurrencyLimits['admit'];
}

/** Creates the cache of fetched sources of a process (RFC 9111). */
export function createSourceCache(config: Config, policy: SourcePolicy, limits: ConcurrencyLimits) {
  const sources = createMemoryCache<StoredSource | NotModified>({
    maxBytes: config.sourceMemory,
    sizeOf: sourceSize,
    negativeCodes: NEGATIVELY_CACHED,
  });
  const rulesFor = ({ isUndecodable }: StoredSource) => ({
    memoryMaxAge: isUndecodable ? Math.min(MAX_ERROR_AGE, config.memoryMaxAge) : config.memoryMaxAge,
    allowBackgroundWork: false,
  });
  const stateOf = ({ caching }: StoredSource, now: number, limit?: number): StoredState => ({
    freshness: freshness(caching, { limit }, config, now),
    validatedAt: caching.receivedAt,
  });

  /**
   * Returns the source of a URL: cached, revalidated, or fetched.
   *
   * @param name the source's URL and version
   * @param version that the caller has a rendered image of; revalidated if the source is not cached
   * @param signal ends the wait
   * @param owner whose place among the downloads it takes
   * @returns the source; without bytes if the origin says that the caller's version is the current one
   * @throws ImageError as `fetchSource`; errors of the origin are cached for ten seconds
   */
  async function findSource(
    { u, v }: SourceName,
    version: SourceVersion | undefined,
    signal: AbortSignal,
    owner: Owner,
    { restriction, headers, maxAgeLimit, admit = (_, request) => request() }: FindOptions = {},
  ): Promise<FoundSource> {
    // Entries by URL always have bytes: without a version the request to the origin is not conditional.
    const id = entryId({ u, ...(v !== undefined && { v }) }, headers);
    const stored = sources.get(id) as StoredSource | undefined;
    const now = Date.now();
    if (stored && decide(stateOf(stored, now), rulesFor(stored), now) === 'fresh') {
      assertRedirectsAllowed(stored.redirects, restriction);
      return { source: stored, cacheStatus: 'source', timings: {} };
    }
    const find = async (): Promise<FoundSource> => {
      let fetched: FoundSource | undefined;
      const create = (flightSignal: AbortSignal) =>
        admit(owner, async () => {
          const download = { policy: { ...policy, restriction, headers }, config, limits, owner };
          fetched = await fetchOrRevalidate(u, stored ?? version, download, flightSignal);
          return fetched.source;
        });
      // A 304 says nothing of another version, nor of one that came from another URL with the same validator.
      const flight = stored || !version ? id : `${version.validator} ${version.finalUrl ?? ''} ${id}`;
      const source = await sources.getOrCreate(id, create, signal, { group: restriction?.id, flight });
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
  }

  /** Marks a source whose decoding failed, or that ends early. */
  function markUndecodable(name: SourceName, headers: HostHeaders | undefined, source: StoredSource): void {
    const id = entryId(name, headers);
    if (sources.get(id) === source) sources.set(id, { ...source, isUndecodable: true });
  }

  return { findSource, markUndecodable };
}
