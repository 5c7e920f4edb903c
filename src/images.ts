/** What is made, and what is remembered: two memories, a shared bucket, and the origin, which is asked last and shortly. */
import sharp from 'sharp';
import { createBucket } from './cache/bucket.ts';
import { createMemory, OVERHEAD } from './cache/memory.ts';
import { createSources, type Known, type Notes, type Picture, type Version } from './cache/sources.ts';
import { createGate } from './concurrency.ts';
import type { Config } from './config.ts';
import { isPassing } from './errors.ts';
import { box } from './fallback.ts';
import { refuseOwnHost, type SourcePolicy } from './fetch/ssrf.ts';
import { type Freshness, freshness, isFresh, mayRevalidate, mayStand, readCaching, seconds } from './http/freshness.ts';
import { type Conditions, cacheTags, isNotModified, makeEtag, matches, namesOurs, stampIn } from './http/headers.ts';
import { canonicalQuery } from './image/canonical.ts';
import { createCopies } from './image/downscaled-sources.ts';
import { acceptToken } from './image/negotiate.ts';
import { encoderVersion, resize } from './image/resize.ts';
import type { ImageOptions } from './options.ts';
import { createDrawing, LIMITS } from './svg/pool.ts';

/** One request, as far as making and remembering go by it. */
export interface PictureRequest extends Conditions {
  readonly options: ImageOptions;
  readonly accept: string | undefined;
  /** Our own names, that of this request too. */
  readonly ownHosts: readonly string[];
  /** Bytes that the reply can take, and when it must be done, in milliseconds since 1970. */
  readonly mostBytes: number;
  readonly endsAt: number;
  /** Whether its answer has gone out already. */
  readonly behind?: boolean;
  /** Seconds that the answer may be kept at most, by the key's policy. */
  readonly mostAge?: number | undefined;
}

export interface PictureAnswer {
  /** Undefined where the caller's copy is still good. */
  readonly picture: Picture | undefined;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly freshness: Freshness;
  readonly tags: readonly string[];
  /** In `cache` where it came from: hit, stale, bucket, revalidated, collapsed (another request made it), source, miss. */
  readonly timings: Notes;
}

/** Seconds that a picture which time made worse may be kept. */
const DEGRADED_AGE = 60;
/** What keeps a finished picture from being remembered: its origin's word, or that it was made in a hurry. */
const isKeepable = ({ caching, degraded }: Picture) => caching.scope === 'public' && !degraded?.length;

/** Whether `Accept` takes part in what is made. */
export const isNegotiated = ({ f, explain }: ImageOptions) => f === 'auto' || explain;

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
 * @param entry.goesOn whether work goes on once an answer is out; an instance of Lambda is stopped then, and a picture that is
 *   to be shown while it is made anew would never be
 */
