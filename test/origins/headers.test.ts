/** `SOURCE_HEADERS` through the whole handler, to a real origin over http and https. Every secret here has `hush` in it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseSourceHeaders } from '../../src/fetch/source-headers.ts';
import { createHandler, type HandlerOptions } from '../../src/handler.ts';
import { sha256 } from '../../src/keys/registry.ts';
import { codeOf, context, events, type Reply, testConfig, toReply } from '../requests.ts';
import { checkForSecrets } from '../secrets.ts';
import { startTlsOrigin } from '../tls-origin.ts';

const body = readFileSync(new URL('../../src/dev/samples/cat.webp', import.meta.url));
const SECRET = 'Bearer hush-1';
let origin: Awaited<ReturnType<typeof startTlsOrigin>>;
/** Targets of redirects by path. */
let redirects: Record<string, string> = {};
let accepted = SECRET;

beforeAll(async () => {
  origin = await startTlsOrigin((request, response) => {
    const path = request.url ?? '';
    const location = redirects[path];
    if (location !== undefined) return void response.writeHead(302, { location }).end();
    if (path.startsWith('/private') && request.headers.authorization !== accepted)
      return void response.writeHead(401, { 'www-authenticate': 'Bearer', 'cache-control': 'max-age=60' }).end();
    if (path.startsWith('/loose'))
      return void request.socket.end(
        Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\nContent-Length: ${body.length}\n\n`), body]),
      );
    if (request.headers['if-none-match'] === '"cat"') return void response.writeHead(304, { etag: '"cat"' }).end();
    response.writeHead(200, { etag: '"cat"', 'cache-control': 'max-age=60' }).end(body);
  });
});
afterAll(() => origin.close());
beforeEach(() => {
  origin.requests.length = 0;
  redirects = {};
  accepted = SECRET;
});

const https = (path: string, name = 'cdn.shop.example') => `https://${name}:${origin.httpsPort}${path}`;
const http = (path: string, name = 'cdn.shop.example') => `http://${name}:${origin.httpPort}${path}`;
const keys = () =>
  JSON.stringify([
    { id: 'any', sha256: sha256('any-key') },
    {
      id: 'shop',
      sha256: sha256('shop-key'),
      sources: [
        `*.shop.example:${origin.httpsPort}`,
        `*.shop.example:${origin.httpPort}`,
        `other.example:${origin.httpsPort}`,
      ],
    },
    { id: 'short', sha256: sha256('short-key'), sources: ['shop:'] },
    { id: 'other', sha256: sha256('other-key'), sources: [`other.example:${origin.httpsPort}`] },
  ]);

function start(headers: object, env: Record<string, string> = {}, options: HandlerOptions = {}) {
  const lines: string[] = [];
  const config = testConfig({
    API_KEYS: keys(),
    LOG_LEVEL: 'debug',
    SOURCE_HEADERS: JSON.stringify(headers),
    SOURCE_BASES: `shop=${https('/')}`,
    ...env,
  });
  const log = (line: string) => {
    checkForSecrets(line);
    lines.push(line);
  };
  const handler = createHandler(config, { resolve: origin.resolve, log, ...options });
  const ask = async (
    u: string,
    k = 'shop-key',
    more: object = {},
    sent: Record<string, string> = {},
  ): Promise<Reply> => {
    const reply = toReply(await handler(events.functionUrl({ k, w: 32, u, ...more }, sent), context()));
    checkForSecrets(JSON.stringify(reply.headers) + (reply.status === 200 ? '' : reply.body.toString()));
    return reply;
  };
  return { ask, lines };
}
/** What each request had as its `Authorization`, by host. */
const sent = () => origin.requests.map(({ headers }) => [headers.host?.split(':')[0], headers.authorization]);
const onHttps = () => ({ [`*.shop.example:${origin.httpsPort}`]: { Authorization: SECRET } });
const onBoth = () => ({ ...onHttps(), [`http://*.shop.example:${origin.httpPort}`]: { Authorization: SECRET } });

test('any header, User-Agent and Referer are sent to the host of the pattern, and to no other', async () => {
  const headers = {
    Authorization: SECRET,
    Cookie: 'session=hush',
    'X-Api-Key': 'hush',
    'user-agent': 'shop/1.0',
    Referer: 'https://shop.example/',
    Accept: 'image/*',
  };
  const { ask } = start({ [`cdn.shop.example:${origin.httpsPort}`]: headers });
  expect((await ask(https('/private/1.jpg'))).status).toBe(200);
  expect((await ask(https('/1.jpg', 'a.shop.example'))).status).toBe(200);
  const [first, second] = origin.requests.map((request) => request.headers);
  expect(first).toMatchObject({
    authorization: SECRET,
    cookie: 'session=hush',
    'x-api-key': 'hush',
    'user-agent': 'shop/1.0',
    referer: 'https://shop.example/',
    accept: 'image/*',
    'accept-encoding': 'identity',
    'cdn-loop': 'pixgate',
  });
  for (const name of ['authorization', 'cookie', 'x-api-key', 'referer']) expect(second).not.toHaveProperty(name);
  expect(second?.['user-agent']).toMatch(/^pixgate/);
});

test('over http only if the pattern says so', async () => {
  const secure = start({
    [`cdn.shop.example:${origin.httpPort}`]: { Authorization: SECRET },
    ...onHttps(),
  });
  expect((await secure.ask(http('/private/2.jpg'))).status).toBe(502);
  expect(sent()).toEqual([['cdn.shop.example', undefined]]);
  expect((await start(onBoth()).ask(http('/private/2.jpg'))).status).toBe(200);
});

describe('redirects', () => {
  test('on the same host keep the headers', async () => {
    redirects = { '/r1': '/r2', '/r2': https('/private/3.jpg') };
    expect((await start(onHttps()).ask(https('/r1'))).status).toBe(200);
    expect(sent().map(([, value]) => value)).toEqual([SECRET, SECRET, SECRET]);
  });
  test('to another host of the same pattern drop them, also on the way back', async () => {
    redirects = { '/r3': https('/r4', 'b.shop.example'), '/r4': https('/private/4.jpg') };
    expect((await start(onHttps()).ask(https('/r3'))).status).toBe(502);
    expect(sent()).toEqual([
      ['cdn.shop.example', SECRET],
      ['b.shop.example', undefined],
      ['cdn.shop.example', undefined],
    ]);
  });
  test('to a host with headers of its own have none', async () => {
    redirects = { '/r5': https('/5.jpg', 'other.example') };
    const headers = { ...onHttps(), [`other.example:${origin.httpsPort}`]: { Authorization: 'Bearer hush-other' } };
    expect((await start(headers).ask(https('/r5'))).status).toBe(200);
    expect(sent()).toEqual([
      ['cdn.shop.example', SECRET],
      ['other.example', undefined],
    ]);
  });
  test('from https to http on the same host drop them', async () => {
    redirects = { '/r6': http('/6.jpg') };
    expect((await start(onHttps()).ask(https('/r6'))).status).toBe(200);
    expect(sent()).toEqual([
      ['cdn.shop.example', SECRET],
      ['cdn.shop.example', undefined],
    ]);
  });
});

describe('a key whose sources do not list the host', () => {
  test('cannot use them, and gets nothing that was fetched with them', async () => {
    const { ask } = start(onHttps(), { ALLOW_ANONYMOUS: 'on', MEMORY_MAX_AGE: '3600' });
    const first = await ask(https('/private/7.jpg'));
    expect(first.status).toBe(200);
    for (const send of [
      () => ask(https('/private/7.jpg'), 'any-key'),
      () => ask(https('/private/7.jpg'), 'any-key', {}, { 'if-none-match': first.headers.etag ?? '' }),
      () => ask(https('/private/7.jpg'), 'any-key', { w: 33 }),
      () =>
        ask(https('/nothing.jpg'), 'any-key', { default: https('/private/7.jpg'), w: 34 }).then(() =>
          ask(https('/private/7.jpg'), 'any-key'),
        ),
    ]) {
      const reply = await send();
      expect([reply.status, codeOf(reply)]).toEqual([502, 'SOURCE_UNAVAILABLE']);
    }
    const other = await ask(https('/private/7.jpg'), 'other-key');
    expect([other.status, codeOf(other)]).toEqual([403, 'POLICY_FORBIDDEN']);
    // Its error is not that of a key that may use them.
    expect((await ask(https('/private/7.jpg'), 'shop-key', { w: 35 })).status).toBe(200);
    expect((await ask(https('/private/7.jpg'))).headers['server-timing']).toBe('cache;desc=hit');
  });
  test('shares no fetch that is under way', async () => {
    const { ask } = start(onHttps());
    const replies = await Promise.all(
      ['shop-key', 'any-key', 'short-key', 'any-key'].map((key) => ask(https('/private/8.jpg'), key)),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 502, 200, 502]);
  });
  test('the order does not matter', async () => {
    const { ask } = start(onHttps());
    expect((await ask(https('/private/9.jpg'), 'any-key')).status).toBe(502);
    expect((await ask(https('/private/9.jpg'))).status).toBe(200);
    expect((await ask(https('/private/9.jpg'), 'any-key')).status).toBe(502);
  });
  test('a stale image is not for it either', async () => {
    const { ask } = start(onHttps(), { MEMORY_MAX_AGE: '0' });
    expect((await ask(https('/private/10.jpg'))).status).toBe(200);
    accepted = 'nobody';
    expect((await ask(https('/private/10.jpg'), 'any-key')).status).toBe(502);
  });
});

test('a key with a short source may use the headers of its host', async () => {
  const { ask } = start(onHttps());
  expect((await ask('shop:private/11.jpg', 'short-key')).status).toBe(200);
  expect((await ask('shop:private/11.jpg', 'any-key')).status).toBe(502);
});

test('the fallback image has the headers of its own host', async () => {
  const { ask } = start(onHttps());
  redirects = { '/gone.jpg': https('/private/12.jpg', 'b.shop.example') };
  const reply = await ask(https('/gone.jpg'), 'shop-key', { default: https('/private/12.jpg', 'a.shop.example') });
  expect([reply.status, reply.headers['content-type']]).toEqual([502, 'image/webp']);
});

test('a response that is repaired is requested with them again', async () => {
  expect((await start(onHttps()).ask(https('/loose/13.jpg'))).status).toBe(200);
  expect(sent().map(([, value]) => value)).toEqual([SECRET, SECRET]);
});

test('a revalidation has them, and the validators', async () => {
  const { ask } = start(onHttps(), { MEMORY_MAX_AGE: '0' });
  expect((await ask(https('/private/14.jpg'))).status).toBe(200);
  expect((await ask(https('/private/14.jpg'), 'shop-key', { w: 40 })).status).toBe(200);
  const { authorization, 'if-none-match': tag } = origin.requests.at(-1)?.headers ?? {};
  expect([authorization, tag]).toEqual([SECRET, '"cat"']);
});

test('headers that change are used at once, and what was fetched with the old ones is not found', async () => {
  let current = parseSourceHeaders(JSON.stringify(onHttps()));
  const { ask } = start({}, { MEMORY_MAX_AGE: '3600' }, { sourceHeaders: () => current });
  expect((await ask(https('/private/15.jpg'))).status).toBe(200);
  accepted = 'Bearer hush-2';
  current = parseSourceHeaders(
    JSON.stringify({ [`cdn.shop.example:${origin.httpsPort}`]: { Authorization: accepted } }),
  );
  expect((await ask(https('/private/15.jpg'))).status).toBe(200);
  expect(sent().map(([, value]) => value)).toEqual([SECRET, 'Bearer hush-2']);
});

test('no log line, at the level debug, has a secret or the URL', async () => {
  const { ask, lines } = start(onHttps());
  redirects = { '/r16': https('/private/16.jpg', 'b.shop.example') };
  await ask(https('/private/16.jpg'));
  await ask(https('/r16'));
  await ask(https('/private/16.jpg'), 'any-key');
  await ask(http('/private/16.jpg'));
  expect(lines.length).toBeGreaterThanOrEqual(4);
  expect(lines.join('\n')).not.toMatch(/hush|private\/16/);
});
