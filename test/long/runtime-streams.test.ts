/** The streaming entry under AWS's own runtime client: what has no body ends at once, and what breaks breaks alone. */
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
  let one: Environment;
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
    one = await startEnvironment({ ric, taskRoot, env, handler: 'stream.handler' });
  });
  afterAll(() => Promise.all([one.close(), origin.close()]));
  const query = (name = 'a.jpg', more: object = {}) => ({
    k: KEY,
    u: `${origin.url}/${name}`,
    w: 64,
    f: 'jpg',
    ...more,
  });
  const goesOn = async () => {
    expect((await one.ask(events.functionUrl(query()))).status).toBe(200);
    expect(one.isAlive()).toBe(true);
  };

  test('HEAD, 304 and OPTIONS are status and headers, and nothing behind them', async () => {
    const { headers } = await one.ask(events.functionUrl(query()));
    for (const [event, status] of [
      [events.functionUrl(query(), {}, 'HEAD'), 200],
      [events.functionUrl(query(), { 'if-none-match': headers.etag ?? '' }), 304],
      [events.functionUrl({}, {}, 'OPTIONS'), 204],
      [events.functionUrl(query('a.jpg', { w: 0 }), {}, 'HEAD'), 400],
    ] as const) {
      const started = performance.now();
      const answer = await one.invoke(event);
      expect(performance.now() - started).toBeLessThan(2000);
      // Status and headers in one piece, ended by eight zero bytes.
      expect([toClient(answer).status, answer.bytes.subarray(-8)]).toEqual([status, Buffer.alloc(8)]);
      expect(answer.bytes.indexOf(0)).toBe(answer.bytes.length - 8);
    }
  });

  test.each([
    ['a parameter that is wrong', () => query('a.jpg', { w: 0 }), 400, 'QUERY_INVALID'],
    ['a wrong key', () => query('a.jpg', { k: 'wrong' }), 401, 'UNAUTHORIZED'],
    ['no such picture', () => query('none.jpg'), 404, 'SOURCE_NOT_FOUND'],
    ['a source that is no picture', () => query('page.jpg'), 415, 'SOURCE_UNSUPPORTED'],
    ['a source that breaks off in a chunk', () => query('cut.jpg'), 502, 'SOURCE_UNAVAILABLE'],
    ['a source that is shorter than it says', () => query('short.jpg'), 502, 'SOURCE_UNAVAILABLE'],
  ])('%s is a finished answer', async (_what, of, status, code) => {
    const reply = await one.ask(events.functionUrl(of()));
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
    expect(reply.headers['content-length']).toBe(String(reply.body.length));
    await goesOn();
  });

  test('half a picture that ends well on its way: an answer, whole in itself', async () => {
    const { status, headers, body } = await one.ask(events.functionUrl(query('half.jpg')));
    expect([200, 422]).toContain(status);
    expect(headers['content-length']).toBe(String(body.length));
    await goesOn();
  });

  test('a client that is slow gets all of it', async () => {
    const large = events.functionUrl(query('noise.png', { w: 2000, f: 'png' }));
    const { status, headers, body } = toClient(await one.invoke(large, { pause: 1500 }));
    expect([status, headers['content-length']]).toEqual([200, String(body.length)]);
    expect((await decodePixels(body)).width).toBe(2000);
    await goesOn();
  });
});
