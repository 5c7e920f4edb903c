/**
 * Serves one image: from the image cache, the shared cache, or by fetching the source and rendering it. Implements the
 * freshness of RFC 9111 and the stale responses of RFC 5861; `cache/decide.ts` has the rules.
 */
import { decide, withStaleIfError } from './cache/decide.ts';
import { cacheKey } from './cache/key.ts';
import {
  type CachedResponse,
  etagOf,
  type ImageRequest,
  requestFreshness,
  toCachedResponse,
} from './cache/response.ts';
import type { FoundSource, StoredImage } from './cache/stored.ts';
import type { Config } from './config.ts';
import { isTransient } from './errors.ts';
import { findHeaders, type HostHeaders } from './fetch/source-headers.ts';
import { assertNotOwnHost, type SourcePolicy } from './fetch/ssrf.ts';
import { hasOwnEtag, validatorFromEtag, weakMatch } from './http/conditional.ts';
import {
  createServices,
  getPlaceholder,
  type Known,
  ownerOf,
  type Rendered,
  renderOrRevalidate,
  type Services,
} from './renderer.ts';

/**
 * @param options.allowBackgroundWork false on Lambda, which freezes the process after the response: a background revalidation
 *   would never finish
 * @param options.memory bytes that this process has; those of the machine by default
 * @param options.sourceHeaders returns the current headers for origins
 */
export function createImageService(
  config: Config,
  policy: SourcePolicy,
  {
    allowBackgroundWork,
    memory,
    sourceHeaders,
  }: { allowBackgroundWork: boolean; memory?: number | undefined; sourceHeaders: () => readonly HostHeaders[] },
) {
  const services = createServices(config, policy, { allowBackgroundWork, memory });
  return {
    /**
     * Returns the response to a request by the cheapest path that HTTP allows.
     *
     * @param signal ends this request's wait; the work goes on while others wait for the same image
     * @throws ImageError of the source or the image, or OVERLOADED
     */
    get: (request: ImageRequest, signal: AbortSignal) =>
      getImage(services, { ...request, headers: headersFor(request, sourceHeaders()) }, signal),
    /** Returns the box that is shown instead of an image that failed (`default=1`). */
    getPlaceholder: (request: ImageRequest, signal: AbortSignal) => getPlaceholder(services, request, signal),
  };
}

/**
 * Returns the headers that a source is fetched with: only for a key whose `sources` list it, which was checked before. Any other
 * key would read with them what its owner has no right to.
 */
const headersFor = ({ query, restriction }: ImageRequest, all: readonly HostHeaders[]) =>
  restriction && findHeaders(query.url, all);

async function getImage(services: Services, request: ImageRequest, signal: AbortSignal): Promise<CachedResponse> {
  const { config, policy, images, rules } = services;
  const { query, accept, ownHosts, maxResponseBytes, headers } = request;
  // Before the cache: a request by another of our host names may have been allowed to fetch it.
  assertNotOwnHost(query.url, { ownHosts, localSamplesPrefix: policy.localSamplesPrefix });
  const avif = config.avifAuto === 'on';
  const key = cacheKey(services.version, query, accept, { maxResponseBytes, avif, headers });
  const stored = images.get(key);
  const now = Date.now();
  const stateOf = ({ caching, validatedAt }: StoredImage) => ({
    freshness: requestFreshness(request, caching, config, now),
    validatedAt,
  });
  const decision = decide(stored && stateOf(stored), rules, now);
  if (stored && decision === 'fresh') return toCachedResponse(request, key, stored, stored, { cache: 'hit' }, config);
  const serveStale = (image: StoredImage) => toCachedResponse(request, key, image, image, { cache: 'stale' }, config);
  if (stored && decision === 'stale-while-revalidate') {
    const response = serveStale(stored);
    revalidateInBackground(services, request, key, stored);
    return response;
  }
  const found = stored ? undefined : await probeSource(services, request, key, signal);
  if (found && isClientCopyCurrent(request, key, found)) {
    const timings = { ...found.timings, cache: 'revalidated' };
    const response = toCachedResponse(request, key, found.source, undefined, timings, config);
    return { ...response, isLifetimeUnknown: !hasKnownLifetime(found) };
  }
  const release = found?.source.bytes && services.concurrency.sources.hold(found.source.bytes, request.client);
  const render = async () => {
    try {
      const { image, timings } = await renderOnce(services, request, key, { stored, found }, signal);
      return toCachedResponse(request, key, image, image, timings, config);
    } finally {
      release?.();
    }
  };
  return withStaleIfError(render, stored && { state: () => stateOf(stored), serve: () => serveStale(stored) }, signal);
}

/**
 * Asks for the source before rendering, if the client names a version of ours: its ETag carries the source's validator, so
 * a 304 of the origin saves both the fetch and the rendering.
 */
async function probeSource(
  { findSource, concurrency }: Services,
  request: ImageRequest,
  key: string,
  signal: AbortSignal,
): Promise<FoundSource | undefined> {
  const { query, ifNoneMatch, etagSecret, restriction, headers, maxAgeLimit } = request;
  if (!hasOwnEtag(ifNoneMatch)) return undefined;
  const validator = validatorFromEtag(ifNoneMatch, key, etagSecret);
  const version = validator === undefined ? undefined : { validator, headers: {} };
  try {
    const options = { admit: concurrency.admit, restriction, headers, maxAgeLimit };
    return await findSource(query.options, version, signal, ownerOf(request), options);
  } catch (error) {
    // The shared cache may still have the image.
    if (isTransient(error) && !signal.aborted) return undefined;
    throw error;
  }
}

const isClientCopyCurrent = ({ ifNoneMatch, etagSecret }: ImageRequest, key: string, { source }: FoundSource) =>
  !source.bytes || weakMatch(ifNoneMatch, etagOf(source, key, etagSecret));

/** Whether the origin gave a lifetime: its 304 may leave it out, and the 200 before it may have been private or short. */
const hasKnownLifetime = ({ source: { bytes, caching } }: FoundSource) =>
  bytes !== undefined || caching.scope !== 'public' || caching.sharedMaxAge !== undefined;

/** Renders an image, or joins the rendering of a concurrent request. */
async function renderOnce(
  services: Services,
  request: ImageRequest,
  key: string,
  known: Known,
  signal: AbortSignal,
): Promise<Rendered> {
  const { images, concurrency } = services;
  let rendered: Rendered | undefined;
  const create = (flightSignal: AbortSignal) =>
    concurrency.admit(ownerOf(request), async () => {
      rendered = await renderOrRevalidate(services, request, key, known, flightSignal);
      return rendered.image;
    });
  const image = await images.getOrCreate(key, create, signal, { group: request.restriction?.id });
  return { image, timings: rendered?.timings ?? { cache: 'collapsed' } };
}

/**
 * Revalidates in the background (stale-while-revalidate): without a deadline, and no request waits for it. An error is cached
 * as that of a request is, and a definitive one evicts the image.
 */
function revalidateInBackground(services: Services, request: ImageRequest, key: string, stored: StoredImage): void {
  const background = { ...request, deadline: Number.POSITIVE_INFINITY };
  renderOnce(services, background, key, { stored }, new AbortController().signal).catch(() => {});
}
