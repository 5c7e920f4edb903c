import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryCache } from '../../src/cache/memory.ts';
import { type ErrorCode, ImageError } from '../../src/errors.ts';

interface Value {
  readonly name: string;
  readonly size: number | undefined;
}
const TTL = 60;
const cacheOf = (options: { maxBytes?: number; negativeTtl?: number } = {}) =>
  createMemoryCache<Value>({
    maxBytes: 100,
    sizeOf: ({ size }) => size,
    negativeCodes: ['SOURCE_UNAVAILABLE'],
    ...options,
  });
const never = new AbortController().signal;
const sized = (name: string, size: number | undefined) => async () => ({ name, size });
const value = (name: string) => sized(name, 1);
const failing = (code: ErrorCode) => async (): Promise<Value> => {
  throw new ImageError(code, 'no');
};

/** Work that ends when the test says so. It records the signal that it gets at each start, and obeys it unless `ignoresSignal`. */
function pendingWork({ ignoresSignal = false } = {}) {
  const { promise, resolve } = Promise.withResolvers<Value>();
  const signals: AbortSignal[] = [];
  const start = (signal: AbortSignal) => {
    signals.push(signal);
    if (ignoresSignal) return promise;
    return new Promise<Value>((done, reject) => {
      promise.then(done, reject);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  };
  return { start, signals, finish: (name: string) => resolve({ name, size: 1 }) };
}

describe('bounds', () => {
  test('the least recently used entry is evicted first', async () => {
    const cache = cacheOf();
    for (const name of ['a', 'b', 'c']) await cache.getOrCreate(name, sized(name, 40), never);
    expect(['a', 'b', 'c'].map((name) => cache.get(name)?.name)).toEqual([undefined, 'b', 'c']);
    cache.get('b');
    cache.set('d', { name: 'd', size: 40 });
    expect(['b', 'c', 'd'].map((name) => cache.get(name)?.name)).toEqual(['b', undefined, 'd']);
  });
  test('a value that must not be stored, or exceeds the cache, is returned and not stored', async () => {
    const cache = cacheOf();
    for (const size of [undefined, 101]) {
      expect((await cache.getOrCreate('a', sized('a', size), never)).name).toBe('a');
      expect(cache.get('a')).toBeUndefined();
    }
    expect((await cacheOf({ maxBytes: 0 }).getOrCreate('a', sized('a', 5), never)).name).toBe('a');
  });
  test('such a value evicts the one that was stored', async () => {
    const cache = cacheOf();
    await cache.getOrCreate('a', value('old'), never);
    await cache.getOrCreate('a', sized('new', undefined), never);
    expect(cache.get('a')).toBeUndefined();
  });
});

describe('single-flight', () => {
  test('concurrent callers share one call; the old value is served until it ends', async () => {
    const cache = cacheOf();
    await cache.getOrCreate('a', value('old'), never);
    const work = pendingWork();
    const callers = Array.from({ length: 5 }, () => cache.getOrCreate('a', work.start, never));
    expect(cache.get('a')?.name).toBe('old');
    work.finish('new');
    expect((await Promise.all(callers)).map(({ name }) => name)).toEqual(Array(5).fill('new'));
    expect([work.signals.length, cache.get('a')?.name]).toEqual([1, 'new']);
  });

  test('groups share a value, but neither a creation nor an error', async () => {
    const cache = cacheOf();
    const [one, two] = [pendingWork(), pendingWork()];
    const callers = [
      cache.getOrCreate('a', one.start, never, { group: 'one' }),
      cache.getOrCreate('a', two.start, never, { group: 'two' }),
    ];
    expect([one.signals.length, two.signals.length]).toEqual([1, 1]);
    one.finish('a');
    two.finish('b');
    expect((await Promise.all(callers)).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(cache.get('a')?.name).toBe('b');
    await expect(cache.getOrCreate('c', failing('SOURCE_UNAVAILABLE'), never, { group: 'one' })).rejects.toThrow('no');
    expect((await cache.getOrCreate('c', value('c'), never, { group: 'two' })).name).toBe('c');
    await expect(cache.getOrCreate('c', value('c'), never, { group: 'one' })).rejects.toThrow('no');
  });

  test.each(['SOURCE_FORBIDDEN', 'POLICY_FORBIDDEN'] as const)(
    '%s of one caller leaves the value to others',
    async (code) => {
      const cache = cacheOf();
      await cache.getOrCreate('a', value('a'), never);
      await expect(cache.getOrCreate('a', failing(code), never)).rejects.toThrow('no');
      expect(cache.get('a')?.name).toBe('a');
    },
  );

  test('the work goes on while anybody waits', async () => {
    const cache = cacheOf();
    const work = pendingWork();
    const client = new AbortController();
    const aborted = cache.getOrCreate('a', work.start, client.signal);
    const waiting = cache.getOrCreate('a', work.start, never);
    client.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    expect(work.signals.map((signal) => signal.aborted)).toEqual([false]);
    work.finish('a');
    expect((await waiting).name).toBe('a');
  });

  test('the work is aborted with its last caller, and the next caller starts it again', async () => {
    const cache = cacheOf();
    const work = pendingWork();
    const client = new AbortController();
    const aborted = cache.getOrCreate('a', work.start, client.signal);
    client.abort();
    // Comes before the aborted work has ended, and must not get its error.
    const next = cache.getOrCreate('a', work.start, never);
    await expect(aborted).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    await vi.waitUntil(() => work.signals.length === 2);
    expect(work.signals.map((signal) => signal.aborted)).toEqual([true, false]);
    work.finish('a');
    expect((await next).name).toBe('a');
    await expect(cache.getOrCreate('c', work.start, AbortSignal.abort())).rejects.toMatchObject({
      code: 'SOURCE_TIMEOUT',
    });
  });

  test('aborted work that cannot be stopped still serves a caller that comes before its end', async () => {
    const cache = cacheOf();
    const work = pendingWork({ ignoresSignal: true });
    const client = new AbortController();
    const aborted = cache.getOrCreate('a', work.start, client.signal);
    client.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    const next = cache.getOrCreate('a', value('another'), never);
    work.finish('a');
    expect((await next).name).toBe('a');
  });
});

describe('errors', () => {
  // lru-cache reads `performance.now()`, and once a millisecond only: a timer ends that.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout'] });
    vi.spyOn(performance, 'now').mockImplementation(() => Date.now());
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  test.each([
    ['the given time', { negativeTtl: TTL }, TTL],
    ['ten seconds by default', {}, 10_000],
    ['ten seconds at most', { negativeTtl: 20_000 }, 10_000],
  ])('are cached for %s', async (_time, options, ttl) => {
    const cache = cacheOf(options);
    await expect(cache.getOrCreate('a', failing('SOURCE_UNAVAILABLE'), never)).rejects.toThrow('no');
    vi.advanceTimersByTime(ttl);
    await expect(cache.getOrCreate('a', value('a'), never)).rejects.toThrow('no');
    vi.advanceTimersByTime(1);
    expect((await cache.getOrCreate('a', value('a'), never)).name).toBe('a');
  });
  test('that an inner cache has stored are not stored again, and so for longer, by an outer one', async () => {
    const [inner, outer] = [cacheOf({ negativeTtl: TTL }), cacheOf({ negativeTtl: TTL })];
    const callInner = () => inner.getOrCreate('a', failing('SOURCE_UNAVAILABLE'), never);
    await expect(callInner()).rejects.toThrow('no');
    vi.advanceTimersByTime(TTL - 1);
    await expect(outer.getOrCreate('b', callInner, never)).rejects.toThrow('no');
    vi.advanceTimersByTime(2);
    expect((await outer.getOrCreate('b', value('b'), never)).name).toBe('b');
  });
  test('leave the stored value if they are transient, and evict it if they are definitive', async () => {
    const cache = cacheOf({ negativeTtl: TTL });
    await cache.getOrCreate('a', value('a'), never);
    await expect(cache.getOrCreate('a', failing('SOURCE_UNAVAILABLE'), never)).rejects.toThrow();
    expect(cache.get('a')?.name).toBe('a');
    vi.advanceTimersByTime(TTL + 1);
    await expect(cache.getOrCreate('a', failing('SOURCE_NOT_FOUND'), never)).rejects.toThrow();
    expect(cache.get('a')).toBeUndefined();
  });
});

test('a cached error does not hold what was in work when it was thrown', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  /** Like a decoder, whose errors have its methods, and so its source, in their stack. */
  class Decoder {
    readonly source = Buffer.alloc(1000);
    async decode() {
      throw new Error('corrupt');
    }
  }
  const cache = cacheOf();
  let source: WeakRef<Decoder> | undefined;
  const create = async (): Promise<Value> => {
    const decoder = new Decoder();
    source = new WeakRef(decoder);
    try {
      await decoder.decode();
    } catch (cause) {
      throw new ImageError('SOURCE_UNAVAILABLE', 'no', { cause });
    }
    return { name: '', size: 1 };
  };
  await cache.getOrCreate('a', create, never).catch(() => {});
  await setTimeout(10);
  collectGarbage();
  expect(source?.deref()).toBeUndefined();
  await expect(cache.getOrCreate('a', create, never)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
});
