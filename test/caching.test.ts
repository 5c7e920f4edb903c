/** Requests to the origin and responses to the client as time passes. Real sockets; only the clock is fake. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startServer } from '../src/dev/server.ts';
import type { Handler } from '../src/handler.ts';
import { type Route, startOrigin } from './origin.ts';
import { decodePixels } from './pixels.ts';
import { codeOf, context, events, KEY, type Reply, request, testConfig, testHandler, toReply } from './requests.ts';

const photo = readFileSync(new URL('../src/dev/samples/landscape.jpg', import.meta.url));
const other = await sharp(photo).flop().jpeg().toBuffer();

let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

let next = 0;
/** Creates a new source on the origin: `becomes` changes it, `hits` counts the origin's requests, `ask` requests the image. */
function sourceOf(handler: Handler, route: Route) {
  const path = `/${next++}.jpg`;
  origin.set(path, route);
  return {
    path,
    becomes: (then: Route) => origin.set(path, then),
    hits: () => origin.hits.get(path) ?? 0,
    ask: async (more: object = {}, headers: Record<string, string> = {}, method = 'GET') => {
      const event = events.functionUrl({ k: KEY, u: origin.url + path, w: 80, ...more }, headers, method);
      return toReply(await handler(event, context()));
    },
  };
}
const cacheOf = ({ headers }: Reply) => /cache;desc=(\w+)/.exec(headers['server-timing'] ?? '')?.[1];
const isDecoded = ({ headers }: Reply) => /resize;dur/.test(headers['server-timing'] ?? '');

const V1: Route = { body: photo, revalidates: true, headers: { etag: '"v1"', 'cache-control': 'max-age=60' } };
const V2: Route = { body: other, revalidates: true, headers: { etag: '"v2"', 'cache-control': 'max-age=60' } };
const GONE: Route = { status: 404 };
const SLOW: Route = { framing: 'silent' };
const BROKEN: Route = { status: 500 };
/** Without stale-while-revalidate, so that requests to the origin can be counted. */
const PATIENT = { RESULT_STALE_WHILE_REVALIDATE: '0', SOURCE_IDLE_TIMEOUT: '500' };

