import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { automaticBudget, createConcurrencyLimits } from '../../src/concurrency/limits.ts';
import type { Turn } from '../../src/concurrency/turn.ts';

const never = new AbortController().signal;
const MB = 1_048_576;
const acme = { client: 'acme', host: 'a.example' };
const other = { client: 'other', host: 'b.example' };
const limits = (maxRequests: number, maxDecodes: number, maxWorkMemory = 100 * MB) =>
  createConcurrencyLimits({ maxRequests, maxDecodes, maxWorkMemory }, 2048 * MB);

test('no more decodes run at once than allowed', async () => {
  const { decode } = limits(99, 2);
  let running = 0;
  let maxRunning = 0;
  const work = async (turn: Turn, isShort: boolean) => {
    await turn.begin({ isShort, bytes: 1 });
    maxRunning = Math.max(maxRunning, ++running);
    await setImmediate();
    running--;
  };
  await Promise.all(Array.from({ length: 9 }, () => decode(acme, (turn) => work(turn, false), never)));
  expect(maxRunning).toBe(2);
  await Promise.all(Array.from({ length: 9 }, (_, i) => decode(acme, (turn) => work(turn, i % 2 === 0), never)));
  expect(maxRunning).toBe(4);
});

test('a request over the limit is refused at once, and each one that ends makes room, failed or not', async () => {
  const { admit, activeRequests } = limits(2, 1);
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const requests = [admit(acme, () => first.promise), admit(acme, () => second.promise).catch(() => {})];
  await expect(admit(acme, async () => 'never')).rejects.toMatchObject({ code: 'OVERLOADED', statusCode: 503 });
  first.resolve();
  second.reject(new Error('x'));
  await Promise.all(requests);
  const both = [admit(acme, () => setImmediate('one')), admit(acme, () => setImmediate('two'))];
  expect(await Promise.all(both)).toEqual(['one', 'two']);
  expect(activeRequests()).toBe(0);
});

test('over the limit, another key and host still get their share', async () => {
  const { admit } = limits(4, 1);
  const end = Promise.withResolvers<void>();
  const requests = Array.from({ length: 4 }, () => admit(acme, () => end.promise));
  requests.push(
    admit(other, () => end.promise),
    admit(other, () => end.promise),
  );
  // Half of four each.
  for (const owner of [acme, other, { ...other, host: 'c.example' }, { ...acme, host: 'c.example' }])
    await expect(admit(owner, () => end.promise)).rejects.toMatchObject({ code: 'OVERLOADED' });
  end.resolve();
  await Promise.all(requests);
});

test('work whose request has ended meanwhile is not begun', async () => {
  const { decode } = limits(9, 1);
  const running = Promise.withResolvers<void>();
  const long = { isShort: false, bytes: 0 };
  const first = decode(acme, ({ begin }) => begin(long).then(() => running.promise), never);
  const client = new AbortController();
  let begun = false;
  const queued = decode(
    acme,
    async ({ begin }) => {
      await begin(long);
      begun = true;
    },
    client.signal,
  );
  client.abort();
  await expect(queued).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
  running.resolve();
  await first;
  expect(begun).toBe(false);
});

test('downloads hold no place of the decoder', async () => {
  const { download, decode } = limits(600, 1);
  const end = Promise.withResolvers<void>();
  const decoded = ({ begin }: Turn) => begin({ isShort: false, bytes: MB }).then(() => 'decoded');
  const slow = Array.from({ length: 400 }, () => download(acme, () => end.promise, never));
  expect(await decode(acme, decoded, never)).toBe('decoded');
  expect(await download(acme, async () => 'downloaded', never)).toBe('downloaded');
  end.resolve();
  await Promise.all(slow);
});

test('the memory of short work is not counted', async () => {
  const { decode, pixels, isIdle } = limits(9, 1);
  expect(isIdle()).toBe(true);
  const used = (isShort: boolean) =>
    decode(acme, ({ begin }) => begin({ isShort, bytes: MB }).then(() => [pixels.usedBytes(), isIdle()]), never);
  expect([await used(true), await used(false)]).toEqual([
    [0, false],
    [MB, false],
  ]);
});

test.each([
  [100 * MB, 2048 * MB, 400_000_000],
  [100 * MB, 512 * MB, 256 * MB],
  [2000 * MB, 8192 * MB, 1000 * MB],
])('with a budget of %i bytes of %i, one image may take %i', async (maxWorkMemory, memory, max) => {
  const { decode } = createConcurrencyLimits({ maxRequests: 9, maxDecodes: 1, maxWorkMemory }, memory);
  const take = (bytes: number) => decode(acme, ({ begin }) => begin({ isShort: false, bytes }), never);
  await take(max);
  await expect(take(max + 1)).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
    message: expect.stringMatching(/ MB of memory; at most/),
  });
});

test('the memory of a decode is released, whatever comes of it', async () => {
  const { decode, pixels } = limits(9, 4);
  const fail = async () => {
    throw new Error('x');
  };
  for (const [i, end] of Array.from({ length: 1000 }, (_, i) => [i, i % 3] as const)) {
    const controller = new AbortController();
    const work = decode(
      acme,
      async ({ begin, reserve }) => {
        await begin({ isShort: i % 5 === 0, bytes: (i % 70) * MB });
        if (end === 1) await fail();
        if (end === 2) controller.abort();
        await reserve(MB);
      },
      controller.signal,
    );
    if (i % 10 === 0) await work.catch(() => {});
    else work.catch(() => {});
  }
  await expect.poll(() => pixels.usedBytes()).toBe(0);
  expect(await decode(acme, ({ begin }) => begin({ isShort: false, bytes: MB }).then(() => 'next'), never)).toBe(
    'next',
  );
});

test.each([
  [128, 64],
  [512, 128],
  [1769, 442.25],
  [24_105, 512],
])('of %i MB of memory, the budget is %i MB', (memory, budget) =>
  expect(automaticBudget(memory * MB)).toBe(budget * MB),
);
