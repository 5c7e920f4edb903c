/** RFC 9111, section 4.2, and RFC 5861, without a socket: directives of the origin, lifetimes of the response. */
import { describe, expect, test } from 'vitest';
import {
  type CacheDirectives,
  type Freshness,
  type FreshnessBounds,
  freshness,
  isFresh,
  isWithinStaleIfError,
  isWithinStaleWhileRevalidate,
  parseCacheHeaders,
  parseDuration,
} from '../../src/http/freshness.ts';

const NOW = Date.UTC(2026, 10, 1);
const DATE = new Date(NOW).toUTCString();
const IN_AN_HOUR = new Date(NOW + 3_600_000).toUTCString();

describe('parseCacheHeaders', () => {
  test.each<[string, Record<string, string | undefined>, Partial<CacheDirectives>]>([
    ['no header: no lifetime, no heuristic', {}, {}],
    ['a header that is undefined', { 'cache-control': undefined }, {}],
    ['Last-Modified is no lifetime', { 'last-modified': 'Sun, 01 Nov 2020 00:00:00 GMT' }, {}],
    ['max-age', { 'cache-control': 'max-age=60' }, { maxAge: 60, sharedMaxAge: 60 }],
    ['s-maxage', { 'cache-control': 'max-age=60, s-maxage=120' }, { maxAge: 60, sharedMaxAge: 120 }],
    ['max-age before Expires', { 'cache-control': 'max-age=60', expires: DATE }, { maxAge: 60, sharedMaxAge: 60 }],
    ['Expires', { date: DATE, expires: IN_AN_HOUR }, { maxAge: 3600, sharedMaxAge: 3600 }],
    ['Expires of the past', { date: DATE, expires: DATE }, { maxAge: 0, sharedMaxAge: 0 }],
    ['Expires that is no date', { expires: '0' }, { maxAge: 0, sharedMaxAge: 0 }],
    ['public alone', { 'cache-control': 'public' }, {}],
    ['private', { 'cache-control': 'private, max-age=60' }, { scope: 'private', maxAge: 60, sharedMaxAge: 60 }],
    [
      'private ignores s-maxage',
      { 'cache-control': 'private, max-age=60, s-maxage=9' },
      { scope: 'private', maxAge: 60 },
    ],
    ['no-store', { 'cache-control': 'no-store' }, { scope: 'none' }],
    ['no-store wins', { 'cache-control': 'no-store, max-age=60' }, { scope: 'none' }],
    [
      'no-cache: stored, revalidated',
      { 'cache-control': 'no-cache' },
      { maxAge: 0, sharedMaxAge: 0, staleWhileRevalidate: 0, staleIfError: 0 },
    ],
    ['Pragma: no-cache', { pragma: 'no-cache' }, { maxAge: 0, sharedMaxAge: 0 }],
    ['Pragma is ignored beside Cache-Control', { pragma: 'no-cache', 'cache-control': 'max-age=9' }, { maxAge: 9 }],
    ['Vary: *', { vary: '*' }, { maxAge: 0, sharedMaxAge: 0 }],
    ['Vary: Accept', { vary: 'Accept', 'cache-control': 'max-age=60' }, { maxAge: 60 }],
    [
      'RFC 5861',
      { 'cache-control': 'max-age=1, stale-while-revalidate=30, stale-if-error=90' },
      { staleWhileRevalidate: 30, staleIfError: 90 },
    ],
    ['RFC 5861, quoted', { 'cache-control': 'stale-while-revalidate="30"' }, { staleWhileRevalidate: 30 }],
    ['RFC 5861, not a number', { 'cache-control': 'stale-if-error=x' }, { staleIfError: 0 }],
    ['RFC 5861, another name', { 'cache-control': 'x-stale-if-error=5' }, { staleIfError: undefined }],
    [
      'must-revalidate forbids stale responses',
      { 'cache-control': 'max-age=60, must-revalidate, stale-if-error=90' },
      { maxAge: 60, staleWhileRevalidate: 0, staleIfError: 0 },
    ],
    [
      'proxy-revalidate does too',
      { 'cache-control': 'max-age=60, proxy-revalidate, stale-if-error=90' },
      { staleWhileRevalidate: 0, staleIfError: 0 },
    ],
    ['Age', { age: '30', 'cache-control': 'max-age=60' }, { age: 30, maxAge: 60 }],
    ['Age with a fraction', { age: '1.9' }, { age: 0 }],
    ['Age that is not a number', { age: 'old' }, { age: 0 }],
    ['Age beyond 2^31 - 1', { age: '99999999999' }, { age: 2_147_483_647 }],
  ])('%s', (_what, headers, expected) =>
    expect(parseCacheHeaders(headers, NOW)).toMatchObject({ scope: 'public', age: 0, receivedAt: NOW, ...expected }),
  );

  test.each([
    [{}, 3],
    [{ age: '10' }, 13],
    [{ date: new Date(NOW - 12_000).toUTCString(), age: '10' }, 13],
    [{ date: new Date(NOW - 20_000).toUTCString(), age: '10' }, 20],
  ])('the time of the request is part of the age (RFC 9111, 4.2.3): %j', (headers, age) =>
    expect(parseCacheHeaders(headers, NOW, NOW - 3000).age).toBe(age),
  );
  test('without an explicit lifetime it has none', () =>
    expect(parseCacheHeaders({ 'last-modified': DATE }, NOW)).not.toHaveProperty('maxAge'));

  test('its result can be stored as JSON', () => {
    const directives = parseCacheHeaders({ 'cache-control': 'max-age=60' }, NOW);
    expect(JSON.parse(JSON.stringify(directives))).toMatchObject({ maxAge: 60, receivedAt: NOW });
  });
});

