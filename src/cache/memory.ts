/** A cache in memory: bounded in bytes, with single-flight creation and negative caching of errors. */
import { LRUCache } from 'lru-cache';
import { type ErrorCode, ImageError, isTransient } from '../errors.ts';
import { createSingleFlight } from './single-flight.ts';

/** Milliseconds that an error without a lifetime of its own is cached, at most. */
const NEGATIVE_TTL = 10_000;
/** Bytes that an entry takes beside its value. */
export const ENTRY_OVERHEAD = 1024;
/** Errors that one cache holds. */
const MAX_ERRORS = 1000;

/** Errors that say what the caller may have, and nothing of the value. */
const CALLER_ERRORS: readonly ErrorCode[] = ['SOURCE_FORBIDDEN', 'POLICY_FORBIDDEN'];

/** Errors that some cache holds already: an outer cache must not restart their TTL. */
const cachedErrors = new WeakSet<ImageError>();

/**
 * Formats the stack of an error and of its causes. Until then V8 holds the objects of each frame, and with them the whole
 * source that did not decode: a thousand cached errors would hold a thousand sources.
 */
function releaseFrames(error: unknown): void {
  for (let each = error; each instanceof Error; each = each.cause) void each.stack;
}

export interface MemoryCache<Value> {
  /** Returns the stored value, fresh or stale. */
  readonly get: (key: string) => Value | undefined;
  readonly set: (key: string, value: Value) => void;
  /**
   * Creates a value and stores it; concurrent calls with the same key share one creation. The stored value stays until then,
   * and if the creation fails for a transient reason.
   *
   * @param create gets a signal that is aborted when no caller waits any more
   * @param signal ends this caller's wait
   * @param options.group only calls of one group share a creation and a cached error, which may depend on the caller; they
   *   share the value with all
   * @param options.flight only calls of one flight share a creation; they share the value and the error with all
   * @throws ImageError SOURCE_TIMEOUT if the signal is aborted, and what `create` throws; an error of `negativeCodes` is
   *   cached until its `heldUntil`, or for ten seconds
   */
  readonly getOrCreate: (
    key: string,
    create: (signal: AbortSignal) => Promise<Value>,
    signal: AbortSignal,
    options?: { readonly group?: string | undefined; readonly flight?: string | undefined },
  ) => Promise<Value>;
}

/**
 * @param options.maxBytes of all values together; 0 stores nothing, and still shares concurrent creations
 * @param options.sizeOf bytes of a value, at least 1; undefined if it must not be stored
 * @param options.negativeCodes codes of the errors that are cached
 * @param options.negativeTtl milliseconds, at most ten seconds
 */
export function createMemoryCache<Value extends object>({
  maxBytes,
  sizeOf,
  negativeCodes,
  negativeTtl = NEGATIVE_TTL,
}: {
  maxBytes: number;
  sizeOf: (value: Value) => number | undefined;
  negativeCodes: readonly ErrorCode[];
  negativeTtl?: number;
}): MemoryCache<Value> {
  const maxSize = Math.max(1, maxBytes);
  const values = new LRUCache<string, Value>({
    maxSize,
    // A value larger than the whole cache is not stored. A key can be a URL of thousands of characters.
    sizeCalculation: (value, key) => (sizeOf(value) ?? maxSize) + key.length,
  });
  const errors = new LRUCache<string, ImageError>({ max: MAX_ERRORS, perf: Date, ttlResolution: 0 });
  const defaultTtl = Math.min(negativeTtl, NEGATIVE_TTL);
  const singleFlight = createSingleFlight<Value>();

  function onError(key: string, groupKey: string, error: unknown) {
    if (!(error instanceof ImageError)) return;
    // A definitive error (404, 415 …) evicts the stored value; after a transient one it may still be served, and what one
    // caller may not have, another may.
    if (!isTransient(error) && !CALLER_ERRORS.includes(error.code)) values.delete(key);
    if (!negativeCodes.includes(error.code) || cachedErrors.has(error)) return;
    cachedErrors.add(error);
    releaseFrames(error);
    const { heldUntil } = error.lifetime ?? {};
    const ttl = heldUntil === undefined ? defaultTtl : heldUntil - Date.now();
    if (ttl > 0) errors.set(groupKey, error, { ttl });
  }

  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    getOrCreate: async (key, create, signal, { group, flight = key } = {}) => {
      const inGroup = (name: string) => (group === undefined ? name : `${group}\n${name}`);
      const groupKey = inGroup(key);
      const cachedError = errors.get(groupKey);
      if (cachedError) throw cachedError;
      const createAndStore = async (flightSignal: AbortSignal) => {
        try {
          const value = await create(flightSignal);
          values.set(key, value);
          return value;
        } catch (error) {
          // The error of an aborted creation says nothing of the value.
          if (!flightSignal.aborted) onError(key, groupKey, error);
          throw error;
        }
      };
      return singleFlight(inGroup(flight), createAndStore, signal);
    },
  };
}
