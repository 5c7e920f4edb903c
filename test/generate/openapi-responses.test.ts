/** Tests real responses of every status against openapi.json: nothing is undocumented, and everything documented occurs. */

import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandler, type HandlerOptions } from '../../src/handler.ts';
import { hdrJpeg } from '../gain-maps.ts';
import { RESPONSES, violations } from '../openapi-judge.ts';
import { startOrigin } from '../origin.ts';
import { context, events, KEY, type Reply, testConfig, toReply } from '../requests.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url));
const DATE = 'Wed, 21 Oct 2015 07:28:00 GMT';
let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  const [photo, moving] = [read('../../src/dev/samples/landscape.jpg'), read('../../src/dev/samples/banana.gif')];
  origin = await startOrigin({
    '/photo.jpg': { body: photo },
    '/dated.jpg': { body: photo, headers: { 'last-modified': DATE, age: '50', 'cache-control': 'max-age=900' } },
    '/private.jpg': { body: photo, headers: { 'cache-control': 'private' } },
    '/moving.gif': { body: moving },
    '/poor.jpg': { body: await sharp(photo).resize(300).jpeg({ quality: 10 }).toBuffer() },
    '/logo.svg': { body: read('../../src/dev/samples/logo.svg') },
    '/cut.jpg': { body: read('../fixtures/cases/files/B01-cut60.jpg') },
    '/hdr.jpg': { body: await hdrJpeg() },
    '/header.jpg': { body: read('../fixtures/cases/files/B01-cut60.jpg').subarray(0, 300) },
    '/bomb.png': { body: read('../fixtures/cases/files/L11-bomb-19000.png') },
    '/text': { body: 'hello' },
    '/script.svg': {
      body: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script/><set/></svg>'),
    },
    '/down.jpg': { status: 503 },
    '/silent.jpg': { framing: 'silent' },
  });
});
afterAll(() => origin.close());

interface TestRequest {
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: HandlerOptions;
  readonly remainingMs?: number;
}
async function send({
  path = '/photo.jpg',
  query,
  headers,
  method,
  env,
  options,
  remainingMs,
}: TestRequest): Promise<Reply> {
  const handler = createHandler(testConfig(env), { log: () => {}, ...options });
  const parameters = { k: KEY, u: path.startsWith('/') ? origin.url + path : path, w: 40, ...query };
  return toReply(await handler(events.functionUrl(parameters, headers, method), context(remainingMs)));
}

const rateLimited: HandlerOptions = { limitRate: async () => 7 };
const failing: HandlerOptions = {
  limitRate: async () => {
    throw new Error('a bug');
  },
};
const ROWS: [number, string, TestRequest][] = [
  ...['jpg', 'png', 'webp', 'avif', 'gif', 'tiff', 'blurhash', 'thumbhash', 'lqip', 'color'].map(
    (f): [number, string, TestRequest] => [200, f, { query: { f } }],
  ),
  [200, 'image info', { query: { f: 'json', explain: 1, meta: 'keep', fit: 'cover', h: 30 } }],
  [
    200,
    'image info of an animation',
    { path: '/moving.gif', query: { f: 'json', explain: 1, fit: 'contain', h: 90, ro: 5 } },
  ],
  [200, 'image info of an SVG', { path: '/logo.svg', query: { f: 'json' } }],
  [200, 'an SVG without its script and animation', { path: '/script.svg' }],
  [200, 'with an HDR gain map', { path: '/hdr.jpg', query: { hdr: 'keep', w: 90 } }],
  [200, 'without an HDR gain map', { path: '/hdr.jpg', query: { hdr: 'keep', w: 90, blur: 2 } }],
  [200, 'image info of HDR', { path: '/hdr.jpg', query: { f: 'json' } }],
  [200, 'of a truncated source', { path: '/cut.jpg', query: { f: 'png' } }],
  [200, 'image info of a truncated source', { path: '/cut.jpg', query: { f: 'json' } }],
  [200, 'a data URL with a file name', { query: { encoding: 'base64', dl: 1 } }],
  [200, 'with Age and Last-Modified of the origin', { path: '/dated.jpg' }],
  [200, 'of a private source', { path: '/private.jpg' }],
  [200, 'within a byte budget', { query: { w: 600, mb: 9000, f: 'webp' } }],
  [200, 'no larger than its source', { path: '/poor.jpg', query: { w: 300 } }],
  [200, 'the first frames only', { path: '/moving.gif', env: { SOURCE_MAX_FRAMES: '2' } }],
  [200, 'degraded to meet the deadline', { path: '/moving.gif', query: { w: 1200 }, remainingMs: 3000 }],
  [200, 'a placeholder as the fallback', { path: '/none.jpg', query: { default: 1 }, env: { FALLBACK_STATUS: '200' } }],
  [304, 'not modified', { path: '/dated.jpg', headers: { 'if-modified-since': DATE } }],
  [400, 'invalid parameters', { query: { w: 0, x: 1 } }],
  [401, 'unknown key', { query: { k: 'x' } }],
  [401, 'no signature', { query: { s: 'x' } }],
  [403, 'private IP address', { path: 'http://10.0.0.1/' }],
  [404, 'missing source', { path: '/none.jpg' }],
  [404, 'a placeholder as the fallback', { path: '/none.jpg', query: { default: 1 } }],
  [404, 'a placeholder as text', { path: '/none.jpg', query: { default: 1, f: 'lqip' } }],
  [405, 'POST', { method: 'POST' }],
  [413, 'too many pixels', { path: '/bomb.png' }],
  [413, 'a placeholder as the fallback', { path: '/bomb.png', query: { default: 1 } }],
  [415, 'text', { path: '/text' }],
  [422, 'header without an image', { path: '/header.jpg' }],
  [429, 'rate limited', { options: rateLimited }],
  [500, 'a bug', { options: failing }],
  [502, 'origin down', { path: '/down.jpg' }],
  [504, 'silent origin', { path: '/silent.jpg', env: { SOURCE_IDLE_TIMEOUT: '50' } }],
];

