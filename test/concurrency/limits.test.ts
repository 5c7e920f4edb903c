import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createConcurrencyLimit } from '../src/concurrency.ts';

const never = new AbortController().signal;

test('no more decodes run at once than allowed', async () => {
  const { decode } = createConcurrencyLimit({ maxRequests: 99, maxDecodes: 2 });
  let running = 0;
  let maxRunning = 0;
  const work = async () => {
    maxRunning = Math.max(maxRunning, ++running);
    await setImmediate();
    running--;
  };
  await Promise.all(Array.from({ length: 9 }, () => decode(work, never)));
  expect(maxRunning).toBe(2);
});

test('a request over the limit is refused at once, and each one that ends makes room, failed or not', async () => {
  const { admit } = createConcurrencyLimit({ maxRequests: 2, maxDecodes: 1 });
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const requests = [admit(() => first.promise), admit(() => second.promise).catch(() => {})];
  await expect(admit(async () => 'never')).rejects.toMatchObject({ code: 'OVERLOADED', statusCode: 503 });
  first.resolve();
  second.reject(new Error('x'));
  await Promise.all(requests);
  const both = [admit(() => setImmediate('one')), admit(() => setImmediate('two'))];
  expect(await Promise.all(both)).toEqual(['one', 'two']);
});

test('work whose request has ended meanwhile is not begun', async () => {
  const { decode } = createConcurrencyLimit({ maxRequests: 9, maxDecodes: 1 });
  const running = Promise.withResolvers<void>();
  const first = decode(() => running.promise, never);
  const client = new AbortController();
  let begun = false;
  const queued = decode(async () => {
    begun = true;
  }, client.signal);
  client.abort();
  running.resolve();
  await expect(queued).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
  await first;
  expect(begun).toBe(false);
});