export function createPictures(config: Config, policy: SourcePolicy, { goesOn }: { goesOn: boolean }) {
  const gate = createGate(config);
  const draw = createDrawing(config);
  const copies = createCopies(config.sourceMemory / 2);
  const findSource = createSources(config, policy);
  const bucket = config.resultBucket ? createBucket(config.resultBucket) : undefined;
  const avif = config.avifAuto === 'on';
  const version = JSON.stringify([encoderVersion, LIMITS.map((name) => config[name])]);
  // A shared bucket may have been filled under other rules of what may be fetched.
  const rules = JSON.stringify([
    config.sourceAllowedHosts,
    config.sourceAllowedBuckets,
    config.sourceAllowedNetworks.map(([address, bits]) => `${address}/${bits}`),
  ]);
  const inBucket = (identity: string) => `${rules}\n${identity}`;
  const results = createMemory<Picture>({
    maxBytes: config.resultMemory,
    sizeOf: (picture) => (isKeepable(picture) ? Buffer.byteLength(picture.data) + OVERHEAD : undefined),
    // Not IMAGE_TOO_LARGE: one identity has several spellings by `dpr`, of which some are lowered to what the limits allow.
    holds: ['IMAGE_CORRUPT'],
  });

  const lifeOf = ({ caching }: Picture) => freshness(caching, {}, config, Date.now());

  /** Makes a picture, or finds that the one which is remembered is still right. */
  async function remake(
    request: PictureRequest,
    identity: string,
    known: { kept: Picture | undefined; source: Known | undefined },
    notes: Notes,
    signal: AbortSignal,
  ): Promise<Picture> {
    const { options, accept, mostBytes, endsAt } = request;
    const remembered = known.kept ?? (await bucket?.read(options.u, inBucket(identity)));
    if (remembered && !known.kept && isFresh(lifeOf(remembered))) {
      notes.cache = 'bucket';
      return { ...remembered, keptAt: Date.now() };
    }
    let source = known.source;
    try {
      source ??= (await findSource(options.u, remembered, notes, signal, { hold: !request.behind })) as Known;
    } catch (error) {
      // A picture of the bucket, too, stands in for an origin that fails. One that was kept does so further out.
      const stands = isPassing(error) && !known.kept && remembered && mayStand(lifeOf(remembered));
      if (!stands || signal.aborted) throw error;
      notes.cache = 'stale';
      return { ...remembered, keptAt: Date.now() };
    }
    const { stamp, fields, caching } = source;
    if (remembered && (remembered.stamp === stamp || !source.bytes)) {
      if (notes.cache !== 'stale') notes.cache = 'revalidated';
      const renewed = { ...remembered, fields, caching, keptAt: caching.receivedAt };
      if (isKeepable(renewed)) bucket?.write(options.u, inBucket(identity), renewed);
      return renewed;
    }
    if (!source.bytes) throw new Error('a source without bytes for a picture that is not remembered');
    const { bytes, format } = source;
    const job = { source: { bytes, format }, options, accept, limits: config, mostBytes, endsAt };
    notes.cache ??= 'miss';
    copies.ask(source);
    const result = await gate.decode(() => (format === 'svg' ? draw(job, signal) : resize(job, copies)), signal);
    Object.assign(notes, result.timings);
    const picture = { ...result, stamp, fields, caching, keptAt: caching.receivedAt };
    if (isKeepable(picture)) bucket?.write(options.u, inBucket(identity), picture);
    return picture;
  }

  function toAnswer(
    request: PictureRequest,
    identity: string,
    version: Version & Pick<Picture, 'caching' | 'degraded'>,
    picture: Picture | undefined,
    notes: Notes,
  ): PictureAnswer {
    const { maxage, exp } = request.options;
    const { tags } = followed(request.options);
    const wanted = { maxAge: maxage === undefined ? undefined : seconds(maxage), until: exp };
    const { mostAge = config.resultMaxAge } = request;
    const bounds = mostAge < config.resultMaxAge ? { ...config, resultMaxAge: mostAge } : config;
    const life = freshness(version.caching, wanted, bounds, Date.now());
    const lastModified = version.fields['last-modified'];
    if (version.degraded?.length) {
      const short = Math.min(DEGRADED_AGE, life.maxAge);
      const shortly = { ...life, maxAge: short, sharedMaxAge: short, age: 0, whileRevalidate: 0, onError: 0 };
      // Without validators: a copy of it must not be taken for the whole picture.
      return { picture, etag: undefined, lastModified: undefined, freshness: shortly, timings: notes, tags };
    }
    const etag = makeEtag(version.stamp, identity);
    const same = isNotModified(request, etag, lastModified);
    return { picture: same ? undefined : picture, etag, lastModified, freshness: life, timings: notes, tags };
  }

  /** Makes a picture anew behind an answer that has gone out: nobody waits for it, and nobody hurries it. */
  function remakeBehind(request: PictureRequest, identity: string, kept: Picture): void {
    const unhurried = { ...request, endsAt: Number.POSITIVE_INFINITY, behind: true };
    const work = (ending: AbortSignal) =>
      gate.admit(() => remake(unhurried, identity, { kept, source: undefined }, {}, ending));
    results.make(identity, work, new AbortController().signal, false).catch(() => {});
  }

  /** The answer for what may not be shown as it is remembered, if it is: the origin is asked, or the picture made. */
  async function make(
    request: PictureRequest,
    identity: string,
    kept: { picture: Picture; life: Freshness } | undefined,
    signal: AbortSignal,
  ): Promise<PictureAnswer> {
    const { options, ifNoneMatch } = request;
    const notes: Notes = {};
    let source: Known | undefined;
    if (!kept && namesOurs(ifNoneMatch)) {
      const stamp = stampIn(ifNoneMatch, identity);
      const asked = stamp === undefined ? undefined : { stamp, fields: {} };
      const found = await findSource(options.u, asked, notes, signal, { admit: gate.admit }).catch((error: unknown) => {
        // Something may still be found elsewhere, or stand in.
        if (isPassing(error) && !signal.aborted) return undefined;
        throw error;
      });
      if (found && (!found.bytes || matches(ifNoneMatch, makeEtag(found.stamp, identity)))) {
        notes.cache = 'revalidated';
        return { ...toAnswer(request, identity, found, undefined, notes), picture: undefined };
      }
      source = found;
    }
    try {
      const known = { kept: kept?.picture, source };
      const work = (ending: AbortSignal) => gate.admit(() => remake(request, identity, known, notes, ending));
      const made = await results.make(identity, work, signal);
      notes.cache ??= 'collapsed';
      return toAnswer(request, identity, made, made, notes);
    } catch (error) {
      const stands = isPassing(error) && kept && mayStand(kept.life);
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
  function get(request: PictureRequest, signal: () => AbortSignal): PictureAnswer | Promise<PictureAnswer> {
    const { options, accept, ownHosts, mostBytes } = request;
    const { url, query } = followed(options);
    // Before what is remembered: another request, by another name of ours, may have been allowed to fetch it.
    refuseOwnHost(url, { ownHosts, ownSamples: policy.ownSamples });
    const token = isNegotiated(options) ? acceptToken(accept, avif) : '';
    const identity = `${version}\n${query}\n${token}\n${mostBytes}`;
    const picture = results.get(identity);
    if (!picture) return make(request, identity, undefined, signal());
    const notes: Notes = {};
    const answer = toAnswer(request, identity, picture, picture, notes);
    const life = answer.freshness;
    if (isFresh(life) && Date.now() - picture.keptAt < config.memoryMaxAge * 1000) {
      notes.cache = 'hit';
      return answer;
    }
    // What is still fresh for others, and only here too old, would be kept by them: it is checked first.
    if (!isFresh(life) && mayRevalidate(life) && goesOn) {
      remakeBehind(request, identity, picture);
      notes.cache = 'stale';
      return answer;
    }
    return make(request, identity, { picture, life }, signal());
  }

  /** The box that stands for a picture: made once for all who get it. */
  async function getBox(request: PictureRequest, signal: AbortSignal): Promise<PictureAnswer> {
    const { accept } = request;
    const { pixel, options } = box(request.options);
    const token = isNegotiated(options) ? acceptToken(accept, avif) : '';
    const identity = [version, 'box', canonicalQuery(options), token, JSON.stringify(pixel)].join('\n');
    const make = async (ending: AbortSignal): Promise<Picture> => {
      const bytes = await sharp({ create: { width: 1, height: 1, channels: 3, background: pixel } })
        .png()
        .toBuffer();
      const job = { source: { bytes, format: 'png' as const }, options, accept, limits: config };
      const made = await gate.decode(() => resize(job), ending);
      return { ...made, stamp: '#', fields: {}, caching: readCaching({}, Date.now()), keptAt: Date.now() };
    };
    const picture =
      results.get(identity) ?? (await results.make(identity, (ending) => gate.admit(() => make(ending)), signal));
    return toAnswer(request, identity, picture, picture, {});
  }

  return { get, getBox };
}
