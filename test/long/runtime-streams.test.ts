/** The streaming entry point under AWS's own runtime client: responses without a body end at once, and errors affect no other request. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { codeOf, events, KEY } from '../requests.ts';
import { type Environment, startEnvironment, toClient } from '../runtime/environment.ts';

const ric = inject('ric');
const taskRoot = inject('taskRoot');
const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));

describe.skipIf(!ric)('streaming', () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  let environment: Environment;
  beforeAll(async () => {
    const raw = { width: 2000, height: 1000, channels: 3 } as const;
    origin = await startOrigin({
      '/a.jpg': { body: photo },
      '/cut.jpg': { body: photo, framing: 'chunk-cut' },
      '/short.jpg': { body: photo, framing: 'short' },
      '/page.jpg': { body: '<!doctype html>' },
      '/half.jpg': { body: photo.subarray(0, photo.length / 2) },
      '/noise.png': { body: await sharp(randomBytes(6_000_000), { raw }).png().toBuffer() },
    });
    const env = { API_KEYS: `tester:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' };
    environment = await startEnvironment({ ric, taskRoot, env, handler: 'stream.handler' });
  });
  afterAll(() => Promise.all([environment.close(), origin.close()]));
  const query = (name = 'a.jpg', more: object = {}) => ({
    k: KEY,
    u: `${origin.url}/${name}`,
    w: 64,
    f: 'jpg',
    ...more,
  });
  const expectStillRunning = async () => {
    expect((await environment.ask(events.functionUrl(query()))).status).toBe(200);
    expect(environment.isAlive()).toBe(true);
  };

  test('HEAD, 304 and OPTIONS have status and headers, and no body', async () => {
    const { headers } = await environment.ask(events.functionUrl(query()));
    for (const [event, status] of [
      [events.functionUrl(query(), {}, 'HEAD'), 200],
      [events.functionUrl(query(), { 'if-none-match': headers.etag ?? '' }), 304],
      [events.functionUrl({}, {}, 'OPTIONS'), 204],
      [events.functionUrl(query('a.jpg', { w: 0 }), {}, 'HEAD'), 400],
    ] as const) {
      const started = performance.now();
      const result = await environment.invoke(event);
      expect(performance.now() - started).toBeLessThan(2000);
      // Status and headers in one chunk, ended by eight zero bytes.
      expect([toClient(result).status, result.bytes.subarray(-8)]).toEqual([status, Buffer.alloc(8)]);
      expect(result.bytes.indexOf(0)).toBe(result.bytes.length - 8);
    }
  });

  test.each([
    ['an invalid parameter', () => query('a.jpg', { w: 0 }), 400, 'QUERY_INVALID'],
    ['a wrong key', () => query('a.jpg', { k: 'wrong' }), 401, 'UNAUTHORIZED'],
    ['a missing image', () => query('none.jpg'), 404, 'SOURCE_NOT_FOUND'],
    ['a source that is no image', () => query('page.jpg'), 415, 'SOURCE_UNSUPPORTED'],
    ['a source that is cut within a chunk', () => query('cut.jpg'), 502, 'SOURCE_UNAVAILABLE'],
    ['a source that is shorter than its Content-Length', () => query('short.jpg'), 502, 'SOURCE_UNAVAILABLE'],
  ])('%s is a complete response', async (_what, toQuery, status, code) => {
    const reply = await environment.ask(events.functionUrl(toQuery()));
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
    expect(reply.headers['content-length']).toBe(String(reply.body.length));
    await expectStillRunning();
  });

  test('half an image with a correct length is a complete response', async () => {
    const { status, headers, body } = await environment.ask(events.functionUrl(query('half.jpg')));
    expect([200, 422]).toContain(status);
    expect(headers['content-length']).toBe(String(body.length));
    await expectStillRunning();
  });

  test('a slow client gets the complete image', async () => {
    const large = events.functionUrl(query('noise.png', { w: 2000, f: 'png' }));
    const { status, headers, body } = toClient(await environment.invoke(large, { pause: 1500 }));
    expect([status, headers['content-length']]).toEqual([200, String(body.length)]);
    expect((await decodePixels(body)).width).toBe(2000);
    await expectStillRunning();
  });
});
