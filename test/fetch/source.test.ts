import { readFileSync } from 'node:fs';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import { unpack } from '../../src/fetch/gzip.ts';
import { fetchSource } from '../../src/fetch/source.ts';
import { parseHostPattern } from '../../src/fetch/source-url.ts';
import { parseNetwork } from '../../src/fetch/ssrf.ts';
import { type Route, startOrigin } from '../origin.ts';
import { testConfig } from '../requests.ts';

const photo = readFileSync(new URL('../fixtures/cases/files/std-photo.jpg', import.meta.url));
const policy = { allowedNetworks: [parseNetwork('127.0.0.0/8')] };
/** Limits with the time budgets of the defaults: a busy machine must not turn another error into SOURCE_TIMEOUT. */
const limits = testConfig({ SOURCE_MAX_BYTES: '2000000' });
/** For origins that never finish. */
const impatient = testConfig({ SOURCE_MAX_BYTES: '2000000', SOURCE_IDLE_TIMEOUT: '200', SOURCE_TIMEOUT: '600' });
const never = new AbortController().signal;

let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());

let next = 0;
const fetchRoute = (route: Route, { signal = never, config = limits } = {}) => {
  const path = `/${next++}`;
  origin.set(path, route);
  return fetchSource(new URL(origin.url + path), policy, config, signal);
};
/** A body of gzip data. */
const gzipped = (...parts: Buffer[]): Route => ({
  body: Buffer.concat(parts),
  headers: { 'content-encoding': 'gzip' },
});
/** Gzip data with another declared size: its last four bytes. */
const declaring = (size: number) => {
  const data = gzipSync(photo);
  data.writeUInt32LE(size, data.length - 4);
  return data;
};
const ranged = (range: string): Route => ({ status: 206, body: photo, headers: { 'content-range': range } });
const coded = (coding: string, body: Buffer): Route => ({ body, headers: { 'content-encoding': coding } });
const redirect = (location: string): Route => ({ status: 302, headers: { location }, body: 'moved' });

test.each<[string, Route]>([
  ['with a length', {}],
  ['in chunks', { framing: 'chunked' }],
  ['in one layer of gzip', { gzip: true }],
  ['in gzip, in chunks', { gzip: true, framing: 'chunked' }],
  ['in gzip of two members', gzipped(gzipSync(photo.subarray(0, 1000)), gzipSync(photo.subarray(1000)))],
  ['in gzip with trailing bytes', gzipped(gzipSync(photo), Buffer.alloc(9))],
  [
    'in gzip, by another name',
    { ...gzipped(gzipSync(photo)), headers: { 'content-encoding': ' X-GZIP, aws-chunked' } },
  ],
  ['in deflate', coded('deflate', deflateSync(photo))],
  ['in deflate without the header of zlib', coded('deflate', deflateRawSync(photo))],
  ['in Brotli', coded('br', brotliCompressSync(photo))],
  ['of status 203', { status: 203 }],
  ['of status 206, the whole range', ranged(`bytes 0-${photo.length - 1}/${photo.length}`)],
  ['of status 201', { status: 201 }],
  ['of status 202', { status: 202 }],
  ['of status 299', { status: 299 }],
  ['with a Content-Encoding that is no coding', { headers: { 'content-encoding': 'base64' } }],
  ['after a reset before any byte', { framing: 'reset-once' }],
])('complete, %s', async (_how, route) => {
  const { bytes, format } = await fetchRoute({ body: photo, ...route });
  expect(format).toBe('jpeg');
  expect(bytes.equals(photo)).toBe(true);
});

