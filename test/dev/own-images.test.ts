/** Own images of the playground: sent to the local server, and read by the image handler. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageUrl } from '../../src/dev/page/image-urls.ts';
import { ownImageName, ownImageUrl } from '../../src/dev/page/own-image-url.ts';
import { createSnippets } from '../../src/dev/page/snippets.ts';
import { startServer } from '../../src/dev/server.ts';
import { decodePixels } from '../pixels.ts';
import { codeOf, type Reply, request, testConfig } from '../requests.ts';

const read = (name: string) => readFileSync(new URL(`../../src/dev/samples/${name}`, import.meta.url));
const photo = read('landscape.jpg');
const MAX_BYTES = 150_000;

let server: Awaited<ReturnType<typeof startServer>>;
beforeAll(async () => {
  const config = testConfig({ API_KEYS: 'demo:KEY', SOURCE_MAX_BYTES: `${MAX_BYTES}` });
  server = await startServer(config, { log: () => {} });
});
afterAll(() => server.stop());

/** Sends a body, by default as a page of the server does. `Content-Length` is that of the body, unless it is chunked. */
function post(body: Buffer | string, headers: Record<string, string> = {}, path = '/samples/own/'): Promise<Reply> {
  const { hostname, port } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    const own = { origin: server.origin, 'sec-fetch-site': 'same-origin' };
    const sent = http.request({ hostname, port, path, method: 'POST', agent: false, headers: { ...own, ...headers } });
    sent.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          body: Buffer.concat(chunks),
        }),
      );
    });
    if (headers['transfer-encoding']) sent.write(body);
    sent.end(headers['transfer-encoding'] ? undefined : body);
  });
}

const resized = (path: string, w = '40') => {
  const url = imageUrl({ base: `${server.origin}/`, u: `${server.origin}${path}`, options: { w } }, 'KEY');
  return request(server.origin, url.slice(server.origin.length));
};

test('an image is stored under an unguessable path, and resized from there; nothing stores it', async () => {
  const { status, headers } = await post(photo);
  expect(status).toBe(201);
  expect(headers.location).toMatch(/^\/samples\/own\/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
  const original = await request(server.origin, `${headers.location}/my%20cat.jpg`);
  expect([original.status, original.body.equals(photo)]).toEqual([200, true]);
  expect(original.headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': expect.stringMatching(/sandbox$/),
    'x-content-type-options': 'nosniff',
  });
  for (const _ of [1, 2]) {
    const output = await resized(`${headers.location}/my%20cat.jpg`);
    expect((await decodePixels(output.body)).width).toBe(40);
    expect(output.headers['cache-control']).toMatch(/no-store|private/);
    expect(output.headers['server-timing']).not.toMatch(/desc=(?:hit|source)/);
  }
});

test('an SVG has a type, so that browsers show it', async () => {
  const { headers } = await post(read('logo.svg'));
  const svg = await request(server.origin, headers.location ?? '');
  expect(svg.headers['content-type']).toBe('image/svg+xml');
  expect((await resized(headers.location ?? '')).status).toBe(200);
});

test('two posts of a file have two paths', async () =>
  expect((await post(photo)).headers.location).not.toBe((await post(photo)).headers.location));

describe('is refused', () => {
  test.each([
    ['from another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
    ['from another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }, 403],
    ['from a sandboxed page', { origin: 'null' }, 403],
    ['by a browser that says only where it comes from', { origin: 'https://evil.example', 'sec-fetch-site': '' }, 403],
    ['for the name of a stranger (DNS rebinding)', { host: 'evil.example', origin: 'http://evil.example' }, 421],
  ])('%s', async (_, headers, status) => expect((await post(photo, headers)).status).toBe(status));

  test('without Origin, which every browser sends', async () => {
    const { status } = await request(server.origin, '/samples/own/', {}, 'POST');
    expect(status).toBe(403);
  });

  test.each([
    ['too large, announced', {}],
    ['too large, in chunks', { 'transfer-encoding': 'chunked' }],
  ])('%s', async (_, headers) => {
    const reply = await post(Buffer.alloc(MAX_BYTES + 1, 0xff), headers);
    expect([reply.status, codeOf(reply)]).toEqual([413, 'SOURCE_TOO_LARGE']);
  });

  test.each([
    ['no image', 'hello'],
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['nothing', ''],
  ])('%s', async (_, body) => {
    const reply = await post(body);
    expect([reply.status, codeOf(reply)]).toEqual([415, 'SOURCE_UNSUPPORTED']);
  });

  test('a POST to another path, as ever', async () => {
    expect((await post(photo, {}, '/samples/')).status).toBe(401);
    expect((await post(photo, {}, '/samples/own/x')).status).toBe(401);
  });
});

test('the memory is bounded: the ninth image, or more bytes than two of the largest, drop the oldest', async () => {
  const first = (await post(photo)).headers.location ?? '';
  for (let i = 0; i < 8; i++) await post('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');
  expect((await request(server.origin, first)).status).toBe(404);
  const reply = await resized(first);
  expect([reply.status, codeOf(reply)]).toEqual([404, 'SOURCE_NOT_FOUND']);
  const paths: string[] = [];
  for (let i = 0; i < 5; i++) paths.push((await post(photo)).headers.location ?? '');
  const statuses = await Promise.all(paths.map(async (path) => (await request(server.origin, path)).status));
  const capacity = Math.floor((2 * MAX_BYTES) / photo.length);
  expect(statuses.filter((status) => status === 200).length).toBe(Math.min(5, capacity));
});

test('at most four bodies are received at a time', async () => {
  const { hostname, port } = new URL(server.origin);
  const headers = { origin: server.origin, 'content-length': `${MAX_BYTES}` };
  const unfinished = Array.from({ length: 4 }, () => {
    const sent = http.request({ hostname, port, path: '/samples/own/', method: 'POST', agent: false, headers });
    sent.on('error', () => {}).write('x');
    return sent;
  });
  try {
    await expect.poll(async () => (await post(photo)).status).toBe(503);
    const reply = await post(photo);
    expect([codeOf(reply), reply.headers['retry-after']]).toEqual(['OVERLOADED', '1']);
  } finally {
    for (const sent of unfinished) sent.destroy();
  }
  await expect.poll(async () => (await post(photo)).status).toBe(201);
});

describe('its embed code', () => {
  const u = ownImageUrl(
    '/samples/own/01234567-89ab-4cde-8f01-23456789abcd',
    'http://127.0.0.1:3000/samples/cat.webp',
    `it's/1.png`,
  );
  test('has the name of the file', () => {
    expect(ownImageName(u)).toBe(`it's/1.png`);
    expect(ownImageName('http://127.0.0.1:3000/samples/cat.webp')).toBeUndefined();
  });
  test('is the command for the file, and no URL', () => {
    const snippets = createSnippets({ base: 'http://127.0.0.1:3000/', u, options: { w: '9' } }, 'KEY', {});
    expect(snippets.map(({ id }) => id)).toEqual(['cli']);
    expect(snippets[0]?.text).toMatch(/^npx pixgate resize 'it'\\''s\/1\.png' -w 9 -o '[\w.-]+-9\.png'$/);
  });
});
