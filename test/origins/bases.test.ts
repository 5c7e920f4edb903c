/** Short sources (`SOURCE_BASES`) through the whole handler and the CloudFront Function, from a real origin. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generate } from '../../src/client/url.ts';
import { sha256 } from '../../src/keys/registry.ts';
import { transform } from '../../src/transform.ts';
import { edge, eventOf, queryOf } from '../generate/edge-runtime.ts';
import { startOrigin } from '../origin.ts';
import { codeOf, context, events, KEY, testHandler, toReply } from '../requests.ts';

const body = readFileSync(new URL('../../src/dev/samples/cat.webp', import.meta.url));
let origin: Awaited<ReturnType<typeof startOrigin>>;
let other: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  other = await startOrigin({ '/cat.jpg': { body } });
  origin = await startOrigin({
    '/images/cat.jpg': { body, headers: { etag: '"cat"' } },
    '/images/cat.jpg?v=2': { body },
    '/cat.jpg': { body },
    '/secret.jpg': { body },
    '/images/moved.jpg': { status: 302, headers: { location: '/cat.jpg' } },
    '/images/away.jpg': { status: 302, headers: { location: `${other.url}/cat.jpg` } },
  });
});
afterAll(() => Promise.all([origin.close(), other.close()]));

const keys = () =>
  JSON.stringify([
    { id: 'any', sha256: sha256(KEY) },
    { id: 'shop', sha256: sha256('shop-key'), sources: ['shop:'] },
  ]);
const start = (bases: string) => {
  const handler = testHandler({ API_KEYS: keys(), SOURCE_BASES: bases });
  return async (u: string, more: object = {}) =>
    toReply(await handler(events.functionUrl({ k: KEY, w: 32, u, ...more }), context()));
};

test('every spelling of an image is one request to the origin, and one ETag', async () => {
  const ask = start(`shop=${origin.url}/images/,default=${origin.url}`);
  const spellings = [
    'shop:cat.jpg',
    'shop:/cat.jpg',
    'SHOP:cat.jpg',
    `${origin.url}/images/cat.jpg`,
    '/images/cat.jpg',
  ];
  const replies = [];
  for (const u of spellings) replies.push(await ask(u));
  expect(replies.map(({ status }) => status)).toEqual(spellings.map(() => 200));
  expect(new Set(replies.map(({ headers }) => headers.etag)).size).toBe(1);
  expect(new Set(replies.map(({ headers }) => headers['cache-tag']?.split(',')[0])).size).toBe(1);
  expect(origin.hits.get('/images/cat.jpg')).toBe(1);
  expect((await ask('shop:cat.jpg?v=2')).status).toBe(200);
});

test('default may be short, and transform takes a short source', async () => {
  const bases = `shop=${origin.url}/images/`;
  const reply = await start(bases)('shop:none.jpg', { default: 'shop:cat.jpg' });
  expect([reply.status, reply.headers['content-type']]).toEqual([404, 'image/webp']);
  const limits = { sourceBases: [bases], sourceAllowedNetworks: ['127.0.0.0/8'] };
  expect((await transform(new URL('shop:cat.jpg'), { w: 32 }, limits)).info.width).toBe(32);
});

test.each([
  'shop:../secret.jpg',
  'shop:%2e%2e/secret.jpg',
  'shop:%252e%252e/secret.jpg',
  'shop:..%2fsecret.jpg',
  'shop:..\\secret.jpg',
  'shop://127.0.0.1/secret.jpg',
  'shop:.\n./secret.jpg',
])('%j is 400, and reaches no origin', async (u) => {
  const reply = await start(`shop=${origin.url}/images/`)(u);
  expect([reply.status, codeOf(reply)]).toEqual([400, 'QUERY_INVALID']);
  expect(reply.body.toString()).toContain('u must stay below shop:');
  expect(origin.hits.get('/secret.jpg')).toBeUndefined();
});

test.each(['/cat.jpg', 'nope:cat.jpg'])('%s without a base of that name is 400', async (u) => {
  expect((await start(`shop=${origin.url}/images/`)(u)).status).toBe(400);
});

describe('a key whose sources are shop:', () => {
  const cases: [string, (ask: ReturnType<typeof start>) => ReturnType<ReturnType<typeof start>>, number][] = [
    ['its images', (ask) => ask('shop:cat.jpg', { k: 'shop-key' }), 200],
    ['its images by their URLs', (ask) => ask(`${origin.url}/images/cat.jpg`, { k: 'shop-key' }), 200],
    ['a redirect on the same host', (ask) => ask('shop:moved.jpg', { k: 'shop-key' }), 200],
    ['a redirect to another host', (ask) => ask('shop:away.jpg', { k: 'shop-key' }), 403],
    ['another folder', (ask) => ask(`${origin.url}/cat.jpg`, { k: 'shop-key' }), 403],
    ['another folder, encoded', (ask) => ask(`${origin.url}/images/%252e%252e/cat.jpg`, { k: 'shop-key' }), 403],
    ['another base', (ask) => ask('/cat.jpg', { k: 'shop-key' }), 403],
    ['a fallback elsewhere', (ask) => ask('shop:cat.jpg', { k: 'shop-key', default: '/cat.jpg' }), 403],
    ['another base, with another key', (ask) => ask('/cat.jpg'), 200],
  ];
  test.each(cases)('%s', async (_what, send, status) => {
    const ask = start(`shop=${origin.url}/images/,default=${origin.url}`);
    expect((await send(ask)).status).toBe(status);
    // Cached sources and images follow the same policy.
    expect((await send(ask)).status).toBe(status);
  });
});

test('a cached source that came by a redirect is checked like a fetched one', async () => {
  const ask = start(`shop=${origin.url}/images/`);
  expect((await ask('shop:away.jpg')).status).toBe(200);
  expect((await ask('shop:away.jpg', { k: 'shop-key' })).status).toBe(403);
  expect((await ask('shop:moved.jpg')).status).toBe(200);
  expect((await ask('shop:moved.jpg', { k: 'shop-key' })).status).toBe(200);
});

test('the client writes a short source, and the CloudFront Function forwards it', async () => {
  const { search } = new URL(generate('https://img.example.com/', 'shop:a b/cat.jpg?v=2', { k: KEY, w: 32 }));
  expect(new URLSearchParams(search).get('u')).toBe('shop:a b/cat.jpg?v=2');
  const forwarded = queryOf(await edge(eventOf(search.slice(1))));
  expect(new URLSearchParams(forwarded).get('u')).toBe('shop:a b/cat.jpg?v=2');
});
