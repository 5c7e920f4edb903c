/** The streaming door, with a stand-in for the runtime's global `awslambda`. */
import { readFileSync } from 'node:fs';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandler } from '../../src/handler.ts';
import type { HttpEvent } from '../../src/http/event.ts';
import { askStreaming, type Streaming } from '../awslambda.ts';
import { startOrigin } from '../origin.ts';
import { look } from '../pixels.ts';
import { codeOf, context, events, KEY, testConfig, testHandler, toReply } from '../requests.ts';

const handler = createHandler(testConfig(), {
  log: () => {},
  streaming: executionModeStreamifyResponse,
}) as unknown as Streaming;
const ask = (event: HttpEvent, left?: number) => askStreaming(handler, event, context(left));

const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  origin = await startOrigin({ '/a.jpg': { body: photo }, '/silent.jpg': { framing: 'silent' } });
});
afterAll(() => origin.close());
const query = (more: object = {}) => ({ k: KEY, u: `${origin.url}/a.jpg`, w: 320, f: 'webp', ...more });

test('a picture is that of the buffered doors, byte for byte, and not in base64', async () => {
  const streamed = await ask(events.functionUrl(query()));
  const buffered = toReply(await testHandler()(events.functionUrl(query()), context()));
  expect(streamed.status).toBe(200);
  expect(streamed.body.equals(buffered.body)).toBe(true);
  for (const name of ['content-type', 'content-length', 'cache-control', 'x-content-type-options'])
    expect(streamed.headers[name], name).toBe(buffered.headers[name]);
});

test('larger than any buffered door takes', async () => {
  const raw = { width: 2400, height: 1800, channels: 3 as const };
  const noise = { ...raw, background: '#888', noise: { type: 'gaussian' as const, mean: 128, sigma: 80 } };
  origin.set('/noise.png', { body: await sharp({ create: noise }).png().toBuffer() });
  const large = query({ u: `${origin.url}/noise.png`, w: 2400, f: 'png' });
  const streamed = await ask(events.functionUrl(large));
  expect([streamed.status, streamed.body.length > 6_291_556]).toEqual([200, true]);
  expect(streamed.headers).not.toHaveProperty('pixgate-quality');
  expect((await look(streamed.body)).width).toBe(2400);
  expect(toReply(await testHandler()(events.functionUrl(large), context())).status).toBe(413);
});

test('HEAD, 304, OPTIONS and errors have their status and headers, and end', async () => {
  const { headers, body } = await ask(events.functionUrl(query()));
  const head = await ask(events.functionUrl(query(), {}, 'HEAD'));
  expect([head.status, head.body.length, head.headers['content-length']]).toEqual([200, 0, String(body.length)]);
  expect(body.length).toBeGreaterThan(1000);
  const refused = await ask(events.functionUrl({}, {}, 'HEAD'));
  expect([refused.status, refused.body.length, Number(refused.headers['content-length']) > 100]).toEqual([
    401,
    0,
    true,
  ]);
  const same = await ask(events.functionUrl(query(), { 'if-none-match': headers.etag ?? '' }));
  expect([same.status, same.body.length, same.headers.etag]).toEqual([304, 0, headers.etag]);
  expect((await ask(events.functionUrl({}, {}, 'OPTIONS'))).status).toBe(204);
  for (const [more, status, code] of [
    [{ w: 0 }, 400, 'QUERY_INVALID'],
    [{ k: 'wrong' }, 401, 'UNAUTHORIZED'],
    [{ u: `${origin.url}/none.jpg` }, 404, 'SOURCE_NOT_FOUND'],
  ] as const) {
    const error = await ask(events.functionUrl(query(more)));
    expect([error.status, codeOf(error), error.headers['content-type']]).toEqual([
      status,
      code,
      'application/problem+json',
    ]);
  }
  const late = await ask(events.functionUrl(query({ u: `${origin.url}/silent.jpg` })), 1300);
  expect([late.status, codeOf(late)]).toEqual([504, 'SOURCE_TIMEOUT']);
});
