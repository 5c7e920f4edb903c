/** The platform's limits, under its own runtime client: the deadline, and the bytes of a response. Ours apply first. */
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { codeOf, events, KEY } from '../requests.ts';
import { type Environment, startEnvironment, toClient } from '../runtime/environment.ts';
import { BUFFERED_LIMIT } from '../runtime/runtime-api.ts';

const ric = inject('ric');
const taskRoot = inject('taskRoot');
const env = { API_KEYS: `tester:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' };

/** Creates a square that PNG cannot compress: three bytes a pixel. */
const noise = (side: number) =>
  sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
/** Sides whose response in base64 is 10 kB below the limit, and 10 kB above. */
const UNDER = 1252;
const OVER = 1255;

describe.skipIf(!ric)('limits', () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  beforeAll(async () => {
    origin = await startOrigin({
      '/silent.png': { framing: 'silent' },
      '/under.png': { body: await noise(UNDER) },
      '/over.png': { body: await noise(OVER) },
      '/small.png': { body: await noise(20) },
    });
  });
  afterAll(() => origin.close());
  const request = (name: string, w: number) =>
    events.functionUrl({ k: KEY, u: `${origin.url}/${name}.png`, w, f: 'png' });

  describe.each(['index.handler', 'stream.handler'])('%s', (handler) => {
    let environment: Environment;
    beforeAll(async () => {
      environment = await startEnvironment({ ric, taskRoot, env, handler, timeout: 4000 });
    });
    afterAll(() => environment.close());

    test('a silent origin is a 504 before the platform ends the process, which goes on', async () => {
      const started = performance.now();
      const late = await environment.ask(request('silent', 10));
      const durationMs = performance.now() - started;
      expect([late.status, codeOf(late), late.headers['cache-control']]).toEqual([504, 'SOURCE_TIMEOUT', 'no-store']);
      expect(durationMs).toBeGreaterThan(2500);
      expect(durationMs).toBeLessThan(4000);
      expect((await environment.ask(request('small', 10))).status).toBe(200);
      expect(environment.isAlive()).toBe(true);
    });

    test('an image just under the limit of buffered responses is delivered', async () => {
      const result = await environment.invoke(request('under', UNDER));
      const { status, body } = toClient(result);
      expect([status, (await decodePixels(body)).width]).toEqual([200, UNDER]);
      if (!result.isStreamed) {
        expect(result.bytes.length).toBeLessThan(BUFFERED_LIMIT);
        expect(result.bytes.length).toBeGreaterThan(BUFFERED_LIMIT - 20_000);
      }
    });

    test('one just over it: streamed, an image; buffered, our 413 instead of a 502 of the platform', async () => {
      const { status, headers, body } = await environment.ask(request('over', OVER));
      expect(Math.ceil(OVER * OVER * 4)).toBeGreaterThan(BUFFERED_LIMIT);
      if (handler === 'stream.handler') expect([status, (await decodePixels(body)).width]).toEqual([200, OVER]);
      else expect([status, codeOf({ headers, body })]).toEqual([413, 'RESULT_TOO_LARGE']);
      expect((await environment.ask(request('small', 12))).status).toBe(200);
      expect(environment.isAlive()).toBe(true);
    });
  });
});
