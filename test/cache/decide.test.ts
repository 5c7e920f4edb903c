/** How a request is served from a stored response: the table of caching.test.ts without sockets, origins or images. */
import { describe, expect, test } from 'vitest';
import { decide, withStaleIfError } from '../../src/cache/decide.ts';
import { ImageError } from '../../src/errors.ts';
import type { Freshness } from '../../src/http/freshness.ts';

const NOW = 1_800_000_000_000;
const BROKEN = new ImageError('SOURCE_UNAVAILABLE', 'The origin returned 500.');
const GONE = new ImageError('SOURCE_NOT_FOUND', 'The origin returned 404.');

/** A response with `max-age=60`, of that age in seconds. */
const stored = (age: number, more: Partial<Freshness> = {}, validatedSecondsAgo = age) => ({
  freshness: {
    scope: 'public' as const,
    maxAge: 60,
    sharedMaxAge: 60,
    staleWhileRevalidate: 100,
    staleIfError: 604_800,
    ...more,
    age,
  },
  validatedAt: NOW - validatedSecondsAgo * 1000,
});
const LONG = { maxAge: 31_536_000, sharedMaxAge: 31_536_000 };

describe('decide', () => {
  test.each([
    ['nothing stored', undefined, {}, 'miss'],
    ['fresh', stored(59), {}, 'fresh'],
    ['fresh to the last second, and not in the next one', stored(60), {}, 'stale-while-revalidate'],
    ['stale within stale-while-revalidate', stored(159), {}, 'stale-while-revalidate'],
    ['stale beyond stale-while-revalidate', stored(160), {}, 'revalidate'],
    ['stale on Lambda, which does nothing in the background', stored(61), { allowBackgroundWork: false }, 'revalidate'],
    ['stale, and the origin forbids stale responses', stored(61, { staleWhileRevalidate: 0 }), {}, 'revalidate'],
    ['stale within stale-while-revalidate, and validated five minutes ago', stored(61, {}, 300), {}, 'revalidate'],
    ['max-age=0', stored(0, { maxAge: 0, sharedMaxAge: 0, staleWhileRevalidate: 0 }), {}, 'revalidate'],
    ['fresh for a year, and validated four minutes ago', stored(1000, LONG, 299), {}, 'fresh'],
    ['fresh for a year, and validated five minutes ago', stored(1000, LONG, 300), {}, 'revalidate'],
    ['fresh for a year, and MEMORY_MAX_AGE is 0', stored(0, LONG), { memoryMaxAge: 0 }, 'revalidate'],
    ['a transient error, nothing stored', undefined, { error: BROKEN }, 'miss'],
    ['a transient error, stale', stored(61), { error: BROKEN }, 'stale-if-error'],
    ['a transient error, stale on Lambda', stored(61), { error: BROKEN, allowBackgroundWork: false }, 'stale-if-error'],
    ['a transient error, still fresh by HTTP', stored(1000, LONG, 300), { error: BROKEN }, 'stale-if-error'],
    ['a transient error, stale to the last second', stored(60 + 604_799), { error: BROKEN }, 'stale-if-error'],
    ['a transient error, stale for too long', stored(60 + 604_800), { error: BROKEN }, 'miss'],
    [
      'a transient error, and the origin forbids stale responses',
      stored(61, { staleIfError: 0 }),
      { error: BROKEN },
      'miss',
    ],
    ['a definitive error', stored(61), { error: GONE }, 'miss'],
    ['a bug', stored(61), { error: new TypeError('x is not a function') }, 'miss'],
  ] as const)('%s: %#', (_what, state, circumstances, decision) => {
    const usual = { memoryMaxAge: 300, allowBackgroundWork: true };
    expect(decide(state, { ...usual, ...circumstances }, NOW)).toBe(decision);
  });
});

describe('withStaleIfError', () => {
  const serving = (age: number) => ({ state: () => stored(age), serve: () => 'stored' });
  const open = new AbortController().signal;

  test('returns what the work returns, and looks at nothing else', async () => {
    const untouched = {
      state: () => expect.fail('the state was read'),
      serve: () => expect.fail('the stored response was served'),
    };
    expect(await withStaleIfError(async () => 'made', untouched, open)).toBe('made');
  });
  test('serves the stored response after a transient error', async () => {
    expect(await withStaleIfError(() => Promise.reject(BROKEN), serving(61), open)).toBe('stored');
  });
  test.each([
    ['a definitive error', GONE, serving(61), open],
    ['an error that nothing is stored for', BROKEN, undefined, open],
    ['an error of a request that has left', BROKEN, serving(61), AbortSignal.abort()],
    ['an error after the time of stale-if-error', BROKEN, serving(700_000), open],
  ])('throws %s', async (_what, error, state, signal) => {
    await expect(withStaleIfError(() => Promise.reject(error), state, signal)).rejects.toBe(error);
  });
});
