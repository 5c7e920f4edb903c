/** Tests the static files that npm start serves. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../../src/dev/server.ts';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { codeOf, request, testConfig } from '../requests.ts';

/** Returns what a script imports. Not by its text: the playground shows code with imports. */
async function importsOf(contents: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents },
    metafile: true,
    write: false,
    bundle: true,
    external: ['*'],
  });
  return metafile.inputs['<stdin>']?.imports.map(({ path }) => path) ?? ['not bundled'];
}

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

test.each(['/', '/assets/playground.js', '/docs/parameters', '/samples/landscape.jpg'])(
  '%s is revalidated without a download',
  async (path) => {
    for (const encoding of ['gzip', 'identity']) {
      const { headers } = await request(server.origin, path, { 'accept-encoding': encoding });
      const { etag = '' } = headers;
      const again = { 'accept-encoding': encoding, 'if-none-match': `"other", W/${etag}` };
      const { status, body, headers: sent } = await request(server.origin, path, again);
      expect([status, body.length, sent.etag]).toEqual([304, 0, etag]);
      expect((await request(server.origin, path, { 'if-none-match': '"other"' })).status).toBe(200);
    }
  },
);

test.each([
  ['/?k=', 'GET', 401],
  ['/?w=40', 'GET', 401],
  ['/?anything', 'GET', 401],
  ['/', 'POST', 401],
  ['/', 'OPTIONS', 204],
  ['/cat.jpg?u=https%3A%2F%2Fexample.com%2Fcat.jpg&w=40', 'GET', 401],
  ['/cat.jpg?w=40&k=KEY', 'HEAD', 401],
])('%s by %s reaches the image handler', async (target, method, status) =>
  expect((await request(server.origin, target, {}, method)).status).toBe(status),
);

/** Paths that the HTML of a page loads. */
const loadedBy = (html: string) =>
  [...html.matchAll(/<(?:script|link|img)[^>]* (?:src|href)="([^"]*)"/g)].map(([, path = '']) => path);

test.each(['/', '/docs/embed'])(
  'everything that %s loads is served: one style, and scripts without imports',
  async (path) => {
    const html = (await request(server.origin, path)).body.toString();
    const loaded = loadedBy(html);
    expect(loaded.filter((name) => name.endsWith('.css'))).toHaveLength(1);
    expect(loaded.filter((name) => name.endsWith('.js'))).toHaveLength(2);
    for (const name of loaded) {
      const { status, headers, body } = await request(server.origin, name);
      expect([name, status]).toEqual([name, 200]);
      if (!name.endsWith('.js')) continue;
      expect(headers['content-type']).toMatch(/^text\/javascript/);
      expect(await importsOf(body.toString())).toEqual([]);
    }
  },
);

test('text is compressed for a client that accepts gzip', async () => {
  const get = (encoding: string) => request(server.origin, '/assets/playground.js', { 'accept-encoding': encoding });
  const plain = await get('');
  for (const encoding of ['gzip', 'br, gzip;q=0.5', 'deflate, GZIP']) {
    const { headers, body } = await get(encoding);
    expect([headers['content-encoding'], headers.vary]).toEqual(['gzip', 'Accept-Encoding']);
    expect(gunzipSync(body).equals(plain.body)).toBe(true);
  }
  for (const encoding of ['', 'br', 'gzip;q=0', 'gzip;q=0.0'])
    expect((await get(encoding)).headers['content-encoding'], encoding).toBeUndefined();
  expect((await request(server.origin, '/samples/cat.webp', { 'accept-encoding': 'gzip' })).body.length).toBe(172_010);
});

test('the button of a sample has a thumbnail of it, of at most 2 kB', async () => {
  const html = (await request(server.origin, '/')).body.toString();
  const thumbnails = loadedBy(html).filter((path) => path.startsWith('/thumbnails/'));
  expect(thumbnails).toHaveLength(5);
  for (const path of thumbnails) {
    const { body } = await request(server.origin, path);
    expect(body.length, path).toBeLessThan(2000);
    if (!path.endsWith('.svg')) expect(await decodePixels(body)).toMatchObject({ width: 78, height: 72 });
  }
});