describe('a cached image or source, by its age and the state of the source', () => {
  test.each<[string, number, Route, { w: number }, number, string | undefined, number]>([
    // In the image cache.
    ['fresh', 59, GONE, { w: 80 }, 200, 'hit', 0],
    ['stale, unchanged', 61, V1, { w: 80 }, 200, 'revalidated', 1],
    ['stale, changed', 61, V2, { w: 80 }, 200, 'miss', 1],
    ['stale, gone', 61, GONE, { w: 80 }, 404, undefined, 1],
    ['stale, slow', 61, SLOW, { w: 80 }, 200, 'stale', 1],
    ['stale, broken', 61, BROKEN, { w: 80 }, 200, 'stale', 1],
    ['stale, longer than stale-if-error allows', 60 + 604_801, BROKEN, { w: 80 }, 502, undefined, 1],
    // In the source cache only: the request is for another width.
    ['source fresh', 59, GONE, { w: 40 }, 200, 'source', 0],
    ['source stale, unchanged', 61, V1, { w: 40 }, 200, 'source', 1],
    ['source stale, changed', 61, V2, { w: 40 }, 200, 'miss', 1],
    ['source stale, gone', 61, GONE, { w: 40 }, 404, undefined, 1],
    ['source stale, slow', 61, SLOW, { w: 40 }, 200, 'stale', 1],
    ['source stale, broken', 61, BROKEN, { w: 40 }, 200, 'stale', 1],
  ])('%s', async (_what, after, then, more, status, cache, requests) => {
    const { ask, becomes, hits } = sourceOf(testHandler(PATIENT), V1);
    const first = await ask();
    expect([first.status, cacheOf(first), hits()]).toEqual([200, 'miss', 1]);
    becomes(then);
    later(after);
    const reply = await ask(more);
    expect([reply.status, cacheOf(reply), hits() - 1]).toEqual([status, cache, requests]);
    if (status !== 200) return;
    expect((await decodePixels(reply.body)).width).toBe(more.w);
    expect(isDecoded(reply)).toBe(cache === 'miss' || more.w === 40);
    if (more.w === 80) expect(reply.headers.etag === first.headers.etag).toBe(then !== V2);
    // A stale response shows it: its age is greater than its freshness lifetime.
    expect(Number(reply.headers.age ?? 0) > 60).toBe(cache === 'stale');
  });

  test.each([
    ['gone', GONE, 404],
    ['slow', SLOW, 504],
    ['broken', BROKEN, 502],
    ['no image', { body: 'text' }, 415],
    ['damaged', { body: photo.subarray(0, 9000) }, 422],
  ] as const)('nothing cached, %s: the error is cached for ten seconds', async (_what, route, status) => {
    const { ask, hits } = sourceOf(testHandler(PATIENT), route);
    const replies = [await ask(), await ask(), await ask({ w: 40 })];
    expect(replies.map((reply) => reply.status)).toEqual([status, status, status]);
    // An image that does not decode is cached as a source, and fails for each width.
    expect(hits()).toBe(1);
  });

  test('stale-while-revalidate: a stale image is returned while a new one is made', async () => {
    const { ask, becomes, hits } = sourceOf(testHandler({ RESULT_STALE_WHILE_REVALIDATE: '100' }), V1);
    const { headers } = await ask();
    becomes(V2);
    later(61);
    const stale = await ask();
    expect([cacheOf(stale), stale.headers.etag]).toEqual(['stale', headers.etag]);
    await vi.waitFor(async () => expect((await ask()).headers.etag).not.toBe(headers.etag));
    expect(hits()).toBe(2);
    later(300);
    becomes(GONE);
    expect((await ask()).status).toBe(404);
  });

  test('an image with a long freshness lifetime is revalidated after five minutes, before it is returned', async () => {
    const longLived = { headers: { etag: '"v1"', 'cache-control': 'max-age=86400' } };
    const { ask, becomes } = sourceOf(testHandler(), { ...V1, ...longLived });
    await ask();
    later(299);
    expect(cacheOf(await ask())).toBe('hit');
    becomes(V2);
    later(2);
    expect(cacheOf(await ask())).toBe('miss');
    becomes(BROKEN);
    later(50);
    expect(cacheOf(await ask())).toBe('hit');
  });

  test.each(['no-store', 'private, max-age=60', 'max-age=0', 'no-cache'])(
    '%s: each request goes to the origin',
    async (control) => {
      const { ask, hits } = sourceOf(testHandler(), { body: photo, headers: { 'cache-control': control } });
      for (const times of [1, 2, 3]) {
        expect((await ask()).status).toBe(200);
        expect(hits()).toBe(times);
      }
    },
  );

  test('without caching headers of the origin: fresh for a day', async () => {
    const { ask, hits } = sourceOf(testHandler({ MEMORY_MAX_AGE: '90000', ...PATIENT }), { body: photo });
    await ask();
    later(86_399);
    expect(cacheOf(await ask())).toBe('hit');
    later(2);
    // The same bytes: recognised by their hash, and not encoded again.
    const again = await ask();
    expect([cacheOf(again), hits()]).toEqual(['revalidated', 2]);
  });

  test('caches switched off: rendered for each request, but once for concurrent ones', async () => {
    const off = testHandler({ RESULT_MEMORY: '0', SOURCE_MEMORY: '0' });
    const { ask, hits } = sourceOf(off, V1);
    await Promise.all(Array.from({ length: 10 }, () => ask()));
    expect(hits()).toBe(1);
    await ask();
    expect(hits()).toBe(2);
  });
});

test('a hundred concurrent requests cost one fetch and one encoding', async () => {
  const lines: string[] = [];
  const { ask, hits } = sourceOf(
    testHandler({ MAX_REQUESTS: '2' }, (line) => lines.push(line)),
    V1,
  );
  const replies = await Promise.all(Array.from({ length: 100 }, () => ask()));
  expect(new Set(replies.map(({ status, headers }) => `${status} ${headers.etag}`)).size).toBe(1);
  expect(hits()).toBe(1);
  const caches = lines.map((line) => JSON.parse(line).cache);
  expect([caches.filter((one) => one === 'miss').length, caches.filter((one) => one === 'collapsed').length]).toEqual([
    1, 99,
  ]);
});

