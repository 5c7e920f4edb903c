import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gunzip } from '../../src/fetch/gzip.ts';
import { fetchSource } from '../../src/fetch/source.ts';
import { parseHostPattern } from '../../src/fetch/source-url.ts';
import { parseNetwork } from '../../src/fetch/ssrf.ts';
import { type Route, startOrigin } from '../origin.ts';
import { testConfig } from '../requests.ts';

const photo = readFileSync(new URL('../fixtures/cases/files/std-photo.jpg', import.meta.url));
const policy = { allowedNetworks: [parseNetwork('127.0.0.0/8')] };
const limits = testConfig({ SOURCE_IDLE_TIMEOUT: '200', SOURCE_TIMEOUT: '600', SOURCE_MAX_BYTES: '2000000' });
const never = new AbortController().signal;

let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());

let next = 0;
const fetchRoute = (route: Route, signal = never) => {
  const path = `/${next++}`;
  origin.set(path, route);
  return fetchSource(new URL(origin.url + path), policy, limits, signal);
};
/** A body in gzip that the test has made itself. */
const packed = (...parts: Buffer[]): Route => ({
  body: Buffer.concat(parts),
  headers: { 'content-encoding': 'gzip' },
});
/** The last four bytes of gzip are the length of what it holds. */
const saying = (length: number) => {
  const lie = gzipSync(photo);
  lie.writeUInt32LE(length, lie.length - 4);
  return lie;
};
const redirect = (location: string): Route => ({ status: 302, headers: { location }, body: 'moved' });

test.each<[string, Route]>([
  ['with a length', {}],
  ['in chunks', { framing: 'chunked' }],
  ['in one layer of gzip', { gzip: true }],
  ['in gzip, in chunks', { gzip: true, framing: 'chunked' }],
  ['in gzip of two members', packed(gzipSync(photo.subarray(0, 1000)), gzipSync(photo.subarray(1000)))],
  ['in gzip with something behind it', packed(gzipSync(photo), Buffer.alloc(9))],
  ['in gzip, by another name', { ...packed(gzipSync(photo)), headers: { 'content-encoding': ' X-GZIP, aws-chunked' } }],
  ['with a word that is no encoding', { headers: { 'content-encoding': 'base64' } }],
  ['after a reset before any byte', { framing: 'reset-once' }],
])('whole, %s', async (_how, route) => {
  const { bytes, format } = await fetchRoute({ body: photo, ...route });
  expect(format).toBe('jpeg');
  expect(bytes.equals(photo)).toBe(true);
});

test.each(['chunked', undefined] as const)('whole, in more than a chunk: %s', async (framing) => {
  const body = readFileSync(new URL('../../src/dev/samples/turned.jpg', import.meta.url));
  const route = framing ? { body, framing } : { body, gzip: true };
  expect((await fetchRoute(route)).bytes.equals(body)).toBe(true);
});

test('a body in gzip is judged before all of it is there', async () => {
  const page = `<!doctype html>${Array.from({ length: 4000 }, (_, i) => (i * 7919).toString(36)).join(' ')}`;
  const route: Route = { body: gzipSync(page), framing: 'short', headers: { 'content-encoding': 'gzip' } };
  await expect(fetchRoute(route)).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' });
});

test.each<[string, Route]>([
  ['in chunks', { framing: 'chunked' }],
  ['in gzip', { gzip: true }],
  ['in gzip, in chunks', { framing: 'chunked', gzip: true }],
])('what is kept is not more than what came: %s', async (_how, route) => {
  const { bytes } = await fetchRoute({ body: photo, ...route });
  expect(bytes.buffer.byteLength).toBeLessThanOrEqual(photo.length + 4096);
});

test('a length that is a lie takes no memory', async () => {
  const { bytes } = await fetchRoute(packed(gzipSync(photo), Buffer.from([0, 0xff, 0xff, 0xff, 0xff])));
  expect(bytes.equals(photo)).toBe(true);
  expect(bytes.buffer.byteLength).toBeLessThan(photo.length + 8192);
});

test('what nobody waits for any more is not unpacked', async () => {
  await expect(gunzip(gzipSync(photo), 1e6, AbortSignal.abort())).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
});

test('nothing of the caller goes to the origin', async () => {
  await fetchRoute({ body: photo });
  const { headers } = origin.seen.at(-1) ?? { headers: {} };
  expect(Object.keys(headers).sort()).toEqual([
    'accept',
    'accept-encoding',
    'cdn-loop',
    'connection',
    'host',
    'user-agent',
  ]);
  expect(headers).toMatchObject({ connection: 'keep-alive', 'accept-encoding': 'identity' });
});

test('three redirects are followed, a fourth is not', async () => {
  origin.set('/photo', { body: photo });
  origin.set('/r1', redirect('/photo'));
  origin.set('/r2', redirect(`${origin.url}/r1`));
  origin.set('/r3', redirect('r2'));
  origin.set('/r4', redirect('/r3'));
  expect((await fetchSource(new URL(`${origin.url}/r3`), policy, limits, never)).format).toBe('jpeg');
  await expect(fetchSource(new URL(`${origin.url}/r4`), policy, limits, never)).rejects.toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
  });
});

