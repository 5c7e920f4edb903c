/** The limits in the product: nothing is held after a request, whatever comes of it, and no key takes the place of another. */
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deriveQuery } from '../../src/cache/key.ts';
import type { ImageRequest } from '../../src/cache/response.ts';
import { parseNetwork } from '../../src/fetch/ssrf.ts';
import { createServices, renderOrRevalidate } from '../../src/renderer.ts';
import { type Route, startOrigin } from '../origin.ts';
import { codeOf, context, events, optionsOf, testConfig, testHandler, toReply } from '../requests.ts';

let origin: Awaited<ReturnType<typeof startOrigin>>;
const photo = await sharp({ create: { width: 60, height: 40, channels: 3, background: 'red' } })
  .jpeg()
  .toBuffer();
const ROUTES: readonly (Route | undefined)[] = [
  { body: photo },
  { body: photo, gzip: true },
  { body: photo.subarray(0, 200) },
  { body: gzipSync(photo).subarray(0, 100), headers: { 'content-encoding': 'gzip' } },
  { body: 'text' },
  { body: photo, framing: 'short' },
  { body: photo, framing: 'stall' },
  undefined,
];
beforeAll(async () => {
  origin = await startOrigin({ '/good': { body: photo } });
  for (let i = 0; i < 8; i++) origin.set(`/silent?${i}`, { framing: 'silent' });
});
afterAll(() => origin.close());

test('after 1,000 mixed outcomes, aborted ones too, nothing is counted', { timeout: 120_000 }, async () => {
  const config = testConfig({ SOURCE_IDLE_TIMEOUT: '300', SOURCE_MAX_BYTES: '200000', SOURCE_MEMORY: '0' });
  const policy = { allowedNetworks: [parseNetwork('127.0.0.0/8')] };
  const services = createServices(config, policy, { allowBackgroundWork: false });
  const outcomes = new Set<string>();
  const one = async (i: number) => {
    const route = ROUTES[i % ROUTES.length];
    // Each has a URL of its own: errors are cached.
    if (route) origin.set(`/${i}`, route);
    const query = deriveQuery(optionsOf({ u: `${origin.url}/${i}`, w: 20 }));
    const request: ImageRequest = {
      query,
      accept: undefined,
      ifNoneMatch: undefined,
      ifModifiedSince: undefined,
      ownHosts: [],
      maxResponseBytes: 1e6,
      etagSecret: new Uint8Array(32),
      client: `key-${i % 3}`,
      deadline: Date.now() + 10_000,
    };
    const signal = i % 5 ? new AbortController().signal : AbortSignal.timeout(i % 40);
    const image = services.images.getOrCreate(
      `${i}`,
      async (flight) => (await renderOrRevalidate(services, request, `${i}`, {}, flight)).image,
      signal,
    );
    await image.then(
      () => outcomes.add('image'),
      ({ code }) => outcomes.add(code),
    );
  };
  for (let i = 0; i < 1000; i += 50) await Promise.all(Array.from({ length: 50 }, (_, j) => one(i + j)));
  const { sources, pixels } = services.concurrency;
  await expect.poll(() => [sources.usedBytes(), pixels.usedBytes()], { timeout: 10_000 }).toEqual([0, 0]);
  expect([...outcomes].sort()).toEqual(
    expect.arrayContaining([
      'IMAGE_CORRUPT',
      'SOURCE_NOT_FOUND',
      'SOURCE_TIMEOUT',
      'SOURCE_UNAVAILABLE',
      'SOURCE_UNSUPPORTED',
      'image',
    ]),
  );
});

test('a key that takes all places leaves another its share', async () => {
  const keys = { API_KEYS: 'one:key-one,two:key-two', MAX_REQUESTS: '4', SOURCE_IDLE_TIMEOUT: '1000' };
  const handler = testHandler({ ...keys, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' });
  const other = await startOrigin({ '/good': { body: photo } });
  const send = async (k: string, u: string) => toReply(await handler(events.functionUrl({ k, u, w: 10 }), context()));
  const slow = Array.from({ length: 4 }, (_, i) => send('key-one', `${origin.url}/silent?${i}`));
  expect(codeOf(await send('key-one', `${other.url}/good`))).toBe('OVERLOADED');
  expect((await send('key-two', `${other.url}/good`)).status).toBe(200);
  for (const { status } of await Promise.all(slow)) expect(status).toBe(504);
  await other.close();
});