test('a srcset fetches its source once', async () => {
  const { ask, hits } = sourceOf(testHandler(), V1);
  const widths = [320, 480, 640, 800];
  const replies = await Promise.all(widths.map((w) => ask({ w })));
  expect(await Promise.all(replies.map(async ({ body }) => (await decodePixels(body)).width))).toEqual(widths);
  expect(hits()).toBe(1);
});

test('equivalent queries share one cache entry; a different image has its own', async () => {
  const { ask, path } = sourceOf(testHandler({ API_KEYS: `tester:${KEY},other:key2` }), V1);
  await ask({ w: 80 });
  for (const equivalent of [
    { w: 40, dpr: 2 },
    { q: 80, fit: 'inside' },
    { k: 'key2' },
    { maxage: '1d' },
    { filename: 'a' },
    { exp: 4_000_000_000 },
    { default: '1' },
  ])
    expect(cacheOf(await ask(equivalent)), JSON.stringify(equivalent)).toBe('hit');
  for (const another of [{ w: 81 }, { q: 81 }, { f: 'png' }, { flop: 1 }])
    expect(cacheOf(await ask(another)), JSON.stringify(another)).toBe('source');
  expect(cacheOf(await ask({}, { accept: 'image/webp' }))).toBe('source');
  expect(cacheOf(await ask({}, { accept: 'image/webp;q=0.9, text/html' }))).toBe('hit');
  // The response to one request shows nothing of another's.
  const plain = await ask();
  expect(plain.headers).not.toHaveProperty('content-disposition');
  expect(plain.headers['cache-tag']).toMatch(/,k-tester$/);
  expect((await ask({ k: 'key2' })).headers['cache-tag']).toMatch(/,k-other$/);
  // The key is checked before the cache.
  expect((await ask({ k: 'wrong', u: origin.url + path })).status).toBe(401);
});

