import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import { expect, test } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';

const run = (thrown: unknown) =>
  (
    middy()
      .use(httpErrorHandler({ logger: false }))
      .use(errorMapper())
      .handler(() => {
        throw thrown;
      }) as never as (event: object, context: object) => Promise<{ statusCode: number; headers: object; body: string }>
  )({}, {});

test('a 502 stays a 502 with http-error-handler', async () => {
  const response = await run(new ImageError('SOURCE_UNAVAILABLE', 'The origin failed.'));
  expect(response.statusCode).toBe(502);
  expect(response.headers).toEqual({ 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
  expect(JSON.parse(response.body)).toMatchObject({
    status: 502,
    code: 'SOURCE_UNAVAILABLE',
    detail: 'The origin failed.',
  });
});

test('401 has WWW-Authenticate, 405 has Allow', async () => {
  expect((await run(new ImageError('UNAUTHORIZED', 'x'))).headers).toHaveProperty('WWW-Authenticate');
  expect((await run(new ImageError('METHOD_NOT_ALLOWED', 'x'))).headers).toHaveProperty('Allow', 'GET, HEAD, OPTIONS');
});

test('a bug is a 500 without its message', async () => {
  const response = await run(new Error('the password is 1234'));
  expect(response.statusCode).toBe(500);
  expect(JSON.stringify(response)).not.toContain('1234');
});
