/** The fields that caching depends on, by RFC 9111, RFC 5861 and RFC 9110, 5.6.7; what cannot be read is strict. */
import { describe, expect, test } from 'vitest';
import {
  type CacheControl,
  MAX_DELTA_SECONDS,
  parseAge,
  parseCacheControl,
  parseHttpDate,
  variesOnEverything,
} from '../../src/http/cache-control.ts';
import { parseCacheHeaders } from '../../src/http/freshness.ts';

describe('Cache-Control', () => {
  const NONE: CacheControl = {
    noStore: false,
    isPrivate: false,
    noCache: false,
    mustRevalidate: false,
    proxyRevalidate: false,
    immutable: false,
    maxAge: undefined,
    sMaxage: undefined,
    staleWhileRevalidate: undefined,
    staleIfError: undefined,
  };
  test.each<[string | undefined, Partial<CacheControl>]>([
    [undefined, {}],
    ['', {}],
    ['public', {}],
    ['max-age=60', { maxAge: 60 }],
    ['MAX-AGE=60', { maxAge: 60 }],
    ['Private', { isPrivate: true }],
    ['PRIVATE, Max-Age=60', { isPrivate: true, maxAge: 60 }],
    ['No-Store', { noStore: true }],
    ['NO-CaChE', { noCache: true }],
    ['S-MaxAge=5', { sMaxage: 5 }],
    ['Must-Revalidate, PROXY-REVALIDATE, Immutable', { mustRevalidate: true, proxyRevalidate: true, immutable: true }],
    ['Stale-While-Revalidate=7, STALE-IF-ERROR=8', { staleWhileRevalidate: 7, staleIfError: 8 }],
    // Quoted strings.
    ['max-age="60"', { maxAge: 60 }],
    ['no-store=""', { noStore: true }],
    ['no-store="x"', { noStore: true }],
    ['private="set-cookie"', { isPrivate: true }],
    ['private="set-cookie, max-age=9", max-age=60', { isPrivate: true, maxAge: 60 }],
    ['no-cache="set-cookie"', { noCache: true }],
    ['extension="max-age=3600, private", max-age=1', { maxAge: 1 }],
    ['max-age=1, extension="no-store"', { maxAge: 1 }],
    ['extension="a\\"b, private", max-age=1', { maxAge: 1 }],
    ['extension="open, private, max-age=60', { isPrivate: true, maxAge: 60 }],
    // Duplicates: the shortest.
    ['max-age=1800, max-age=1', { maxAge: 1 }],
    ['max-age=1, max-age=1800', { maxAge: 1 }],
    ['max-age=60, max-age=x', { maxAge: 0 }],
    ['private, public', { isPrivate: true }],
    // Separators.
    ['max-age=60; private', { maxAge: 60, isPrivate: true }],
    ['max-age=60;no-store', { maxAge: 60, noStore: true }],
    [' ,, max-age=60 ,\t,private ', { maxAge: 60, isPrivate: true }],
    // Lifetimes that are none: stale.
    ['max-age', { maxAge: 0 }],
    ['max-age=', { maxAge: 0 }],
    ['max-age=-1', { maxAge: 0 }],
    ['max-age=1.5', { maxAge: 0 }],
    ['max-age=0x10', { maxAge: 0 }],
    ['max-age=1e3', { maxAge: 0 }],
    ["max-age='3600'", { maxAge: 0 }],
    ['max-age=3600a', { maxAge: 0 }],
    ['max-age =3600', { maxAge: 0 }],
    ['max-age= 3600', { maxAge: 0 }],
    ['stale-if-error=yes', { staleIfError: 0 }],
    ['max-age=003600', { maxAge: 3600 }],
    ['max-age=99999999999', { maxAge: MAX_DELTA_SECONDS }],
    // Other names.
    ['x-max-age=60, max-ages=60, privately, no-storex', {}],
    ['max-age2=60', {}],
  ])('%s', (field, directives) => expect(parseCacheControl(field)).toEqual({ ...NONE, ...directives }));

  test('a megabyte of directives is parsed once', () => {
    expect(parseCacheControl('max-age=60,'.repeat(1000)).maxAge).toBe(60);
  });
});

test.each([
  [undefined, 0],
  ['0', 0],
  ['30', 30],
  [' 30 ', 30],
  ['30, 40', 30],
  ['old, 40', 40],
  ['-1', 0],
  ['-1, 7', 7],
  ['1.9', 0],
  ['0x10', 0],
  ['1e3', 0],
  ['99999999999', MAX_DELTA_SECONDS],
])('Age: %s', (field, age) => expect(parseAge(field)).toBe(age));

