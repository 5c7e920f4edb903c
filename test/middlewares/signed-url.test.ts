/** Signed URLs of any endpoint, and the published vectors of the signature. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import middy from '@middy/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { signUrl } from '../../src/client/url.ts';
import { signedUrl, type UrlSecret } from '../../src/middlewares/signed-url.ts';
import { events } from '../event-sources.ts';

const NOW = Date.UTC(2026, 10, 1);
beforeEach(() => vi.useFakeTimers({ now: NOW, toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

const BYTES = Uint8Array.from({ length: 32 }, (_, i) => i);
const SECRET = Buffer.from(BYTES).toString('base64url');
const KEY = { id: 'acme1', secret: SECRET };
const OTHER = { id: 'acme1', secret: Buffer.alloc(32, 7).toString('base64url') };
const URL_TO_SIGN = 'https://example.com/report.csv?year=2026&tag=a&tag=b';

type Options = Parameters<typeof signedUrl>[0];
const service = (options: Options) => {
  const ids: unknown[] = [];
  const handler = middy()
    .use(signedUrl(options))
    .before(({ internal }) => void ids.push(internal.apiKeyId))
    .handler(() => 'passed') as unknown as (event: object, context: object) => Promise<unknown>;
  return { handler, ids };
};
const toEvent = (url: string, headers: object = {}) => {
  const { host, pathname, search } = new URL(url);
  const requestContext = { http: { method: 'GET', path: pathname } };
  return { rawPath: pathname, rawQueryString: search.slice(1), headers: { host, ...headers }, requestContext };
};
const get = (url: string, options: Options = { secrets: [KEY] }, headers: object = {}) =>
  service(options).handler(toEvent(url, headers), {});
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    (result) => result,
    (error: { code?: string }) => error.code ?? error,
  );

describe('the published vectors', () => {
  const page = readFileSync(new URL('../../src/docs/signature.md', import.meta.url), 'utf8');
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  const vectors: { what: string; url: string; string: string; s: string }[] = JSON.parse(json);
  test('there are some', () => expect(vectors.length).toBeGreaterThanOrEqual(5));
  test.each(vectors)('$what', async ({ url, string, s }) => {
    expect(createHmac('sha256', BYTES).update(string).digest('base64url')).toBe(s);
    const signed = await signUrl(url, KEY, { exp: 1_795_600_000 });
    expect(new URL(signed).searchParams.get('s')).toBe(s);
    expect(await get(signed)).toBe('passed');
    // Every spelling of the same parameters is the same URL.
    expect(await get(`${url}${url.includes('?') ? '&' : '?'}s=${s}&exp=1795600000&k=acme1`)).toBe('passed');
  });
});

test('signUrl drops the fragment and an old signature, and its URL is valid for 30 days', async () => {
  const url = await signUrl(`${URL_TO_SIGN}&k=other&exp=1&s=x#part`, KEY);
  expect(url).toMatch(/^https:\/\/example\.com\/report\.csv\?exp=\d+&k=acme1&tag=a&tag=b&year=2026&s=[\w-]{43}$/);
  expect(await get(url)).toBe('passed');
  vi.setSystemTime(NOW + 32 * 86_400_000);
  expect(await codeOf(get(url))).toBe('SIGNATURE_EXPIRED');
});

test('every change of the URL is refused', async () => {
  const url = await signUrl(URL_TO_SIGN, KEY);
  const changes = [
    url.replace('2026', '2027'),
    url.replace('report', 'other'),
    url.replace('example.com', 'example.org'),
    url.replace('tag=b', 'tag=c'),
    url.replace('&tag=b', ''),
    `${url}&more=1`,
    url.replace('acme1', 'acme2'),
  ];
  for (const changed of changes) expect(await codeOf(get(changed))).toBe('SIGNATURE_INVALID');
  expect(await codeOf(get(await signUrl(URL_TO_SIGN, OTHER)))).toBe('SIGNATURE_INVALID');
});

test.each(['', '?k=acme1', '?s=x', '?k=&s=x', '?k=acme1&s='])('%s: no signature', async (query) => {
  const error = await get(`https://example.com/${query}`).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'UNAUTHORIZED',
    message: 'This URL must be signed: it needs k, the id of the secret, and s, the signature.',
  });
});

test('headers with keys of other middlewares do not matter, and a preflight passes', async () => {
  const headers = { authorization: 'Bearer other', 'x-api-key': 'another' };
  expect(await get(await signUrl(URL_TO_SIGN, KEY), undefined, headers)).toBe('passed');
  const { handler } = service({ secrets: [KEY] });
  expect(await handler(events.rest({}, {}, 'OPTIONS'), {})).toBe('passed');
});

test('the id of the secret is that of the log', async () => {
  const { handler, ids } = service({ secrets: [OTHER, { id: 'beta', secret: BYTES }] });
  await handler(toEvent(await signUrl(URL_TO_SIGN, { id: 'beta', secret: SECRET })), {});
  expect(ids).toEqual(['beta']);
});

test('another host of the service', async () => {
  const url = await signUrl(URL_TO_SIGN, KEY);
  const event = toEvent(url.replace('example.com', 'origin.example'));
  expect(await codeOf(service({ secrets: [KEY] }).handler(event, {}))).toBe('SIGNATURE_INVALID');
  expect(await service({ secrets: [KEY], hosts: ['example.com'] }).handler(event, {})).toBe('passed');
});

describe('secrets', () => {
  test.each<[string, UrlSecret]>([
    ['a string', KEY],
    ['with its prefix', { ...KEY, secret: `pxg_${SECRET}` }],
    ['with padding', { ...KEY, secret: `${SECRET}=` }],
    ['bytes', { ...KEY, secret: BYTES }],
  ])('%s', async (_what, secret) =>
    expect(await get(await signUrl(URL_TO_SIGN, KEY), { secrets: [OTHER, secret] })).toBe('passed'),
  );
  test('with the letters of the prefix in it', async () => {
    const key = { id: 'acme1', secret: `AAECpxg_${SECRET.slice(8)}` };
    expect(await get(await signUrl(URL_TO_SIGN, { ...key, secret: `pxg_${key.secret}` }), { secrets: [key] })).toBe(
      'passed',
    );
  });
  test('of 16 bytes', async () => {
    const key = { id: 'short', secret: Buffer.alloc(16, 1).toString('base64url') };
    expect(await get(await signUrl(URL_TO_SIGN, key), { secrets: [key] })).toBe('passed');
  });
  test.each<[string, Partial<UrlSecret>, string]>([
    ['disabled', { disabled: true }, 'This API key is disabled.'],
    ['not yet', { notBefore: NOW + 1 }, 'This API key is not valid yet.'],
    ['no longer', { notAfter: NOW }, 'This API key has expired.'],
  ])('%s', async (_what, more, message) => {
    const refused = get(await signUrl(URL_TO_SIGN, KEY), { secrets: [{ ...KEY, ...more }] });
    await expect(refused).rejects.toMatchObject({ code: 'UNAUTHORIZED', message });
  });
  test('from a function of the request, which may wait', async () => {
    const seen: unknown[] = [];
    const secrets = async ({ context }: { context: { awsRequestId: string } }) => {
      seen.push(context.awsRequestId);
      await Promise.resolve();
      return [context.awsRequestId === 'one' ? KEY : OTHER];
    };
    const { handler } = service({ secrets });
    const event = toEvent(await signUrl(URL_TO_SIGN, KEY));
    // At the same time: each is compared with its own.
    const both = [handler(event, { awsRequestId: 'one' }), handler(event, { awsRequestId: 'two' })];
    expect(await Promise.all(both.map(codeOf))).toEqual(['passed', 'SIGNATURE_INVALID']);
    expect(seen).toEqual(['one', 'two']);
    expect(await get(await signUrl(URL_TO_SIGN, KEY), { secrets: () => [KEY] })).toBe('passed');
  });
});

const TOO_SHORT = 'signedUrl: the secret of acme1 must be at least 16 bytes, as base64url if it is a string';
describe.each<[string, unknown, string]>([
  ['none', [], 'signedUrl: secrets must hold at least one secret'],
  ['no id', [{ secret: SECRET }], 'signedUrl: each of secrets needs an id'],
  ['one without an id', [KEY, { secret: SECRET }], 'signedUrl: each of secrets needs an id'],
  ['padding in the middle', [{ id: 'acme1', secret: `${SECRET.slice(0, 30)}=${SECRET}` }], TOO_SHORT],
  ['too short', [{ id: 'acme1', secret: SECRET.slice(0, 20) }], TOO_SHORT],
  ['too few bytes', [{ id: 'acme1', secret: BYTES.slice(0, 15) }], TOO_SHORT],
  ['not base64url', [{ id: 'acme1', secret: `${SECRET}+/` }], TOO_SHORT],
  ['no string', [{ id: 'acme1', secret: 5 }], TOO_SHORT],
  ['missing', [{ id: 'acme1' }], TOO_SHORT],
])('the secrets: %s', (_what, secrets, message) => {
  test('the factory throws', () =>
    expect(() => signedUrl({ secrets: secrets as UrlSecret[] })).toThrow(new TypeError(message)));
  test('from a function, the request fails', async () => {
    const refused = get('https://example.com/?k=acme1&s=x', { secrets: () => secrets as UrlSecret[] });
    await expect(refused).rejects.toThrow(new TypeError(message));
  });
});

test('the function returns no list', async () => {
  const refused = get('https://example.com/?k=acme1&s=x', { secrets: () => 'x' as never });
  await expect(refused).rejects.toThrow(new TypeError('signedUrl: the function in secrets must return a list'));
});