const BOUNDS: FreshnessBounds = {
  resultDefaultAge: 1000,
  resultMinAge: 0,
  resultMaxAge: 5000,
  resultStaleWhileRevalidate: 60,
  resultStaleIfError: 600,
};
const seconds = (count: number) => NOW / 1000 + count;

describe('freshness', () => {
  const compute = (
    directives: Partial<CacheDirectives>,
    requested: Parameters<typeof freshness>[1] = {},
    bounds: Partial<FreshnessBounds> = {},
  ) => freshness({ scope: 'public', age: 0, receivedAt: NOW, ...directives }, requested, { ...BOUNDS, ...bounds }, NOW);

  test.each<[string, Partial<CacheDirectives>, Parameters<typeof freshness>[1], Partial<Freshness>]>([
    ['the default, where the origin sends none', {}, {}, { maxAge: 1000, sharedMaxAge: 1000, age: 0 }],
    ["the origin's", { maxAge: 10, sharedMaxAge: 20 }, {}, { maxAge: 10, sharedMaxAge: 20 }],
    [
      "maxage before the origin's",
      { maxAge: 10, sharedMaxAge: 20 },
      { maxAge: 300 },
      { maxAge: 300, sharedMaxAge: 300 },
    ],
    ['at most the maximum', { maxAge: 9999, sharedMaxAge: 9999 }, {}, { maxAge: 5000, sharedMaxAge: 5000 }],
    ['maxage, at most the maximum', {}, { maxAge: 9999 }, { maxAge: 5000, sharedMaxAge: 5000 }],
    ['Age of the origin counts', { maxAge: 10, sharedMaxAge: 10, age: 4 }, {}, { maxAge: 10, age: 4 }],
    ['Age does not count for a lifetime of ours', { age: 4 }, {}, { maxAge: 1000, age: 0 }],
    ['the time since it was received', { receivedAt: NOW - 7900 }, {}, { age: 7 }],
    ['both', { maxAge: 10, sharedMaxAge: 10, age: 4, receivedAt: NOW - 7900 }, {}, { age: 11 }],
    ['a clock that went back', { receivedAt: NOW + 5000 }, {}, { age: 0 }],
    ['not beyond exp', {}, { until: seconds(100) }, { maxAge: 100, sharedMaxAge: 100 }],
    ['exp counts from now', { receivedAt: NOW - 7000 }, { until: seconds(100) }, { maxAge: 107, age: 7 }],
    ['exp of the past', {}, { until: seconds(-5) }, { maxAge: 0, sharedMaxAge: 0 }],
    ['a later exp changes nothing', {}, { until: seconds(9999) }, { maxAge: 1000 }],
    ['stale lifetimes by default', {}, {}, { staleWhileRevalidate: 60, staleIfError: 600 }],
    [
      "the origin's stale lifetimes",
      { staleWhileRevalidate: 5, staleIfError: 0 },
      {},
      { staleWhileRevalidate: 5, staleIfError: 0 },
    ],
    ['stale lifetimes end with exp', {}, { until: seconds(1010) }, { staleWhileRevalidate: 10, staleIfError: 10 }],
    ['no stale response beyond exp', {}, { until: seconds(100) }, { staleWhileRevalidate: 0, staleIfError: 0 }],
    ['not beyond the limit of the key', {}, { limit: 300 }, { maxAge: 300, staleWhileRevalidate: 0, staleIfError: 0 }],
    [
      'the limit is shared by the fresh and the stale lifetime',
      { maxAge: 10, sharedMaxAge: 280 },
      { limit: 300 },
      { maxAge: 10, sharedMaxAge: 280, staleWhileRevalidate: 20, staleIfError: 20 },
    ],
    [
      'the limit holds for the lifetimes of the origin',
      { maxAge: 10, sharedMaxAge: 10, staleWhileRevalidate: 5, staleIfError: 86_400 },
      { limit: 300 },
      { staleWhileRevalidate: 5, staleIfError: 290 },
    ],
    ['a limit of 0', {}, { limit: 0 }, { maxAge: 0, sharedMaxAge: 0, staleWhileRevalidate: 0, staleIfError: 0 }],
    ['the sooner of limit and exp', {}, { limit: 1020, until: seconds(1010) }, { staleIfError: 10 }],
    ['a later limit changes nothing', {}, { limit: 9999 }, { maxAge: 1000, staleIfError: 600 }],
    ['no stale response of what is always revalidated', { maxAge: 0, sharedMaxAge: 0 }, {}, { staleIfError: 0 }],
    ['no stale response where it is private', { scope: 'private' }, {}, { scope: 'private', staleIfError: 0 }],
    ['no-store stays', { scope: 'none' }, { maxAge: 300 }, { scope: 'none', staleWhileRevalidate: 0 }],
    ['private stays', { scope: 'private' }, { maxAge: 300 }, { scope: 'private', maxAge: 300 }],
  ])('%s', (_what, directives, requested, expected) =>
    expect(compute(directives, requested)).toMatchObject({ scope: 'public', ...expected }),
  );

  test('at least the minimum', () => {
    const directives = { maxAge: 1, sharedMaxAge: 2 };
    expect(compute(directives, {}, { resultMinAge: 30 })).toMatchObject({ maxAge: 30, sharedMaxAge: 30 });
    expect(compute({}, { maxAge: 1 }, { resultMinAge: 30 })).toMatchObject({ maxAge: 30, sharedMaxAge: 30 });
  });
  test('the limit is shorter than the minimum', () =>
    expect(compute({}, { limit: 10 }, { resultMinAge: 30 })).toMatchObject({ maxAge: 10, staleIfError: 0 }));
  test('exp is shorter than the minimum', () =>
    expect(compute({}, { until: seconds(10) }, { resultMinAge: 30 })).toMatchObject({ maxAge: 10, sharedMaxAge: 10 }));
});

