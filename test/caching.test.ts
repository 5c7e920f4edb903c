/** Requests to the origin and responses to the client as time passes. Real sockets; only the clock is fake. */
import { describe, expect, test, vi } from 'vitest';
import { startServer } from '../src/dev/server.ts';
import {
  BROKEN,
  cacheOf,
  GONE,
  isDecoded,
  later,
  origin,
  PATIENT,
  photo,
  SLOW,
  sourceOf,
  V1,
  V2,
} from './caching/source.ts';
import type { Route } from './origin.ts';
import { decodePixels } from './pixels.ts';
import { context, events, KEY, request, testConfig, testHandler, toReply } from './requests.ts';

/** How long a new image may take on a busy machine. */
const WAIT = { timeout: 10_000 };

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

  test.each([401, 403, 429, 451, 501, 505])('%i: a stale image is not returned, and not kept', async (status) => {
    const { ask, becomes } = sourceOf(testHandler(PATIENT), V1);
    await ask();
    becomes({ status });
    later(61);
    for (const w of [80, 40]) expect((await ask({ w })).status).toBe(502);
    becomes(BROKEN);
    later(11);
    expect((await ask()).status).toBe(502);
  });

  test.each([500, 502, 503, 504])('%i: a stale image is returned', async (status) => {
    const { ask, becomes } = sourceOf(testHandler(PATIENT), V1);
    await ask();
    becomes({ status });
    later(61);
    for (const w of [80, 40]) expect(cacheOf(await ask({ w }))).toBe('stale');
  });

  test.each([
    ['gone', GONE, 404],
    ['slow', SLOW, 504],
    ['broken', BROKEN, 502],
    ['no image', { body: 'text' }, 415],
    ['cut within its header', { body: photo.subarray(0, 200) }, 422],
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
    await vi.waitFor(async () => expect((await ask()).headers.etag).not.toBe(headers.etag), WAIT);
    expect(hits()).toBe(2);
    later(300);
    becomes(GONE);
    expect((await ask()).status).toBe(404);
  });

  test.each<[string, Route, number]>([
    ['gone', GONE, 404],
    ['no image', { body: '<h1>Not found</h1>', headers: { 'content-type': 'text/html' } }, 415],
    ['forbidden', { status: 403 }, 502],
  ])(
    'stale-while-revalidate, %s: the image is returned once more, and its origin asked once',
    async (_what, then, status) => {
      const { ask, becomes, hits } = sourceOf(testHandler({ RESULT_STALE_WHILE_REVALIDATE: '86400' }), V1);
      await ask();
      becomes(then);
      later(61);
      expect(cacheOf(await ask())).toBe('stale');
      await vi.waitFor(async () => expect((await ask()).status).toBe(status), WAIT);
      for (let n = 0; n < 10; n++) expect((await ask()).status).toBe(status);
      expect(hits()).toBe(2);
    },
  );

  test('stale-while-revalidate, broken: the origin is asked once in ten seconds', async () => {
    const { ask, becomes, hits } = sourceOf(testHandler({ RESULT_STALE_WHILE_REVALIDATE: '86400' }), V1);
    await ask();
    becomes(BROKEN);
    later(61);
    await ask();
    await vi.waitFor(() => expect(hits()).toBe(2), WAIT);
    for (let n = 0; n < 20; n++) {
      expect(cacheOf(await ask())).toBe('stale');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(hits()).toBe(2);
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
    { q: 80, fit: 'inside' },
    { k: 'key2' },
    { maxage: '1d' },
    { filename: 'a' },
    { exp: 4_000_000_000 },
    { default: '1' },
  ])
    expect(cacheOf(await ask(equivalent)), JSON.stringify(equivalent)).toBe('hit');
  for (const another of [{ w: 81 }, { w: 40, dpr: 2 }, { q: 81 }, { f: 'png' }, { flop: 1 }])
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
    const { ask } = sourceOf(testHandler({ RESULT_MAX_PIXELS: '1000000' }), V1);
    expect((await ask({ w: 800, h: 800, dpr: 2, fit: 'fill', f: 'jpg' })).status).toBe(200);
    expect((await ask({ w: 1600, h: 1600, fit: 'fill', f: 'jpg' })).status).toBe(413);
  });

  test('a percentage is refused, also after the same one by dpr was lowered', async () => {
    const { ask } = sourceOf(testHandler({ RESULT_MAX_SIDE: '180' }), V1);
    const lowered = await ask({ w: '25%', dpr: 2, f: 'png' });
    expect([lowered.status, (await decodePixels(lowered.body)).width]).toEqual([200, 180]);
    expect((await ask({ w: '50%', f: 'png' })).status).toBe(413);
  });

  test('different sizes by dpr do not share an entity tag', async () => {
    const { ask } = sourceOf(testHandler({ RESULT_MAX_PIXELS: '7500' }), V1);
    const replies = [];
    for (const size of [
      { w: 50, dpr: 2 },
      { w: 20, dpr: 5 },
      { w: 100, dpr: 1 },
      { w: 50, dpr: 2.04 },
      { w: 20, dpr: 5.1 },
    ]) {
      const { headers, body } = await ask({ ...size, f: 'png' });
      replies.push({ etag: headers.etag, width: (await decodePixels(body)).width });
    }
    // At the limit, and not below it.
    expect(replies.slice(0, 3).map(({ width }) => width)).toEqual([100, 100, 100]);
    for (const { etag, width } of replies)
      expect(replies.filter((other) => other.etag === etag).every((other) => other.width === width)).toBe(true);
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
