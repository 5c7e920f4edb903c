/**
 * A thousand failures of origins against the running local server, while another client requests good images: nothing leaks, and the
 * other client is not affected.
 */

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Route, startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { request } from '../requests.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(new URL(path, import.meta.url));
const photo = read('../fixtures/cases/files/std-photo.jpg');
// Compressed once, so that the origin is not the bottleneck.
const gzipBomb = {
  body: gzipSync(Buffer.concat([photo, Buffer.alloc(60 << 20)])),
  headers: { 'content-encoding': 'gzip' },
};

const FAILURES: Record<string, Route> = {
  '/inward': { status: 302, headers: { location: 'http://10.0.0.1/' } },
  '/self': { status: 302, headers: { location: '/self' } },
  '/drip': { body: photo, framing: 'drip' },
  '/stall': { body: photo, framing: 'stall' },
  '/silent': { framing: 'silent' },
  '/endless': { body: photo, framing: 'flood' },
  '/cut': { body: photo, framing: 'chunk-cut' },
  '/short': { body: photo, framing: 'short' },
  '/bomb': gzipBomb,
  '/headers': {
    body: photo,
    headers: Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`x-${i}`, 'a'.repeat(20)])),
  },
  '/gone': { status: 404 },
  '/down': { status: 503 },
  '/page': { body: '<!doctype html>' },
  '/header.jpg': { body: photo.subarray(0, 200) },
  '/scans.jpg': { body: read('../fixtures/hostile/images/jpeg-scan-bomb-6300sq.jpg') },
  '/uses.svg': { body: read('../fixtures/hostile/images/svg-use-bomb.svg') },
};

let origin: Awaited<ReturnType<typeof startOrigin>>;
const banner = createServer((socket) => void socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2\r\n'));
beforeAll(async () => {
  origin = await startOrigin({ ...FAILURES, '/good': { body: photo } });
  await new Promise<void>((resolve) => banner.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  banner.close();
  await origin.close();
});

test('1,000 failures of origins', async () => {
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    PORT: '0',
    SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8',
    SOURCE_IDLE_TIMEOUT: '500',
    SOURCE_TIMEOUT: '1500',
    MAX_REQUESTS: '64',
  };
  const child = spawn(process.execPath, ['src/dev/server.ts'], { cwd: root, env });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  await expect.poll(() => output, { timeout: 20_000 }).toContain('Ctrl-C');
  const base = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '';
  const ask = (u: string) => request(base, `/?k=myKey&w=64&f=jpg&u=${encodeURIComponent(u)}`);
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
  const handles = () => readdirSync(`/proc/${child.pid}/fd`).length;

  const urls = [
    ...Object.keys(FAILURES).map((path) => origin.url + path),
    `http://127.0.0.1:${(banner.address() as AddressInfo).port}/`,
  ];
  const counts: Record<string, number> = {};
  const round = async (n: number) => {
    for (let i = 0; i < n; i += 20) {
      const batch = Array.from({ length: 20 }, (_, j) => urls[(i + j) % urls.length] ?? '');
      for (const { status } of await Promise.all(batch.map(ask))) counts[status] = (counts[status] ?? 0) + 1;
    }
  };
  let isRunning = true;
  let good = 0;
  const otherClient = (async () => {
    while (isRunning) {
      const reply = await ask(`${origin.url}/good`);
      expect(reply.status, reply.body.toString('utf8').slice(0, 200)).toBe(200);
      expect((await decodePixels(reply.body)).width).toBe(64);
      good++;
    }
  })();
  // A rejection is reported at the await below.
  otherClient.catch(() => {});

  await round(300);
  const before = { memory: memory(), handles: handles() };
  await round(700);
  isRunning = false;
  await otherClient;

  expect(good).toBeGreaterThan(50);
  expect(
    Object.keys(counts).filter((status) => !['403', '404', '413', '415', '422', '502', '504'].includes(status)),
  ).toEqual([]);
  await expect.poll(() => origin.open.size, { timeout: 5000 }).toBe(0);
  await expect.poll(handles, { timeout: 10_000 }).toBeLessThanOrEqual(before.handles + 5);
  expect(memory()).toBeLessThan(before.memory * 1.3 + 50);
  expect(output).not.toMatch(/MaxListeners|Unhandled|\n\s+at /);
  console.log(
    `good images meanwhile: ${good}; responses: ${JSON.stringify(counts)}; MB: ${Math.round(before.memory)} → ${Math.round(memory())}`,
  );
  child.kill('SIGTERM');
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
});
