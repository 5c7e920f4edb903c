/** The platform's limits, under its own runtime client: the deadline, and the bytes of an answer. Ours come first. */
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

/** A square that PNG cannot make smaller than its three bytes a pixel. */
const noise = (side: number) =>
  sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
/** In base64, with what stands around it: 10 kB below the limit, and 10 kB above. */
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
  const ask = (name: string, w: number) => events.functionUrl({ k: KEY, u: `${origin.url}/${name}.png`, w, f: 'png' });

  describe.each(['index.handler', 'stream.handler'])('%s', (handler) => {
    let one: Environment;
    beforeAll(async () => {
      one = await startEnvironment({ ric, taskRoot, env, handler, timeout: 4000 });
    });
    afterAll(() => one.close());

    test('an origin that never answers is a 504 before the platform ends the process, which goes on', async () => {
      const started = performance.now();
      const late = await one.ask(ask('silent', 10));
      const took = performance.now() - started;
      expect([late.status, codeOf(late), late.headers['cache-control']]).toEqual([504, 'SOURCE_TIMEOUT', 'no-store']);
      expect(took).toBeGreaterThan(2500);
      expect(took).toBeLessThan(4000);
      expect((await one.ask(ask('small', 10))).status).toBe(200);
      expect(one.isAlive()).toBe(true);
    });

    test('a picture just under the limit of buffered answers is delivered', async () => {
      const answer = await one.invoke(ask('under', UNDER));
      const { status, body } = toClient(answer);
      expect([status, (await decodePixels(body)).width]).toEqual([200, UNDER]);
      if (!answer.isStreamed) {
        expect(answer.bytes.length).toBeLessThan(BUFFERED_LIMIT);
        expect(answer.bytes.length).toBeGreaterThan(BUFFERED_LIMIT - 20_000);
      }
    });

    test('one just over it: streamed, a picture; buffered, a 413 of ours, and no 502 of the platform', async () => {
      const { status, headers, body } = await one.ask(ask('over', OVER));
      expect(Math.ceil(OVER * OVER * 4)).toBeGreaterThan(BUFFERED_LIMIT);
      if (handler === 'stream.handler') expect([status, (await decodePixels(body)).width]).toEqual([200, OVER]);
      else expect([status, codeOf({ headers, body })]).toEqual([413, 'RESULT_TOO_LARGE']);
      expect((await one.ask(ask('small', 12))).status).toBe(200);
      expect(one.isAlive()).toBe(true);
    });
  });
});
