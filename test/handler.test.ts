import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HttpEvent } from '../src/http/event.ts';
import { useFakeTimers, useRealTimers } from './fake-timers.ts';
import { type Route, startOrigin } from './origin.ts';
import { decodePixels } from './pixels.ts';
import { codeOf, context, events, KEY, type Reply, testHandler, toReply } from './requests.ts';

const readFixture = (path: string) => readFileSync(new URL(path, import.meta.url));
let origin: Awaited<ReturnType<typeof startOrigin>>;
const routes: Record<string, Route> = {
  '/photo.jpg': { body: readFixture('../src/dev/samples/landscape.jpg') },
  '/logo.svg': { body: readFixture('../src/dev/samples/logo.svg') },
  '/cut.jpg': { body: readFixture('fixtures/cases/files/B01-cut60.jpg').subarray(0, 300) },
  '/bomb.png': { body: readFixture('fixtures/cases/files/L11-bomb-19000.png') },
  '/grain.avif': { body: readFixture('fixtures/cases/files/L19-grain-2400.avif') },
  '/page.html': { body: '<!DOCTYPE html><p>secret of the origin' },
  '/large.jpg': { body: Buffer.concat([readFixture('../src/dev/samples/landscape.jpg'), Buffer.alloc(300_000)]) },
  '/down.jpg': { status: 503, body: 'secret of the origin' },
  '/silent.jpg': { framing: 'silent' },
};
beforeAll(async () => {
  origin = await startOrigin(routes);
});
afterAll(() => origin.close());

const handler = testHandler({ SOURCE_MAX_BYTES: '300000', SOURCE_IDLE_TIMEOUT: '1000' });
const send = async (event: HttpEvent) => toReply(await handler(event, context()));
const query = (path: string, more: Record<string, string | number> = {}) => ({
  k: KEY,
  u: origin.url + path,
  w: 320,
  ...more,
});

const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
  'timing-allow-origin': '*',
};