const seenStatuses = new Set<number>();
const seenHeaders = new Set<string>();
const record = ({ status, headers }: Reply) => {
  seenStatuses.add(status);
  for (const name of Object.keys(headers)) seenHeaders.add(name);
};

test.each(ROWS)('%i: %s', async (status, _, testRequest) => {
  const reply = await send(testRequest);
  record(reply);
  expect([reply.status, violations(reply)]).toEqual([status, []]);
  if (testRequest.method) return;
  const head = await send({ ...testRequest, method: 'HEAD' });
  expect([head.status, violations(head, 'HEAD')]).toEqual([status, []]);
});

test('503: at the concurrency limit', async () => {
  const handler = createHandler(testConfig({ MAX_REQUESTS: '1', SOURCE_IDLE_TIMEOUT: '500' }), { log: () => {} });
  const sendSlow = () =>
    handler(events.functionUrl({ k: KEY, u: `${origin.url}/silent.jpg?${Math.random()}`, w: 40 }), context());
  origin.set('/silent.jpg', { framing: 'silent' });
  const replies = (await Promise.all([sendSlow(), sendSlow()])).map(toReply);
  const rejected = replies.find(({ status }) => status === 503);
  if (!rejected) throw new Error('both were accepted');
  record(rejected);
  expect(violations(rejected)).toEqual([]);
});

test('204: the allowed methods', async () => {
  const reply = await send({ method: 'OPTIONS' });
  record(reply);
  expect([reply.status, violations(reply, 'OPTIONS')]).toEqual([204, []]);
});

test('every documented status and header occurs', () => {
  const documented = Object.values(RESPONSES).flatMap((answers) => Object.entries(answers));
  expect(new Set(documented.map(([status]) => Number(status)))).toEqual(seenStatuses);
  const names = documented.flatMap(([, { headers }]) => Object.keys(headers).map((name) => name.toLowerCase()));
  expect([...new Set(names)].filter((name) => !seenHeaders.has(name))).toEqual([]);
});

test('the validation finds undocumented and invalid responses', async () => {
  const reply = await send({});
  const validate = (changes: Partial<Reply>) => violations({ ...reply, ...changes });
  expect(validate({ status: 418 })).toEqual(['418 is not documented']);
  expect(validate({ headers: { ...reply.headers, 'x-other': '1' } })).toEqual(['x-other is not documented']);
  expect(validate({ headers: { ...reply.headers, etag: 'x' } })[0]).toMatch(/^etag must match/);
  expect(validate({ headers: { ...reply.headers, 'content-type': 'text/html' } })).toEqual([
    'text/html is not documented',
  ]);
  const { 'cache-control': _, ...rest } = reply.headers;
  expect(validate({ headers: rest })).toEqual(['cache-control is missing']);
  const badRequest = await send({ query: { w: 0 } });
  const body = Buffer.from(
    JSON.stringify({ ...JSON.parse(badRequest.body.toString()), code: 'UNAUTHORIZED', more: 1 }),
  );
  expect(violations({ ...badRequest, body }).join()).toMatch(/code must be equal.*unevaluated/);
});
