/** Creates one image: from the shared cache, by revalidating the stored one, or by fetching the source and rendering it. */
import { createSharedCache } from './cache/bucket.ts';
import { withStaleIfError } from './cache/decide.ts';
import { cacheKey, canonicalOf, fetchPolicyVersion, renderVersion } from './cache/key.ts';
import { createMemoryCache, ENTRY_OVERHEAD } from './cache/memory.ts';
import { type CachedResponse, type ImageRequest, isProvisional, toCachedResponse } from './cache/response.ts';
import { createSourceCache } from './cache/sources.ts';
import type { FoundSource, StoredImage } from './cache/stored.ts';
import { type ConcurrencyLimits, createConcurrencyLimits } from './concurrency/limits.ts';
import type { Owner } from './concurrency/shares.ts';
import type { Turn } from './concurrency/turn.ts';
import type { Config } from './config.ts';
import { ImageError, withLifetime } from './errors.ts';
import { placeholder } from './fallback.ts';
import type { SourcePolicy } from './fetch/ssrf.ts';
import { createHeicPool } from './heic/pool.ts';
import { errorLifetime } from './http/error-lifetime.ts';
import { freshness, isFresh, parseCacheHeaders } from './http/freshness.ts';
import type { Timings } from './http/headers.ts';
import { createDownscaledSources } from './image/downscaled-sources.ts';
import type { Job, RenderedImage } from './image/job.ts';
import { renderPlaceholder } from './image/placeholder.ts';
import { resize } from './image/resize.ts';
import { createSvgPool, type SvgPool, WORKER_BYTES } from './svg/pool.ts';

/** Whether an image may be stored: the origin allows it (RFC 9111, 3), and a better one is not to be had soon. */
export const isStorable = (image: StoredImage) => image.caching.scope === 'public' && !isProvisional(image);

/** Maximum bytes of an SVG that gets a turn among short work: logos and icons have 1 to 20 kB. */
const MAX_SHORT_SVG_BYTES = 65_536;

/** The caches and limits that all requests of a process share. */
export function createServices(
  config: Config,
  policy: SourcePolicy,
  { allowBackgroundWork, memory }: { allowBackgroundWork: boolean; memory?: number | undefined },
) {
  const concurrency = createConcurrencyLimits(config, memory);
  return {
    config,
    policy,
    version: renderVersion(config),
    rules: { memoryMaxAge: config.memoryMaxAge, allowBackgroundWork },
    concurrency,
    svgPool: createSvgPool(config),
    decodeHeic: config.sourceHeic === 'on' ? createHeicPool(config) : undefined,
    downscaled: createDownscaledSources(config.sourceMemory / 2),
    ...createSourceCache(config, policy, concurrency),
    shared: config.resultBucket ? createSharedCache(config.resultBucket, fetchPolicyVersion(config)) : undefined,
    images: createMemoryCache<StoredImage>({
      maxBytes: config.resultMemory,
      sizeOf: (image) => (isStorable(image) ? Buffer.byteLength(image.data) + ENTRY_OVERHEAD : undefined),
      // Not IMAGE_TOO_LARGE, which an SVG also is that took too long, perhaps on a busy machine.
      negativeCodes: ['IMAGE_CORRUPT'],
    }),
  };
}
export type Services = ReturnType<typeof createServices>;
/** An image, and how it was obtained: `timings.cache` and milliseconds by step. */
export type Rendered = { readonly image: StoredImage; readonly timings: Timings };
/** What is available before rendering: the stored image, and the source if it was fetched already. */
export type Known = { readonly stored?: StoredImage | undefined; readonly found?: FoundSource | undefined };

/** Whose work a request is: its key's, and its source host's. */
export const ownerOf = ({ client, query }: Pick<ImageRequest, 'client' | 'query'>): Owner => ({
  client,
  host: query.url.host,
});

/** Returns the shared cache's image if it is fresh, the stored one if its source has not changed, else renders. */
export async function renderOrRevalidate(
  services: Services,
  request: ImageRequest,
  key: string,
  known: Known,
  signal: AbortSignal,
): Promise<Rendered> {
  const { config, findSource } = services;
  const { restriction, headers, maxAgeLimit, query } = request;
  const { u } = query.options;
  const shared = known.stored ? undefined : await services.shared?.read(u, key);
  const stateOf = ({ caching, validatedAt }: StoredImage) => ({
    freshness: freshness(caching, { limit: maxAgeLimit }, config, Date.now()),
    validatedAt,
  });
  const serve = (image: StoredImage, cache: 'bucket' | 'stale') => ({
    image: { ...image, validatedAt: Date.now() },
    timings: { cache },
  });
  if (shared && isFresh(stateOf(shared).freshness)) return serve(shared, 'bucket');
  const work = async () => {
    const stored = known.stored ?? shared;
    const options = { restriction, headers, maxAgeLimit };
    const found = known.found ?? (await findSource(query.options, stored, signal, ownerOf(request), options));
    const rendered =
      stored && isSameSource(stored, found)
        ? updateStored(stored, found)
        : await render(services, request, found, signal);
    if (isStorable(rendered.image)) void services.shared?.write(u, key, rendered.image);
    return rendered;
  };
  return withStaleIfError(
    work,
    shared && { state: () => stateOf(shared), serve: () => serve(shared, 'stale') },
    signal,
  );
}