describe.each(Object.entries(events))('%s', (eventSource, event) => {
  test('an image', async () => {
    const result = await handler(event(query('/photo.jpg'), { accept: 'image/webp,*/*' }), context());
    expect(result.isBase64Encoded).toBe(true);
    expect(Boolean(result.multiValueHeaders)).toBe(eventSource === 'albMulti');
    const { status, headers, body } = toReply(result);
    expect(status).toBe(200);
    const { age = '0', date: _, ...others } = headers;
    expect(Number(age)).toBeLessThan(60);
    expect(others).toEqual({
      ...COMMON_HEADERS,
      'content-type': 'image/webp',
      'content-length': String(body.length),
      'cache-control': 'public, max-age=86400, stale-while-revalidate=86400, stale-if-error=604800',
      'cache-tag': expect.stringMatching(/^u-[\w-]{16},h-127\.0\.0\.1,k-tester$/),
      etag: expect.stringMatching(/^W\/"[\w-]{22}"$/),
      'server-timing': expect.stringMatching(/cache;desc=\w+/),
      vary: 'Accept',
    });
    expect(await decodePixels(body)).toMatchObject({ type: 'image/webp', width: 320, height: 240 });
  });

  test.each(['/photo.jpg', '/none.jpg'])('%s, with the key in a header: private', async (path) => {
    const { k: _, ...keyless } = query(path);
    const { headers: shared } = await send(event(query(path)));
    expect(shared['cache-control']).toMatch(/^public, max-age=/);
    for (const headers of [{ 'x-api-key': KEY }, { Authorization: `Bearer ${KEY}` }]) {
      const reply = await send(event(keyless, headers));
      expect(reply.headers['cache-control']).toBe(`private, max-age=${path === '/none.jpg' ? 60 : 86400}`);
      // With `k` as well, the URL is the key's own.
      expect((await send(event(query(path), headers))).headers['cache-control']).toBe(shared['cache-control']);
    }
  });

  test('a requested format does not vary on Accept', async () => {
    const { headers } = await send(event(query('/photo.jpg', { f: 'png' })));
    expect(headers['content-type']).toBe('image/png');
    expect(headers).not.toHaveProperty('vary');
  });

  test('HEAD: the headers of GET, no body', async () => {
    await send(event(query('/photo.jpg')));
    const get = await send(event(query('/photo.jpg')));
    const head = await send(event(query('/photo.jpg'), {}, 'HEAD'));
    expect(head).toEqual({ ...get, body: Buffer.alloc(0) });
    expect(Number(head.headers['content-length'])).toBeGreaterThan(1000);
  });

  test('OPTIONS needs no key', async () => {
    const { status, headers, body } = await send(event({}, {}, 'OPTIONS'));
    expect([status, body.length]).toEqual([204, 0]);
    expect(headers).toMatchObject({ ...COMMON_HEADERS, allow: 'GET, HEAD, OPTIONS' });
  });

  test.each<[string, () => HttpEvent, number, string, string]>([
    ['another method', () => event(query('/photo.jpg'), {}, 'POST'), 405, 'METHOD_NOT_ALLOWED', 'no-store'],
    ['no key', () => event({ u: 'x', w: 'x' }), 401, 'UNAUTHORIZED', 'no-store'],
    ['a wrong key', () => event({ ...query('/photo.jpg'), k: 'wrong' }), 401, 'UNAUTHORIZED', 'no-store'],
    ['a wrong width', () => event(query('/photo.jpg', { w: '0x28' })), 400, 'QUERY_INVALID', 'public, max-age=60'],
    ['no source URL', () => event({ k: KEY, w: 1 }), 400, 'QUERY_INVALID', 'public, max-age=60'],
    ['a file URL', () => event({ k: KEY, w: 1, u: 'file:///etc/passwd' }), 400, 'QUERY_INVALID', 'public, max-age=60'],
    [
      "the platform's metadata service",
      () => event({ k: KEY, w: 1, u: 'http://169.254.169.254/' }),
      403,
      'SOURCE_FORBIDDEN',
      'no-store',
    ],
    ['a missing image', () => event(query('/none.jpg')), 404, 'SOURCE_NOT_FOUND', 'public, max-age=60'],
    ['a source of too many bytes', () => event(query('/large.jpg')), 413, 'SOURCE_TOO_LARGE', 'public, max-age=60'],
    ['a source of too many pixels', () => event(query('/bomb.png')), 413, 'IMAGE_TOO_LARGE', 'public, max-age=60'],
    [
      'an output of too many bytes',
      () => event(query('/grain.avif', { w: 2400, f: 'png' })),
      413,
      'RESULT_TOO_LARGE',
      'public, max-age=60',
    ],
    ['an HTML page', () => event(query('/page.html')), 415, 'SOURCE_UNSUPPORTED', 'public, max-age=60'],
    ['a header without an image', () => event(query('/cut.jpg')), 422, 'IMAGE_CORRUPT', 'public, max-age=60'],
    ['an origin that is down', () => event(query('/down.jpg')), 502, 'SOURCE_UNAVAILABLE', 'no-store'],
    ['an origin that is slow', () => event(query('/silent.jpg')), 504, 'SOURCE_TIMEOUT', 'no-store'],
  ])('%s', async (_what, toEvent, status, code, cacheControl) => {
    const result = await handler(toEvent(), context());
    expect(result.isBase64Encoded).toBe(false);
    const reply = toReply(result);
    expect(reply.status).toBe(status);
    expect(reply.headers).toMatchObject({
      ...COMMON_HEADERS,
      'content-type': 'application/problem+json',
      'cache-control': cacheControl,
    });
    expect(JSON.parse(reply.body.toString())).toMatchObject({
      type: `/docs/errors#${code.toLowerCase()}`,
      instance: 'request-1',
      title: expect.any(String),
      status,
      code,
      detail: expect.any(String),
    });
    expect(reply.body.toString()).not.toMatch(new RegExp(`secret|${KEY}|\\n\\s+at `));
  });
});

test.each([
  {},
  { queryStringParameters: null },
  { source: 'aws.events' },
  { httpMethod: 'GET', queryStringParameters: null },
])('an event without a query is a 401: %j', async (event) => expect((await send(event as HttpEvent)).status).toBe(401));