describe('conditional requests', () => {
  const expectSameHeaders = (one: Reply, two: Reply) => {
    for (const name of ['etag', 'vary', 'cache-control', 'last-modified', 'cache-tag'])
      expect(two.headers[name], name).toBe(one.headers[name]);
  };

  test.each<[string, Route]>([
    ['an entity tag', V1],
    ['a weak entity tag', { ...V1, headers: { ...V1.headers, etag: 'W/"v1"' } }],
    ['a date', { ...V1, headers: { 'last-modified': 'Wed, 21 Oct 2015 07:28:00 GMT' } }],
  ])('an instance with empty caches revalidates by %s, and neither downloads nor decodes', async (_by, route) => {
    const { ask, path, hits } = sourceOf(testHandler(), route);
    const first = await ask();
    const cold = testHandler();
    const event = events.functionUrl(
      { k: KEY, u: origin.url + path, w: 80 },
      { 'if-none-match': `"x", ${first.headers.etag}` },
    );
    const reply = toReply(await cold(event, context()));
    expect([reply.status, reply.body.length, cacheOf(reply), isDecoded(reply), hits()]).toEqual([
      304,
      0,
      'revalidated',
      false,
      2,
    ]);
    expectSameHeaders(first, reply);
    expect(origin.requests.at(-1)?.headers).toMatchObject(
      route.headers?.etag
        ? { 'if-none-match': route.headers.etag }
        : { 'if-modified-since': route.headers?.['last-modified'] },
    );
    expect(reply.headers).not.toHaveProperty('content-type');
    expect(reply.headers).not.toHaveProperty('content-length');
  });

  test('without validators of the origin the source is downloaded, but not decoded', async () => {
    const { ask, path } = sourceOf(testHandler(), { body: photo });
    const first = await ask();
    expect(first.headers.etag).toMatch(/^W\/"[\w-]{22}"$/);
    const event = events.functionUrl(
      { k: KEY, u: origin.url + path, w: 80 },
      { 'if-none-match': first.headers.etag ?? '' },
    );
    const reply = toReply(await testHandler()(event, context()));
    expect([reply.status, isDecoded(reply)]).toEqual([304, false]);
    expectSameHeaders(first, reply);
  });

  test('for a cached image', async () => {
    const { ask, hits } = sourceOf(testHandler(), V1);
    const first = await ask();
    const tag = first.headers.etag ?? '';
    const status = async (ifNoneMatch: string, more = {}, method = 'GET') =>
      (await ask(more, { 'if-none-match': ifNoneMatch }, method)).status;
    expect(await status(tag)).toBe(304);
    expect(await status(`W/${tag}`)).toBe(304);
    expect(await status('*')).toBe(304);
    expect(await status(tag, {}, 'HEAD')).toBe(304);
    expect(await status('"other"')).toBe(200);
    expect(await status(tag.slice(0, -1))).toBe(200);
    expect(await status(tag, { w: 81 })).toBe(200);
    expect(await status(tag, { f: 'png' })).toBe(200);
    expect(hits()).toBe(1);
  });

  test('a changed source is a new image', async () => {
    const { ask, becomes, path } = sourceOf(testHandler(), V1);
    const { headers } = await ask();
    becomes(V2);
    const event = events.functionUrl({ k: KEY, u: origin.url + path, w: 80 }, { 'if-none-match': headers.etag ?? '' });
    const reply = toReply(await testHandler()(event, context()));
    expect(reply.status).toBe(200);
    expect(reply.headers.etag).not.toBe(headers.etag);
  });

  test.each([
    '"AAAAAAAAAAAAAAAAAAAAAA.InYxIg"',
    '"AAAAAAAAAAAAAAAAAAAAAA.Ing8Cg0iOiB4Ig"',
    '"AAAAAAAAAAAAAAAAAAAAAA"',
    '"',
    'W/',
  ])('a forged entity tag (%s) causes no conditional request to the origin', async (tag) => {
    const { ask, path } = sourceOf(testHandler(), V1);
    expect((await ask({}, { 'if-none-match': tag })).status).toBe(200);
    expect(origin.requests.filter(({ url }) => url === path).map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
    ]);
  });

  test('an invalid Last-Modified is not passed on', async () => {
    for (const date of ['2015-10-21T07:28:00+00:00', 'x'.repeat(9000), 'yesterday']) {
      const { headers } = await sourceOf(testHandler(), { body: photo, headers: { 'last-modified': date } }).ask();
      expect(headers).not.toHaveProperty('last-modified');
      expect(headers.etag).toMatch(/^W\/"[\w-]{22}"$/);
    }
  });

  test('If-Modified-Since, without an entity tag', async () => {
    const date = 'Wed, 21 Oct 2015 07:28:00 GMT';
    const { ask } = sourceOf(testHandler(), { body: photo, headers: { 'last-modified': date } });
    const first = await ask();
    expect(first.headers['last-modified']).toBe(date);
    const status = async (headers: Record<string, string>) => (await ask({}, headers)).status;
    expect(await status({ 'if-modified-since': date })).toBe(304);
    expect(await status({ 'if-modified-since': 'Thu, 22 Oct 2015 07:28:00 GMT' })).toBe(304);
    expect(await status({ 'if-modified-since': 'Tue, 20 Oct 2015 07:28:00 GMT' })).toBe(200);
    expect(await status({ 'if-modified-since': date, 'if-none-match': '"x"' })).toBe(200);
    expect(await status({ 'if-modified-since': 'yesterday' })).toBe(200);
  });
});

