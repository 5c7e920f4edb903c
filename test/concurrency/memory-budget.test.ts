import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { MemoryBudget } from '../../src/concurrency/memory-budget.ts';
import { MAX_WAIT_MS } from '../../src/concurrency/wait.ts';

const never = new AbortController().signal;
afterEach(() => void vi.useRealTimers());

test('what does not fit waits, and is granted in the order of arrival', async () => {
  // An eighth of it is headroom.
  const budget = new MemoryBudget(100 / 0.875, 'beside');
  const [first, second, third, fourth] = [budget.lease('a'), budget.lease('a'), budget.lease('a'), budget.lease('a')];
  await first.reserve(80, never);
  // One may exceed the budget.
  await second.reserve(40, never);
  const granted: string[] = [];
  const waiting = [
    third.reserve(60, never).then(() => granted.push('third')),
    fourth.reserve(1, never).then(() => granted.push('fourth')),
  ];
  await setImmediate();
  expect([budget.usedBytes(), granted]).toEqual([120, []]);
  first.release();
  await setImmediate();
  expect([budget.usedBytes(), granted]).toEqual([100, ['third']]);
  second.release();
  await Promise.all(waiting);
  expect([budget.usedBytes(), granted]).toEqual([61, ['third', 'fourth']]);
});

test('downloads that have filled the budget half-way do not wait for each other for ever', async () => {
  const budget = new MemoryBudget(100, 'beside');
  let maxUsed = 0;
  const grow = async () => {
    const lease = budget.lease('a');
    for (let i = 0; i < 5; i++) {
      await lease.reserve(10, never);
      maxUsed = Math.max(maxUsed, budget.usedBytes());
      await setImmediate();
    }
    lease.release();
  };
  await Promise.all(Array.from({ length: 40 }, grow));
  expect(budget.usedBytes()).toBe(0);
  // The budget, and one image.
  expect(maxUsed).toBeLessThanOrEqual(150);
});

test('an image that needs more by itself has the budget alone, and what is behind it waits', async () => {
  const budget = new MemoryBudget(100, 'alone');
  const [first, large, small] = [budget.lease('a'), budget.lease('a'), budget.lease('a')];
  await first.reserve(10, never);
  const granted: string[] = [];
  const waiting = [
    large.reserve(150, never).then(() => granted.push('large')),
    small.reserve(10, never).then(() => granted.push('small')),
  ];
  await setImmediate();
  expect([budget.usedBytes(), granted]).toEqual([10, []]);
  first.release();
  await setImmediate();
  expect([budget.usedBytes(), granted]).toEqual([150, ['large']]);
  large.release();
  await Promise.all(waiting);
  expect([budget.usedBytes(), granted]).toEqual([10, ['large', 'small']]);
});

test('work that has begun goes on before one that waits to be alone', async () => {
  const budget = new MemoryBudget(100, 'alone');
  const [first, second, large] = [budget.lease('a'), budget.lease('a'), budget.lease('a')];
  await first.reserve(50, never);
  await second.reserve(50, never);
  const granted: string[] = [];
  const waiting = large.reserve(150, never).then(() => granted.push('large'));
  // Both together exceed the budget; one of them may.
  await first.reserve(20, never);
  const grown = second.reserve(20, never).then(() => granted.push('second'));
  await setImmediate();
  expect([budget.usedBytes(), granted]).toEqual([120, []]);
  first.release();
  await grown;
  expect([budget.usedBytes(), granted]).toEqual([70, ['second']]);
  second.release();
  await waiting;
  expect([budget.usedBytes(), granted]).toEqual([150, ['second', 'large']]);
});

test('the wait is bounded: 503 with Retry-After', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const budget = new MemoryBudget(100, 'beside');
  const [first, second] = [budget.lease('a'), budget.lease('a')];
  await first.reserve(150, never);
  const waiting = second.reserve(1, never);
  const refused = expect(waiting).rejects.toMatchObject({ code: 'OVERLOADED', statusCode: 503 });
  vi.advanceTimersByTime(MAX_WAIT_MS);
  await refused;
  const abort = new AbortController();
  const left = expect(second.reserve(1, abort.signal)).rejects.toMatchObject({ code: 'OVERLOADED' });
  abort.abort();
  await left;
  first.release();
  expect(budget.usedBytes()).toBe(0);
});

test('a buffer counts once for all of its users, until the last has ended', () => {
  const budget = new MemoryBudget(100, 'beside');
  const source = Buffer.allocUnsafeSlow(60);
  const [one, two] = [budget.hold(source, 'a'), budget.hold(source, 'a')];
  expect(budget.usedBytes()).toBe(60);
  one();
  one();
  expect(budget.usedBytes()).toBe(60);
  two();
  expect(budget.usedBytes()).toBe(0);
});

test('a client with little of the budget does not wait for those that have filled it', async () => {
  const budget = new MemoryBudget(160, 'beside');
  const [large, larger, small, next] = ['a', 'b', 'c', 'c'].map((client) => budget.lease(client)) as [
    ReturnType<typeof budget.lease>,
    ReturnType<typeof budget.lease>,
    ReturnType<typeof budget.lease>,
    ReturnType<typeof budget.lease>,
  ];
  await large.reserve(140, never);
  await larger.reserve(30, never);
  // Half of an eighth.
  await small.reserve(10, never);
  let isGranted = false;
  const waiting = next.reserve(1, never).then(() => {
    isGranted = true;
  });
  await setImmediate();
  expect([budget.usedBytes(), isGranted]).toEqual([180, false]);
  small.release();
  await waiting;
  expect(budget.usedBytes()).toBe(171);
});

test('the client with the fewest bytes is granted first, and what it waits for is not given to others', async () => {
  const budget = new MemoryBudget(100, 'alone');
  const [a, a2, b] = [budget.lease('a'), budget.lease('a'), budget.lease('b')];
  await a.reserve(90, never);
  const granted: string[] = [];
  const waiting = [
    a2.reserve(10, never).then(() => granted.push('a')),
    b.reserve(60, never).then(() => granted.push('b')),
  ];
  await waiting[0];
  expect(granted).toEqual(['a']);
  a.release();
  await waiting[1];
  expect(budget.usedBytes()).toBe(70);
  const [c, b2] = [budget.lease('c'), budget.lease('b')];
  const more = [
    c.reserve(35, never).then(() => granted.push('c')),
    b2.reserve(5, never).then(() => granted.push('b2')),
  ];
  await setImmediate();
  expect(granted).toEqual(['a', 'b']);
  a2.release();
  await Promise.all(more);
  expect(granted).toEqual(['a', 'b', 'c', 'b2']);
});
