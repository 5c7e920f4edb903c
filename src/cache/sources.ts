/** The sources: remembered for a while, asked whether they have changed, and fetched once for all who want them. */

import type { ConcurrencyLimit } from '../concurrency.ts';
import type { Config } from '../config.ts';
import { isTransient } from '../errors.ts';
import type { CacheHeaders } from '../fetch/body.ts';
import { fetchSource } from '../fetch/source.ts';
import type { SourcePolicy } from '../fetch/ssrf.ts';
import {
  type CacheDirectives,
  freshness,
  isFresh,
  isWithinStaleIfError,
  parseCacheHeaders,
} from '../http/freshness.ts';
import { conditionsFor, sanitizeHeaders, validatorOf } from '../http/headers.ts';
import type { RenderedImage, Source } from '../image/job.ts';
import { createMemoryCache, ENTRY_OVERHEAD } from './memory.ts';

/** What is known of one version of a source. */
export interface SourceVersion {
  readonly validator: string;
  readonly headers: CacheHeaders;
}

/** A finished picture as it is remembered. */
export interface StoredImage extends RenderedImage, SourceVersion {
  readonly caching: CacheDirectives;
  /** When it was made, or found to be still right; milliseconds since 1970. */
  readonly validatedAt: number;
}

/** A source, and what its origin says of keeping it. */
export interface StoredSource extends Source, SourceVersion {
  readonly caching: CacheDirectives;
}

/** The origin's word that the asked version is still the one; its bytes were not sent. */
export interface NotModified extends SourceVersion {
  readonly bytes: undefined;
  readonly caching: CacheDirectives;
}

/** Where an answer came from, milliseconds by what they were spent on, and in `bytesIn` what was fetched for it. */
export type RequestTrace = Record<string, number | string>;

/** Errors that tell of the origin, and will for a while. */
const HELD = [
  'SOURCE_NOT_FOUND',
  'SOURCE_TOO_LARGE',
  'SOURCE_UNSUPPORTED',
  'SOURCE_UNAVAILABLE',
  'SOURCE_TIMEOUT',
  'IMAGE_TOO_LARGE',
] as const;

export function createSourceCache(config: Config, policy: SourcePolicy) {
  const memory = createMemoryCache<StoredSource | NotModified>({
    maxBytes: config.sourceMemory,
    sizeOf: ({ bytes, caching }) =>
      bytes && caching.scope === 'public' ? bytes.buffer.byteLength + ENTRY_OVERHEAD : undefined,
    holds: HELD,
  });
  // Whether one version is still good is asked once for all who ask at the same time, and not remembered.
  const questions = createMemoryCache<StoredSource | NotModified>({
    maxBytes: 0,
    sizeOf: () => undefined,
    holds: HELD,
  });
  const lifetime = ({ caching }: { caching: CacheDirectives }) => freshness(caching, {}, config, Date.now());
  const isRecent = ({ caching }: StoredSource) => Date.now() - caching.receivedAt < config.memoryMaxAge * 1000;

  async function ask(
    u: string,
    version: SourceVersion | StoredSource | undefined,
    notes: RequestTrace,
    signal: AbortSignal,
  ) {
    const validators = version ? conditionsFor(version) : {};
    const answer = await fetchSource(new URL(u), policy, config, signal, validators);
    if (answer.bytes) {
      Object.assign(notes, answer.timings, { bytesIn: answer.bytes.byteLength });
      const { bytes, format, receivedAt } = answer;
      const headers = sanitizeHeaders(answer.headers);
      return {
        bytes,
        format,
        headers,
        validator: validatorOf(headers, bytes),
        caching: parseCacheHeaders(headers, receivedAt),
      };
    }
    // What a 304 does not say again still holds (RFC 9111, 4.3.4), but for the age of the answer before it.
    const { age: _, date: __, ...before } = version?.headers ?? {};
    const headers = { ...before, ...sanitizeHeaders(answer.headers) };
    const renewed = { headers, caching: parseCacheHeaders(headers, answer.receivedAt) };
    if (!version || !('bytes' in version)) return { bytes: undefined, validator: version?.validator ?? '', ...renewed };
    notes.cache = 'source';
    return { ...version, ...renewed };
  }

  /**
   * @param version of a source that the caller has something of; where nothing is remembered, the origin is asked about it
   * @param notes gets where the source came from
   * @param how.hold whether an error may be held, as in `Memory.make`
   * @param how.admit the door of the gate, for a caller that is not inside yet
   * @returns the source; or no bytes, where the origin says that the caller's version is still the one
   * @throws ImageError as `fetchSource`; errors of the origin are held for ten seconds
   */
  return async function findSource(
    u: string,
    version: SourceVersion | undefined,
    notes: RequestTrace,
    signal: AbortSignal,
    { hold = true, admit = (request) => request() }: { hold?: boolean; admit?: ConcurrencyLimit['admit'] } = {},
  ): Promise<StoredSource | NotModified> {
    // Under the address itself stand sources with their bytes only.
    const kept = memory.get(u) as StoredSource | undefined;
    if (kept && isRecent(kept) && isFresh(lifetime(kept))) {
      notes.cache = 'source';
      return kept;
    }
    const work = (ending: AbortSignal) => admit(() => ask(u, kept ?? version, notes, ending));
    try {
      if (kept || !version) return await memory.getOrCreate(u, work, signal, hold);
      const found = await questions.getOrCreate(`${version.validator} ${u}`, work, signal, hold);
      if (found.bytes) memory.set(u, found);
      return found;
    } catch (error) {
      const stands = isTransient(error) && kept && isWithinStaleIfError(lifetime(kept));
      if (!stands || signal.aborted) throw error;
      notes.cache = 'stale';
      return kept;
    }
  };
}
