/** Tests the static files that npm start serves. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../../src/dev/server.ts';
import { startOrigin } from '../origin.ts';
import { codeOf, request, testConfig } from '../requests.ts';

let server: Awaited<ReturnType<typeof startServer>>;
let withDemoKey: Awaited<ReturnType<typeof startServer>>;
beforeAll(async () => {
  server = await startServer(testConfig(), { log: () => {} });
  withDemoKey = await startServer(testConfig({ API_KEYS: 'demo:myKey' }), { log: () => {} });
});
afterAll(() => Promise.all([server.stop(), withDemoKey.stop()]));

const start = async (origin: string) => {
  const html = (await request(origin, '/')).body.toString();
  return JSON.parse(/data-start="([^"]*)"/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '');
};

test('the page is at /, with a strict Content-Security-Policy', async () => {
  const { status, headers, body } = await request(server.origin, '/');
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(headers['content-security-policy']).not.toContain('unsafe');
  expect(body.toString()).toContain('<h1>');
  const head = await request(server.origin, '/', {}, 'HEAD');
  expect([head.status, head.body.length]).toEqual([200, 0]);
});

test.each([
  ['/?k=', 'GET', 401],
  ['/?w=40', 'GET', 401],
  ['/?anything', 'GET', 401],
  ['/', 'POST', 401],
  ['/', 'OPTIONS', 204],
  ['/other', 'GET', 401],
])('%s by %s reaches the image handler', async (target, method, status) =>
  expect((await request(server.origin, target, {}, method)).status).toBe(status),
);

test('everything that the page loads is served, as JavaScript without types', async () => {
  const seen = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    seen.add(path);
    const { status, headers, body } = await request(server.origin, path);
    expect(status, path).toBe(200);
    if (path.endsWith('.ts')) expect(headers['content-type']).toMatch(/^text\/javascript/);
    const text = body.toString();
    expect(text).not.toMatch(/^import type/m);
    const inPage = path === '/' ? [...text.matchAll(/(?:src|href)="(\/[^"]*)"/g)] : [];
    const imports = [...text.matchAll(/from '(\.[^']*)'/g)];
    for (const [, target = ''] of [...inPage, ...imports]) await visit(new URL(target, `http://x${path}`).pathname);
  };
  await visit('/');
  for (const path of ['/src/client/url.ts', '/schemas/query.json', '/src/dev/page/main.ts'])
    expect([...seen]).toContain(path);
});

test.each(['/src/handler.ts', '/package.json', '/src/dev/page/../server.ts', '/src/dev/page/page.html', '/.keys.json'])(
  '%s is not served',
  async (path) => expect(codeOf(await request(server.origin, path))).toBe('UNAUTHORIZED'),
);

test('the page contains the demo key, and no other key', async () => {
  expect((await start(withDemoKey.origin)).key).toBe('myKey');
  expect((await start(server.origin)).key).toBe('');
  expect((await start(server.origin)).samples).toBe(`${server.origin}/samples/`);
});

describe('errors of the start', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const run = (args: string[], options: { cwd: string; env?: Record<string, string> }) =>
    spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000, ...options });

  test('a port in use: the error names a free one', async () => {
    const origin = await startOrigin();
    const env = { PATH: process.env.PATH ?? '', PORT: String(origin.port) };
    const { stderr, status } = run(['src/dev/server.ts'], { cwd: root, env });
    await origin.close();
    expect(status).toBe(1);
    const free = Number(/is in use\. Another is free: PORT=(\d+)/.exec(stderr)?.[1]);
    expect(free).not.toBe(origin.port);
    const probe = net.createServer().listen(free, '127.0.0.1');
    await new Promise((resolve, reject) => probe.once('listening', resolve).once('error', reject));
    probe.close();
  });

  test('without npm ci: the error names the command, not an unknown file extension', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pixgate-page-'));
    const { stderr, status } = run([join(root, 'src/dev/before-start.cjs')], { cwd: folder });
    rmSync(folder, { recursive: true });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^Run this first: npm ci .*\n$/)]);
    const pinned = join(root, 'node_modules/.bin/node');
    const good = spawnSync(pinned, ['src/dev/before-start.cjs'], { cwd: root, encoding: 'utf8' });
    expect(good).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });
});
