import { expect, test } from 'vitest';
import { createConcurrencyLimit } from '../src/concurrency.ts';

const never = new AbortController().signal;
const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

test('never more concurrent decodes than the maximum', async () => {
  const { decode } = createConcurrencyLimit({ maxRequests: 99, maxDecodes: 2 });
  let running = 0;
  let maxRunning = 0;
  const work = async () => {
    maxRunning = Math.max(maxRunning, ++running);
    await later(5);
    running--;
  };
  await Promise.all(Array.from({ length: 9 }, () => decode(work, never)));
  expect(maxRunning).toBe(2);
});

test('a request beyond the maximum is rejected at once; each request that ends, also by an error, makes room', async () => {
  const { admit } = createConcurrencyLimit({ maxRequests: 2, maxDecodes: 1 });
  const fail = async () => {
    await later(20);
    throw new Error('x');
  };
  const both = [admit(() => later(20)), admit(fail).catch(() => {})];
  await expect(admit(async () => 'never')).rejects.toMatchObject({ code: 'OVERLOADED', statusCode: 503 });
  await Promise.all(both);
  expect(await admit(async () => 'now')).toBe('now');
});

test('a decode whose request has ended is not started', async () => {
  const { decode } = createConcurrencyLimit({ maxRequests: 9, maxDecodes: 1 });
  const running = decode(() => later(20), never);
  let isStarted = false;
  const aborted = decode(async () => {
    isStarted = true;
  }, AbortSignal.timeout(5));
  await expect(aborted).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
  await running;
  expect(isStarted).toBe(false);
});
