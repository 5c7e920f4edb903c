/** What is made, and what is remembered: two memories, a shared bucket, and the origin, which is asked last and shortly. */
import sharp from 'sharp';
import { createSharedCache } from './cache/bucket.ts';
import { createMemoryCache, ENTRY_OVERHEAD } from './cache/memory.ts';
import {
  createSourceCache,
  type RequestTrace,
  type SourceVersion,
  type StoredImage,
  type StoredSource,
} from './cache/sources.ts';
import { createConcurrencyLimit } from './concurrency.ts';
import type { Config } from './config.ts';
import { isTransient } from './errors.ts';
import { placeholder } from './fallback.ts';
import { assertNotOwnHost, type SourcePolicy } from './fetch/ssrf.ts';
import {
  type Freshness,
  freshness,
  isFresh,
  isWithinStaleIfError,
  isWithinStaleWhileRevalidate,
  parseCacheHeaders,
  parseDuration,
} from './http/freshness.ts';
import {
  type ConditionalHeaders,
  cacheTags,
  hasOwnEtag,
  isNotModified,
  makeEtag,
  validatorFromEtag,
  weakMatch,
} from './http/headers.ts';
import { canonicalQuery } from './image/canonical.ts';
import { createDownscaledSources } from './image/downscaled-sources.ts';
import { acceptToken } from './image/negotiate.ts';
import { encoderVersion, resize } from './image/resize.ts';
import type { ImageOptions } from './options.ts';
import { createSvgPool, LIMITS } from './svg/pool.ts';

/** One request, as far as making and remembering go by it. */
export interface ImageRequest extends ConditionalHeaders {
  readonly options: ImageOptions;
  readonly accept: string | undefined;
  /** Our own names, that of this request too. */
  readonly ownHosts: readonly string[];
  /** Bytes that the reply can take, and when it must be done, in milliseconds since 1970. */
  readonly maxResponseBytes: number;
  readonly deadline: number;
  /** Whether its answer has gone out already. */
  readonly isBackground?: boolean;
  /** Seconds that the answer may be kept at most, by the key's policy. */
  readonly maxAgeLimit?: number | undefined;
}

export interface CachedResponse {
  /** Undefined where the caller's copy is still good. */
  readonly image: StoredImage | undefined;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly freshness: Freshness;
  readonly tags: readonly string[];
  /** In `cache` where it came from: hit, stale, bucket, revalidated, collapsed (another request made it), source, miss. */
  readonly timings: RequestTrace;
}

/** Seconds that a picture which time made worse may be kept. */
const DEGRADED_AGE = 60;
/** What keeps a finished picture from being remembered: its origin's word, or that it was made in a hurry. */
const isKeepable = ({ caching, degraded }: StoredImage) => caching.scope === 'public' && !degraded?.length;

/** Whether `Accept` takes part in what is made. */
export const variesOnAccept = ({ f, explain }: ImageOptions) => f === 'auto' || explain;

/** What follows from a query alone, by the query: one that comes again is the same object, see `queryValidator`. */
const follows = new WeakMap<ImageOptions, { url: URL; query: string; tags: readonly string[] }>();
function followed(options: ImageOptions) {
  const known = follows.get(options);
  if (known) return known;
  const found = { url: new URL(options.u), query: canonicalQuery(options), tags: cacheTags(options.u) };
  follows.set(options, found);
  return found;
}

/**
 * @param entry.allowBackgroundWork whether work goes on once an answer is out; an instance of Lambda is stopped then, and a picture that is
 *   to be shown while it is made anew would never be
 */
