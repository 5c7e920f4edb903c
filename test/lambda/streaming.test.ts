/** The streaming handler, with a mock of the runtime's global `awslambda`. */
import { readFileSync } from 'node:fs';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandler } from '../../src/handler.ts';
import type { HttpEvent } from '../../src/http/event.ts';
import { invokeStreaming, type Streaming } from '../awslambda.ts';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { codeOf, context, events, KEY, testConfig, testHandler, toReply } from '../requests.ts';

const handler = createHandler(testConfig(), {
  log: () => {},
  streaming: executionModeStreamifyResponse,
}) as unknown as Streaming;
const send = (event: HttpEvent, remainingMs?: number) => invokeStreaming(handler, event, context(remainingMs));

const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  origin = await startOrigin({ '/a.jpg': { body: photo }, '/silent.jpg': { framing: 'silent' } });
});
afterAll(() => origin.close());
const query = (parameters: object = {}) => ({ k: KEY, u: `${origin.url}/a.jpg`, w: 320, f: 'webp', ...parameters });

test('an image is the same as buffered, byte for byte, and not in base64', async () => {
  const streamed = await send(events.functionUrl(query()));
  const buffered = toReply(await testHandler()(events.functionUrl(query()), context()));
  expect(streamed.status).toBe(200);
  expect(streamed.body.equals(buffered.body)).toBe(true);
  for (const name of ['content-type', 'content-length', 'cache-control', 'x-content-type-options'])
    expect(streamed.headers[name], name).toBe(buffered.headers[name]);
});

test('an image larger than the limit of a buffered response', async () => {
  const raw = { width: 2400, height: 1800, channels: 3 as const };
  const noise = { ...raw, background: '#888', noise: { type: 'gaussian' as const, mean: 128, sigma: 80 } };
  origin.set('/noise.png', { body: await sharp({ create: noise }).png().toBuffer() });
  const large = query({ u: `${origin.url}/noise.png`, w: 2400, f: 'png' });
  const streamed = await send(events.functionUrl(large));
  expect([streamed.status, streamed.body.length > 6_291_556]).toEqual([200, true]);
  expect(streamed.headers).not.toHaveProperty('pixgate-quality');
  expect((await decodePixels(streamed.body)).width).toBe(2400);
  expect(toReply(await testHandler()(events.functionUrl(large), context())).status).toBe(413);
});

test('HEAD, 304, OPTIONS and errors: status, headers, and the end of the body', async () => {
  const { headers, body } = await send(events.functionUrl(query()));
  const head = await send(events.functionUrl(query(), {}, 'HEAD'));
  expect([head.status, head.body.length, head.headers['content-length']]).toEqual([200, 0, String(body.length)]);
  expect(body.length).toBeGreaterThan(1000);
  const unauthorized = await send(events.functionUrl({}, {}, 'HEAD'));
  expect([unauthorized.status, unauthorized.body.length, Number(unauthorized.headers['content-length']) > 100]).toEqual(
    [401, 0, true],
  );
  const notModified = await send(events.functionUrl(query(), { 'if-none-match': headers.etag ?? '' }));
  expect([notModified.status, notModified.body.length, notModified.headers.etag]).toEqual([304, 0, headers.etag]);
  expect((await send(events.functionUrl({}, {}, 'OPTIONS'))).status).toBe(204);
  for (const [parameters, status, code] of [
    [{ w: 0 }, 400, 'QUERY_INVALID'],
    [{ k: 'wrong' }, 401, 'UNAUTHORIZED'],
    [{ u: `${origin.url}/none.jpg` }, 404, 'SOURCE_NOT_FOUND'],
  ] as const) {
    const error = await send(events.functionUrl(query(parameters)));
    expect([error.status, codeOf(error), error.headers['content-type']]).toEqual([
      status,
      code,
      'application/problem+json',
    ]);
  }
  const timeout = await send(events.functionUrl(query({ u: `${origin.url}/silent.jpg` })), 1300);
  expect([timeout.status, codeOf(timeout)]).toEqual([504, 'SOURCE_TIMEOUT']);
});
