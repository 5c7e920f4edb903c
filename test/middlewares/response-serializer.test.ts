import type { Readable } from 'node:stream';
import { text as consume } from 'node:stream/consumers';
import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import type { GatewayResponse, HttpEvent } from '../../src/http/event.ts';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';
import { maxImageBytes, replyLimit } from '../../src/middlewares/reply-limit.ts';
import { responseSerializer } from '../../src/middlewares/response-serializer.ts';
import { events } from '../event-sources.ts';

type Run = (event: HttpEvent, context: object) => Promise<GatewayResponse>;
const headers = { 'X-Always': 'yes' };
const serving = (answer: () => unknown) =>
  middy().use(responseSerializer({ headers })).use(replyLimit()).handler(answer) as never as Run;
const picture = (bytes: number) =>
  serving(() => ({ statusCode: 200, headers: { 'X-Own': '1' }, body: Buffer.alloc(bytes) }));

test('headers of every answer, and its own', async () => {
  const result = await picture(3)(events.rest({}), {});
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
] as const)('%s takes %i bytes and refuses %i with a reason', async (door, most, more) => {
  const fits = await picture(most)(events[door]({}), {});
  const json = Buffer.byteLength(JSON.stringify(fits));
  const limit = door === 'alb' ? 1_048_576 : 6_291_556;
  expect(json).toBeLessThanOrEqual(limit);
  expect(json).toBeGreaterThan(limit * 0.995);
  const refused = await picture(more)(events[door]({}), {});
  expect(refused.statusCode).toBe(413);
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'RESULT_TOO_LARGE' });
});

describe('the limit of a reply', () => {
  const limited = (answer: object, elsewhere?: string) =>
    middy()
      .use(elsewhere ? replyLimit({ elsewhere }) : replyLimit())
      .handler(() => answer) as never as Run;
  const text = (length: number, more: object = {}) => ({
    statusCode: 200,
    headers: {},
    body: '"'.repeat(length),
    ...more,
  });

  test('a text counts as the JSON that it makes', async () => {
    // Each quotation mark is two bytes there; 1006 are the headers, the quotes and the room.
    const most = (6_291_556 - 1006) / 2;
    const answer = text(most);
    expect(await limited(answer)(events.rest({}), {})).toBe(answer);
    await expect(limited(text(most + 1))(events.rest({}), {})).rejects.toMatchObject({
      code: 'RESULT_TOO_LARGE',
      message: expect.stringMatching(/a reply of 6291558 bytes; at most 6291556 .* f=webp\.$/),
      headers: {},
    });
  });
  test('headers count twice, for they can be sent as lists', async () => {
    const headers = { A: 'x'.repeat(1000) };
    const most = (6_291_556 - 1002 - 2 * JSON.stringify(headers).length) / 2;
    const answer = text(most, { headers });
    expect(await limited(answer)(events.rest({}), {})).toBe(answer);
    await expect(limited(text(most + 1, { headers }))(events.rest({}), {})).rejects.toThrow();
  });
  test('tells of a door without it, and keeps Vary', async () => {
    const large = text(4_000_000, { headers: { Vary: 'Accept' } });
    await expect(limited(large, 'https://stream.example.com')(events.rest({}), {})).rejects.toMatchObject({
      message: expect.stringMatching(/ Larger ones are sent by https:\/\/stream\.example\.com$/),
      headers: { Vary: 'Accept' },
    });
  });
  test.each(['rest', 'alb'] as const)('%s has room for the largest picture that is promised', async (door) => {
    const body = Buffer.alloc(maxImageBytes(events[door]({})));
    const answer = { statusCode: 200, headers: { 'Content-Type': 'image/png' }, body };
    expect(await limited(answer)(events[door]({}), {})).toBe(answer);
    const more = { ...answer, body: Buffer.alloc(body.length + 6000) };
    await expect(limited(more)(events[door]({}), {})).rejects.toThrow();
  });
});

test('an error is answered, with an error handler inside or without', async () => {
  const fail = () => {
    throw new ImageError('SOURCE_TIMEOUT', 'The origin was too slow.');
  };
  const within = middy()
    .use(responseSerializer({ headers }))
    .use(httpErrorHandler({ logger: false }))
    .use(errorMapper())
    .handler(fail) as never as Run;
  for (const run of [within, serving(fail)]) {
    const result = await run(events.rest({}), {});
    expect(result).toMatchObject({
      statusCode: 504,
      isBase64Encoded: false,
      headers: { 'X-Always': 'yes', 'Content-Type': 'application/problem+json' },
    });
    expect(JSON.parse(result.body).code).toBe('SOURCE_TIMEOUT');
  }
});

test('what an answer says itself wins, and an answer without headers or a body is one', async () => {
  const own = serving(() => ({ statusCode: 200, headers: { 'X-Always': 'no' }, body: 'a' }));
  expect((await own(events.rest({}), {})).headers).toMatchObject({ 'X-Always': 'no' });
  const bare = middy()
    .use(responseSerializer({ headers }))
    .handler(() => ({ statusCode: 204 })) as never as Run;
  expect(await bare(events.rest({}), {})).toEqual({ statusCode: 204, headers, body: '', isBase64Encoded: false });
});

test('without options it adds nothing', async () => {
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

test('for the local server bytes are bytes', async () => {
  const local = (method: string) => ({ rawPath: '/', requestContext: { isLocal: true, http: { method } } });
  const body = Buffer.from('abc');
  const run = serving(() => ({ statusCode: 200, headers: {}, body }));
  const sized = { 'X-Always': 'yes', 'Content-Length': '3' };
  expect(await run(local('GET'), {})).toEqual({ statusCode: 200, headers: sized, body });
  expect(await run(local('HEAD'), {})).toEqual({ statusCode: 200, headers: sized, body: '' });
  const unchanged = serving(() => ({ statusCode: 304, headers: {}, body: '' }));
  expect(await unchanged(local('GET'), {})).toEqual({ statusCode: 304, headers, body: '' });
});

test('for a door that streams, bytes are a stream, and an error is text', async () => {
  const streaming = (answer: () => object) =>
    middy()
      .use(responseSerializer({ headers, streaming: true }))
      .handler(answer) as never as (event: HttpEvent, context: object) => Promise<{ body: unknown; headers: object }>;
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
