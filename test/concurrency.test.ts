import { expect, test } from 'vitest';
import { createConcurrencyLimit } from '../src/concurrency.ts';

const never = new AbortController().signal;
const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

test('no more decodes at once than there are places', async () => {
  const { decode } = createConcurrencyLimit({ maxRequests: 99, maxDecodes: 2 });
  let now = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++now);
    await later(5);
    now--;
  };
  await Promise.all(Array.from({ length: 9 }, () => decode(work, never)));
  expect(most).toBe(2);
});

test('a request too many is refused at once, and a place is free again after each end', async () => {
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

test('what nobody waits for any more is not begun', async () => {
  const { decode } = createConcurrencyLimit({ maxRequests: 9, maxDecodes: 1 });
  const first = decode(() => later(20), never);
  let begun = false;
  const gone = decode(async () => {
    begun = true;
  }, AbortSignal.timeout(5));
  await expect(gone).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
  await first;
  expect(begun).toBe(false);
});