test.each(['chunked', undefined] as const)('complete, in more than one chunk: %s', async (framing) => {
  const body = readFileSync(new URL('../../src/dev/samples/turned.jpg', import.meta.url));
  const route = framing ? { body, framing } : { body, gzip: true };
  expect((await fetchRoute(route)).bytes.equals(body)).toBe(true);
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('%s, highly compressed: unpacked up to the limit, and no further', async (coding, compress) => {
  const body = Buffer.concat([photo, Buffer.alloc(1_000_000)]);
  expect((await fetchRoute(coded(coding, compress(body)))).bytes.equals(body)).toBe(true);
  const bomb = compress(Buffer.concat([photo, Buffer.alloc(20_000_000)]));
  expect(bomb.length).toBeLessThan(100_000);
  await expect(fetchRoute(coded(coding, bomb))).rejects.toMatchObject({ code: 'SOURCE_TOO_LARGE' });
  const cut = compress(body);
  await expect(fetchRoute(coded(coding, cut.subarray(0, cut.length / 2)))).rejects.toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
  });
});

test('a body in gzip is checked before it is complete', async () => {
  const page = `<!doctype html>${Array.from({ length: 4000 }, (_, i) => (i * 7919).toString(36)).join(' ')}`;
  const route: Route = { body: gzipSync(page), framing: 'short', headers: { 'content-encoding': 'gzip' } };
  await expect(fetchRoute(route)).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' });
});

test.each<[string, Route]>([
  ['in chunks', { framing: 'chunked' }],
  ['in gzip', { gzip: true }],
  ['in gzip, in chunks', { framing: 'chunked', gzip: true }],
])('the buffer is not larger than the body: %s', async (_how, route) => {
  const { bytes } = await fetchRoute({ body: photo, ...route });
  expect(bytes.buffer.byteLength).toBeLessThanOrEqual(photo.length + 4096);
});

test('a false declared size takes no memory', async () => {
  const { bytes } = await fetchRoute(gzipped(gzipSync(photo), Buffer.from([0, 0xff, 0xff, 0xff, 0xff])));
  expect(bytes.equals(photo)).toBe(true);
  expect(bytes.buffer.byteLength).toBeLessThan(photo.length + 8192);
});

test('an aborted body is not unpacked', async () => {
  await expect(unpack('gzip', gzipSync(photo), 1e6, AbortSignal.abort())).rejects.toMatchObject({
    code: 'SOURCE_TIMEOUT',
  });
});