describe('freshness of a response', () => {
  const SWR = ', stale-while-revalidate=86400, stale-if-error=604800';
  test.each<[string, Record<string, string>, object, string, string | undefined]>([
    ['no caching headers', {}, {}, `public, max-age=86400${SWR}`, undefined],
    ['max-age of the origin', { 'cache-control': 'max-age=100' }, {}, `public, max-age=100${SWR}`, undefined],
    ['Age of the origin', { 'cache-control': 'max-age=100', age: '30' }, {}, `public, max-age=100${SWR}`, '30'],
    [
      's-maxage for shared caches',
      { 'cache-control': 'max-age=60, s-maxage=600' },
      {},
      `public, max-age=60, s-maxage=600${SWR}`,
      undefined,
    ],
    [
      'the stale-* directives of the origin',
      { 'cache-control': 'max-age=60, stale-while-revalidate=5, stale-if-error=7' },
      {},
      'public, max-age=60, stale-while-revalidate=5, stale-if-error=7',
      undefined,
    ],
    ['must-revalidate', { 'cache-control': 'max-age=60, must-revalidate' }, {}, 'public, max-age=60', undefined],
    ['no-cache', { 'cache-control': 'no-cache' }, {}, 'public, no-cache', undefined],
    ['no-store', { 'cache-control': 'no-store' }, {}, 'no-store', undefined],
    ['no-store, even with maxage', { 'cache-control': 'no-store' }, { maxage: '1d' }, 'no-store', undefined],
    [
      'max-age=0 for browsers, s-maxage for shared caches',
      { 'cache-control': 'max-age=0, s-maxage=600' },
      {},
      'public, max-age=0, s-maxage=600',
      undefined,
    ],
    ['private', { 'cache-control': 'private, max-age=60' }, {}, 'private, max-age=60', undefined],
    [
      'maxage',
      { 'cache-control': 'max-age=100', age: '30' },
      { maxage: '2h' },
      `public, max-age=7200${SWR}`,
      undefined,
    ],
    ['maxage, a year', {}, { maxage: '1y' }, `public, max-age=31536000${SWR}`, undefined],
    ['Pragma', { pragma: 'no-cache' }, {}, 'public, no-cache', undefined],
    ['Vary: *', { vary: '*', 'cache-control': 'max-age=60' }, {}, 'public, no-cache', undefined],
  ])('%s', async (_who, headers, more, control, age) => {
    const { ask } = sourceOf(testHandler(), { body: photo, headers });
    const reply = await ask(more);
    expect([reply.headers['cache-control'], reply.headers.age]).toEqual([control, age]);
  });

  test('Expires', async () => {
    const expires = new Date(Date.now() + 600_000).toUTCString();
    const { ask } = sourceOf(testHandler(), { body: photo, headers: { expires, date: new Date().toUTCString() } });
    expect((await ask()).headers['cache-control']).toMatch(/^public, max-age=(?:599|600),/);
  });

  test('bounded by the settings of the deployment', async () => {
    const bounded = testHandler({
      RESULT_MIN_AGE: '50',
      RESULT_MAX_AGE: '500',
      RESULT_STALE_IF_ERROR: '0',
      RESULT_STALE_WHILE_REVALIDATE: '0',
    });
    const control = async (value: string, more = {}) =>
      (await sourceOf(bounded, { body: photo, headers: { 'cache-control': value } }).ask(more)).headers[
        'cache-control'
      ];
    expect(await control('max-age=1')).toBe('public, max-age=50');
    expect(await control('max-age=0')).toBe('public, max-age=50');
    expect(await control('max-age=100')).toBe('public, max-age=100');
    expect(await control('max-age=1000')).toBe('public, max-age=500');
    expect(await control('max-age=1000', { maxage: '1d' })).toBe('public, max-age=500');
    expect(await control('no-store')).toBe('no-store');
  });

  test('ends at exp, fresh or stale', async () => {
    const now = Math.floor(Date.now() / 1000);
    const { ask } = sourceOf(testHandler(), V1);
    expect((await ask({ exp: now + 1000, maxage: '1d' })).headers['cache-control']).toMatch(
      /^public, max-age=(?:999|1000)$/,
    );
    expect((await ask({ exp: now + 70 })).headers['cache-control']).toMatch(
      /^public, max-age=60, stale-while-revalidate=(?:9|10), stale-if-error=(?:9|10)$/,
    );
    const late = await ask({ exp: now });
    expect([late.status, codeOf(late), late.headers['cache-control']]).toEqual([401, 'SIGNATURE_EXPIRED', 'no-store']);
  });

  test.each(['5', '4m', '299s', '2y', '0d', '1D', '-1d', '1.5d', '', '999999999y'])(
    'maxage=%s is 400',
    async (maxage) => {
      const reply = await sourceOf(testHandler(), V1).ask({ maxage });
      expect([reply.status, JSON.parse(reply.body.toString()).errors[0].parameter]).toEqual([400, 'maxage']);
    },
  );
});

