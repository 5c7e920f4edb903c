import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createMemoryCache } from '../../src/cache/memory.ts';
import { ImageError } from '../../src/errors.ts';

interface Value {
  readonly name: string;
  readonly size: number | undefined;
}
const memoryOf = (maxBytes: number) =>
  createMemoryCache<Value>({
    maxBytes,
    sizeOf: ({ size }) => size,
    negativeCodes: ['SOURCE_UNAVAILABLE'],
    negativeTtl: 60,
  });
const never = new AbortController().signal;
const sized = (name: string, size: number | undefined) => async () => ({ name, size });
const one = (name: string) => sized(name, 1);
const failing = (code: 'SOURCE_UNAVAILABLE' | 'SOURCE_NOT_FOUND') => async (): Promise<Value> => {
  throw new ImageError(code, 'no');
};

describe('bounds', () => {
  test('the least recently used goes first', async () => {
    const memory = memoryOf(100);
    for (const name of ['a', 'b', 'c']) await memory.getOrCreate(name, sized(name, 40), never);
    expect(['a', 'b', 'c'].map((name) => memory.get(name)?.name)).toEqual([undefined, 'b', 'c']);
    memory.get('b');
    memory.set('d', { name: 'd', size: 40 });
    expect(['b', 'c', 'd'].map((name) => memory.get(name)?.name)).toEqual(['b', undefined, 'd']);
  });
  test('what must not be kept, and what is larger than all, is given and forgotten', async () => {
    const memory = memoryOf(100);
    for (const size of [undefined, 101]) {
      expect((await memory.getOrCreate('a', sized('a', size), never)).name).toBe('a');
      expect(memory.get('a')).toBeUndefined();
    }
    expect((await memoryOf(0).getOrCreate('a', sized('a', 5), never)).name).toBe('a');
  });
  test('what becomes such takes the place of what was kept', async () => {
    const memory = memoryOf(100);
    await memory.getOrCreate('a', one('old'), never);
    await memory.getOrCreate('a', sized('new', undefined), never);
    expect(memory.get('a')).toBeUndefined();
  });
});

describe('one flight', () => {
  test('for all who ask meanwhile; the old value is there until it lands', async () => {
    const memory = memoryOf(100);
    await memory.getOrCreate('a', one('old'), never);
    let made = 0;
    const slow = async () => {
      made++;
      await setTimeout(20);
      return { name: 'new', size: 1 };
    };
    const all = Array.from({ length: 5 }, () => memory.getOrCreate('a', slow, never));
    expect(memory.get('a')?.name).toBe('old');
    expect((await Promise.all(all)).map(({ name }) => name)).toEqual(Array(5).fill('new'));
    expect([made, memory.get('a')?.name]).toEqual([1, 'new']);
  });

  test('goes on while anybody waits, and ends when nobody does', async () => {
    const memory = memoryOf(100);
    const signals: AbortSignal[] = [];
    const slow = async (signal: AbortSignal) => {
      signals.push(signal);
      await setTimeout(40, undefined, { signal });
      return { name: 'a', size: 1 };
    };
    const [first, second] = [new AbortController(), new AbortController()];
    const gone = memory.getOrCreate('a', slow, first.signal);
    const stays = memory.getOrCreate('a', slow, second.signal);
    first.abort();
    await expect(gone).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    expect((await stays).name).toBe('a');
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);

    // What cannot be stopped lands for who comes meanwhile.
    const stubborn = memory.getOrCreate(
      'd',
      async () => setTimeout(40, { name: 'd', size: 1 }),
      AbortSignal.timeout(5),
    );
    await expect(stubborn).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    expect((await memory.getOrCreate('d', sized('another', 1), never)).name).toBe('d');

    const last = memory.getOrCreate('b', slow, AbortSignal.timeout(5));
    await expect(last).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    expect(signals[1]?.aborted).toBe(true);
    // Who comes then is not told of it.
    expect((await memory.getOrCreate('b', slow, never)).name).toBe('a');
    expect(signals).toHaveLength(3);
    await expect(memory.getOrCreate('c', slow, AbortSignal.abort())).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
  });
});

describe('errors', () => {
  test('are told again for a while', async () => {
    const memory = memoryOf(100);
    await expect(memory.getOrCreate('a', failing('SOURCE_UNAVAILABLE'), never)).rejects.toThrow('no');
    await expect(memory.getOrCreate('a', one('a'), never)).rejects.toThrow('no');
    await setTimeout(90);
    expect((await memory.getOrCreate('a', one('a'), never)).name).toBe('a');
  });
  test('made by another memory that holds them are not held anew', async () => {
    const [inner, outer] = [memoryOf(100), memoryOf(100)];
    const through = () =>
      outer.getOrCreate('b', () => inner.getOrCreate('a', failing('SOURCE_UNAVAILABLE'), never), never);
    await expect(through()).rejects.toThrow('no');
    await setTimeout(40);
    await expect(through()).rejects.toThrow('no');
    await setTimeout(40);
    expect((await outer.getOrCreate('b', one('b'), never)).name).toBe('b');
  });
  test('leave what was kept when they can pass, and not when they say that it is gone', async () => {
    const memory = memoryOf(100);
    await memory.getOrCreate('a', one('a'), never);
    await expect(memory.getOrCreate('a', failing('SOURCE_UNAVAILABLE'), never)).rejects.toThrow();
    expect(memory.get('a')?.name).toBe('a');
    await setTimeout(90);
    await expect(memory.getOrCreate('a', failing('SOURCE_NOT_FOUND'), never)).rejects.toThrow();
    expect(memory.get('a')).toBeUndefined();
  });
});
