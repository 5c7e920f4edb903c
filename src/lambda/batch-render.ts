/** Renders the images of one source, and writes them to the shared cache. */
import { cacheKey } from '../cache/key.ts';
import { isProvisional } from '../cache/response.ts';
import { fetchOrRevalidate } from '../cache/revalidation.ts';
import { deadlineError, ImageError } from '../errors.ts';
import { findHeaders, type HostHeaders } from '../fetch/source-headers.ts';
import { assertNotOwnHost } from '../fetch/ssrf.ts';
import { freshness, isFresh } from '../http/freshness.ts';
import { isStorable, ownerOf, renderOrRevalidate, type Services } from '../renderer.ts';
import type { PlannedImage } from './batch-plan.ts';

/** How many images of a source were written, were in the cache and fresh, and may not be stored by a shared cache (RFC 9111, 3). */
export interface BatchCounts {
  readonly written: number;
  readonly fresh: number;
  readonly uncacheable: number;
}

/** The services of a process that has a shared cache. */
export type BatchServices = Services & { readonly shared: NonNullable<Services['shared']> };

export interface RenderOptions {
  /** Whether the source was written just now: fresh images of it are revalidated. */
  readonly isNew: boolean;
  readonly sourceHeaders: readonly HostHeaders[];
  /** Milliseconds since 1970 by which the images should be rendered. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** No request here is conditional: no entity tag is made or checked. */
const NO_SECRET = new Uint8Array();

/**
 * Renders the images of one source that are not in the shared cache, and writes them to it. The source is fetched once.
 *
 * @param images of one source, from `planImages`
 * @throws ImageError of the source or an image; a transient one if the shared cache failed, or the time was too short
 */
export async function writeImages(
  services: BatchServices,
  images: readonly PlannedImage[],
  options: RenderOptions,
): Promise<BatchCounts> {
  const entries = await lookUp(services, images, options);
  const wanted = entries.filter(({ isFresh }) => options.isNew || !isFresh);
  const fresh = entries.length - wanted.length;
  const [first] = wanted;
  if (!first) return { written: 0, fresh, uncacheable: 0 };
  const { request } = first;
  const { policy, config, concurrency: limits } = services;
  const { signal } = options;
  assertNotOwnHost(request.query.url, policy);
  const owner = ownerOf(request);
  return limits.admit(owner, async () => {
    const download = { policy: { ...policy, headers: request.headers }, config, limits, owner };
    // Past the source cache, which may hold the object that was there before.
    const found = await fetchOrRevalidate(request.query.options.u, undefined, download, signal);
    const release = found.source.bytes && limits.sources.hold(found.source.bytes, owner.client);
    try {
      let written = 0;
      for (const { request, key, stored } of wanted) {
        // Without the shared cache, which was read before and is written below, where the function waits for it.
        const own = { ...services, shared: undefined };
        const { image } = await renderOrRevalidate(own, request, key, { stored, found }, signal);
        if (isProvisional(image)) throw provisionalError(Boolean(image.isTruncated));
        if (!isStorable(image)) continue;
        const result = await services.shared.write(request.query.options.u, key, image);
        if (result === 'failed')
          throw new ImageError('OVERLOADED', 'The image could not be written to the shared cache.');
        if (result === 'written') written++;
      }
      return { written, fresh, uncacheable: wanted.length - written };
    } finally {
      release?.();
    }
  });
}

/** Returns the images with their keys, and with what the shared cache has of them. */
function lookUp(
  { config, version, shared }: BatchServices,
  images: readonly PlannedImage[],
  { sourceHeaders, deadline }: RenderOptions,
) {
  const { ownHosts } = config;
  return Promise.all(
    images.map(async (image) => {
      const { query, accept, maxResponseBytes } = image;
      // Those of a key whose `sources` list the host: a request with another key cannot fetch such a source.
      const headers = findHeaders(query.url, sourceHeaders);
      const key = cacheKey(version, query, accept, { maxResponseBytes, avif: config.avifAuto === 'on', headers });
      const stored = await shared.read(query.options.u, key);
      const request = { ...image, headers, deadline, ownHosts, client: '', etagSecret: NO_SECRET };
      return { request, key, stored, isFresh: stored && isFresh(freshness(stored.caching, {}, config, Date.now())) };
    }),
  );
}

const provisionalError = (isTruncated: boolean) =>
  isTruncated
    ? new ImageError('SOURCE_UNAVAILABLE', 'The source ends early: perhaps it is still uploaded.')
    : deadlineError();
