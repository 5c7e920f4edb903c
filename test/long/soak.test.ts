/** Ten thousand different results: what is remembered stays inside its bounds. `npm run soak`. */
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

test(`${COUNT} different results`, { timeout: 1_200_000 }, async () => {
  const handler = testHandler({ RESULT_MEMORY: `${MEMORY}`, SOURCE_MEMORY: `${MEMORY}` });
  const held: number[] = [];
  let bytes = 0;
  for (let i = 0; i < COUNT; i += 10) {
    const some = Array.from({ length: 10 }, async (_, j) => {
      const query = { k: KEY, u: `${origin.url}/${(i + j) % 200}.jpg`, w: 250 + Math.floor((i + j) / 200), f: 'jpg' };
      const reply = toReply(await handler(events.functionUrl(query), context()));
      expect(reply.status).toBe(200);
      bytes += reply.body.length;
    });
    await Promise.all(some);
    if (i % 500 === 0) {
      // What is freed by the first is given back a turn later.
      collectGarbage();
      await setTimeout(20);
      collectGarbage();
      held.push(process.memoryUsage().external);
    }
  }
  const [first = 0] = held;
  const most = Math.max(...held) - first;
  const megabytes = (count: number) => (count / 1e6).toFixed(0);
  console.log(
    `${COUNT} results, ${megabytes(bytes)} MB in all; held at most ${megabytes(most)} MB, RSS ${megabytes(process.memoryUsage.rss())} MB`,
  );
  // Both memories, and what the requests of the moment hold.
  expect(most).toBeLessThan(2 * MEMORY + 16_000_000);
  // The last one is remembered, the first one is not.
  const cache = async (w: number, n: number) => {
    const query = { k: KEY, u: `${origin.url}/${n}.jpg`, w, f: 'jpg' };
    return toReply(await handler(events.functionUrl(query), context())).headers['server-timing'];
  };
  expect(await cache(250 + Math.floor((COUNT - 1) / 200), (COUNT - 1) % 200)).toBe('cache;desc=hit');
  expect(await cache(250, 0)).not.toBe('cache;desc=hit');
});
