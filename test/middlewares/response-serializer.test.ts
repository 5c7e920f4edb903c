import type { Readable } from 'node:stream';
import { text as consume } from 'node:stream/consumers';
import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import type { GatewayResponse, HttpEvent } from '../../src/http/event.ts';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';
import { maxImageBytes, responseLimit } from '../../src/middlewares/response-limit.ts';
import { responseSerializer } from '../../src/middlewares/response-serializer.ts';
import { events } from '../event-sources.ts';

type Run = (event: HttpEvent, context: object) => Promise<GatewayResponse>;
const headers = { 'X-Always': 'yes' };
const serve = (handler: () => unknown) =>
  middy().use(responseSerializer({ headers })).use(responseLimit()).handler(handler) as never as Run;
const serveImage = (bytes: number) =>
  serve(() => ({ statusCode: 200, headers: { 'X-Own': '1' }, body: Buffer.alloc(bytes) }));

test('the common headers, and those of the response', async () => {
  const result = await serveImage(3)(events.rest({}), {});
  expect(result).toMatchObject({
    isBase64Encoded: true,
    body: 'AAAA',
    headers: { 'X-Always': 'yes', 'X-Own': '1', 'Content-Length': '3' },
  });
});

test.each([
  ['functionUrl', 4_710_000, 4_720_000],
  ['rest', 4_710_000, 4_720_000],
  ['alb', 785_000, 787_000],
] as const)('%s sends %i bytes and rejects %i with a reason', async (eventSource, allowed, tooMany) => {
  const response = await serveImage(allowed)(events[eventSource]({}), {});
  const json = Buffer.byteLength(JSON.stringify(response));
  const limit = eventSource === 'alb' ? 1_048_576 : 6_291_556;
  expect(json).toBeLessThanOrEqual(limit);
  expect(json).toBeGreaterThan(limit * 0.995);
  const rejected = await serveImage(tooMany)(events[eventSource]({}), {});
  expect(rejected.statusCode).toBe(413);
  expect(JSON.parse(rejected.body)).toMatchObject({ code: 'RESULT_TOO_LARGE' });
});

describe('the maximum size of a response', () => {
  const limited = (response: object, streamingUrl?: string) =>
    middy()
      .use(streamingUrl ? responseLimit({ streamingUrl }) : responseLimit())
      .handler(() => response) as never as Run;
  const textResponse = (length: number, extras: object = {}) => ({
    statusCode: 200,
    headers: {},
    body: '"'.repeat(length),
    ...extras,
  });

  test('a string counts as JSON', async () => {
    // Each quotation mark is two bytes in JSON; 1006 are the headers, the quotes and the overhead.
    const maxLength = (6_291_556 - 1006) / 2;
    const response = textResponse(maxLength);
    expect(await limited(response)(events.rest({}), {})).toBe(response);
    await expect(limited(textResponse(maxLength + 1))(events.rest({}), {})).rejects.toMatchObject({
      code: 'RESULT_TOO_LARGE',
      message: expect.stringMatching(/would have 6291558 bytes; the maximum is 6291556\. .* f=webp\.$/),
      headers: {},
    });
  });
  test('headers count twice, because they may be sent as lists', async () => {
    const headers = { A: 'x'.repeat(1000) };
    const maxLength = (6_291_556 - 1002 - 2 * JSON.stringify(headers).length) / 2;
    const response = textResponse(maxLength, { headers });
    expect(await limited(response)(events.rest({}), {})).toBe(response);
    await expect(limited(textResponse(maxLength + 1, { headers }))(events.rest({}), {})).rejects.toThrow();
  });
  test('names the streaming URL, and keeps Vary', async () => {
    const large = textResponse(4_000_000, { headers: { Vary: 'Accept' } });
    await expect(limited(large, 'https://stream.example.com')(events.rest({}), {})).rejects.toMatchObject({
      message: expect.stringMatching(/ Larger images are served by https:\/\/stream\.example\.com$/),
      headers: { Vary: 'Accept' },
    });
  });
  test.each(['rest', 'alb'] as const)('%s: an image of maxImageBytes fits', async (eventSource) => {
    const body = Buffer.alloc(maxImageBytes(events[eventSource]({})));
    const response = { statusCode: 200, headers: { 'Content-Type': 'image/png' }, body };
    expect(await limited(response)(events[eventSource]({}), {})).toBe(response);
    const larger = { ...response, body: Buffer.alloc(body.length + 6000) };
    await expect(limited(larger)(events[eventSource]({}), {})).rejects.toThrow();
  });
});