test.each([
  '/src/handler.ts',
  '/package.json',
  '/src/dev/page/../server.ts',
  '/src/dev/page/page.html',
  '/assets/main.ts',
  '/.keys.json',
])('%s is not served', async (path) => expect(codeOf(await request(server.origin, path))).toBe('HTTP_404'));

test.each([
  ['/docs', '/docs/'],
  ['/docs/', '/docs/readme'],
  ['/samples', '/samples/'],
])('%s leads to %s', async (path, location) => {
  const { status, headers } = await request(server.origin, path);
  expect([status, headers.location]).toEqual([302, location]);
  expect([200, 302]).toContain((await request(server.origin, location)).status);
});

test('the folder of samples, the icon and the health of the server', async () => {
  const samples = (await request(server.origin, '/samples/')).body.toString();
  for (const [, link = ''] of samples.matchAll(/href="(\/samples\/[^"]+)"/g))
    expect((await request(server.origin, link)).status, link).toBe(200);
  expect(samples).toContain('landscape.jpg');
  expect((await request(server.origin, '/favicon.ico')).headers['content-type']).toMatch(/^image\/svg\+xml/);
  expect(JSON.parse((await request(server.origin, '/health')).body.toString())).toEqual({ status: 'ready' });
  expect((await request(server.origin, '/docs/embed?from=mail')).status).toBe(200);
});

test.each(['/other', '/docs/embeding', '/samples/none.jpg', '/cat.jpg?w=40'])(
  '%s is a 404 that names the pages',
  async (path) => {
    const reply = await request(server.origin, path);
    expect([reply.status, reply.headers['content-type']]).toEqual([404, 'application/problem+json']);
    const { detail } = JSON.parse(reply.body.toString());
    for (const page of ['/docs/', '/samples/', '/openapi.json', '/health']) expect(detail).toContain(page);
    expect(detail).toContain('/?k=KEY&u=IMAGE_URL&w=640');
  },
);

test.each([
  ['Next.js', '/_next/image?url=%2Fcat.jpg&w=640&q=75'],
  ['IPX', '/_ipx/w_200/cat.jpg'],
  ['Cloudflare', '/cdn-cgi/image/width=80/https://example.com/cat.jpg'],
  ['imgproxy', '/insecure/rs:fill:300:200/g:sm/plain/https://example.com/cat.jpg@png'],
  ['imgproxy', '/AfrOrF3gWeDA6VOlDG4TzxMv39O7MXnF4CXpKUwGqRM/rs:fit:300:200/aHR0cHM6Ly9leGFtcGxlLmNvbS9h.png'],
  ['AWS Dynamic Image Transformation', '/eyJidWNrZXQiOiJhIiwia2V5IjoiYS5qcGcifQ=='],
  ['AWS Dynamic Image Transformation', '/fit-in/300x400/filters:grayscale()/cat.jpg'],
])('a URL of %s names the migration guide: %s', async (name, target) => {
  const reply = await request(server.origin, target);
  expect(reply.status).toBe(404);
  expect(JSON.parse(reply.body.toString()).detail).toBe(
    `This looks like a URL of ${name}: /docs/migration has its parameters here.`,
  );
  expect((await request(server.origin, '/docs/migration')).status).toBe(200);
});

test('with COMPAT, a URL of another resizer is an image', async () => {
  const compat = await startServer(testConfig({ API_KEYS: 'demo:myKey', COMPAT: 'next,cloudflare' }), {
    log: () => {},
  });
  try {
    const source = `${compat.origin}/samples/landscape.jpg`;
    for (const target of [
      `/_next/image?url=${encodeURIComponent(source)}&w=64&q=75&k=myKey`,
      `/cdn-cgi/image/width=64/${source}?k=myKey`,
    ]) {
      const { status, headers } = await request(compat.origin, target);
      expect([status, headers['content-type']]).toEqual([200, 'image/jpeg']);
    }
    expect((await request(compat.origin, '/docs/migration')).status).toBe(200);
  } finally {
    await compat.stop();
  }
});

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