test.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
  ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
  ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
  ['0', undefined],
  ['-1', undefined],
  ['', undefined],
  ['Sun, 6 Nov 1994 08:49:37 GMT', undefined],
  ['Sun, 06 Nov 1994 08:49:37 UTC', undefined],
  ['Sun, 06 Nov 1994 08:49:37 +0200', undefined],
  ['Sun, 06-Nov-1994 08:49:37 GMT', undefined],
  ['Sun, 06 Nov 1994 8:49:37 GMT', undefined],
  ['06 Nov 1994 08:49:37 GMT', undefined],
  ['1994-11-06T08:49:37Z', undefined],
  ['Sun, 06 Nov 1994 08.49.37 GMT', undefined],
  ['sun, 06 nov 1994 08:49:37 gmt', '1994-11-06T08:49:37.000Z'],
  ['SUN, 06 NOV 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
  // Two digits: not more than 50 years ahead (RFC 9110, 5.6.7).
  ['Sunday, 06-Nov-50 08:49:37 GMT', '2050-11-06T08:49:37.000Z'],
  ['Friday, 06-Nov-76 08:49:37 GMT', '2076-11-06T08:49:37.000Z'],
  ['Sunday, 06-Nov-77 08:49:37 GMT', '1977-11-06T08:49:37.000Z'],
])('date %s', (text, iso) => {
  const time = parseHttpDate(text, Date.UTC(2026, 10, 30));
  expect(time === undefined ? undefined : new Date(time).toISOString()).toBe(iso);
});

test.each([
  ['*', true],
  ['Accept, *', true],
  ['*, Accept', true],
  ['Accept', false],
  ['Accept*', false],
  [undefined, false],
])('Vary: %s', (field, expected) => expect(variesOnEverything(field)).toBe(expected));

describe('a lifetime of a response', () => {
  const NOW = Date.UTC(2026, 10, 1);
  const at = (seconds: number) => new Date(NOW + seconds * 1000).toUTCString();
  const lifetimeOf = (headers: Record<string, string>) => {
    const { scope, maxAge, sharedMaxAge, age, staleWhileRevalidate, revalidation } = parseCacheHeaders(headers, NOW);
    return { scope, maxAge, sharedMaxAge, age, staleWhileRevalidate, revalidation };
  };
  const PUBLIC = { scope: 'public', maxAge: undefined, sharedMaxAge: undefined, age: 0 };
  test.each<[string, Record<string, string>, object]>([
    ['Date of an hour ago, Expires in ten minutes', { date: at(-3600), expires: at(600) }, { maxAge: 4200, age: 3600 }],
    ['Date of an hour ago', { date: at(-3600), 'cache-control': 'max-age=3600' }, { maxAge: 3600, age: 3600 }],
    ['Date of an hour ago, Age of two', { date: at(-3600), age: '7200' }, { age: 7200 }],
    ['Date in the future', { date: at(3600), expires: at(4200) }, { maxAge: 600, age: 0 }],
    ['an invalid Date', { date: 'yesterday', expires: at(600) }, { maxAge: 600, age: 0 }],
    ['Expires: 0', { expires: '0' }, { maxAge: 0 }],
    ['Expires in a lenient format', { expires: new Date(NOW + 600_000).toISOString() }, { maxAge: 0 }],
    ['Expires beside an invalid max-age', { expires: at(600), 'cache-control': 'max-age=x' }, { maxAge: 0 }],
    ['Pragma alone', { pragma: 'no-cache' }, { maxAge: 0, staleWhileRevalidate: 0 }],
    ['another Pragma', { pragma: 'x-cache' }, { staleWhileRevalidate: undefined }],
    ['Pragma beside Cache-Control', { pragma: 'no-cache', 'cache-control': 'max-age=60' }, { maxAge: 60 }],
    ['Vary: Accept, *', { vary: 'Accept, *', 'cache-control': 'max-age=60' }, { maxAge: 0, staleWhileRevalidate: 0 }],
    [
      'proxy-revalidate with a lifetime',
      { 'cache-control': 'proxy-revalidate, max-age=60' },
      { maxAge: 60, staleWhileRevalidate: 0, revalidation: 'proxy-revalidate' },
    ],
    [
      'must-revalidate',
      { 'cache-control': 'max-age=60, must-revalidate' },
      { maxAge: 60, staleWhileRevalidate: 0, revalidation: 'must-revalidate' },
    ],
    ['s-maxage forbids stale responses', { 'cache-control': 's-maxage=0' }, { maxAge: 0, staleWhileRevalidate: 0 }],
    [
      's-maxage of an origin that allows them',
      { 'cache-control': 's-maxage=9, stale-while-revalidate=5' },
      { maxAge: 9, staleWhileRevalidate: 5 },
    ],
    ['no-store before private', { 'cache-control': 'private, no-store' }, { scope: 'none' }],
  ])('%s', (_what, headers, expected) => {
    const { maxAge, sharedMaxAge = maxAge, ...more } = { maxAge: undefined, ...expected } as Record<string, unknown>;
    expect(lifetimeOf(headers)).toMatchObject({ ...PUBLIC, maxAge, sharedMaxAge, ...more });
  });
});