test('an error becomes a response, with or without an error handler inside', async () => {
  const fail = () => {
    throw new ImageError('SOURCE_TIMEOUT', 'The origin was too slow.');
  };
  const within = middy()
    .use(responseSerializer({ headers }))
    .use(httpErrorHandler({ logger: false }))
    .use(errorMapper())
    .handler(fail) as never as Run;
  for (const run of [within, serve(fail)]) {
    const result = await run(events.rest({}), {});
    expect(result).toMatchObject({
      statusCode: 504,
      isBase64Encoded: false,
      headers: { 'X-Always': 'yes', 'Content-Type': 'application/problem+json' },
    });
    expect(JSON.parse(result.body).code).toBe('SOURCE_TIMEOUT');
  }
});

test('headers of the response win; headers and body are optional', async () => {
  const overriding = serve(() => ({ statusCode: 200, headers: { 'X-Always': 'no' }, body: 'a' }));
  expect((await overriding(events.rest({}), {})).headers).toMatchObject({ 'X-Always': 'no' });
  const minimal = middy()
    .use(responseSerializer({ headers }))
    .handler(() => ({ statusCode: 204 })) as never as Run;
  expect(await minimal(events.rest({}), {})).toEqual({ statusCode: 204, headers, body: '', isBase64Encoded: false });
});

test('without options: no common headers', async () => {
  const plain = middy()
    .use(responseSerializer())
    .handler(() => ({ statusCode: 200, body: 'é' })) as never as Run;
  expect(await plain(events.rest({}), {})).toEqual({
    statusCode: 200,
    headers: { 'Content-Length': '2' },
    body: 'é',
    isBase64Encoded: false,
  });
});

test('the local server gets bytes unchanged', async () => {
  const local = (method: string) => ({ rawPath: '/', requestContext: { isLocal: true, http: { method } } });
  const body = Buffer.from('abc');
  const run = serve(() => ({ statusCode: 200, headers: {}, body }));
  const withLength = { 'X-Always': 'yes', 'Content-Length': '3' };
  expect(await run(local('GET'), {})).toEqual({ statusCode: 200, headers: withLength, body });
  expect(await run(local('HEAD'), {})).toEqual({ statusCode: 200, headers: withLength, body: '' });
  const unchanged = serve(() => ({ statusCode: 304, headers: {}, body: '' }));
  expect(await unchanged(local('GET'), {})).toEqual({ statusCode: 304, headers, body: '' });
});

test('streaming: bytes become a stream, an error is text', async () => {
  const streaming = (handler: () => object) =>
    middy()
      .use(responseSerializer({ headers, streaming: true }))
      .handler(handler) as never as (event: HttpEvent, context: object) => Promise<{ body: unknown; headers: object }>;
  const bytes = await streaming(() => ({ statusCode: 200, headers: {}, body: Buffer.from('abc') }))(
    events.rest({}),
    {},
  );
  expect(bytes.headers).toEqual({ 'X-Always': 'yes', 'Content-Length': '3' });
  expect(await consume(bytes.body as Readable)).toBe('abc');
  const failing = streaming(() => {
    throw new Error('hush');
  });
  expect(JSON.parse(String((await failing(events.rest({}), {})).body)).code).toBe('INTERNAL');
});