test('order of errors: key, then width, then source URL', async () => {
  expect((await send(events.rest({ k: 'wrong', w: 'x', u: 'x:' }))).status).toBe(401);
  const { body } = await send(events.rest({ k: KEY, u: 'x:', w: 'x', q: 0 }));
  expect(JSON.parse(body.toString()).errors.map(({ parameter }: { parameter: string }) => parameter)).toEqual([
    'w',
    'u',
    'q',
  ]);
});

describe('the deadline', () => {
  beforeEach(useFakeTimers);
  afterEach(useRealTimers);
  const until = async (condition: () => boolean) => {
    while (!condition()) await setImmediate();
  };

  test('comes a second before that of Lambda, and ends the fetch', { timeout: 10_000 }, async () => {
    // The time budgets of the fetch end later than the test.
    const patient = testHandler({ SOURCE_IDLE_TIMEOUT: '60000', SOURCE_TIMEOUT: '60000' });
    const requests = origin.hits.get('/silent.jpg') ?? 0;
    let response: Reply | undefined;
    const done = patient(events.rest(query('/silent.jpg')), context(1300)).then((result) => {
      response = toReply(result);
    });
    await until(() => origin.hits.get('/silent.jpg') === requests + 1);
    vi.advanceTimersByTime(299);
    for (let i = 0; i < 20; i++) await setImmediate();
    expect(response).toBeUndefined();
    vi.advanceTimersByTime(1);
    await done;
    expect([response?.status, response && codeOf(response)]).toEqual([504, 'SOURCE_TIMEOUT']);
    await until(() => origin.open.size === 0);
    expect(toReply(await patient(events.rest(query('/photo.jpg')), context())).status).toBe(200);
  });
});

test('an SVG is never passed through', async () => {
  const { headers, body } = await send(events.rest(query('/logo.svg'), { accept: 'image/svg+xml' }));
  expect(headers['content-type']).toBe('image/png');
  expect(body.toString('latin1')).not.toContain('<svg');
});

test('one log line per request, without the key or the URL', async () => {
  const lines: string[] = [];
  const logging = testHandler({}, (line) => lines.push(line));
  await logging(events.functionUrl(query('/photo.jpg?token=hush')), context());
  await logging(events.functionUrl(query('/photo.jpg')), context());
  await logging(events.functionUrl({ k: 'hush', u: 'http://user:hush@x.com/', w: 1 }), context());
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { status: 404, code: 'SOURCE_NOT_FOUND', keyId: 'tester', host: '127.0.0.1', w: 320 },
    {
      status: 200,
      function_request_id: 'request-1',
      keyId: 'tester',
      host: '127.0.0.1',
      w: 320,
      type: 'image/jpeg',
      cache: 'miss',
      bytesIn: expect.any(Number),
      bytesOut: expect.any(Number),
      remainingMs: expect.any(Number),
      cold_start: false,
    },
    { status: 401, code: 'UNAUTHORIZED' },
  ]);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ cold_start: true });
  expect(lines.join()).not.toMatch(new RegExp(`hush|${KEY}`));
});

test.each([
  ['in a query with another error', { w: 0 }],
  ['in a query that is valid otherwise', { w: 10 }],
])('a key that is sent as the URL is not logged: %s', async (_, more) => {
  const lines: string[] = [];
  await testHandler({}, (line) => lines.push(line))(events.rest({ k: KEY, u: 'hushhush', ...more }), context());
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('hushhush');
});

test('concurrent requests do not affect each other', async () => {
  const widths = Array.from({ length: 24 }, (_, i) => 10 + i);
  const replies = await Promise.all(widths.map((w) => send(events.rest(query('/photo.jpg', { w })))));
  expect(await Promise.all(replies.map(async ({ body }) => (await decodePixels(body)).width))).toEqual(widths);
});

