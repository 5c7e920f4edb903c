/** Keys with `sources`: they hold at every redirect, and for everything that was cached for another key. */
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/keys/registry.ts';
import { type Route, startOrigin } from '../origin.ts';
import { codeOf, context, events, testHandler, toReply } from '../requests.ts';
import { BROKEN, cacheOf, later, origin, photo, V1 } from './source.ts';

const other = await startOrigin();
afterAll(() => other.close());
const host = (url: string) => new URL(url).host;
const [here, there] = [host(origin.url), host(other.url)];

/** `free` may fetch from any host, `wide` and `narrow` from some; `twin` may fetch what `narrow` may. */
const API_KEYS = JSON.stringify([
  { id: 'free', sha256: sha256('free') },
  { id: 'wide', sha256: sha256('wide'), sources: [here, there] },
  { id: 'narrow', sha256: sha256('narrow'), sources: [here] },
  { id: 'twin', sha256: sha256('twin'), sources: [here] },
]);
const instance = (env = {}) => testHandler({ API_KEYS, RESULT_STALE_WHILE_REVALIDATE: '0', ...env });

const LONG = { ...V1, headers: { ...V1.headers, 'cache-control': 'max-age=31536000, immutable' } };

let count = 0;
/** Creates a source that redirects to the other origin. */
function redirected(route: Route = V1, status = 302, headers: Record<string, string> = {}) {
  const path = `/redirected-${count++}.jpg`;
  other.set(path, route);
  origin.set(path, { status, headers: { ...headers, location: other.url + path } });
  return {
    path,
    u: origin.url + path,
    hits: () => other.hits.get(path) ?? 0,
    becomes: (then: Route) => other.set(path, then),
  };
}
const ask = async (handler: ReturnType<typeof instance>, k: string, u: string, more: object = {}, headers = {}) =>
  toReply(await handler(events.functionUrl({ k, u, w: 80, ...more }, headers), context()));
const FORBIDDEN = [403, 'POLICY_FORBIDDEN'];
const verdict = (reply: Awaited<ReturnType<typeof ask>>) =>
  reply.status === 200 ? [200, cacheOf(reply)] : [reply.status, codeOf(reply)];

describe('sources hold at every redirect', () => {
  test.each([301, 302, 303, 307, 308])('%i to another host is 403, and not requested', async (status) => {
    const { u, hits } = redirected(V1, status);
    const handler = instance();
    const reply = await ask(handler, 'narrow', u);
    expect(verdict(reply)).toEqual(FORBIDDEN);
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(reply.body.toString()).not.toContain(there);
    expect(hits()).toBe(0);
    expect(verdict(await ask(handler, 'wide', u))).toEqual([200, 'miss']);
    expect(hits()).toBe(1);
  });

  test('the second of two redirects', async () => {
    const { u, hits } = redirected();
    origin.set('/first.jpg', { status: 302, headers: { location: u } });
    const handler = instance();
    expect(verdict(await ask(handler, 'narrow', `${origin.url}/first.jpg`))).toEqual(FORBIDDEN);
    expect(hits()).toBe(0);
    expect(verdict(await ask(handler, 'wide', `${origin.url}/first.jpg`))).toEqual([200, 'miss']);
  });

  test('of a fallback image', async () => {
    const { u, hits } = redirected();
    const fallback = { default: u };
    const handler = instance();
    expect(verdict(await ask(handler, 'narrow', `${origin.url}/none.jpg`, fallback))).toEqual([
      404,
      'SOURCE_NOT_FOUND',
    ]);
    expect(hits()).toBe(0);
    expect((await ask(handler, 'wide', `${origin.url}/none.jpg`, fallback)).headers['content-type']).toBe('image/jpeg');
  });
});