describe('default', () => {
  const cases: [string, Route, string, number][] = [
    ['not-found', GONE, 'SOURCE_NOT_FOUND', 404],
    ['timeout', SLOW, 'SOURCE_TIMEOUT', 504],
    ['timeout', BROKEN, 'SOURCE_UNAVAILABLE', 502],
    ['unsupported', { body: 'text' }, 'SOURCE_UNSUPPORTED', 415],
    ['unsupported', { body: photo.subarray(0, 9000) }, 'IMAGE_CORRUPT', 422],
  ];
  test.each(cases)(
    '%s: a placeholder of the requested size, with the code of the error',
    async (cause, route, code, status) => {
      const { ask } = sourceOf(testHandler(PATIENT), route);
      const reply = await ask({ default: '1', w: 90, h: 60, f: 'png', bg: 'ff0000', dpr: 2 });
      expect([reply.status, reply.headers['pixgate-fallback']]).toEqual([status, code]);
      const image = await decodePixels(reply.body);
      expect([image.type, image.width, image.height, image.at(0.5, 0.5)]).toEqual([
        'image/png',
        180,
        120,
        [255, 0, 0, 255],
      ]);
      expect(reply.headers['cache-control']).toBe(status < 500 ? 'public, max-age=60' : 'public, max-age=10');
      // With this cause in `defaultfor`, and with the others only.
      expect((await ask({ default: '1', defaultfor: cause })).headers['pixgate-fallback']).toBe(code);
      const others = ['not-found', 'timeout', 'unsupported'].filter((one) => one !== cause).join(',');
      const error = await ask({ default: '1', defaultfor: others });
      expect([error.status, codeOf(error)]).toEqual([status, code]);
    },
  );

  test('another image, rendered by the same parameters', async () => {
    origin.set('/instead.jpg', { body: photo });
    const u = `${origin.url}/instead.jpg`;
    const { ask } = sourceOf(testHandler(), GONE);
    const reply = await ask({ default: u, w: 60, h: 60, fit: 'cover' }, { accept: 'image/webp' });
    expect([reply.status, reply.headers['content-type'], reply.headers.vary]).toEqual([404, 'image/webp', 'Accept']);
    expect(await decodePixels(reply.body)).toMatchObject({ width: 60, height: 60 });
    const ok = sourceOf(testHandler({ FALLBACK_STATUS: '200' }), GONE);
    expect((await ok.ask({ default: u })).status).toBe(200);
    expect((await ok.ask({ default: `${origin.url}/none.jpg` })).status).toBe(404);
  });

  test('not for errors of the request, nor for metadata formats', async () => {
    const { ask } = sourceOf(testHandler(), GONE);
    const typeFor = async (more: object) => (await ask({ default: '1', ...more })).headers['content-type'];
    expect(await typeFor({ w: 0 })).toBe('application/problem+json');
    expect(await typeFor({ k: 'wrong' })).toBe('application/problem+json');
    expect(await typeFor({ u: 'http://169.254.169.254/' })).toBe('application/problem+json');
    expect(await typeFor({ f: 'json' })).toBe('application/problem+json');
    expect(await typeFor({ default: 'file:///etc/passwd' })).toBe('application/problem+json');
    expect(JSON.parse((await ask({ default: 'http://u:p@x.de/' })).body.toString()).errors).toEqual([
      { parameter: 'default', detail: 'default must not contain a user name or password' },
    ]);
    // The URL of `default` is checked like that of a source.
    const inside = await ask({ default: 'http://169.254.169.254/' });
    expect([inside.status, codeOf(inside)]).toEqual([404, 'SOURCE_NOT_FOUND']);
  });

  test('not if the image is there', async () => {
    const reply = await sourceOf(testHandler(), V1).ask({ default: '1' });
    expect(reply.headers).not.toHaveProperty('pixgate-fallback');
  });

  test.each([
    [{ w: 100 }, [100, 100]],
    [{ w: 100, ar: '2:1' }, [100, 50]],
    [{ h: 100, w: '' }, undefined],
    [{ w: '50%' }, [300, 150]],
    [{ w: 50, dpr: 2, r: 10 }, [100, 100]],
  ] as const)('the size of a placeholder for %j', async (more, size) => {
    const reply = await sourceOf(testHandler(), GONE).ask({ default: '1', ...more });
    if (!size) return expect(reply.status).toBe(400);
    const { width, height } = await decodePixels(reply.body);
    expect([width, height]).toEqual(size);
  });
});

