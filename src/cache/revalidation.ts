/** Fetches a source within the budget of the process, conditionally if a version is known, and says how it may be cached. */
import type { ConcurrencyLimits } from '../concurrency/limits.ts';
import type { Owner } from '../concurrency/shares.ts';
import type { Config } from '../config.ts';
import { withLifetime } from '../errors.ts';
import type { CacheHeaders, OriginResponse } from '../fetch/body.ts';
import type { Validators } from '../fetch/request.ts';
import { ResponseError } from '../fetch/response-error.ts';
import { fetchSource } from '../fetch/source.ts';
import type { SourcePolicy } from '../fetch/ssrf.ts';
import { conditionsFor, validatorOf } from '../http/conditional.ts';
import { errorLifetime, transientErrorLifetime } from '../http/error-lifetime.ts';
import { type CacheDirectives, parseCacheHeaders, strictestDirectives } from '../http/freshness.ts';
import { sanitizeHeaders } from '../http/headers.ts';
import type { FoundSource, SourceVersion, StoredSource } from './stored.ts';

/** How a source is fetched, and whose place among the downloads it takes. */
export interface Download {
  readonly policy: SourcePolicy;
  readonly config: Config;
  readonly limits: ConcurrencyLimits;
  readonly owner: Owner;
}

/** Waits for a place among the downloads, and downloads a source within the memory budget. */
async function fetchInBudget(
  url: URL,
  conditions: Validators,
  { policy, config, limits, owner }: Download,
  signal: AbortSignal,
) {
  const memory = limits.sources.lease(owner.client);
  try {
    const sourceLimits = { ...config, reserve: memory.reserve };
    const fetch = () => fetchSource(url, policy, sourceLimits, signal, conditions);
    const fetched = await limits.download(owner, fetch, signal);
    const received = sanitizeHeaders(fetched.headers);
    if (!fetched.bytes) return { ...fetched, received };
    const validator = await validatorOf(received, fetched.bytes);
    // Those who wait for it hold it themselves, before the event loop goes on.
    setImmediate(limits.sources.hold(fetched.bytes, owner.client));
    return { ...fetched, received, validator };
  } catch (error) {
    throw withOriginLifetime(error);
  } finally {
    memory.release();
  }
}

/** Returns the directives of a source and of the redirects to it, the strictest of each. */
function cachingOf(
  headers: CacheHeaders,
  { hops, requestedAt, receivedAt }: Pick<OriginResponse, 'hops' | 'requestedAt' | 'receivedAt'>,
): CacheDirectives {
  const redirects = hops.map((hop) => ({
    directives: parseCacheHeaders(sanitizeHeaders(hop.headers), receivedAt, requestedAt),
    isPermanent: hop.isPermanent,
  }));
  return strictestDirectives(parseCacheHeaders(headers, receivedAt, requestedAt), redirects);
}

/** Adds the lifetime to an error of the origin's response, by its headers and those of the redirects to it. */
function withOriginLifetime(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return error;
  const { headers, retryAfter, receivedAt } = error.response;
  const caching = cachingOf(sanitizeHeaders(headers), error.response);
  if (error.statusCode >= 500) return withLifetime(error, transientErrorLifetime(caching, retryAfter, receivedAt));
  return withLifetime(error, errorLifetime(caching, receivedAt, error.code === 'SOURCE_NOT_FOUND'));
}

/**
 * Whether a 304 is about another version: its strong entity tag is not the one that was asked for (RFC 9111, 4.3.4).
 * Some origins compare dates only.
 */
const isOtherVersion = ({ validator }: SourceVersion, { etag }: CacheHeaders): boolean =>
  etag !== undefined && !etag.startsWith('W/') && validator.endsWith('"') && validator.replace(/^W\//, '') !== etag;

/**
 * Fetches a source.
 *
 * @param version that is known: the request is conditional, and a 304 updates it
 * @throws ImageError as `fetchSource`, with the lifetime that the origin's response allows
 */
export async function fetchOrRevalidate(
  u: string,
  version: SourceVersion | StoredSource | undefined,
  download: Download,
  signal: AbortSignal,
): Promise<FoundSource> {
  const conditions = version ? { ...conditionsFor(version), finalUrl: version.finalUrl } : {};
  const fetched = await fetchInBudget(new URL(u), conditions, download, signal);
  const { redirects, finalUrl, received } = fetched;
  if (fetched.bytes) {
    const { bytes, format, validator } = fetched;
    const timings = { ...fetched.timings, bytesIn: bytes.byteLength };
    const caching = cachingOf(received, fetched);
    const source = { bytes, format, headers: received, validator, caching, redirects, finalUrl };
    return { source, cacheStatus: undefined, timings };
  }
  if (version && isOtherVersion(version, received)) return fetchOrRevalidate(u, undefined, download, signal);
  // Headers that a 304 leaves out still hold (RFC 9111, 4.3.4), but for the age of the response before it.
  const { age: _, date: __, ...stored } = version?.headers ?? {};
  const headers = { ...stored, ...received };
  const updated = { headers, caching: cachingOf(headers, fetched), redirects, finalUrl };
  if (!version || !('bytes' in version)) {
    const source = { bytes: undefined, validator: version?.validator ?? '', ...updated };
    return { source, cacheStatus: undefined, timings: {} };
  }
  return { source: { ...version, ...updated }, cacheStatus: 'source', timings: {} };
}
