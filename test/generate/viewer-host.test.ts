/** The header in which CloudFront passes the viewer's host: read where nobody else can call, and ignored elsewhere. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sign } from '../../src/client/url.ts';
import { sha256 } from '../../src/keys/registry.ts';
import { startOrigin } from '../origin.ts';
import { codeOf, context, testHandler, toReply } from '../requests.ts';

const SECRET = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const REGISTRY = [
  { id: 'acme', mode: 'signed', secret: SECRET },
  { id: 'paged', sha256: sha256('paged'), pages: ['https://example.com'] },
  { id: 'open', sha256: sha256('open') },
];
let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  const body = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
  origin = await startOrigin({ '/a.jpg': { body, headers: { 'cache-control': 'public, max-age=600' } } });
});
afterAll(() => origin.close());

const request = (rawQueryString: string, domainName: string, headers: Record<string, string> = {}) => ({
  version: '2.0',
  rawPath: '/',
  rawQueryString,
  headers: { host: domainName, ...headers },
  requestContext: { domainName, http: { method: 'GET' } },
});
const handlerWith = (settings: Record<string, string> = {}) =>
  testHandler({ API_KEYS: JSON.stringify(REGISTRY), ...settings });
const VIEWER = { VIEWER_HOST_HEADER: 'x-pixgate-host' };
const FUNCTION_URL = 'x.lambda-url.eu-west-1.on.aws';

test.each<[string, Record<string, string>, string, Record<string, string>, number]>([
  ['a Function URL', VIEWER, FUNCTION_URL, { 'x-pixgate-host': 'img.example.com' }, 200],
  ['a Function URL, in another case', VIEWER, FUNCTION_URL, { 'X-Pixgate-Host': 'IMG.example.com:443' }, 200],
  ['an API', VIEWER, 'x.execute-api.eu-west-1.amazonaws.com', { 'x-pixgate-host': 'img.example.com' }, 401],
  ['a Function URL without the setting', {}, FUNCTION_URL, { 'x-pixgate-host': 'img.example.com' }, 401],
  ['a Function URL without the header', VIEWER, FUNCTION_URL, {}, 401],
  ['a Function URL with two hosts', VIEWER, FUNCTION_URL, { 'x-pixgate-host': 'img.example.com, b.example' }, 401],
])('a URL signed for the viewer’s host, at %s', async (_, settings, domainName, headers, status) => {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const url = await sign(
    'https://img.example.com/',
    `${origin.url}/a.jpg`,
    { id: 'acme', secret: SECRET },
    { w: 8, exp },
  );
  const event = request(new URL(url).search.slice(1), domainName, headers);
  const reply = toReply(await handlerWith(settings)(event, context()));
  expect([reply.status, reply.status === 200 ? '' : codeOf(reply)]).toEqual([
    status,
    status === 200 ? '' : 'SIGNATURE_INVALID',
  ]);
});

const EDGE = { ...VIEWER, EDGE_KEYS: 'on' };
const FROM_CDN = { 'x-pixgate-host': 'img.example.com' };
test.each<[string, Record<string, string>, string, Record<string, string>, 'public' | 'private']>([
  ['pages', VIEWER, 'k=paged&', FROM_CDN, 'private'],
  ['pages, checked by the CDN', EDGE, 'k=paged&', FROM_CDN, 'public'],
  ['pages, checked by the CDN, at another entry point', EDGE, 'k=paged&', {}, 'private'],
  ['no policy', VIEWER, 'k=open&', FROM_CDN, 'public'],
  ['its key in a header', VIEWER, '', { ...FROM_CDN, 'x-api-key': 'open' }, 'private'],
  ['its key in a header, checked by the CDN', EDGE, '', { ...FROM_CDN, 'x-api-key': 'open' }, 'public'],
])('a response to a key with %s', async (_, settings, key, headers, expected) => {
  const event = request(`${key}u=${encodeURIComponent(`${origin.url}/a.jpg`)}&w=8`, FUNCTION_URL, headers);
  const reply = toReply(await handlerWith(settings)(event, context()));
  expect([reply.status, reply.headers['cache-control']?.split(',')[0]]).toEqual([200, expected]);
});
