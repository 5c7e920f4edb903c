import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findHeaders, headersByHop, parseSourceHeaders } from '../../src/fetch/source-headers.ts';
import { unusedHeaderWarnings } from '../../src/keys/header-warnings.ts';
import { parseKeys, sha256 } from '../../src/keys/registry.ts';

const parse = (hosts: object) => parseSourceHeaders(JSON.stringify(hosts));
const AUTH = { Authorization: 'Bearer hush' };

describe('findHeaders', () => {
  const all = parse({
    'cdn.example.com': AUTH,
    '*.example.com': { Cookie: 'a=hush' },
    'http://old.example.net:8080': { 'X-Token': 'hush' },
    'https://example.org': { Referer: 'https://hush.example/' },
  });
  const find = (url: string) => Object.keys(findHeaders(new URL(url), all)?.values() ?? {}).join();
  test.each([
    ['https://cdn.example.com/a', 'Authorization'],
    ['https://cdn.example.com:443/a', 'Authorization'],
    ['https://a.b.example.com/a', 'Cookie'],
    ['http://old.example.net:8080/a', 'X-Token'],
    ['https://old.example.net:8080/a', 'X-Token'],
    ['https://example.org/', 'Referer'],
    ['http://cdn.example.com/a', ''],
    ['https://cdn.example.com:8443/a', ''],
    ['http://old.example.net/a', ''],
    ['http://example.org/', ''],
    ['https://example.com/', ''],
    ['https://evilexample.com/', ''],
    ['s3://cdn.example.com/a', ''],
  ])('%s: %s', (url, names) => expect(find(url)).toBe(names));
});

test('headers are sent until the first other host, or the first http URL that must not have them', () => {
  const [https, , http] = parse({ '*.example.com': AUTH, 'a.example': AUTH, 'http://*.example.com': AUTH });
  const sentTo = (headers: typeof https, ...urls: string[]) => {
    const headersFor = headersByHop(new URL(urls[0] ?? ''), headers);
    return urls.map((url) => Object.keys(headersFor(new URL(url))).length);
  };
  const [A, PLAIN, B] = ['https://a.example.com/', 'http://a.example.com/', 'https://b.example.com/'];
  expect(sentTo(https, A, `${A}b`, A)).toEqual([1, 1, 1]);
  expect(sentTo(https, A, B, A)).toEqual([1, 0, 0]);
  expect(sentTo(https, A, PLAIN, A)).toEqual([1, 0, 0]);
  expect(sentTo(http, A, PLAIN, A)).toEqual([1, 1, 1]);
  expect(sentTo(http, PLAIN, B)).toEqual([1, 0]);
  expect(sentTo(https, A, 'https://a.example.com:8443/', A)).toEqual([1, 0, 0]);
  expect(sentTo(undefined, A)).toEqual([0]);
});

test('equal headers have equal digests, and no dump shows a value', () => {
  const [a, b, c] = parse({
    'a.example': AUTH,
    'b.example': { ...AUTH },
    'c.example': { Authorization: 'Bearer hush2' },
  });
  expect(a?.id).toBe(b?.id);
  expect(a?.id).not.toBe(c?.id);
  expect(inspect([a, b, c], { depth: 9, showHidden: true }) + JSON.stringify([a, b, c])).not.toContain('hush');
});

const withHeader = (name: string, value: unknown) => JSON.stringify({ 'a.example': { [name]: value } });
test.each<readonly [string, string]>([
  ['{"a.example": {"Authorization": "hush"', 'it is not valid JSON'],
  ['[]', 'it must be an object'],
  ['null', 'it must be an object'],
  ['{"Authorization": "Bearer hush"}', 'Authorization must have an object of headers'],
  ['{"a.example": {}}', 'a.example must have an object of headers'],
  ['{"*": {"a": "hush"}}', '* is not a host pattern'],
  ['{"a.example/x": {"a": "hush"}}', 'a.example/x is not a host pattern'],
  ['{"ftp://a.example": {"a": "hush"}}', 'ftp://a.example is not a host pattern'],
  ['{"user@a.example": {"a": "hush"}}', 'user@a.example is not a host pattern'],
  ['{"a.example": {"Cookie": "hush", "cookie": "hush"}}', 'a.example: cookie is given more than once'],
  [withHeader('Bearer hush', 'x'), 'a.example: a name is not a header name'],
  [withHeader('', 'x'), 'a.example: a name is not a header name'],
  [withHeader('X: y', 'x'), 'a.example: a name is not a header name'],
  [withHeader('X', 1), 'the value of X must be a non-empty string'],
  [withHeader('X', ''), 'the value of X must be a non-empty string'],
  [withHeader('X', ['hush']), 'the value of X must be a non-empty string'],
  [withHeader('X', 'hush\r\nHost: evil'), 'the value of X has a control character'],
  [withHeader('X', 'hush\n'), 'the value of X has a control character'],
  [withHeader('X', 'hush\u0000'), 'the value of X has a control character'],
  [withHeader('X', 'hush\tx'), 'the value of X has a control character'],
  [withHeader('X', 'hushü'), 'the value of X must be printable ASCII'],
  [withHeader('X', ' hush'), 'the value of X must be printable ASCII'],
  [withHeader('X', 'hush'.repeat(3000)), 'the value of X is longer than 8192 characters'],
  ...[
    'Host',
    'host',
    'Connection',
    'Content-Length',
    'Transfer-Encoding',
    'TE',
    'Trailer',
    'Upgrade',
    'Keep-Alive',
    'Expect',
    'Proxy-Authorization',
    'Proxy-Connection',
    'HTTP2-Settings',
    'Accept-Encoding',
    'Range',
    'If-None-Match',
    'If-Range',
    'CDN-Loop',
  ].map((name) => [withHeader(name, 'hush'), `a.example: ${name} cannot be set`] as const),
])('%s is refused', (text, message) => {
  expect(() => parseSourceHeaders(text)).toThrow(message);
  expect(() => parseSourceHeaders(text)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hush') }),
  );
});

test('headers that no key may use are reported', () => {
  const headers = parse({ 'cdn.example.com': AUTH, '*.example.net': AUTH, 'http://old.example:8080': AUTH });
  const bases = [{ name: 'shop', url: 'https://old.example/x/' }];
  const warnings = (sources?: string[]) =>
    unusedHeaderWarnings(headers, parseKeys(JSON.stringify([{ id: 'a', sha256: sha256('k'), sources }])), bases);
  expect(warnings()).toEqual([
    'The headers for cdn.example.com are never sent: no key lists that host in its sources.',
    'The headers for *.example.net are never sent: no key lists that host in its sources.',
    'The headers for old.example are never sent: no key lists that host in its sources.',
  ]);
  expect(warnings(['*.example.com', 'a.example.net', 'shop:'])).toEqual([]);
  expect(warnings(['example.com', 'example.net', 's3://old.example'])).toHaveLength(3);
});
