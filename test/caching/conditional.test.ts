import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/keys/registry.ts';
import type { Route } from '../origin.ts';
import { context, events, KEY, type Reply, testHandler, toReply } from '../requests.ts';
import { cacheOf, isDecoded, later, origin, PATIENT, photo, sourceOf, V1, V2 } from './source.ts';

describe('conditional requests', () => {
  const expectSameHeaders = (one: Reply, two: Reply, except?: string) => {
    for (const name of ['etag', 'vary', 'cache-control', 'last-modified', 'cache-tag'].filter(
      (each) => each !== except,
    ))
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
    // The 304 of the origin may leave out a lifetime that its 200 had: the client keeps that of its copy.
    const hasLifetime = 'cache-control' in (route.headers ?? {});
    expectSameHeaders(first, reply, hasLifetime ? undefined : 'cache-control');
    if (!hasLifetime) expect(reply.headers).not.toHaveProperty('cache-control');
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

  test.each([
    ['if-match', '"another"'],
    ['if-unmodified-since', 'Thu, 01 Jan 2015 00:00:00 GMT'],
  ])('%s is ignored, as a cache may (RFC 9110, 13.1.1 and 13.1.4)', async (name, value) => {
    const { ask } = sourceOf(testHandler(), V1);
    for (const state of ['miss', 'hit']) {
      const reply = await ask({}, { [name]: value });
      expect([reply.status, cacheOf(reply)]).toEqual([200, state]);
    }
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

  test.each<[string, Record<string, string>, string]>([
    ['another strong entity tag', { etag: '"v2"' }, 'miss'],
    ['the same one', { etag: '"v1"' }, 'revalidated'],
    ['the same one, weak', { etag: 'W/"v1"' }, 'revalidated'],
    ['none', {}, 'revalidated'],
  ])('a 304 with %s (RFC 9111, 4.3.4)', async (_what, notModified, expected) => {
    const { ask, becomes, path } = sourceOf(testHandler(PATIENT), V1);
    const first = await ask();
    becomes({ ...V2, revalidates: false, notModified });
    later(61);
    const second = await ask();
    expect([cacheOf(second), second.headers.etag === first.headers.etag]).toEqual([expected, expected !== 'miss']);
    // An instance that knows only the version of the client's copy.
    const query = { k: KEY, u: origin.url + path, w: 80 };
    const event = events.functionUrl(query, { 'if-none-match': first.headers.etag ?? '' });
    expect(toReply(await testHandler()(event, context())).status).toBe(expected === 'miss' ? 200 : 304);
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

  test('the entity tag of another deployment causes none either', async () => {
    // Its tag holds a validator that the client chose: the other deployment asked an origin of the client.
    const foreign = testHandler({ API_KEYS: `tester:${KEY}2` });
    const { path, becomes, ask } = sourceOf(testHandler(), { ...V1, headers: { etag: '"chosen"' } });
    const event = events.functionUrl({ k: `${KEY}2`, u: origin.url + path, w: 80 });
    const tag = toReply(await foreign(event, context())).headers.etag ?? '';
    expect(tag).toContain(Buffer.from('"chosen"').toString('base64url'));
    becomes(V1);
    expect((await ask({}, { 'if-none-match': tag })).status).toBe(200);
    expect(origin.requests.at(-1)?.headers).not.toHaveProperty('if-none-match');
  });

  test('instances with the same first key accept the tags of each other: keys were added or rotated', async () => {
    const first = { id: 'tester', sha256: sha256(KEY) };
    const added = { id: 'added', sha256: sha256('added') };
    const { path, ask } = sourceOf(testHandler(), V1);
    const tag = (await ask()).headers.etag ?? '';
    const status = async (keys: object[]) => {
      const event = events.functionUrl({ k: KEY, u: origin.url + path, w: 80 }, { 'if-none-match': tag });
      return toReply(await testHandler({ API_KEYS: JSON.stringify(keys) })(event, context())).status;
    };
    expect(await status([first, added])).toBe(304);
    expect(await status([{ ...first, notAfter: '2999-01-01T00:00:00Z' }, first])).toBe(304);
    expect(await status([added, first])).toBe(200);
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
