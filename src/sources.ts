/** The sources: remembered for a while, asked whether they have changed, and fetched once for all who want them. */
import { createMemory } from './cache.ts';
import type { Config } from './config.ts';
import { ImageError } from './errors.ts';
import { freshness, isFresh, mayStand, type OriginCaching, readCaching } from './freshness.ts';
import { stampOf, validatorsOf } from './http.ts';
import { type CacheFields, fetchSource, type Source } from './image/source.ts';
import type { SourcePolicy } from './image/ssrf.ts';

/** What is known of one version of a source. */
export interface Version {
  readonly stamp: string;
  readonly fields: CacheFields;
}

/** A source, and what its origin says of keeping it. */
export interface Known extends Source, Version {
  readonly caching: OriginCaching;
}

/** The origin's word that the asked version is still the one; its bytes were not sent. */
export interface Same extends Version {
  readonly bytes: undefined;
  readonly caching: OriginCaching;
}

/** Where an answer came from, and milliseconds by what they were spent on. */
export type Notes = Record<string, number | string>;

/** Bytes that an entry takes beside its picture. */
const OVERHEAD = 1024;

export function createSources(config: Config, policy: SourcePolicy) {
  const memory = createMemory<Known | Same>({
    maxBytes: config.sourceMemory,
    sizeOf: ({ bytes, caching }) =>
      bytes && caching.scope === 'public' ? bytes.buffer.byteLength + OVERHEAD : undefined,
    holds: [
      'SOURCE_NOT_FOUND',
      'SOURCE_TOO_LARGE',
      'SOURCE_UNSUPPORTED',
      'SOURCE_UNAVAILABLE',
      'SOURCE_TIMEOUT',
      'IMAGE_TOO_LARGE',
    ],
  });
  const lifetime = ({ caching }: { caching: OriginCaching }) => freshness(caching, {}, config, Date.now());
  const isRecent = ({ caching }: Known) => Date.now() - caching.receivedAt < config.memoryMaxAge * 1000;

  async function ask(
    u: string,
    version: Version | Known | undefined,
    ownHosts: readonly string[],
    notes: Notes,
    signal: AbortSignal,
  ) {
    const validators = version ? validatorsOf(version) : {};
    const answer = await fetchSource(new URL(u), { ...policy, ownHosts }, config, signal, validators);
    if (answer.bytes) {
      Object.assign(notes, answer.timings);
      const { bytes, format, fields, receivedAt } = answer;
      return { bytes, format, fields, stamp: stampOf(fields, bytes), caching: readCaching(fields, receivedAt) };
    }
    // What a 304 does not say again still holds (RFC 9111, 4.3.4).
    const fields = { ...version?.fields, ...answer.fields };
    const renewed = { fields, caching: readCaching(fields, answer.receivedAt) };
    if (!version || !('bytes' in version)) return { bytes: undefined, stamp: version?.stamp ?? '', ...renewed };
    notes.cache = 'source';
    return { ...version, ...renewed };
  }

  /**
   * @param version of a source that the caller has something of; where nothing is remembered, the origin is asked about it
   * @param notes gets where the source came from
   * @returns the source; or no bytes, where the origin says that the caller's version is still the one
   * @throws ImageError as `fetchSource`; errors of the origin are held for ten seconds
   */
  return async function findSource(
    u: string,
    version: Version | undefined,
    ownHosts: readonly string[],
    notes: Notes,
    signal: AbortSignal,
  ): Promise<Known | Same> {
    // Under the address itself stand sources with their bytes only.
    const kept = memory.get(u) as Known | undefined;
    if (kept && isRecent(kept) && isFresh(lifetime(kept))) {
      notes.cache = 'source';
      return kept;
    }
    const key = kept || !version ? u : `${version.stamp} ${u}`;
    try {
      const found = await memory.make(key, (ending) => ask(u, kept ?? version, ownHosts, notes, ending), signal);
      if (key !== u && found.bytes) memory.set(u, found);
      return found;
    } catch (error) {
      const stands = error instanceof ImageError && error.statusCode >= 500 && kept && mayStand(lifetime(kept));
      if (!stands || signal.aborted) throw error;
      notes.cache = 'stale';
      return kept;
    }
  };
}