describe('what was cached for another key', () => {
  test('the same image', async () => {
    const { u, hits } = redirected();
    const handler = instance();
    expect(verdict(await ask(handler, 'free', u))).toEqual([200, 'miss']);
    expect(verdict(await ask(handler, 'narrow', u))).toEqual(FORBIDDEN);
    expect(verdict(await ask(handler, 'wide', u))).toEqual([200, 'hit']);
    expect(verdict(await ask(handler, 'free', u))).toEqual([200, 'hit']);
    expect(hits()).toBe(1);
  });

  test('another image of the same source', async () => {
    const { u, hits } = redirected();
    const handler = instance();
    await ask(handler, 'free', u);
    expect(verdict(await ask(handler, 'narrow', u, { w: 81 }))).toEqual(FORBIDDEN);
    expect(verdict(await ask(handler, 'wide', u, { w: 82 }))).toEqual([200, 'source']);
    expect(hits()).toBe(1);
  });

  test('the client’s copy: 304 for a key that may have it, 403 for another', async () => {
    const { u } = redirected();
    const { headers } = await ask(instance(), 'free', u);
    const tag = { 'if-none-match': headers.etag ?? '' };
    const warm = instance();
    await ask(warm, 'free', u);
    for (const handler of [warm, instance()]) {
      expect(verdict(await ask(handler, 'narrow', u, {}, tag))).toEqual(FORBIDDEN);
      expect((await ask(handler, 'wide', u, {}, tag)).status).toBe(304);
    }
  });

  test('a stale image, while its origin fails and while it is revalidated', async () => {
    for (const swr of ['0', '86400']) {
      const { u, becomes } = redirected();
      const handler = instance({ RESULT_STALE_WHILE_REVALIDATE: swr });
      await ask(handler, 'free', u);
      later(61);
      expect(verdict(await ask(handler, 'narrow', u))).toEqual(FORBIDDEN);
      becomes(BROKEN);
      expect(verdict(await ask(handler, 'narrow', u))).toEqual(FORBIDDEN);
      expect(verdict(await ask(handler, 'free', u))).toEqual([200, 'stale']);
    }
  });

  test('an error of a host that the key may not fetch from', async () => {
    const { u, hits } = redirected({ status: 404 });
    const handler = instance();
    expect(verdict(await ask(handler, 'free', u))).toEqual([404, 'SOURCE_NOT_FOUND']);
    expect(verdict(await ask(handler, 'narrow', u))).toEqual(FORBIDDEN);
    expect(verdict(await ask(handler, 'free', u))).toEqual([404, 'SOURCE_NOT_FOUND']);
    expect(hits()).toBe(1);
  });

  test('concurrent requests: neither the image nor the 403 of one key is that of another', async () => {
    for (const keys of [
      ['free', 'narrow', 'wide'],
      ['narrow', 'free', 'wide'],
    ]) {
      const { u } = redirected();
      const handler = instance();
      const verdicts = await Promise.all(keys.map(async (k) => (await ask(handler, k, u)).status));
      expect(verdicts).toEqual(keys.map((k) => (k === 'narrow' ? 403 : 200)));
    }
  });

  test('a source that redirects no longer is allowed once it is revalidated', async () => {
    const { path, u } = redirected();
    const handler = instance();
    await ask(handler, 'free', u);
    origin.set(path, { ...V1, body: photo });
    expect(verdict(await ask(handler, 'narrow', u))).toEqual(FORBIDDEN);
    later(61);
    expect((await ask(handler, 'narrow', u)).status).toBe(200);
    expect(verdict(await ask(handler, 'narrow', u))).toEqual([200, 'hit']);
  });

  test('without a redirect all keys share one image, and keys with the same sources one fetch', async () => {
    const path = `/shared-${count++}.jpg`;
    origin.set(path, V1);
    const handler = instance();
    const statuses = await Promise.all(
      ['narrow', 'twin'].map(async (k) => (await ask(handler, k, origin.url + path)).status),
    );
    expect([statuses, origin.hits.get(path)]).toEqual([[200, 200], 1]);
    for (const k of ['free', 'wide', 'narrow', 'twin'])
      expect(verdict(await ask(handler, k, origin.url + path))).toEqual([200, 'hit']);
  });
});