describe('fresh and stale, by the lifetime for a shared cache', () => {
  const at = (age: number): Freshness => ({
    scope: 'public',
    maxAge: 5,
    sharedMaxAge: 10,
    age,
    staleWhileRevalidate: 20,
    staleIfError: 30,
  });
  test.each([
    [0, true, true, true],
    [9, true, true, true],
    [10, false, true, true],
    [29, false, true, true],
    [30, false, false, true],
    [39, false, false, true],
    [40, false, false, false],
  ])('%i s old', (age, fresh, whileRevalidate, ifError) =>
    expect([isFresh(at(age)), isWithinStaleWhileRevalidate(at(age)), isWithinStaleIfError(at(age))]).toEqual([
      fresh,
      whileRevalidate,
      ifError,
    ]),
  );
});

test.each([
  ['30s', 30],
  ['5m', 300],
  ['2h', 7200],
  ['1d', 86_400],
  ['2w', 1_209_600],
  ['1M', 2_592_000],
  ['1y', 31_536_000],
  ['0s', 0],
  ['', Number.NaN],
  ['5', Number.NaN],
  ['m', Number.NaN],
  ['-5m', Number.NaN],
  ['1.5h', Number.NaN],
  ['5 m', Number.NaN],
  ['1d5h', Number.NaN],
  ['1234567890s', Number.NaN],
])('parseDuration(%j)', (duration, expected) => expect(parseDuration(duration)).toBe(expected));
