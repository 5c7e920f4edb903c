/** How long errors are cached and what the origin's headers change of it, over sockets. */
import { describe, expect, test } from 'vitest';
import { codeOf, testHandler } from '../requests.ts';
import { cacheOf, later, PATIENT, photo, sourceOf, V1 } from './source.ts';

const missing = (control?: string) => ({ status: 404, headers: control ? { 'cache-control': control } : {} });
const html = (control: string) => ({ body: '<!doctype html><p>login', headers: { 'cache-control': control } });
const cut = (control: string) => ({ body: photo.subarray(0, 300), headers: { 'cache-control': control } });

describe('a definitive error: its Cache-Control, and the requests to the origin after some seconds', () => {
  test.each([
    ['404', missing(), 404, 'public, max-age=60', [0, 9, 11], [1, 1, 2]],
    ['404, max-age', missing('max-age=120'), 404, 'public, max-age=120', [0, 60, 119, 121], [1, 1, 1, 2]],
    ['404, a year', missing('max-age=31536000'), 404, 'public, max-age=3600', [0, 3599, 3601], [1, 1, 2]],
    ['404, max-age=5', missing('max-age=5'), 404, 'public, max-age=5', [0, 4, 6], [1, 1, 2]],
    ['404, no-cache', missing('no-cache'), 404, 'public, no-cache', [0, 0], [1, 2]],
    ['404, private', missing('private'), 404, 'private, max-age=60', [0, 0], [1, 2]],
    ['404, no-store', missing('no-store'), 404, 'no-store', [0, 0], [1, 2]],
    ['410, No-Store', { ...missing('No-Store'), status: 410 }, 404, 'no-store', [0, 0], [1, 2]],
    ['a page', html('max-age=600'), 415, 'public, max-age=60', [0, 9, 11], [1, 1, 2]],
    ['a private page', html('private'), 415, 'private, max-age=60', [0, 0], [1, 2]],
    ['a page, no-store', html('no-store'), 415, 'no-store', [0, 0], [1, 2]],
    ['half an image', cut('max-age=600'), 422, 'public, max-age=60', [0, 30], [1, 1]],
    ['half a private image', cut('private'), 422, 'private, max-age=60', [0, 0], [1, 2]],
    ['half an image, no-store', cut('no-store'), 422, 'no-store', [0, 0], [1, 2]],
  ])('%s', async (_what, route, status, control, seconds, hits) => {
    const { ask, hits: count } = sourceOf(testHandler(), route);
    let now = 0;
    for (const [index, second] of seconds.entries()) {
      later(second - now);
      now = second;
      const reply = await ask();
      if (index === 0) expect([reply.status, reply.headers['cache-control']]).toEqual([status, control]);
      expect([reply.status, count()]).toEqual([status, hits[index]]);
    }
  });

  test('a cached error says what is left of its lifetime', async () => {
    const { ask } = sourceOf(testHandler(), missing('max-age=120'));
    await ask();
    later(50);
    expect((await ask()).headers['cache-control']).toBe('public, max-age=70');
  });

  test('the redirect before a 404 counts', async () => {
    const target = sourceOf(testHandler(), missing('max-age=120'));
    const route = (control: string) => ({ status: 302, headers: { location: target.path, 'cache-control': control } });
    const control = async (value: string) =>
      (await sourceOf(testHandler(), route(value)).ask()).headers['cache-control'];
    expect(await control('no-store')).toBe('no-store');
    expect(await control('private')).toBe('private, max-age=60');
    expect(await control('max-age=7')).toBe('public, max-age=7');
  });

  test('a fallback image is in no cache that the error must not be in', async () => {
    const { ask } = sourceOf(testHandler(), missing('private'));
    const reply = await ask({ default: '1' });
    expect([reply.status, reply.headers['cache-control']]).toEqual([404, 'private, max-age=60']);
  });
});

test('a source that did not decode is asked for again after a minute, not after five', async () => {
  const { ask, becomes, hits } = sourceOf(testHandler(), cut('max-age=600'));
  expect((await ask()).status).toBe(422);
  later(45);
  expect([(await ask()).status, hits()]).toEqual([422, 1]);
  becomes({ ...V1, headers: { ...V1.headers, 'cache-control': 'max-age=600' } });
  later(16);
  expect([(await ask()).status, hits()]).toEqual([200, 2]);
  // Repaired, it is kept as any other.
  later(200);
  expect([(await ask({ w: 81 })).status, hits()]).toEqual([200, 2]);
});

describe('Retry-After of the origin', () => {
  const busy = (retryAfter: string, status = 503) => ({ status, headers: { 'retry-after': retryAfter } });

  test.each([503, 429, 500])('%i: passed on, and the origin is not asked before it', async (status) => {
    const { ask, becomes, hits } = sourceOf(testHandler(), busy('40', status));
    const reply = await ask();
    const { 'cache-control': control, 'retry-after': retryAfter } = reply.headers;
    expect([reply.status, codeOf(reply), control, retryAfter]).toEqual([502, 'SOURCE_UNAVAILABLE', 'no-store', '40']);
    becomes(V1);
    later(39);
    expect([(await ask()).headers['retry-after'], hits()]).toEqual(['1', 1]);
    later(2);
    expect([(await ask()).status, hits()]).toEqual([200, 2]);
  });

  test('for five minutes at most', async () => {
    const { ask, hits } = sourceOf(testHandler(), busy('86400'));
    expect((await ask()).headers['retry-after']).toBe('300');
    later(299);
    await ask();
    expect(hits()).toBe(1);
    later(2);
    await ask();
    expect(hits()).toBe(2);
  });

  test('without it: no Retry-After, and asked again after ten seconds', async () => {
    const { ask, hits } = sourceOf(testHandler(), { status: 503 });
    expect((await ask()).headers['retry-after']).toBeUndefined();
    later(11);
    await ask();
    expect(hits()).toBe(2);
  });

  test('a stale image is returned meanwhile, by every version that a client has', async () => {
    const { ask, becomes, hits } = sourceOf(testHandler(PATIENT), V1);
    await ask();
    becomes(busy('40'));
    later(61);
    expect([cacheOf(await ask()), hits()]).toEqual(['stale', 2]);
    later(20);
    expect([cacheOf(await ask()), cacheOf(await ask({ w: 81 })), hits()]).toEqual(['stale', 'stale', 2]);
    becomes(V1);
    later(21);
    expect([cacheOf(await ask()), hits()]).toEqual(['revalidated', 3]);
  });
});

test.each([
  ['a loop', { status: 302, headers: { location: '#' } }],
  ['an invalid URL', { status: 302, headers: { location: 'http://[' } }],
])('a redirect to %s is no reason to return a stale image', async (_what, route) => {
  const { ask, becomes } = sourceOf(testHandler(PATIENT), V1);
  await ask();
  becomes(route);
  later(61);
  expect((await ask()).status).toBe(502);
});
