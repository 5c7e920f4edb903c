/**
 * When the origin is asked again, over sockets: one row for each rule of RFC 9111, in the groups of the public suite
 * http-tests/cache-tests. Every lifetime here is the origin's own; the deployment adds none.
 */
import { describe, expect, test } from 'vitest';
import type { Route } from '../origin.ts';
import { testHandler } from '../requests.ts';
import { later, photo, sourceOf } from './source.ts';

const STRICT = { RESULT_DEFAULT_AGE: '0', RESULT_STALE_WHILE_REVALIDATE: '0', RESULT_STALE_IF_ERROR: '0' };
const HOUR = 3600;
const date = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();
const rfc850 = (seconds: number) => {
  const [, day, month, year, time] = /, (\d\d) (\w+) \d\d(\d\d) ([\d:]+)/.exec(date(seconds)) ?? [];
  const weekday = new Date(Date.now() + seconds * 1000).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
  return `${weekday}, ${day}-${month}-${year} ${time} GMT`;
};
const cc = (value: string) => ({ 'cache-control': value });

/** Response headers, seconds that pass, and whether a second request is served without asking the origin. */
type Row = readonly [what: string, headers: () => Record<string, string>, seconds: number, isCached: boolean];
const row = (
  headers: Record<string, string> | (() => Record<string, string>),
  seconds: number,
  isCached: boolean,
): Row => {
  const of = typeof headers === 'function' ? headers : () => headers;
  return [JSON.stringify(of()), of, seconds, isCached];
};

const GROUPS: Readonly<Record<string, readonly Row[]>> = {
  'cc-parse': [
    row(cc('max-age=60'), 10, true),
    row(cc('Max-Age=60'), 10, true),
    row(cc('max-age="60"'), 10, true),
    row(cc('  max-age=60 ,  '), 10, true),
    row(cc('foo="max-age=60"'), 10, false),
    row(cc('foo="a, b", max-age=60'), 10, true),
    row(cc("max-age='60'"), 10, false),
    row(cc('max-age = 60'), 10, false),
    row(cc('max-age=60.5'), 10, false),
    row(cc('max-age=-60'), 10, false),
    row(cc('max-age=0x60'), 10, false),
    row(cc('max-age=6e3'), 10, false),
    row(cc('max-age=a'), 10, false),
    row(cc('max-age'), 10, false),
    row(cc('max-age=060'), 10, true),
    row(cc('max-age=99999999999999999999'), HOUR / 20, true),
    row(cc('max-age=60, max-age=0'), 10, false),
    row(cc('max-age=60, No-Store'), 10, false),
    row(cc('max-age=60, no-store=""'), 10, false),
    row(cc('max-age=60; private'), 10, false),
    row(cc('PRIVATE="set-cookie", max-age=60'), 10, false),
    row(cc('max-age=60, no-cache="x"'), 10, false),
    row(cc(`max-age=60, ${'x'.repeat(300)}`), 10, false),
    row(cc('immutable'), 10, true),
  ],
  freshness: [
    row({}, 1, false),
    row(cc('max-age=60'), 61, false),
    row(cc('max-age=0'), 1, false),
    row(cc('s-maxage=60'), 10, true),
    row(cc('max-age=1, s-maxage=60'), 10, true),
    row(cc('max-age=60, s-maxage=1'), 10, false),
    row(cc('public, max-age=60'), 59, true),
    row(cc('no-cache, max-age=60'), 1, false),
    row(cc('must-revalidate, max-age=60'), 10, true),
    row(cc('proxy-revalidate, max-age=60'), 10, true),
    row({ pragma: 'no-cache' }, 1, false),
    row({ pragma: 'no-cache', ...cc('max-age=60') }, 10, true),
  ],
  age: [
    row({ age: '30', ...cc('max-age=60') }, 10, true),
    row({ age: '30', ...cc('max-age=60') }, 31, false),
    row({ age: '7200', ...cc('max-age=3600') }, 0, false),
    row({ age: '99999999999999999999', ...cc('max-age=3600') }, 0, false),
    row({ age: '-7200', ...cc('max-age=3600') }, 10, true),
    row({ age: '7200.0', ...cc('max-age=3600') }, 10, true),
    row({ age: '0, 7200', ...cc('max-age=3600') }, 10, true),
    row({ age: '7200, 0', ...cc('max-age=3600') }, 0, false),
    row({ age: 'abc', ...cc('max-age=3600') }, 10, true),
    row(() => ({ date: date(-2 * HOUR), ...cc('max-age=3600') }), 0, false),
    row(() => ({ date: date(-HOUR / 2), ...cc('max-age=3600') }), 60, true),
    row(() => ({ date: date(HOUR), ...cc('max-age=3600') }), 60, true),
  ],
  expires: [
    row(() => ({ expires: date(60) }), 10, true),
    row(() => ({ expires: date(60) }), 61, false),
    row(() => ({ expires: rfc850(60) }), 10, true),
    row(() => ({ expires: date(-60) }), 0, false),
    row({ expires: '0' }, 0, false),
    row({ expires: '' }, 0, false),
    row(() => ({ expires: date(60).replace('GMT', 'UTC') }), 0, false),
    row(() => ({ expires: date(60).replace(',', '') }), 0, false),
    row(() => ({ expires: date(60).replace(/ GMT/, '') }), 0, false),
    row(() => ({ expires: date(60).replaceAll(' ', '-') }), 0, false),
    row(() => ({ expires: String(Date.now() + 60_000) }), 0, false),
    row(() => ({ expires: date(-60), ...cc('max-age=60') }), 10, true),
    row(() => ({ expires: date(60), ...cc('max-age=0') }), 0, false),
    row(() => ({ expires: date(600), date: date(-HOUR) }), 0, true),
    row(() => ({ expires: date(600), date: date(-HOUR) }), 601, false),
  ],
  vary: [
    row({ vary: '*', ...cc('max-age=60') }, 1, false),
    row({ vary: 'accept, *', ...cc('max-age=60') }, 1, false),
    row({ vary: '*, accept', ...cc('max-age=60') }, 1, false),
    // The same for every client: requests to origins have the same header fields.
    row({ vary: 'accept', ...cc('max-age=60') }, 10, true),
  ],
};

