/** Headers of a response, without a socket. */
import { describe, expect, test } from 'vitest';
import type { Freshness } from '../../src/http/freshness.ts';
import {
  cacheHeaders,
  cacheTags,
  contentHeaders,
  extension,
  type ResponseMeta,
  representationHeaders,
  sanitizeHeaders,
  sourceTag,
} from '../../src/http/headers.ts';

const FRESHNESS: Freshness = {
  scope: 'public',
  maxAge: 60,
  sharedMaxAge: 60,
  age: 0,
  staleWhileRevalidate: 0,
  staleIfError: 0,
};

const NOW = Date.UTC(2026, 10, 30, 12);

describe('cacheHeaders', () => {
  test.each<[string, Partial<Freshness>, string]>([
    ['one lifetime', {}, 'public, max-age=60'],
    ['another for shared caches', { sharedMaxAge: 120 }, 'public, max-age=60, s-maxage=120'],
    ['for shared caches only', { maxAge: 0, sharedMaxAge: 120 }, 'public, max-age=0, s-maxage=120'],
    ['for browsers only', { sharedMaxAge: 0 }, 'public, max-age=60, s-maxage=0'],
    ['no lifetime', { maxAge: 0, sharedMaxAge: 0 }, 'public, no-cache'],
    [
      'RFC 5861',
      { staleWhileRevalidate: 30, staleIfError: 90 },
      'public, max-age=60, stale-while-revalidate=30, stale-if-error=90',
    ],
    ['one of them', { staleIfError: 90 }, 'public, max-age=60, stale-if-error=90'],
    ['private', { scope: 'private', sharedMaxAge: 120 }, 'private, max-age=60'],
    ['private, no lifetime', { scope: 'private', maxAge: 0, sharedMaxAge: 120 }, 'private, no-cache'],
    ['none', { scope: 'none', staleIfError: 90 }, 'no-store'],
  ])('%s', (_what, freshness, expected) =>
    expect(cacheHeaders({ ...FRESHNESS, ...freshness }, NOW)).toEqual({ 'Cache-Control': expected }),
  );
  test('Age, where it is not 0, and the Date at which the response was generated', () =>
    expect(cacheHeaders({ ...FRESHNESS, age: 7 }, NOW)).toEqual({
      'Cache-Control': 'public, max-age=60',
      Age: '7',
      Date: 'Mon, 30 Nov 2026 11:59:53 GMT',
    }));
  test('no Age beside no-store', () =>
    expect(cacheHeaders({ ...FRESHNESS, scope: 'none', age: 7 }, NOW)).toEqual({ 'Cache-Control': 'no-store' }));
});

describe('representationHeaders', () => {
  const META: ResponseMeta = { freshness: FRESHNESS, now: NOW, timings: {}, tags: ['a', 'b'], vary: undefined };
  test('of an image without validators', () =>
    expect(representationHeaders(META)).toEqual({
      'Cache-Control': 'public, max-age=60',
      'Cache-Tag': 'a,b',
      'Server-Timing': '',
    }));
  test('of a negotiated image with validators', () =>
    expect(
      representationHeaders({
        ...META,
        etag: 'W/"1"',
        lastModified: 'Sun, 01 Nov 2020 00:00:00 GMT',
        vary: 'Accept',
      }),
    ).toMatchObject({ ETag: 'W/"1"', 'Last-Modified': 'Sun, 01 Nov 2020 00:00:00 GMT', Vary: 'Accept' }));
  test('Server-Timing: durations to 0.1 ms, the cache status, no bytes', () =>
    expect(
      representationHeaders({ ...META, timings: { dns: 1.26, encode: 12, cache: 'miss', bytesIn: 999 } }),
    ).toHaveProperty('Server-Timing', 'dns;dur=1.3, encode;dur=12.0, cache;desc=miss'));
});

describe('contentHeaders', () => {
  const data = Buffer.from('abc');
  const inline = { download: false };
  test('of an image', () =>
    expect(contentHeaders({ type: 'image/webp', data }, inline)).toEqual({
      'Content-Type': 'image/webp',
      'Content-Length': '3',
    }));
  test('the length of a string is in bytes', () =>
    expect(contentHeaders({ type: 'text/plain', data: 'é' }, inline)).toHaveProperty('Content-Length', '2'));
  test.each([
    ['image/jpeg', { filename: 'cat', download: false }, 'inline; filename="cat.jpg"'],
    ['image/webp', { filename: 'cat', download: true }, 'attachment; filename="cat.webp"'],
    ['image/png', { download: true }, 'attachment; filename="image.png"'],
    ['text/plain; charset=utf-8', { download: true }, 'attachment; filename="image.txt"'],
  ])('Content-Disposition of %s, %j', (type, disposition, expected) =>
    expect(contentHeaders({ type, data }, disposition)).toHaveProperty('Content-Disposition', expected),
  );
  test('facts about the output', () => {
    const content = { type: 'image/webp', data, sourceFrameCount: 9, encoder: 'x', quality: 70, degraded: ['a', 'b'] };
    expect(contentHeaders(content, inline)).toMatchObject({
      'Pixgate-Frames-Of': '9',
      'Pixgate-Encoder': 'x',
      'Pixgate-Quality': '70',
      'Pixgate-Degraded': 'a, b',
    });
    const svg = { stripped: ['font', 'script'], unsupported: ['animation'] };
    expect(contentHeaders({ type: 'image/png', data, svg }, inline)).toHaveProperty(
      'Pixgate-SVG',
      'stripped=font,script; unsupported=animation',
    );
    const allDrawn = { type: 'image/png', data, svg: { stripped: [], unsupported: [] } };
    expect(contentHeaders(allDrawn, inline)).not.toHaveProperty('Pixgate-SVG');
    const without = { type: 'image/webp', data, degraded: [] };
    expect(Object.keys(contentHeaders(without, inline))).toEqual(['Content-Type', 'Content-Length']);
  });
});

test.each([
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['application/json', 'json'],
  ['text/plain; charset=utf-8', 'txt'],
])('extension of %s', (type, expected) => expect(extension(type)).toBe(expected));

describe('sanitizeHeaders', () => {
  const DATE = 'Sun, 01 Nov 2020 00:00:00 GMT';
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['valid ones stay', { etag: '"a"', 'last-modified': DATE }, { etag: '"a"', 'last-modified': DATE }],
    ['300 characters stay', { etag: 'a'.repeat(300) }, { etag: 'a'.repeat(300) }],
    ['more do not', { etag: 'a'.repeat(301), age: '1' }, { age: '1' }],
    ['Last-Modified must be a date', { 'last-modified': 'yesterday', age: '1' }, { age: '1' }],
    ['Date is not sent on, so any string', { date: 'yesterday' }, { date: 'yesterday' }],
  ])('%s', (_what, headers, expected) => expect(sanitizeHeaders(headers)).toEqual(expected));
});

test('cache tags name the host, but not the URL', () => {
  const url = 'https://cdn.example.com/secret.jpg?token=x';
  expect(cacheTags(url)).toEqual([sourceTag(url), 'h-cdn.example.com']);
  expect(sourceTag(url)).toMatch(/^u-[\w-]{16}$/);
  expect(sourceTag(`${url}1`)).not.toBe(sourceTag(url));
});
