/** Connections that are kept for the next picture of an origin: when one is used again, and when never. */
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

/** The connections that requests came by, in order. */
let came: Socket[] = [];
let answer = (response: ServerResponse) => void response.end(photo);
const origin = http.createServer(({ socket }, response) => {
  came.push(socket);
  answer(response);
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
  came = [];
  answer = (response) => void response.end(photo);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Each test has a host of its own, and so no connection of another one. */
let host = 0;
function client(addresses: string[][] = [['127.0.0.1']], validators = {}, bounds = limits) {
  const name = `host-${++host}.example`;
  const resolve = async () => (addresses.length > 1 ? addresses.shift() : addresses[0]) ?? [];
  const policy = { allowedNetworks: [parseNetwork('127.0.0.0/8')], resolve };
  return () =>
    fetchSource(new URL(`http://${name}:${port}/a.jpg`), policy, bounds, new AbortController().signal, validators);
}

test('the next picture comes by the same connection', async () => {
  const get = client();
  for (let i = 0; i < 3; i++) expect((await get()).bytes?.equals(photo)).toBe(true);
  expect([came.length, new Set(came).size]).toEqual([3, 1]);
  expect(await get()).toMatchObject({ timings: { connect: 0 } });
});

test('several at once have one each', async () => {
  const get = client();
  await Promise.all([get(), get(), get()]);
  expect(new Set(came).size).toBe(3);
  await Promise.all([get(), get(), get()]);
  expect(new Set(came).size).toBe(3);
});

test('another host at the same address has another one', async () => {
  await client()();
  await client()();
  expect(new Set(came).size).toBe(2);
});

test('a name that points elsewhere now is connected anew, to where it points', async () => {
  const get = client([['127.0.0.1'], ['127.0.0.2']]);
  await get();
  // Nobody listens there.
  await expect(get()).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
  expect(came).toHaveLength(1);
});

test('a name that points inward now is refused, whatever is connected', async () => {
  const get = client([['127.0.0.1'], ['10.0.0.1']]);
  await get();
  await expect(get()).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' });
  expect(came).toHaveLength(1);
});

test('one that the origin has closed meanwhile costs a second try, by a new connection', async () => {
  const get = client();
  await get();
  const [first] = came;
  answer = (response) => void (response.socket === first ? response.socket?.destroy() : response.end(photo));
  expect((await get()).bytes?.equals(photo)).toBe(true);
  expect([came.length, came[1] === first, came[2] === first]).toEqual([3, true, false]);
});

test('one that tells us that it has waited too long (408) costs a second try, too', async () => {
  const get = client();
  await get();
  const [first] = came;
  answer = (response) => void (response.socket === first ? response.writeHead(408).end() : response.end(photo));
  expect((await get()).bytes?.equals(photo)).toBe(true);
  expect([came.length, came[2] === first]).toEqual([3, false]);
});

test('what comes by it before it is asked for costs a second try, too', async () => {
  const get = client();
  answer = (response) => {
    response.end(photo);
    setTimeout(() => response.socket?.write('nothing of HTTP\r\n'), 5);
  };
  await get();
  await new Promise((resolve) => setTimeout(resolve, 50));
  answer = (response) => void response.end(photo);
  expect((await get()).bytes?.equals(photo)).toBe(true);
});

test('a picture that is still the same leaves its connection', async () => {
  const get = client([['127.0.0.1']], { etag: '"a"' });
  answer = (response) => void response.writeHead(304, { etag: '"a"' }).end();
  for (let i = 0; i < 3; i++) expect((await get()).bytes).toBeUndefined();
  expect(new Set(came).size).toBe(1);
});

test('the time without a byte is that of the setting, whatever the origin says of waiting', async () => {
  const get = client([['127.0.0.1']], {}, { ...limits, sourceIdleTimeout: 4000 });
  origin.keepAliveTimeout = 2000;
  await get();
  answer = (response) => void setTimeout(() => response.end(photo), 1500);
  const { bytes } = await get();
  origin.keepAliveTimeout = 5000;
  expect([bytes?.equals(photo), new Set(came).size]).toEqual([true, 1]);
});

test('not more than 128 wait', async () => {
  for (let i = 0; i < 140; i++) await client()();
  const open = () => new Set(came.filter((socket) => !socket.destroyed)).size;
  await vi.waitFor(() => expect(open()).toBeLessThanOrEqual(129));
  expect(open()).toBeGreaterThan(100);
});

test('after four seconds by the clock it is not used again', async () => {
  const get = client();
  await get();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 4100 });
  await get();
  expect(new Set(came).size).toBe(2);
});

test.each([
  [
    'was not read to its end',
    (response: ServerResponse) => void response.end(Buffer.concat([photo, Buffer.alloc(200_000)])),
  ],
  ['was no picture', (response: ServerResponse) => void response.end('<html>')],
  ['was an error', (response: ServerResponse) => void response.writeHead(500).end(photo)],
])('nor after an answer that %s, where it would come first', async (_what, bad) => {
  const get = client();
  answer = bad;
  await expect(get()).rejects.toThrow();
  answer = (response) => void response.end(photo);
  expect((await get()).bytes?.equals(photo)).toBe(true);
});

test('one that waits keeps no process alive', async () => {
  const module = (name: string) => JSON.stringify(new URL(`../../src/fetch/${name}.ts`, import.meta.url));
  const script = `
    import { fetchSource } from ${module('source')};
    import { parseNetwork } from ${module('ssrf')};
    const policy = { allowedNetworks: [parseNetwork('127.0.0.0/8')] };
    const address = new URL('http://127.0.0.1:${port}/a.jpg');
    await fetchSource(address, policy, ${JSON.stringify(limits)}, new AbortController().signal);
    console.log(Date.now());`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(Date.now() - Number(stdout)).toBeLessThan(3000);
});