test('no header of the client is forwarded', async () => {
  await fetchRoute({ body: photo });
  const { headers } = origin.requests.at(-1) ?? { headers: {} };
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

test('the hosts of redirects are returned, each once', async () => {
  const other = await startOrigin({ '/photo': { body: photo, revalidates: true, headers: { etag: '"1"' } } });
  origin.set('/home', redirect(`${other.url}/photo`));
  origin.set('/here', redirect('/home'));
  const url = new URL(`${origin.url}/here`);
  expect((await fetchSource(url, policy, limits, never)).redirects).toEqual([origin.url, other.url]);
  expect((await fetchSource(url, policy, limits, never, { etag: '"1"' })).redirects).toEqual([origin.url, other.url]);
  expect((await fetchSource(new URL(`${other.url}/photo`), policy, limits, never)).redirects).toEqual([]);
  await other.close();
});

test('a redirect that the client may not fetch is not requested', async () => {
  const other = await startOrigin({ '/photo': { body: photo } });
  origin.set('/away', redirect(`${other.url}/photo`));
  origin.set('/then-away', redirect('/away'));
  const asked: string[] = [];
  const assertAllowed = (url: URL) => {
    asked.push(url.href);
    if (url.origin !== origin.url) throw new ImageError('POLICY_FORBIDDEN', 'no');
  };
  const restricted = { ...policy, restriction: { id: 'x', assertAllowed } };
  await expect(fetchSource(new URL(`${origin.url}/then-away`), restricted, limits, never)).rejects.toMatchObject({
    code: 'POLICY_FORBIDDEN',
  });
  expect(asked).toEqual([`${origin.url}/away`, `${other.url}/photo`]);
  expect(other.requests).toHaveLength(0);
  await other.close();
});

test.each<[string, Route, string]>([
  ['404', { status: 404 }, 'SOURCE_NOT_FOUND'],
  ['410', { status: 410 }, 'SOURCE_NOT_FOUND'],
  ['403', { status: 403 }, 'SOURCE_UNAVAILABLE'],
  ['500', { status: 500 }, 'SOURCE_UNAVAILABLE'],
  ['206', { status: 206, body: photo }, 'SOURCE_UNAVAILABLE'],
  ['206 of a part', ranged(`bytes 0-${photo.length - 1}/999999`), 'SOURCE_UNAVAILABLE'],
  ['206 of a later part', ranged(`bytes 1-${photo.length}/${photo.length + 1}`), 'SOURCE_UNAVAILABLE'],
  ['206 of an unknown length', ranged(`bytes 0-${photo.length - 1}/*`), 'SOURCE_UNAVAILABLE'],
  ['204', { status: 204 }, 'SOURCE_UNAVAILABLE'],
  ['202 with a page', { status: 202, body: '<!doctype html>' }, 'SOURCE_UNAVAILABLE'],
  ['203 with a page', { status: 203, body: '<!doctype html>' }, 'SOURCE_UNSUPPORTED'],
  ['300 with an image', { status: 300, body: photo }, 'SOURCE_UNAVAILABLE'],
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
  ['gzip that is not gzip', { body: photo, headers: { 'content-encoding': 'gzip' } }, 'SOURCE_UNAVAILABLE'],
  ['gzip of nothing', gzipped(gzipSync('')), 'SOURCE_UNAVAILABLE'],
  ['a few bytes of gzip', gzipped(gzipSync(photo).subarray(0, 9)), 'SOURCE_UNAVAILABLE'],
  ['gzip that is cut short', gzipped(gzipSync(photo).subarray(0, -9)), 'SOURCE_UNAVAILABLE'],
  ['gzip with a smaller declared size', gzipped(declaring(10)), 'SOURCE_UNAVAILABLE'],
  ['gzip with an impossible declared size', gzipped(declaring(4_000_000_000)), 'SOURCE_UNAVAILABLE'],
  ['gzip with a declared size above the limit', gzipped(declaring(2_000_001)), 'SOURCE_TOO_LARGE'],
  ['HTML in gzip', { body: '<!DOCTYPE html><p>hello', gzip: true }, 'SOURCE_UNSUPPORTED'],
  ['a gzip bomb that is not an image', { body: Buffer.alloc(9_000_000), gzip: true }, 'SOURCE_UNSUPPORTED'],
  ['HTML', { body: '<!DOCTYPE html><p>hello' }, 'SOURCE_UNSUPPORTED'],
  ['a length above the limit', { body: Buffer.concat([photo, Buffer.alloc(2_000_000)]) }, 'SOURCE_TOO_LARGE'],
  ['an endless body', { body: photo, framing: 'flood' }, 'SOURCE_TOO_LARGE'],
  ['a gzip bomb', { body: Buffer.concat([photo, Buffer.alloc(9_000_000)]), gzip: true }, 'SOURCE_TOO_LARGE'],
  [
    'a gzip bomb of many members',
    gzipped(gzipSync(photo), ...Array(40).fill(gzipSync(Buffer.alloc(60_000)))),
    'SOURCE_TOO_LARGE',
  ],
  ['another protocol (101)', { framing: 'upgrade' }, 'SOURCE_UNAVAILABLE'],
  ['headers of 70 kB', { body: photo, headers: { 'x-long': 'a'.repeat(70_000) } }, 'SOURCE_UNAVAILABLE'],
])('%s', async (_what, route, code) => {
  await expect(fetchRoute(route)).rejects.toMatchObject({ code });
});

test.each<[string, Route]>([
  ['silence', { framing: 'silent' }],
  ['a stalled body', { body: photo, framing: 'stall' }],
  ['a dripping body', { body: photo, framing: 'drip' }],
])('%s: SOURCE_TIMEOUT', async (_what, route) => {
  await expect(fetchRoute(route, { config: impatient })).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
});

test('a closed port', async () => {
  const closed = await startOrigin();
  await closed.close();
  await expect(fetchSource(new URL(closed.url), policy, limits, never)).rejects.toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
    message: 'The host of this URL could not be reached.',
  });
});

