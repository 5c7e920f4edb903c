/** What is remembered between requests, bounded in bytes, and made once however many ask for it at the same time. */
import { LRUCache } from 'lru-cache';
import { type ErrorCode, ImageError, isTransient } from '../errors.ts';

/** Milliseconds that an error is told again without another try. */
const HOLD = 10_000;
/** Bytes that an entry takes beside what it holds. */
export const ENTRY_OVERHEAD = 1024;
/** Errors that one memory holds. */
const MOST_ERRORS = 1000;

/** Held by a memory already: one that was made with its help must not hold them anew, and so for longer. */
const heldErrors = new WeakSet<ImageError>();

/** Work that several callers wait for. It is ended when the last of them has gone. */
interface Flight<Value> {
  readonly done: Promise<Value>;
  readonly stop: AbortController;
  waiting: number;
}

export interface MemoryCache<Value> {
  /** What is remembered, fresh or not. */
  readonly get: (key: string) => Value | undefined;
  readonly set: (key: string, value: Value) => void;
  /**
   * Makes a value anew and remembers it; whoever asks meanwhile gets the same one. The old one stays until then, and when
   * making fails for a reason that can pass.
   *
   * @param make gets a signal that ends when nobody waits any more
   * @param signal ends this caller's wait
   * @param hold whether an error of this work may be held: not when it goes on behind an answer, where Lambda stops it for
   *   as long as no other request comes
   * @throws ImageError SOURCE_TIMEOUT when the signal ends, and whatever `make` throws; an error of `holds` is told again
   *   for ten seconds
   */
  readonly getOrCreate: (
    key: string,
    make: (signal: AbortSignal) => Promise<Value>,
    signal: AbortSignal,
    hold?: boolean,
  ) => Promise<Value>;
}

/**
 * @param options.maxBytes all values together; 0 remembers nothing, and still makes each only once at a time
 * @param options.sizeOf bytes of a value, at least 1; undefined for what must not be remembered
 * @param options.holds codes of errors that are held
 * @param options.holdFor milliseconds, at most ten seconds
 */
export function createMemoryCache<Value extends object>({
  maxBytes,
  sizeOf,
  holds,
  holdFor = HOLD,
}: {
  maxBytes: number;
  sizeOf: (value: Value) => number | undefined;
  holds: readonly ErrorCode[];
  holdFor?: number;
}): MemoryCache<Value> {
  const maxSize = Math.max(1, maxBytes);
  const cache = new LRUCache<string, Value>({
    maxSize,
    // What is larger than all is not kept.
    sizeCalculation: (value) => sizeOf(value) ?? maxSize + 1,
  });
  const errors = new LRUCache<string, ImageError>({ max: MOST_ERRORS, ttl: Math.min(holdFor, HOLD) });
  const flights = new Map<string, Flight<Value>>();

  function failed(key: string, error: unknown, unsure: boolean) {
    if (!(error instanceof ImageError) || unsure) return;
    // What is gone is gone; what failed may be there again.
    if (!isTransient(error) && error.code !== 'SOURCE_FORBIDDEN') cache.delete(key);
    if (!holds.includes(error.code) || heldErrors.has(error)) return;
    heldErrors.add(error);
    errors.set(key, error);
  }

  async function start(
    key: string,
    make: (signal: AbortSignal) => Promise<Value>,
    stop: AbortController,
    hold: boolean,
  ) {
    try {
      const value = await make(stop.signal);
      cache.set(key, value);
      return value;
    } catch (error) {
      failed(key, error, stop.signal.aborted || !hold);
      throw error;
    } finally {
      flights.delete(key);
    }
  }

  return {
    get: (key) => cache.get(key),
    set: (key, value) => void cache.set(key, value),
    getOrCreate: async (key, make, signal, hold = true) => {
      const held = errors.get(key);
      if (held) throw held;
      let flight = flights.get(key);
      // One that was given up may still land: work in native code cannot be stopped. If it does not, its error is none of ours.
      while (flight?.stop.signal.aborted) {
        try {
          return await waitFor(flight, signal);
        } catch (error) {
          if (signal.aborted) throw error;
        }
        flight = flights.get(key);
      }
      if (!flight) {
        const stop = new AbortController();
        flight = { done: start(key, make, stop, hold), stop, waiting: 0 };
        flights.set(key, flight);
      }
      return waitFor(flight, signal);
    },
  };
}

function waitFor<Value>(flight: Flight<Value>, signal: AbortSignal): Promise<Value> {
  flight.waiting++;
  return new Promise((resolve, reject) => {
    const leave = () => {
      if (--flight.waiting === 0) flight.stop.abort();
      reject(new ImageError('SOURCE_TIMEOUT', 'There was no time left to make the picture.'));
    };
    flight.done.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}
