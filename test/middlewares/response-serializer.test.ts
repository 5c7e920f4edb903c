import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import { expect, test } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import type { HttpEvent, HttpResult } from '../../src/event.ts';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';
import { replyLimit } from '../../src/middlewares/reply-limit.ts';
import { responseSerializer } from '../../src/middlewares/response-serializer.ts';
import { events } from '../requests.ts';

type Run = (event: HttpEvent, context: object) => Promise<HttpResult>;
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

test('the factory refuses a header that is no text', () =>
  expect(() => responseSerializer({ headers: { A: 1 as never } })).toThrow(TypeError));