test('the deadline of the caller ends the fetch, and the origin sees it', async () => {
  await expect(fetchRoute({ framing: 'silent' }, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    code: 'SOURCE_TIMEOUT',
  });
  await expect.poll(() => origin.open.size).toBe(0);
});

test('no connection stays open', async () => {
  await expect.poll(() => origin.open.size).toBe(0);
});

test('a name is resolved once, and only the checked IP addresses are connected to', async () => {
  origin.set('/pinned', { body: photo });
  const results = [['127.0.0.1'], ['10.0.0.1']];
  let lookups = 0;
  const resolve = async () => results[lookups++] ?? [];
  const url = new URL(`http://images.example.com:${origin.port}/pinned`);
  const allowedHosts = [parseHostPattern(`*.example.com:${origin.port}`)];
  const { format } = await fetchSource(url, { ...policy, allowedHosts, resolve }, limits, never);
  expect([format, lookups]).toEqual(['jpeg', 1]);
  expect(origin.requests.at(-1)?.headers.host).toBe(`images.example.com:${origin.port}`);
  await expect(fetchSource(url, { ...policy, allowedHosts, resolve }, limits, never)).rejects.toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
  });
});

describe('memory', () => {
  /** Records what is reserved, and refuses what goes beyond. */
  const budgetOf = (maxBytes = Number.POSITIVE_INFINITY) => {
    const reserved: number[] = [];
    const reserve = async (bytes: number) => {
      if (reserved.reduce((sum, n) => sum + n, 0) + bytes > maxBytes) throw new ImageError('OVERLOADED', 'full');
      reserved.push(bytes);
    };
    return { reserved, config: { ...limits, reserve } };
  };

  test('is reserved as a body arrives, not as it is declared', async () => {
    const { reserved, config } = budgetOf();
    const stalled = { ...config, sourceIdleTimeout: 200 };
    await expect(
      fetchRoute({ body: Buffer.concat([photo, Buffer.alloc(1_900_000)]), framing: 'stall' }, { config: stalled }),
    ).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    expect(reserved).toEqual([65_536]);
    reserved.length = 0;
    const { bytes } = await fetchRoute({ body: Buffer.concat([photo, Buffer.alloc(1_000_000)]) }, { config });
    expect(reserved.reduce((sum, n) => sum + n, 0)).toBe(bytes.length);
    expect(reserved.length).toBeLessThan(8);
  });

  test('a body that does not fit is 503', async () => {
    const { config } = budgetOf(100_000);
    const body = Buffer.concat([photo, Buffer.alloc(1_000_000)]);
    await expect(fetchRoute({ body }, { config })).rejects.toMatchObject({ code: 'OVERLOADED' });
  });

  test('that of an unpacked body is reserved before it is unpacked', async () => {
    const packed = gzipSync(Buffer.concat([photo, Buffer.alloc(1_500_000)]));
    const { reserved } = budgetOf();
    const inputs: number[] = [];
    await unpack('gzip', packed, 2e6, never, async (bytes) => void inputs.push(bytes));
    expect(inputs).toEqual([photo.length + 1_500_000]);
    // Two members, of which the last declares its own size.
    const members = Buffer.concat([packed, gzipSync(Buffer.alloc(10))]);
    await unpack('gzip', members, 2e6, never, async (bytes) => void reserved.push(bytes));
    expect(reserved[0]).toBe(65_536);
    expect(reserved.reduce((sum, n) => sum + n, 0)).toBe(2 * Math.min(2e6, members.length * 1032));
  });
});