describe.each(Object.entries(GROUPS))('%s', (_group, rows) => {
  test.each(rows)('%s, after %3$i s: cached %4$s', async (_what, headers, seconds, isCached) => {
    const { ask, hits } = sourceOf(testHandler(STRICT), { body: photo, headers: headers() });
    expect((await ask()).status).toBe(200);
    later(seconds);
    expect((await ask()).status).toBe(200);
    expect(hits()).toBe(isCached ? 1 : 2);
  });
});

describe('stale: whether a stale image is returned after an error', () => {
  const staleIfError = cc('max-age=60, stale-if-error=600');
  test.each<[string, Record<string, string>, Route, number, boolean]>([
    ['allowed', staleIfError, { status: 503 }, 61, true],
    ['no response', staleIfError, { framing: 'silent' }, 61, true],
    ['too old', staleIfError, { status: 503 }, 661, false],
    ['not allowed', cc('max-age=60'), { status: 503 }, 61, false],
    ['must-revalidate', cc('max-age=60, must-revalidate, stale-if-error=600'), { status: 503 }, 61, false],
    ['proxy-revalidate', cc('max-age=60, proxy-revalidate, stale-if-error=600'), { status: 503 }, 61, false],
    ['s-maxage', cc('s-maxage=60'), { status: 503 }, 61, false],
    ['403', staleIfError, { status: 403 }, 61, false],
    ['429', staleIfError, { status: 429 }, 61, false],
    ['404', staleIfError, { status: 404 }, 61, false],
    ['a page', staleIfError, { body: '<!doctype html>' }, 61, false],
  ])('%s', async (_what, headers, then, seconds, isStale) => {
    const { ask, becomes } = sourceOf(testHandler({ ...STRICT, SOURCE_IDLE_TIMEOUT: '300' }), { body: photo, headers });
    await ask();
    becomes(then);
    later(seconds);
    expect((await ask()).status === 200).toBe(isStale);
  });
});

describe('status: only a 200 is an image, and only a 404 or 410 has a lifetime of its own', () => {
  test.each<[number, number, boolean]>([
    [404, 404, true],
    [410, 404, true],
    [204, 502, false],
    [400, 502, false],
    [403, 502, false],
    [500, 502, false],
    [599, 502, false],
  ])('%i with max-age=600 is %i; cached after 20 s: %s', async (status, expected, isCached) => {
    const { ask, hits } = sourceOf(testHandler(STRICT), { status, headers: cc('max-age=600') });
    expect((await ask()).status).toBe(expected);
    later(20);
    await ask();
    expect(hits()).toBe(isCached ? 1 : 2);
  });
});

describe('redirect: the strictest of the chain', () => {
  test.each<[string, number, Record<string, string>, Record<string, string>, number, boolean]>([
    ['both have a lifetime', 302, cc('max-age=60'), cc('max-age=600'), 30, true],
    ['that of the redirect has passed', 302, cc('max-age=60'), cc('max-age=600'), 61, false],
    ['that of the target has passed', 302, cc('max-age=600'), cc('max-age=60'), 61, false],
    ['a temporary one without', 302, {}, cc('max-age=600'), 1, false],
    ['a permanent one without', 301, {}, cc('max-age=600'), 60, true],
    ['a permanent one, no-store', 308, cc('no-store'), cc('max-age=600'), 1, false],
    ['private', 307, cc('private, max-age=600'), cc('max-age=600'), 1, false],
    ['Vary: *', 301, { vary: '*' }, cc('max-age=600'), 1, false],
  ])('%s', async (_what, status, redirect, target, seconds, isCached) => {
    const handler = testHandler(STRICT);
    const { path } = sourceOf(handler, { body: photo, headers: target });
    const { ask, hits } = sourceOf(handler, { status, headers: { ...redirect, location: path } });
    expect((await ask()).status).toBe(200);
    later(seconds);
    expect((await ask()).status).toBe(200);
    expect(hits()).toBe(isCached ? 1 : 2);
  });
});
