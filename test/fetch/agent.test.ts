/** Keep-alive connections to origins: when one is reused, and when never. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http, { type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { fetchSource } from '../../src/fetch/source.ts';
import { parseNetwork } from '../../src/fetch/ssrf.ts';
import { testConfig } from '../requests.ts';

const photo = readFileSync(new URL('../fixtures/cases/files/std-photo.jpg', import.meta.url));
const limits = testConfig({ SOURCE_MAX_BYTES: '100000' });

/** The connection of each request, in order. */
let connections: Socket[] = [];
let respond = (response: ServerResponse) => void response.end(photo);
const origin = http.createServer(({ socket }, response) => {
  connections.push(socket);
  respond(response);
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  port = (origin.address() as AddressInfo).port;
});
afterAll(() => {
  origin.close();
  origin.closeAllConnections();
});
beforeEach(() => {
  origin.closeAllConnections();
  connections = [];
  respond = (response) => void response.end(photo);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Each client has a host of its own, and so no connection of another test. */
let host = 0;
function client(ipsPerLookup: string[][] = [['127.0.0.1']], validators = {}, bounds = limits) {
  const name = `host-${++host}.example`;
  const resolve = async () => (ipsPerLookup.length > 1 ? ipsPerLookup.shift() : ipsPerLookup[0]) ?? [];
  const policy = { allowedNetworks: [parseNetwork('127.0.0.0/8')], resolve };
  return () =>
    fetchSource(new URL(`http://${name}:${port}/a.jpg`), policy, bounds, new AbortController().signal, validators);
}

test('the next request reuses the connection', async () => {
  const get = client();
  for (let i = 0; i < 3; i++) expect((await get()).bytes?.equals(photo)).toBe(true);
  expect([connections.length, new Set(connections).size]).toEqual([3, 1]);
  expect(await get()).toMatchObject({ timings: { connect: 0 } });
});

test('concurrent requests have one connection each', async () => {
  const get = client();
  await Promise.all([get(), get(), get()]);
  expect(new Set(connections).size).toBe(3);
  await Promise.all([get(), get(), get()]);
  expect(new Set(connections).size).toBe(3);
});

test('another host at the same IP address has another connection', async () => {
  await client()();
  await client()();
  expect(new Set(connections).size).toBe(2);
});

test('a name that resolves to another IP address gets a new connection, to that address', async () => {
  const get = client([['127.0.0.1'], ['127.0.0.2']]);
  await get();
  // No server listens there.
  await expect(get()).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
  expect(connections).toHaveLength(1);
});

test('a name that resolves to a private IP address is rejected, in spite of an open connection', async () => {
  const get = client([['127.0.0.1'], ['10.0.0.1']]);
  await get();
  await expect(get()).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
  expect(connections).toHaveLength(1);
});

test('a connection that the origin has closed: retried by a new one', async () => {
  const get = client();
  await get();
  const [reused] = connections;
  respond = (response) => void (response.socket === reused ? response.socket?.destroy() : response.end(photo));
  expect((await get()).bytes?.equals(photo)).toBe(true);
  expect([connections.length, connections[1] === reused, connections[2] === reused]).toEqual([3, true, false]);
});

test('408 on a reused connection: retried by a new one', async () => {
  const get = client();
  await get();
  const [reused] = connections;
  respond = (response) => void (response.socket === reused ? response.writeHead(408).end() : response.end(photo));
  expect((await get()).bytes?.equals(photo)).toBe(true);
  expect([connections.length, connections[2] === reused]).toEqual([3, false]);
});

test('bytes before a request: retried by a new connection', async () => {
  const get = client();
  respond = (response) => {
    response.end(photo);
    setTimeout(() => response.socket?.write('nothing of HTTP\r\n'), 5);
  };
  await get();
  await new Promise((resolve) => setTimeout(resolve, 50));
  respond = (response) => void response.end(photo);
  expect((await get()).bytes?.equals(photo)).toBe(true);
});

test('a 304 keeps its connection open', async () => {
  const get = client([['127.0.0.1']], { etag: '"a"' });
  respond = (response) => void response.writeHead(304, { etag: '"a"' }).end();
  for (let i = 0; i < 3; i++) expect((await get()).bytes).toBeUndefined();
  expect(new Set(connections).size).toBe(1);
});

test('the idle timeout is the setting, not the keep-alive hint of the origin', async () => {
  const get = client([['127.0.0.1']], {}, { ...limits, sourceIdleTimeout: 4000 });
  origin.keepAliveTimeout = 2000;
  await get();
  respond = (response) => void setTimeout(() => response.end(photo), 1500);
  const { bytes } = await get();
  origin.keepAliveTimeout = 5000;
  expect([bytes?.equals(photo), new Set(connections).size]).toEqual([true, 1]);
});

test('at most 128 idle connections', async () => {
  for (let i = 0; i < 140; i++) await client()();
  const openCount = () => new Set(connections.filter((socket) => !socket.destroyed)).size;
  await vi.waitFor(() => expect(openCount()).toBeLessThanOrEqual(129), { timeout: 10_000 });
  expect(openCount()).toBeGreaterThan(100);
});

test('not reused after four seconds, measured by the clock', async () => {
  const get = client();
  await get();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 4100 });
  await get();
  expect(new Set(connections).size).toBe(2);
});

test.each([
  [
    'was not read to its end',
    (response: ServerResponse) => void response.end(Buffer.concat([photo, Buffer.alloc(200_000)])),
  ],
  ['was not an image', (response: ServerResponse) => void response.end('<html>')],
  ['was an error', (response: ServerResponse) => void response.writeHead(500).end(photo)],
])('not reused after a response that %s', async (_what, respondBadly) => {
  const get = client();
  respond = respondBadly;
  await expect(get()).rejects.toThrow();
  respond = (response) => void response.end(photo);
  expect((await get()).bytes?.equals(photo)).toBe(true);
});

test('an idle connection keeps no process alive', async () => {
  const module = (name: string) => JSON.stringify(new URL(`../../src/fetch/${name}.ts`, import.meta.url));
  const script = `
    import { fetchSource } from ${module('source')};
    import { parseNetwork } from ${module('ssrf')};
    const policy = { allowedNetworks: [parseNetwork('127.0.0.0/8')] };
    const url = new URL('http://127.0.0.1:${port}/a.jpg');
    await fetchSource(url, policy, ${JSON.stringify(limits)}, new AbortController().signal);
    console.log(Date.now());`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(Date.now() - Number(stdout)).toBeLessThan(3000);
});
