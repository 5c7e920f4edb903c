/** What other programs add to a URL, a version in it, and misspelt names, through every event source. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sign } from '../src/client/url.ts';
import { startOrigin } from './origin.ts';
import { context, events, KEY, testHandler, toReply } from './requests.ts';

const SECRET = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  const body = readFileSync(new URL('fixtures/cases/files/std-photo.jpg', import.meta.url));
  origin = await startOrigin({ '/a.jpg': { body, headers: { 'cache-control': 'max-age=600' } } });
});
afterAll(() => origin.close());

const TRACKING = { utm_source: 'mail', utm_: '', fbclid: 'a b', gclid: '1', msclkid: 'x', mc_eid: 'é', _: '17000' };

describe.each(Object.entries(events))('%s', (_source, event) => {
  const handler = testHandler();
  const send = async (more: Record<string, string | number>) =>
    toReply(await handler(event({ k: KEY, u: `${origin.url}/a.jpg`, ...more }), context()));

  test('tracking parameters are dropped: the same image from the cache', async () => {
    const plain = await send({ w: 40 });
    const tracked = await send({ ...TRACKING, w: 40 });
    expect([plain.status, tracked.status]).toEqual([200, 200]);
    expect(tracked.headers.etag).toBe(plain.headers.etag);
    expect(tracked.headers['server-timing']).toMatch(/cache;desc=hit/);
  });

  test('a version is part of the cache key, and of nothing else', async () => {
    const [one, two] = [await send({ w: 40, v: '1' }), await send({ w: 40, v: '2/ü &x' })];
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(two.body).toEqual(one.body);
    expect(two.headers.etag).not.toBe(one.headers.etag);
    expect((await send({ w: 40, v: '1' })).headers['server-timing']).toMatch(/cache;desc=hit/);
    expect((await send({ w: 40, v: 'é'.repeat(64) })).status).toBe(200);
    const { status, body } = await send({ w: 40, v: 'é'.repeat(65) });
    expect([status, JSON.parse(body.toString()).detail]).toEqual([400, 'v must be a string of 1 to 64 characters.']);
  });

  test('the nearest name is suggested', async () => {
    for (const [name, closest] of [
      ['hieght', 'height'],
      ['W', 'w'],
      ['Quality', 'quality'],
      ['hight', 'height'],
      ['qualtiy', 'quality'],
      ['widtth', 'width'],
      ['bulr', 'blur'],
      ['formta', 'format'],
      ['lossles', 'lossless'],
      ['deflautfor', 'defaultfor'],
    ] as const) {
      const { status, body } = await send({ w: 40, [name]: 10 });
      expect([status, JSON.parse(body.toString()).errors]).toEqual([
        400,
        [{ parameter: name, detail: `${name} is not a parameter: the nearest name is ${closest}` }],
      ]);
    }
    const { body } = await send({ w: 40, zoom: 10 });
    expect(JSON.parse(body.toString()).detail).toBe('zoom is not a parameter (an & inside a value is written %26).');
  });
});

test('a new version is fetched from the origin, and not taken from the source cache', async () => {
  const handler = testHandler();
  const send = async (more: Record<string, string | number>) => {
    await handler(events.functionUrl({ k: KEY, u: `${origin.url}/a.jpg`, ...more }), context());
    return origin.hits.get('/a.jpg') ?? 0;
  };
  const start = await send({ w: 30 });
  expect(await send({ w: 31 })).toBe(start);
  expect(await send({ w: 30, v: 'a' })).toBe(start + 1);
  expect(await send({ w: 31, v: 'a' })).toBe(start + 1);
  expect(await send({ w: 31, v: 'b' })).toBe(start + 2);
});

test('tracking parameters are not part of a signature; a version is', async () => {
  const handler = testHandler({ API_KEYS: JSON.stringify([{ id: 'acme', mode: 'signed', secret: SECRET }]) });
  const url = await sign(
    'https://x.lambda-url.eu-west-1.on.aws/',
    `${origin.url}/a.jpg`,
    { id: 'acme', secret: SECRET },
    { w: 40, v: '7' },
  );
  const signed = Object.fromEntries(new URL(url).searchParams);
  const statusOf = async (query: Record<string, string>) =>
    toReply(await handler(events.functionUrl(query), context())).status;
  expect(await statusOf(signed)).toBe(200);
  expect(await statusOf({ utm_id: '1', ...signed, fbclid: 'x' })).toBe(200);
  expect(await statusOf({ ...signed, v: '8' })).toBe(401);
  expect(await statusOf({ ...signed, ref: 'x' })).toBe(401);
});

test('a deployment has its own list', async () => {
  const handler = testHandler({ QUERY_IGNORED: 'ref, pk_*' });
  const statusOf = async (more: Record<string, string>) =>
    toReply(await handler(events.rest({ k: KEY, u: `${origin.url}/a.jpg`, w: 40, ...more }), context())).status;
  expect(await statusOf({ ref: 'x', pk_a: '1' })).toBe(200);
  for (const name of ['utm_source', 'refs', 'pk', 'REF']) expect(await statusOf({ [name]: 'x' }), name).toBe(400);
});

test('thousands of unknown names take no time', async () => {
  const handler = testHandler();
  const rawQueryString = Array.from({ length: 2500 }, (_, i) => `w${i}`).join('&');
  const startedAt = performance.now();
  const { status } = toReply(
    await handler(
      { rawQueryString: `k=${KEY}&${rawQueryString}`, requestContext: { http: { method: 'GET' } } },
      context(),
    ),
  );
  expect(status).toBe(400);
  expect(performance.now() - startedAt).toBeLessThan(500);
});
