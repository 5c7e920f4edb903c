/** The sources: remembered for a while, asked whether they have changed, and fetched once for all who want them. */

import type { Gate } from '../concurrency.ts';
import type { Config } from '../config.ts';
import { isPassing } from '../errors.ts';
import type { CacheFields } from '../fetch/body.ts';
import { fetchSource } from '../fetch/source.ts';
import type { SourcePolicy } from '../fetch/ssrf.ts';
import { freshness, isFresh, mayStand, type OriginCaching, readCaching } from '../http/freshness.ts';
import { boundedFields, stampOf, validatorsOf } from '../http/headers.ts';
import type { Result, Source } from '../image/job.ts';
import { createMemory, OVERHEAD } from './memory.ts';

/** What is known of one version of a source. */
export interface Version {
  readonly stamp: string;
  readonly fields: CacheFields;
}

/** A finished picture as it is remembered. */
export interface Picture extends Result, Version {
  readonly caching: OriginCaching;
  /** When it was made, or found to be still right; milliseconds since 1970. */
  readonly keptAt: number;
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

/** Where an answer came from, milliseconds by what they were spent on, and in `bytesIn` what was fetched for it. */
export type Notes = Record<string, number | string>;

/** Errors that tell of the origin, and will for a while. */
const HELD = [
  'SOURCE_NOT_FOUND',
  'SOURCE_TOO_LARGE',
  'SOURCE_UNSUPPORTED',
  'SOURCE_UNAVAILABLE',
  'SOURCE_TIMEOUT',
  'IMAGE_TOO_LARGE',
] as const;

export function createSources(config: Config, policy: SourcePolicy) {
  const memory = createMemory<Known | Same>({
    maxBytes: config.sourceMemory,
    sizeOf: ({ bytes, caching }) =>
      bytes && caching.scope === 'public' ? bytes.buffer.byteLength + OVERHEAD : undefined,
    holds: HELD,
  });
  // Whether one version is still good is asked once for all who ask at the same time, and not remembered.
  const questions = createMemory<Known | Same>({ maxBytes: 0, sizeOf: () => undefined, holds: HELD });
  const lifetime = ({ caching }: { caching: OriginCaching }) => freshness(caching, {}, config, Date.now());
  const isRecent = ({ caching }: Known) => Date.now() - caching.receivedAt < config.memoryMaxAge * 1000;

  async function ask(u: string, version: Version | Known | undefined, notes: Notes, signal: AbortSignal) {
    const validators = version ? validatorsOf(version) : {};
    const answer = await fetchSource(new URL(u), policy, config, signal, validators);
    if (answer.bytes) {
      Object.assign(notes, answer.timings, { bytesIn: answer.bytes.byteLength });
      const { bytes, format, receivedAt } = answer;
      const fields = boundedFields(answer.fields);
      return { bytes, format, fields, stamp: stampOf(fields, bytes), caching: readCaching(fields, receivedAt) };
    }
    // What a 304 does not say again still holds (RFC 9111, 4.3.4), but for the age of the answer before it.
    const { age: _, date: __, ...before } = version?.fields ?? {};
    const fields = { ...before, ...boundedFields(answer.fields) };
    const renewed = { fields, caching: readCaching(fields, answer.receivedAt) };
    if (!version || !('bytes' in version)) return { bytes: undefined, stamp: version?.stamp ?? '', ...renewed };
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
    version: Version | undefined,
    notes: Notes,
    signal: AbortSignal,
    { hold = true, admit = (request) => request() }: { hold?: boolean; admit?: Gate['admit'] } = {},
  ): Promise<Known | Same> {
    // Under the address itself stand sources with their bytes only.
    const kept = memory.get(u) as Known | undefined;
    if (kept && isRecent(kept) && isFresh(lifetime(kept))) {
      notes.cache = 'source';
      return kept;
    }
    const work = (ending: AbortSignal) => admit(() => ask(u, kept ?? version, notes, ending));
    try {
      if (kept || !version) return await memory.make(u, work, signal, hold);
      const found = await questions.make(`${version.stamp} ${u}`, work, signal, hold);
      if (found.bytes) memory.set(u, found);
      return found;
    } catch (error) {
      const stands = isPassing(error) && kept && mayStand(lifetime(kept));
      if (!stands || signal.aborted) throw error;
      notes.cache = 'stale';
      return kept;
    }
  };
}