const isSameSource = (stored: StoredImage, { source }: FoundSource) =>
  !source.bytes || (source.validator === stored.validator && source.finalUrl === stored.finalUrl);

/** Returns the stored image with the origin's new headers (RFC 9111, 4.3.4). */
function updateStored(stored: StoredImage, { source, cacheStatus, timings }: FoundSource): Rendered {
  const { headers, caching, redirects, finalUrl } = source;
  const image = { ...stored, headers, caching, redirects, finalUrl, validatedAt: caching.receivedAt };
  return { image, timings: { ...timings, cache: cacheStatus === 'stale' ? 'stale' : 'revalidated' } };
}

async function render(
  services: Services,
  request: ImageRequest,
  { source, cacheStatus = undefined, timings }: FoundSource,
  signal: AbortSignal,
): Promise<Rendered> {
  if (!source.bytes) throw new Error('a source without bytes for an image that is not stored');
  const { concurrency, downscaled, svgPool, decodeHeic, config } = services;
  const { query, accept, maxResponseBytes, deadline } = request;
  const { bytes, format, validator, headers, caching, redirects, finalUrl } = source;
  const { options, mark } = query;
  const job = { source: { bytes, format }, options, mark, accept, limits: config, maxResponseBytes, deadline };
  downscaled.countUse(source);
  const owner = ownerOf(request);
  const release = concurrency.sources.hold(bytes, owner.client);
  const work =
    format === 'svg'
      ? renderSvg(concurrency, svgPool, job, owner, signal)
      : concurrency.decode(owner, (turn) => resize(job, downscaled, { signal, decodeHeic, ...turn }), signal);
  const onError = (error: unknown) => {
    if (!(error instanceof ImageError) || error.statusCode >= 500) throw error;
    services.markUndecodable(query.options, request.headers, source);
    throw withLifetime(error, errorLifetime(caching, Date.now(), false));
  };
  const rendered = await work.catch(onError).finally(release);
  // Fetched again as soon as the image has expired.
  if (rendered.isTruncated) services.markUndecodable(query.options, request.headers, source);
  const image = { ...rendered, validator, headers, caching, redirects, finalUrl, validatedAt: caching.receivedAt };
  return { image, timings: { ...timings, cache: cacheStatus ?? 'miss', ...rendered.timings } };
}

/**
 * Renders an SVG. Its work is not known before: beside other work a small file gets a short time first, and if that is not enough,
 * the turn and the time of long work.
 */
async function renderSvg(
  { decode, isIdle }: ConcurrencyLimits,
  pool: SvgPool,
  job: Job,
  owner: Owner,
  signal: AbortSignal,
): Promise<RenderedImage> {
  const isSmall = job.source.bytes.length <= MAX_SHORT_SVG_BYTES;
  const renderShort = async ({ begin }: Turn) => {
    await begin({ isShort: true, bytes: WORKER_BYTES });
    return pool.renderShortSvg(job, signal);
  };
  const renderLong = async ({ begin }: Turn) => {
    await begin({ isShort: false, bytes: WORKER_BYTES });
    return pool.renderSvg(job, signal);
  };
  const rendered = isSmall && !isIdle() ? await decode(owner, renderShort, signal) : undefined;
  return rendered ?? (await decode(owner, renderLong, signal));
}

/** Returns the box for `default=1`, cached like any image. */
export async function getPlaceholder(
  services: Services,
  request: ImageRequest,
  signal: AbortSignal,
): Promise<CachedResponse> {
  const { config, images, concurrency } = services;
  const { accept, deadline } = request;
  const owner = ownerOf(request);
  const { pixel, options } = placeholder(request.query.options);
  const { mark } = request.query;
  const query = { options, canonical: `${canonicalOf(options, mark)}\n${JSON.stringify(pixel)}` };
  const key = cacheKey(services.version, query, accept, {
    maxResponseBytes: 'placeholder',
    avif: config.avifAuto === 'on',
  });
  const create = async (flightSignal: AbortSignal): Promise<StoredImage> => {
    const box = { options, mark, accept, limits: config, deadline };
    const rendered = await concurrency.decode(
      owner,
      (turn) => renderPlaceholder(pixel, box, { signal: flightSignal, ...turn }),
      flightSignal,
    );
    return {
      ...rendered,
      validator: '#',
      headers: {},
      caching: parseCacheHeaders({}, Date.now()),
      validatedAt: Date.now(),
    };
  };
  const image =
    images.get(key) ??
    (await images.getOrCreate(key, (flight) => concurrency.admit(owner, () => create(flight)), signal));
  return toCachedResponse(request, key, image, image, {}, config);
}