describe('caching of a redirect', () => {
  test.each<[number, Record<string, string>, string]>([
    [302, { 'cache-control': 'no-store' }, 'no-store'],
    [301, { 'cache-control': 'private, max-age=60' }, 'private, max-age=60'],
    [302, { 'cache-control': 'max-age=1' }, 'public, max-age=1'],
    [302, { 'cache-control': 'max-age=60', age: '50' }, 'public, max-age=60'],
    [308, { 'cache-control': 'max-age=10' }, 'public, max-age=10'],
    // Without a lifetime: a permanent one counts as its target, another has the default.
    [301, {}, 'public, max-age=31536000'],
    [308, {}, 'public, max-age=31536000'],
    [302, {}, 'public, max-age=86400'],
    [307, {}, 'public, max-age=86400'],
  ])('%i %o to an immutable image: %s', async (status, headers, expected) => {
    const { u } = redirected(LONG, status, headers);
    const reply = await ask(instance({ RESULT_STALE_IF_ERROR: '0' }), 'free', u);
    expect([reply.status, reply.headers['cache-control']]).toEqual([200, expected]);
    expect(reply.headers.age).toBe(headers.age);
  });

  test('a stricter target holds, and a target without a lifetime has at most the default', async () => {
    const env = { RESULT_STALE_IF_ERROR: '0' };
    const year = { 'cache-control': 'max-age=31536000' };
    const strict = redirected({ ...V1, headers: { 'cache-control': 'max-age=5' } }, 301, year);
    expect((await ask(instance(env), 'free', strict.u)).headers['cache-control']).toBe('public, max-age=5');
    const silent = redirected({ body: photo }, 302, year);
    expect((await ask(instance(env), 'free', silent.u)).headers['cache-control']).toBe('public, max-age=86400');
  });

  test('no-store: the image is neither cached nor served stale', async () => {
    const { u, hits } = redirected(LONG, 302, { 'cache-control': 'no-store' });
    const handler = instance();
    await ask(handler, 'free', u);
    expect(verdict(await ask(handler, 'free', u))).toEqual([200, 'miss']);
    expect(hits()).toBe(2);
  });
});

describe('a redirect that leads elsewhere, where the entity tag is the same', () => {
  const tagged = (body: Buffer) => ({
    body,
    revalidates: true,
    headers: { etag: '"v1"', 'cache-control': 'max-age=60' },
  });
  const lead = (path: string, to: string) => origin.set(path, { status: 302, headers: { location: other.url + to } });

  test('the new image is returned, not the cached one, nor a 304', async () => {
    const path = `/elsewhere-${count++}`;
    other.set(`${path}-a`, tagged(photo));
    other.set(`${path}-b`, tagged(await sharp(photo).resize(90).png().toBuffer()));
    lead(path, `${path}-a`);
    const handler = instance();
    const first = await ask(handler, 'free', origin.url + path);
    expect(first.headers['content-type']).toBe('image/jpeg');
    lead(path, `${path}-b`);
    later(86_401);
    const tag = { 'if-none-match': first.headers.etag ?? '' };
    for (const each of [handler, instance()]) {
      const reply = await ask(each, 'free', origin.url + path, {}, tag);
      expect([reply.status, reply.headers['content-type']]).toEqual([200, 'image/png']);
    }
  });

  test('concurrent revalidations of images from two URLs: a 304 is for its own only', async () => {
    const path = `/both-${count++}`;
    const u = origin.url + path;
    other.set(`${path}-a`, tagged(photo));
    other.set(`${path}-b`, tagged(await sharp(photo).resize(90).png().toBuffer()));
    // Without a source cache, each image is revalidated by its own version.
    const handler = instance({ SOURCE_MEMORY: '0' });
    lead(path, `${path}-a`);
    await ask(handler, 'free', u, { w: 40 });
    lead(path, `${path}-b`);
    await ask(handler, 'free', u, { w: 41 });
    later(86_401);
    const replies = await Promise.all([41, 40].map((w) => ask(handler, 'free', u, { w })));
    expect(replies.map(({ headers }) => headers['content-type'])).toEqual(['image/png', 'image/png']);
  });

  test('while it leads to the same URL, its validators are sent there, and a 304 is used', async () => {
    const path = `/same-${count++}`;
    other.set(path, tagged(photo));
    lead(path, path);
    const handler = instance();
    const first = await ask(handler, 'free', origin.url + path);
    later(86_401);
    expect(verdict(await ask(handler, 'free', origin.url + path))).toEqual([200, 'revalidated']);
    const copy = await ask(handler, 'free', origin.url + path, {}, { 'if-none-match': first.headers.etag ?? '' });
    expect(copy.status).toBe(304);
  });
});