// Half a second remains, which a busy machine may need for something else.
test('near the deadline, an animation is reduced to its first frame, and fresh for a minute only', {
  retry: 3,
}, async () => {
  const frames = Array.from({ length: 40 }, (_, i) =>
    sharp(photo)
      .resize(600, 400)
      .modulate({ hue: i * 9 })
      .png()
      .toBuffer(),
  );
  const gif = await sharp(await Promise.all(frames), { join: { animated: true } })
    .gif({ effort: 1 })
    .toBuffer();
  origin.set('/moving.gif', {
    body: gif,
    headers: { 'cache-control': 'max-age=9999', 'last-modified': 'Wed, 21 Oct 2015 07:28:00 GMT' },
  });
  const handler = testHandler();
  const ask = async (remainingMs: number) =>
    toReply(
      await handler(
        events.functionUrl({ k: KEY, u: `${origin.url}/moving.gif`, w: 600, f: 'webp' }),
        context(remainingMs),
      ),
    );
  const degraded = await ask(1500);
  expect([degraded.status, degraded.headers['pixgate-degraded']]).toEqual([200, 'frames']);
  expect((await decodePixels(degraded.body)).pages).toBe(1);
  expect(degraded.headers['cache-control']).toBe('public, max-age=60');
  // No validator, by which it could pass for the complete one later.
  expect(degraded.headers).not.toHaveProperty('etag');
  expect(degraded.headers).not.toHaveProperty('last-modified');
  const complete = await ask(28_000);
  expect([cacheOf(complete), (await decodePixels(complete.body)).pages]).toEqual(['source', 40]);
});

test('an output over the response limit of the event source gets a lower quality', async () => {
  const grain = readFileSync(new URL('fixtures/hostile/images/avif-4000sq-12bit-444.avif', import.meta.url));
  origin.set('/grain.avif', { body: grain });
  const noise = await sharp({
    create: {
      width: 1600,
      height: 1200,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png()
    .toBuffer();
  origin.set('/noise.png', { body: noise });
  const ask = async (eventSource: 'alb' | 'rest', more: object) =>
    toReply(await handler(events[eventSource]({ k: KEY, u: `${origin.url}/noise.png`, w: 1600, ...more }), context()));
  const handler = testHandler();
  const lower = await ask('alb', { f: 'jpg' });
  expect([lower.status, Number(lower.headers['pixgate-quality']) < 80]).toEqual([200, true]);
  expect(Math.ceil(lower.body.length / 3) * 4).toBeLessThan(1_048_576);
  const auto = await ask('alb', {});
  expect([auto.status, auto.headers['content-type']]).toEqual([200, 'image/jpeg']);
  expect((await ask('rest', { f: 'jpg' })).headers).not.toHaveProperty('pixgate-quality');
  const png = await ask('alb', { f: 'png' });
  expect([png.status, codeOf(png)]).toEqual([413, 'RESULT_TOO_LARGE']);
  const streaming = testHandler({ STREAMING_URL: 'https://stream.example.com/' });
  const event = events.alb({ k: KEY, u: `${origin.url}/noise.png`, w: 1600, f: 'png' });
  expect(toReply(await streaming(event, context())).body.toString()).toContain('https://stream.example.com/');
});

test('the cache over sockets, for two clients', async () => {
  vi.useRealTimers();
  const { origin: base, stop } = await startServer(testConfig(), { log: () => {} });
  try {
    origin.set('/two.jpg', V1);
    const target = `/?k=${KEY}&w=80&u=${encodeURIComponent(`${origin.url}/two.jpg`)}`;
    const first = await request(base, target, { accept: 'image/webp' });
    const second = await fetch(base + target, { headers: { accept: 'image/webp' } });
    expect(Buffer.from(await second.arrayBuffer()).equals(first.body)).toBe(true);
    expect(second.headers.get('server-timing')).toBe('cache;desc=hit');
    const etag = second.headers.get('etag') ?? '';
    const again = await fetch(base + target, { headers: { accept: 'image/webp', 'if-none-match': etag } });
    expect([again.status, again.headers.get('vary'), (await again.arrayBuffer()).byteLength]).toEqual([
      304,
      'Accept',
      0,
    ]);
    const head = await fetch(base + target, { method: 'HEAD', headers: { accept: 'image/webp' } });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(first.body.length)]);
    expect(origin.hits.get('/two.jpg')).toBe(1);
  } finally {
    await stop();
  }
});

describe('isolation of requests', () => {
  test('a hundred concurrent conditional requests cost one revalidation', async () => {
    const { ask, path } = sourceOf(testHandler(), V1);
    const { headers } = await ask();
    const cold = testHandler({ MAX_REQUESTS: '2' });
    const event = () =>
      events.functionUrl({ k: KEY, u: origin.url + path, w: 80 }, { 'if-none-match': headers.etag ?? '' });
    const replies = await Promise.all(Array.from({ length: 100 }, async () => toReply(await cold(event(), context()))));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([304]));
    expect(origin.hits.get(path)).toBe(2);
  });

  test('the Host of one request does not affect another', async () => {
    const { ask, becomes, path } = sourceOf(testHandler(PATIENT), V1);
    becomes({ status: 302, headers: { location: `${path}?there` } });
    origin.set(`${path}?there`, V1);
    await ask();
    later(61);
    origin.set(`${path}?there`, BROKEN);
    const forged = { host: `127.0.0.1:${origin.port}` };
    expect((await ask({}, forged)).status).toBe(403);
    expect(cacheOf(await ask())).toBe('stale');
  });

  test('a dpr that is lowered and a size that is refused do not share a cache entry', async () => {
    const { ask } = sourceOf(testHandler(), V1);
    expect((await ask({ w: 4000, h: 4000, dpr: 2, fit: 'fill', f: 'jpg' })).status).toBe(200);
    expect((await ask({ w: 8000, h: 8000, fit: 'fill', f: 'jpg' })).status).toBe(413);
  });
});