export function createImageService(
  config: Config,
  policy: SourcePolicy,
  { allowBackgroundWork }: { allowBackgroundWork: boolean },
) {
  const gate = createConcurrencyLimit(config);
  const draw = createSvgPool(config);
  const copies = createDownscaledSources(config.sourceMemory / 2);
  const findSource = createSourceCache(config, policy);
  const bucket = config.resultBucket ? createSharedCache(config.resultBucket) : undefined;
  const avif = config.avifAuto === 'on';
  const version = JSON.stringify([encoderVersion, LIMITS.map((name) => config[name])]);
  // A shared bucket may have been filled under other rules of what may be fetched.
  const rules = JSON.stringify([
    config.sourceAllowedHosts,
    config.sourceAllowedBuckets,
    config.sourceAllowedNetworks.map(([address, bits]) => `${address}/${bits}`),
  ]);
  const inBucket = (identity: string) => `${rules}\n${identity}`;
  const results = createMemoryCache<StoredImage>({
    maxBytes: config.resultMemory,
    sizeOf: (picture) => (isKeepable(picture) ? Buffer.byteLength(picture.data) + ENTRY_OVERHEAD : undefined),
    // Not IMAGE_TOO_LARGE: one identity has several spellings by `dpr`, of which some are lowered to what the limits allow.
    holds: ['IMAGE_CORRUPT'],
  });

  const lifeOf = ({ caching }: StoredImage) => freshness(caching, {}, config, Date.now());

  /** Makes a picture, or finds that the one which is remembered is still right. */
  async function remake(
    request: ImageRequest,
    identity: string,
    known: { kept: StoredImage | undefined; source: StoredSource | undefined },
    notes: RequestTrace,
    signal: AbortSignal,
  ): Promise<StoredImage> {
    const { options, accept, maxResponseBytes, deadline } = request;
    const remembered = known.kept ?? (await bucket?.read(options.u, inBucket(identity)));
    if (remembered && !known.kept && isFresh(lifeOf(remembered))) {
      notes.cache = 'bucket';
      return { ...remembered, validatedAt: Date.now() };
    }
    let source = known.source;
    try {
      source ??= (await findSource(options.u, remembered, notes, signal, {
        hold: !request.isBackground,
      })) as StoredSource;
    } catch (error) {
      // A picture of the bucket, too, stands in for an origin that fails. One that was kept does so further out.
      const stands = isTransient(error) && !known.kept && remembered && isWithinStaleIfError(lifeOf(remembered));
      if (!stands || signal.aborted) throw error;
      notes.cache = 'stale';
      return { ...remembered, validatedAt: Date.now() };
    }
    const { validator, headers, caching } = source;
    if (remembered && (remembered.validator === validator || !source.bytes)) {
      if (notes.cache !== 'stale') notes.cache = 'revalidated';
      const renewed = { ...remembered, headers, caching, validatedAt: caching.receivedAt };
      if (isKeepable(renewed)) bucket?.write(options.u, inBucket(identity), renewed);
      return renewed;
    }
    if (!source.bytes) throw new Error('a source without bytes for a picture that is not remembered');
    const { bytes, format } = source;
    const job = { source: { bytes, format }, options, accept, limits: config, maxResponseBytes, deadline };
    notes.cache ??= 'miss';
    copies.ask(source);
    const result = await gate.decode(() => (format === 'svg' ? draw(job, signal) : resize(job, copies)), signal);
    Object.assign(notes, result.timings);
    const picture = { ...result, validator, headers, caching, validatedAt: caching.receivedAt };
    if (isKeepable(picture)) bucket?.write(options.u, inBucket(identity), picture);
    return picture;
  }

  function toAnswer(
    request: ImageRequest,
    identity: string,
    version: SourceVersion & Pick<StoredImage, 'caching' | 'degraded'>,
    picture: StoredImage | undefined,
    notes: RequestTrace,
  ): CachedResponse {
    const { maxage, exp } = request.options;
    const { tags } = followed(request.options);
    const wanted = { maxAge: maxage === undefined ? undefined : parseDuration(maxage), until: exp };
    const { maxAgeLimit: mostAge = config.resultMaxAge } = request;
    const bounds = mostAge < config.resultMaxAge ? { ...config, resultMaxAge: mostAge } : config;
    const life = freshness(version.caching, wanted, bounds, Date.now());
    const lastModified = version.headers['last-modified'];
    if (version.degraded?.length) {
      const short = Math.min(DEGRADED_AGE, life.maxAge);
      const shortly = { ...life, maxAge: short, sharedMaxAge: short, age: 0, staleWhileRevalidate: 0, staleIfError: 0 };
      // Without validators: a copy of it must not be taken for the whole picture.
      return { image: picture, etag: undefined, lastModified: undefined, freshness: shortly, timings: notes, tags };
    }
    const etag = makeEtag(version.validator, identity);
    const same = isNotModified(request, etag, lastModified);
    return { image: same ? undefined : picture, etag, lastModified, freshness: life, timings: notes, tags };
  }

  /** Makes a picture anew behind an answer that has gone out: nobody waits for it, and nobody hurries it. */
  function remakeBehind(request: ImageRequest, identity: string, kept: StoredImage): void {
    const unhurried = { ...request, deadline: Number.POSITIVE_INFINITY, isBackground: true };
    const work = (ending: AbortSignal) =>
      gate.admit(() => remake(unhurried, identity, { kept, source: undefined }, {}, ending));
    results.getOrCreate(identity, work, new AbortController().signal, false).catch(() => {});
  }

  /** The answer for what may not be shown as it is remembered, if it is: the origin is asked, or the picture made. */
  async function make(
    request: ImageRequest,
    identity: string,
    kept: { picture: StoredImage; life: Freshness } | undefined,
    signal: AbortSignal,
  ): Promise<CachedResponse> {
    const { options, ifNoneMatch } = request;
    const notes: RequestTrace = {};
    let source: StoredSource | undefined;
    if (!kept && hasOwnEtag(ifNoneMatch)) {
      const validator = validatorFromEtag(ifNoneMatch, identity);
      const asked = validator === undefined ? undefined : { validator, headers: {} };
      const found = await findSource(options.u, asked, notes, signal, { admit: gate.admit }).catch((error: unknown) => {
        // Something may still be found elsewhere, or stand in.
        if (isTransient(error) && !signal.aborted) return undefined;
        throw error;
      });
      if (found && (!found.bytes || weakMatch(ifNoneMatch, makeEtag(found.validator, identity)))) {
        notes.cache = 'revalidated';
        return { ...toAnswer(request, identity, found, undefined, notes), image: undefined };
      }
      source = found;
    }
    try {
      const known = { kept: kept?.picture, source };
      const work = (ending: AbortSignal) => gate.admit(() => remake(request, identity, known, notes, ending));
      const made = await results.getOrCreate(identity, work, signal);
      notes.cache ??= 'collapsed';
      return toAnswer(request, identity, made, made, notes);
    } catch (error) {
      const stands = isTransient(error) && kept && isWithinStaleIfError(kept.life);
      if (!stands || signal.aborted) throw error;
      notes.cache = 'stale';
      return toAnswer(request, identity, kept.picture, kept.picture, notes);
    }
  }

  /**
   * The answer to a request, for the least work that it can be had for: what is remembered and fresh; what is stale, while
   * a new one is made; the origin's word that the caller's copy is still good; a picture from the bucket; one that is made
   * of a remembered source; and only then of one that is fetched. What is remembered is there at once, without a promise.
   *
   * @param signal asked for where there is something to wait for, and ends the wait; the work goes on for others that wait
   *   for the same
   * @throws ImageError of the source, the picture, or OVERLOADED
   */
  function get(request: ImageRequest, signal: () => AbortSignal): CachedResponse | Promise<CachedResponse> {
    const { options, accept, ownHosts, maxResponseBytes } = request;
    const { url, query } = followed(options);
    // Before what is remembered: another request, by another name of ours, may have been allowed to fetch it.
    assertNotOwnHost(url, { ownHosts, localSamplesPrefix: policy.localSamplesPrefix });
    const token = variesOnAccept(options) ? acceptToken(accept, avif) : '';
    const identity = `${version}\n${query}\n${token}\n${maxResponseBytes}`;
    const picture = results.get(identity);
    if (!picture) return make(request, identity, undefined, signal());
    const notes: RequestTrace = {};
    const answer = toAnswer(request, identity, picture, picture, notes);
    const life = answer.freshness;
    if (isFresh(life) && Date.now() - picture.validatedAt < config.memoryMaxAge * 1000) {
      notes.cache = 'hit';
      return answer;
    }
    // What is still fresh for others, and only here too old, would be kept by them: it is checked first.
    if (!isFresh(life) && isWithinStaleWhileRevalidate(life) && allowBackgroundWork) {
      remakeBehind(request, identity, picture);
      notes.cache = 'stale';
      return answer;
    }
    return make(request, identity, { picture, life }, signal());
  }

  /** The box that stands for a picture: made once for all who get it. */
  async function getBox(request: ImageRequest, signal: AbortSignal): Promise<CachedResponse> {
    const { accept } = request;
    const { pixel, options } = placeholder(request.options);
    const token = variesOnAccept(options) ? acceptToken(accept, avif) : '';
    const identity = [version, 'box', canonicalQuery(options), token, JSON.stringify(pixel)].join('\n');
    const make = async (ending: AbortSignal): Promise<StoredImage> => {
      const bytes = await sharp({ create: { width: 1, height: 1, channels: 3, background: pixel } })
        .png()
        .toBuffer();
      const job = { source: { bytes, format: 'png' as const }, options, accept, limits: config };
      const made = await gate.decode(() => resize(job), ending);
      return {
        ...made,
        validator: '#',
        headers: {},
        caching: parseCacheHeaders({}, Date.now()),
        validatedAt: Date.now(),
      };
    };
    const picture =
      results.get(identity) ??
      (await results.getOrCreate(identity, (ending) => gate.admit(() => make(ending)), signal));
    return toAnswer(request, identity, picture, picture, {});
  }

  return { get, getBox };
}
