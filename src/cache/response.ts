/** Turns a stored image into the response to one request: freshness, validators, 304. Pure. */
import type { Config } from '../config.ts';
import type { HostHeaders } from '../fetch/source-headers.ts';
import { assertRedirectsAllowed, type SourceRestriction } from '../fetch/source-url.ts';
import { type ConditionalHeaders, isNotModified, makeEtag } from '../http/conditional.ts';
import type { ImageResponse } from '../http/event.ts';
import { type CacheDirectives, type Freshness, freshness, parseDuration } from '../http/freshness.ts';
import { contentHeaders, representationHeaders, type Timings } from '../http/headers.ts';
import { type DerivedQuery, varyOf } from './key.ts';
import type { SourceVersion, StoredImage } from './stored.ts';

/** One request, as far as rendering and caching depend on it. */
export interface ImageRequest extends ConditionalHeaders {
  readonly query: DerivedQuery;
  readonly accept: string | undefined;
  /** Host names of this service, those of this request too. */
  readonly ownHosts: readonly string[];
  /** Bytes that the response can have. */
  readonly maxResponseBytes: number;
  /** Authenticates entity tags, see `makeEtag`. */
  readonly etagSecret: Uint8Array;
  /** Milliseconds since 1970 by which the image should be rendered. */
  readonly deadline: number;
  /** Id of the key; empty without one. */
  readonly client: string;
  /** Maximum seconds that the response may be used, fresh or stale, by the key's policy. */
  readonly maxAgeLimit?: number | undefined;
  /** What the client may fetch, by the key's policy: every redirect is checked against it. */
  readonly restriction?: SourceRestriction | undefined;
  /** Headers of the deployment for the source, if the key may use them. */
  readonly headers?: HostHeaders | undefined;
}

export interface CachedResponse {
  /** Undefined if the client's copy is still valid: a 304. */
  readonly image: StoredImage | undefined;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly freshness: Freshness;
  /** For a 304: the client keeps the lifetime of its copy. */
  readonly isLifetimeUnknown?: boolean;
  readonly tags: readonly string[];
  /**
   * Milliseconds by step, `bytesIn`, and in `cache` how it was served: hit, stale, bucket (the shared cache), revalidated,
   * collapsed (rendered for a concurrent request), source (the source was cached), miss.
   */
  readonly timings: Timings;
}

/** Entity tags by version: their HMAC would take a tenth of the time of a cache hit. */
const etags = new WeakMap<
  SourceVersion,
  { readonly key: string; readonly secret: Uint8Array; readonly etag: string }
>();

/** Returns the entity tag of an image. It includes the URL that the source was redirected to: two may share a validator. */
export function etagOf(version: SourceVersion, key: string, secret: Uint8Array): string {
  const known = etags.get(version);
  if (known?.key === key && known.secret === secret) return known.etag;
  const { validator, finalUrl } = version;
  const etag = makeEtag(validator, finalUrl === undefined ? key : `${key}\n${finalUrl}`, secret);
  etags.set(version, { key, secret, etag });
  return etag;
}

/** Maximum seconds that an image may be used whose quality was reduced to meet the deadline, or whose source ends early. */
const PROVISIONAL_MAX_AGE = 60;

/** Whether a better image may be had soon: its quality was reduced to meet the deadline, or its source is perhaps still uploaded. */
export const isProvisional = ({ degraded, isTruncated }: Pick<StoredImage, 'degraded' | 'isTruncated'>): boolean =>
  Boolean(degraded?.length || isTruncated);

/** The freshness of an image for one request: what it asks for, within the limits of the deployment and the key. */
export function requestFreshness(
  { query: { options }, maxAgeLimit }: Pick<ImageRequest, 'query' | 'maxAgeLimit'>,
  caching: CacheDirectives,
  config: Config,
  now: number,
): Freshness {
  const { maxage, exp } = options;
  const maxAge = maxage === undefined ? undefined : parseDuration(maxage);
  return freshness(caching, { maxAge, until: exp, limit: maxAgeLimit }, config, now);
}

/**
 * @param version of the source that the image was rendered from
 * @param image undefined if the client's copy is known to be valid
 * @throws ImageError POLICY_FORBIDDEN for a source that came through a redirect that the key does not allow
 */
export function toCachedResponse(
  request: ImageRequest,
  key: string,
  version: SourceVersion & Pick<StoredImage, 'caching' | 'degraded' | 'isTruncated'>,
  image: StoredImage | undefined,
  timings: Timings,
  config: Config,
): CachedResponse {
  // Here, where every response passes: the image may have been rendered, or be cached, for another key.
  assertRedirectsAllowed(version.redirects, request.restriction);
  const { tags } = request.query;
  const ofRequest = requestFreshness(request, version.caching, config, Date.now());
  if (isProvisional(version)) {
    const maxAge = Math.min(PROVISIONAL_MAX_AGE, ofRequest.maxAge);
    const short = { ...ofRequest, maxAge, sharedMaxAge: maxAge, age: 0, staleWhileRevalidate: 0, staleIfError: 0 };
    // Without validators: a client must not take its copy for the whole image in full quality.
    return { image, etag: undefined, lastModified: undefined, freshness: short, timings, tags };
  }
  const etag = etagOf(version, key, request.etagSecret);
  // The date of the source says nothing of its mark.
  const lastModified = request.query.mark ? undefined : version.headers['last-modified'];
  const isCopyValid = isNotModified(request, etag, lastModified);
  return { image: isCopyValid ? undefined : image, etag, lastModified, freshness: ofRequest, timings, tags };
}

/** The response of the handler: 200 with the image, or 304 (RFC 9110, 15.4.5). */
export function toImageResponse({ image, ...response }: CachedResponse, query: DerivedQuery): ImageResponse {
  const { timings } = response;
  const { options } = query;
  const headers = representationHeaders({ ...response, now: Date.now(), vary: varyOf(query) });
  if (!image) return { statusCode: 304, headers, body: '', timings };
  const content = contentHeaders(image, { filename: options.filename, download: options.dl });
  return { statusCode: 200, headers: { ...content, ...headers }, body: image.data, timings };
}