describe('loops', () => {
  test.each([
    ['pixgate', 403],
    ['cloudfront, Pixgate', 200],
    ['cloudfront;a=1, pixgate;b=2', 403],
    ['cloudfront', 200],
  ])('CDN-Loop: %s', async (loop, status) =>
    expect((await send(events.functionUrl(query('/photo.jpg'), { 'cdn-loop': loop }))).status).toBe(status),
  );
  test('the requested host is not fetched', async () => {
    const reply = await send(events.functionUrl(query('/photo.jpg'), { host: `127.0.0.1:${origin.port}` }));
    expect([reply.status, codeOf(reply)]).toEqual([403, 'SOURCE_FORBIDDEN']);
    const ownUrl = { ...events.functionUrl({ k: KEY, w: 1, u: 'https://x.lambda-url.eu-west-1.on.aws/?k=a' }) };
    expect((await send(ownUrl)).status).toBe(403);
  });
});

test('requests over the limit: 503 at once, with Retry-After', async () => {
  for (const i of [0, 1, 2, 3, 4]) origin.set(`/silent.jpg?${i}`, { framing: 'silent' });
  const limited = testHandler({ MAX_REQUESTS: '2', SOURCE_IDLE_TIMEOUT: '300' });
  const replies = await Promise.all(
    Array.from({ length: 5 }, async (_, i) =>
      toReply(await limited(events.rest(query(`/silent.jpg?${i}`)), context())),
    ),
  );
  expect(replies.map(({ status }) => status).sort()).toEqual([503, 503, 503, 504, 504]);
  expect(replies.find(({ status }) => status === 503)?.headers).toMatchObject({
    'retry-after': '1',
    'cache-control': 'no-store',
  });
  expect(toReply(await limited(events.rest(query('/photo.jpg')), context())).status).toBe(200);
});

test('SOURCE_SVG=off refuses SVG', async () => {
  const off = testHandler({ SOURCE_SVG: 'off' });
  const reply = toReply(await off(events.rest(query('/logo.svg')), context()));
  expect([reply.status, codeOf(reply)]).toEqual([415, 'SOURCE_UNSUPPORTED']);
});

test('dropped frames are reported', async () => {
  origin.set('/many.gif', { body: readFixture('fixtures/hostile/images/gif-100f-1500sq-full.gif') });
  const reply = await send(events.rest(query('/many.gif', { f: 'webp', w: 20 })));
  expect(reply.headers['pixgate-frames-of']).toBe('100');
  expect((await decodePixels(reply.body)).pages).toBeLessThanOrEqual(22);
  expect((await send(events.rest(query('/photo.jpg')))).headers).not.toHaveProperty('pixgate-frames-of');
  // Also where only the first one is left, but not where the request asks for fewer.
  const firstFrameOnly = testHandler({ SOURCE_MAX_FRAMES: '1' });
  const first = toReply(await firstFrameOnly(events.rest(query('/many.gif', { f: 'webp', w: 20 })), context()));
  expect([(await decodePixels(first.body)).pages, first.headers['pixgate-frames-of']]).toEqual([1, '100']);
  expect((await send(events.rest(query('/many.gif', { f: 'webp', w: 20, n: 1 })))).headers).not.toHaveProperty(
    'pixgate-frames-of',
  );
});

test('filename and dl set Content-Disposition', async () => {
  const disposition = async (more: Record<string, string>) =>
    (await send(events.rest(query('/photo.jpg', { f: 'webp', ...more })))).headers['content-disposition'];
  expect(await disposition({})).toBeUndefined();
  expect(await disposition({ filename: 'cat' })).toBe('inline; filename="cat.webp"');
  expect(await disposition({ dl: '' })).toBe('attachment; filename="image.webp"');
  expect(await disposition({ dl: '1', filename: 'my-cat_2.final', f: 'jpg' })).toBe(
    'attachment; filename="my-cat_2.final.jpg"',
  );
});

test('colours by name and in hexadecimal digits', async () => {
  const code = async (cbg: string) =>
    (await send(events.functionUrl(query('/photo.jpg', { h: 320, fit: 'contain', f: 'png', cbg })))).status;
  for (const valid of ['red', 'RebeccaPurple', 'f00', '#f00', '8f00', 'ff0000', '80ff0000', 'transparent'])
    expect(await code(valid), valid).toBe(200);
  for (const invalid of ['reddish', 'ff', 'ggg', 'rgb(1,2,3)', '12345', '#', 'constructor'])
    expect(await code(invalid), invalid).toBe(400);
  const half = await send(
    events.functionUrl(query('/photo.jpg', { h: 320, fit: 'contain', f: 'png', cbg: '80ff0000' })),
  );
  expect((await decodePixels(half.body)).at(0.5, 0.01)).toEqual([255, 0, 0, 128]);
});