test('Age is counted from the last response of the origin', async () => {
  const aged = { etag: '"v1"', 'cache-control': 'max-age=60', age: '61' };
  const { ask, becomes, hits } = sourceOf(testHandler(PATIENT), { ...V1, headers: aged });
  expect((await ask()).headers.age).toBe('61');
  becomes(V1);
  const renewed = await ask();
  expect([cacheOf(renewed), renewed.headers.age]).toEqual(['revalidated', undefined]);
  expect([cacheOf(await ask()), hits()]).toEqual(['hit', 2]);
});

test('without background work, a stale image is revalidated before the response', async () => {
  const { createHandler } = await import('../src/handler.ts');
  const handler = createHandler(testConfig(), { log: () => {}, allowBackgroundWork: false });
  const { ask, becomes } = sourceOf(handler, V1);
  const first = await ask();
  becomes(V2);
  later(61);
  const second = await ask();
  expect([cacheOf(second), second.headers.etag === first.headers.etag]).toEqual(['miss', false]);
  becomes(BROKEN);
  later(61);
  expect(cacheOf(await ask())).toBe('stale');
});

describe('a fallback image', () => {
  test('is fresh no longer than its source, and no-store if that is', async () => {
    origin.set('/secret.jpg', { body: photo, headers: { 'cache-control': 'no-store' } });
    origin.set('/short.jpg', { body: photo, headers: { 'cache-control': 'max-age=7' } });
    const { ask } = sourceOf(testHandler(), GONE);
    const control = async (more: object) => (await ask(more)).headers['cache-control'];
    expect(await control({ default: `${origin.url}/secret.jpg` })).toBe('no-store');
    expect(await control({ default: `${origin.url}/short.jpg` })).toBe('public, max-age=7');
    const exp = Math.floor(Date.now() / 1000) + 5;
    expect(await control({ default: '1', exp })).toMatch(/^public, max-age=[45]$/);
  });
  test('that fails leaves the original error', async () => {
    const reply = await sourceOf(testHandler(), GONE).ask({ default: '1', w: 8000, h: 8000 });
    expect([reply.status, codeOf(reply)]).toEqual([404, 'SOURCE_NOT_FOUND']);
  });
  test('that is a placeholder is rendered once for concurrent requests', async () => {
    const { ask } = sourceOf(testHandler({ MAX_REQUESTS: '1' }), GONE);
    await ask();
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask({ default: '1', w: 1500, h: 1500 })));
    expect(new Set(replies.map(({ headers }) => headers['pixgate-fallback']))).toEqual(new Set(['SOURCE_NOT_FOUND']));
  });
});
