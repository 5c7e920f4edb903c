/** How long errors of a source are cached, without a socket. */
import { describe, expect, test } from 'vitest';
import type { ErrorLifetime } from '../../src/errors.ts';
import { errorLifetime, parseRetryAfter, transientErrorLifetime } from '../../src/http/error-lifetime.ts';
import { parseCacheHeaders, strictestDirectives } from '../../src/http/freshness.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const date = (seconds: number) => new Date(NOW + seconds * 1000).toUTCString();
/** Seconds from now. */
const relative = ({ scope, expiresAt, heldUntil }: ErrorLifetime) => [
  scope,
  expiresAt === undefined ? undefined : (expiresAt - NOW) / 1000,
  heldUntil === undefined ? undefined : (heldUntil - NOW) / 1000,
];

describe('errorLifetime of a 404: scope, lifetime, seconds until the origin is asked again', () => {
  test.each<[string, Record<string, string>, ReturnType<typeof relative>]>([
    ['no lifetime', {}, ['public', undefined, undefined]],
    ['max-age', { 'cache-control': 'max-age=300' }, ['public', 300, 300]],
    ['a short max-age', { 'cache-control': 'max-age=5' }, ['public', 5, 5]],
    ['a year, bounded', { 'cache-control': 'max-age=31536000, immutable' }, ['public', 3600, 3600]],
    ['s-maxage, bounded by max-age', { 'cache-control': 'max-age=5, s-maxage=300' }, ['public', 5, 5]],
    ['s-maxage alone', { 'cache-control': 's-maxage=300' }, ['public', 300, 300]],
    ['Age', { 'cache-control': 'max-age=300', age: '200' }, ['public', 100, 100]],
    ['Age beyond it', { 'cache-control': 'max-age=300', age: '400' }, ['public', 0, 0]],
    ['Expires', { expires: date(90), date: date(0) }, ['public', 90, 90]],
    ['an invalid Expires', { expires: '0' }, ['public', 0, 0]],
    ['no-cache', { 'cache-control': 'no-cache' }, ['public', 0, 0]],
    ['max-age=0', { 'cache-control': 'max-age=0' }, ['public', 0, 0]],
    ['Vary: *', { 'cache-control': 'max-age=300', vary: '*' }, ['public', 0, 0]],
    ['private', { 'cache-control': 'private' }, ['private', undefined, 0]],
    ['private with a lifetime', { 'cache-control': 'Private, max-age=5' }, ['private', 5, 0]],
    ['no-store', { 'cache-control': 'No-Store, max-age=300' }, ['none', 300, 0]],
  ])('%s', (_what, headers, expected) =>
    expect(relative(errorLifetime(parseCacheHeaders(headers, NOW), NOW, true))).toEqual(expected),
  );
  test('behind a redirect without a lifetime: a minute at most', () => {
    const hop = { directives: parseCacheHeaders({}, NOW), isPermanent: false };
    const chain = strictestDirectives(parseCacheHeaders({ 'cache-control': 'max-age=300' }, NOW), [hop]);
    expect(relative(errorLifetime(chain, NOW, true)).slice(0, 2)).toEqual(['public', undefined]);
  });
});

describe('errorLifetime of a source that was received, such as a corrupt one', () => {
  test.each<[string, string | undefined, number, ReturnType<typeof relative>]>([
    ['no lifetime', undefined, 0, ['public', undefined, undefined]],
    ['a year', 'max-age=31536000', 200, ['public', undefined, undefined]],
    ['what is left of its lifetime', 'max-age=60', 50, ['public', 10, undefined]],
    ['stale', 'max-age=60', 70, ['public', 0, undefined]],
    ['private', 'private, max-age=300', 0, ['private', undefined, 0]],
    ['no-store', 'no-store', 0, ['none', undefined, 0]],
  ])('%s', (_what, control, age, expected) => {
    const directives = parseCacheHeaders({ 'cache-control': control }, NOW - age * 1000);
    expect(relative(errorLifetime(directives, NOW, false))).toEqual(expected);
  });
});

describe('Retry-After', () => {
  test.each<[string | undefined, number | undefined]>([
    ['20', 20],
    [' 20 ', 20],
    [date(20), 20],
    ['300', 300],
    ['301', 300],
    ['99999999999999999999', 300],
    [date(86_400), 300],
    ['0', undefined],
    [date(-1), undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['0x10', undefined],
    ['soon', undefined],
    ['20, 30', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s: %s s', (field, seconds) => {
    const time = parseRetryAfter(field, NOW);
    expect(time === undefined ? undefined : (time - NOW) / 1000).toBe(seconds);
    const lifetime = transientErrorLifetime(parseCacheHeaders({}, NOW), field, NOW);
    expect(lifetime).toEqual({ scope: 'none', retryAt: time, heldUntil: time });
  });
});

test.each([
  [{}, undefined],
  [{ 'cache-control': 'max-age=600' }, undefined],
  [{ 'cache-control': 'max-age=2' }, 2],
  [{ 'cache-control': 'max-age=600', age: '595' }, 5],
  [{ 'cache-control': 'no-cache, no-store, max-age=0' }, 1],
])('transientErrorLifetime of %j: held for %s s', (headers, seconds) =>
  expect(relative(transientErrorLifetime(parseCacheHeaders(headers, NOW), undefined, NOW))).toEqual([
    'none',
    undefined,
    seconds,
  ]),
);
