/** Ten thousand different images: the caches stay within their bounds. `npm run soak`. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOrigin } from '../origin.ts';
import { context, events, KEY, testHandler, toReply } from '../requests.ts';

const COUNT = Number(process.env.SOAK_RESULTS ?? 10_000);
const MEMORY = 8 * 1024 * 1024;
const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));

v8.setFlagsFromString('--expose-gc');
const collectGarbage: () => void = vm.runInNewContext('gc');

let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  origin = await startOrigin();
  for (let i = 0; i < 200; i++) origin.set(`/${i}.jpg`, { body: photo, headers: { etag: `"${i}"` } });
});
afterAll(() => origin.close());

test(`${COUNT} different images`, { timeout: 1_200_000 }, async () => {
  const handler = testHandler({ RESULT_MEMORY: `${MEMORY}`, SOURCE_MEMORY: `${MEMORY}` });
  const externalBytes: number[] = [];
  let bytes = 0;
  for (let i = 0; i < COUNT; i += 10) {
    const batch = Array.from({ length: 10 }, async (_, j) => {
      const query = { k: KEY, u: `${origin.url}/${(i + j) % 200}.jpg`, w: 250 + Math.floor((i + j) / 200), f: 'jpg' };
      const reply = toReply(await handler(events.functionUrl(query), context()));
      expect(reply.status).toBe(200);
      bytes += reply.body.length;
    });
    await Promise.all(batch);
    if (i % 500 === 0) {
      // Memory freed by the first collection is released a turn of the event loop later.
      collectGarbage();
      await setTimeout(20);
      collectGarbage();
      externalBytes.push(process.memoryUsage().external);
    }
  }
  const [first = 0] = externalBytes;
  const growth = Math.max(...externalBytes) - first;
  const megabytes = (count: number) => (count / 1e6).toFixed(0);
  console.log(
    `${COUNT} images, ${megabytes(bytes)} MB in total; memory grew by at most ${megabytes(growth)} MB, RSS ${megabytes(process.memoryUsage.rss())} MB`,
  );
  // Both caches, and the memory of current requests.
  expect(growth).toBeLessThan(2 * MEMORY + 16_000_000);
  // The last image is cached, the first one was evicted.
  const cache = async (w: number, n: number) => {
    const query = { k: KEY, u: `${origin.url}/${n}.jpg`, w, f: 'jpg' };
    return toReply(await handler(events.functionUrl(query), context())).headers['server-timing'];
  };
  expect(await cache(250 + Math.floor((COUNT - 1) / 200), (COUNT - 1) % 200)).toBe('cache;desc=hit');
  expect(await cache(250, 0)).not.toBe('cache;desc=hit');
});