test('presets of a deployment, and no other parameters where it allows presets only', async () => {
  const preset = testHandler({
    PRESETS: 'thumb=w=50&h=50&fit=cover;tone=filt=duotone&start=navy&mod=1,1.2',
    PRESETS_ONLY: 'on',
  });
  const send = async (more: Record<string, string>) =>
    toReply(await preset(events.rest({ k: KEY, u: `${origin.url}/photo.jpg`, ...more }), context()));
  const thumb = await send({ p: 'thumb', dpr: '2' });
  expect(await decodePixels(thumb.body)).toMatchObject({ width: 100, height: 100 });
  for (const refused of [{ w: '50' }, { p: 'thumb', w: '9' }, { p: 'none' }])
    expect((await send(refused as never)).status).toBe(400);
  expect(() => testHandler({ PRESETS: 'bad=w=0' })).toThrow(/preset bad/);
  // Errors that a schema cannot express are thrown at start, too, and not at the first request.
  for (const wrong of ['w=9&bg=reddish', 'w=9&maxage=5s', 'w=9&default=file:///x'])
    expect(() => testHandler({ PRESETS: `bad=${wrong}` }), wrong).toThrow(/preset bad/);
});

test('metadata and placeholders are text, of images and SVG', async () => {
  for (const [f, type] of [
    ['json', 'application/json'],
    ['blurhash', 'text/plain; charset=utf-8'],
    ['color', 'text/plain; charset=utf-8'],
  ] as const)
    for (const path of ['/photo.jpg', '/logo.svg']) {
      const reply = await send(events.rest({ k: KEY, u: origin.url + path, f }));
      expect([reply.status, reply.headers['content-type']]).toEqual([200, type]);
    }
  expect(
    JSON.parse((await send(events.rest({ k: KEY, u: `${origin.url}/logo.svg`, f: 'json' }))).body.toString()),
  ).toMatchObject({ format: 'svg', width: 96, height: 48 });
});

test('AVIF is negotiated if the deployment switches it on', async () => {
  const on = testHandler({ AVIF_AUTO: 'on' });
  const type = async (handler: typeof on, accept: string) =>
    toReply(await handler(events.rest(query('/photo.jpg'), { accept }), context())).headers['content-type'];
  expect(await type(on, 'image/avif,image/webp,*/*')).toBe('image/avif');
  expect(await type(on, 'image/webp,*/*')).toBe('image/webp');
  expect(await type(handler, 'image/avif,image/webp,*/*')).toBe('image/webp');
});

test('effects and masks on an SVG', async () => {
  const reply = await send(events.rest(query('/logo.svg', { mask: 'circle', filt: 'negate', ro: 90, f: 'webp' })));
  expect(await decodePixels(reply.body)).toMatchObject({ width: 320, height: 640 });
});

test('an output that is too large is logged once, with its status', async () => {
  const lines: string[] = [];
  const logging = testHandler({}, (line) => lines.push(line));
  const reply = toReply(await logging(events.rest(query('/grain.avif', { w: 2400, f: 'png' })), context()));
  // A requested format does not depend on Accept.
  expect([reply.status, reply.headers.vary]).toEqual([413, undefined]);
  expect(lines.map((line) => JSON.parse(line).status)).toEqual([413]);
});

test('a secret that is sent as another parameter is not logged', async () => {
  const lines: string[] = [];
  const logging = testHandler({}, (line) => lines.push(line));
  for (const event of Object.values(events)) {
    await logging(event({ h: 'my-secret', w: 'my-secret', u: 'my-secret' }), context());
    await logging(event({ k: KEY, h: 'my-secret', w: 'my-secret', u: 'my-secret/x', zoom: 'my-secret' }), context());
  }
  expect(lines).toHaveLength(8);
  // Only the host of a URL that was parsed may be logged.
  for (const line of lines) expect(line.replace('"host":"my-secret"', '')).not.toContain('my-secret');
});