test.each<[string, Route, string]>([
  ['404', { status: 404 }, 'SOURCE_NOT_FOUND'],
  ['410', { status: 410 }, 'SOURCE_NOT_FOUND'],
  ['403', { status: 403 }, 'SOURCE_UNAVAILABLE'],
  ['500', { status: 500 }, 'SOURCE_UNAVAILABLE'],
  ['206', { status: 206, body: photo }, 'SOURCE_UNAVAILABLE'],
  ['302 without a target', { status: 302 }, 'SOURCE_UNAVAILABLE'],
  ['a redirect inward', redirect('http://10.0.0.1/'), 'SOURCE_FORBIDDEN'],
  ['a redirect to a file', redirect('file:///etc/passwd'), 'SOURCE_UNAVAILABLE'],
  ['a redirect with a password', redirect('http://a:b@example.com/'), 'SOURCE_UNAVAILABLE'],
  ['an empty body', {}, 'SOURCE_UNAVAILABLE'],
  ['a short body', { body: photo, framing: 'short' }, 'SOURCE_UNAVAILABLE'],
  ['a cut chunk', { body: photo, framing: 'chunk-cut' }, 'SOURCE_UNAVAILABLE'],
  ['another encoding', { body: photo, headers: { 'content-encoding': 'br' } }, 'SOURCE_UNAVAILABLE'],
  ['another behind gzip', { body: photo, headers: { 'content-encoding': 'gzip,zstd' } }, 'SOURCE_UNAVAILABLE'],
  ['two layers of gzip', { body: photo, headers: { 'content-encoding': 'gzip, gzip' } }, 'SOURCE_UNAVAILABLE'],
  ['gzip that is none', { body: photo, headers: { 'content-encoding': 'gzip' } }, 'SOURCE_UNAVAILABLE'],
  ['gzip of nothing', packed(gzipSync('')), 'SOURCE_UNAVAILABLE'],
  ['a few bytes of gzip', packed(gzipSync(photo).subarray(0, 9)), 'SOURCE_UNAVAILABLE'],
  ['gzip that is cut off', packed(gzipSync(photo).subarray(0, -9)), 'SOURCE_UNAVAILABLE'],
  ['gzip that says it holds less', packed(saying(10)), 'SOURCE_UNAVAILABLE'],
  ['gzip that says it holds more', packed(saying(4_000_000_000)), 'SOURCE_UNAVAILABLE'],
  ['gzip that says it holds more than may be', packed(saying(2_000_001)), 'SOURCE_TOO_LARGE'],
  ['HTML in gzip', { body: '<!DOCTYPE html><p>hello', gzip: true }, 'SOURCE_UNSUPPORTED'],
  ['a gzip bomb that is no picture', { body: Buffer.alloc(9_000_000), gzip: true }, 'SOURCE_UNSUPPORTED'],
  ['HTML', { body: '<!DOCTYPE html><p>hello' }, 'SOURCE_UNSUPPORTED'],
  ['a length above the limit', { body: Buffer.concat([photo, Buffer.alloc(2_000_000)]) }, 'SOURCE_TOO_LARGE'],
  ['an endless body', { body: photo, framing: 'flood' }, 'SOURCE_TOO_LARGE'],
  ['a gzip bomb', { body: Buffer.concat([photo, Buffer.alloc(9_000_000)]), gzip: true }, 'SOURCE_TOO_LARGE'],
  [
    'a gzip bomb of many members',
    packed(gzipSync(photo), ...Array(40).fill(gzipSync(Buffer.alloc(60_000)))),
    'SOURCE_TOO_LARGE',
  ],
  ['another protocol (101)', { framing: 'upgrade' }, 'SOURCE_UNAVAILABLE'],
  ['silence', { framing: 'silent' }, 'SOURCE_TIMEOUT'],
  ['a stalled body', { body: photo, framing: 'stall' }, 'SOURCE_TIMEOUT'],
  ['a dripping body', { body: photo, framing: 'drip' }, 'SOURCE_TIMEOUT'],
  ['headers of 20 KB', { body: photo, headers: { 'x-long': 'a'.repeat(20_000) } }, 'SOURCE_UNAVAILABLE'],
])('%s', async (_what, route, code) => {
  await expect(fetchRoute(route)).rejects.toMatchObject({ code });
});

test('a closed port', async () => {
  const gone = await startOrigin();
  await gone.close();
  await expect(fetchSource(new URL(gone.url), policy, limits, never)).rejects.toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
    message: 'The host of this URL could not be reached.',
  });
});

test('the deadline of the caller ends the fetch, and the origin sees it', async () => {
  await expect(fetchRoute({ framing: 'silent' }, AbortSignal.timeout(50))).rejects.toMatchObject({
    code: 'SOURCE_TIMEOUT',
  });
  await expect.poll(() => origin.open.size).toBe(0);
});

test('no socket is left after all of that', async () => {
  await expect.poll(() => origin.open.size).toBe(0);
});

test('the name is looked up once, and only its checked answers are dialled', async () => {
  origin.set('/pinned', { body: photo });
  const answers = [['127.0.0.1'], ['10.0.0.1']];
  let asked = 0;
  const resolve = async () => answers[asked++] ?? [];
  const address = new URL(`http://pictures.example.com:${origin.port}/pinned`);
  const allowedHosts = [parseHostPattern(`*.example.com:${origin.port}`)];
  const { format } = await fetchSource(address, { ...policy, allowedHosts, resolve }, limits, never);
  expect([format, asked]).toEqual(['jpeg', 1]);
  expect(origin.seen.at(-1)?.headers.host).toBe(`pictures.example.com:${origin.port}`);
  await expect(fetchSource(address, { ...policy, allowedHosts, resolve }, limits, never)).rejects.toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
  });
});
