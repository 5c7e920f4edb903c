import middy, { type MiddlewareObj } from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import httpErrorHandler from '@middy/http-error-handler';
import { createError } from '@middy/util';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';
import type { ErrorMapperOptions } from '../../src/middlewares/options.ts';
import { invokeStreaming, type Streaming } from '../awslambda.ts';
import { events } from '../event-sources.ts';

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

interface Response {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}
const ID = '0b6c5a4e-4b0e-4f0a-9d0e-6b1f2f9a7c11';
/** The response of the mapper alone. */
async function respond(thrown: unknown, options?: ErrorMapperOptions, outer: MiddlewareObj[] = []) {
  const handler = middy()
    .use(outer)
    .use(errorMapper(options))
    .handler(() => {
      throw thrown;
    });
  const { statusCode, headers, body } = (await handler({}, { awsRequestId: ID } as never)) as Response;
  return { statusCode, headers, document: JSON.parse(body) };
}

/** An error of another product, with a code of its own. */
class OrderGone extends Error {
  readonly order = 42;
}

describe('alone', () => {
  test('it makes the response', async () =>
    expect(await respond(new ImageError('SOURCE_UNAVAILABLE', 'The origin failed.'))).toEqual({
      statusCode: 502,
      headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
      document: {
        type: '/docs/errors#source_unavailable',
        title: 'Bad Gateway',
        status: 502,
        code: 'SOURCE_UNAVAILABLE',
        detail: 'The origin failed.',
        instance: `urn:uuid:${ID}`,
      },
    }));
  test('in streaming mode', async () => {
    const handler = middy({ executionMode: executionModeStreamifyResponse })
      .use(errorMapper())
      .handler(() => {
        throw new ImageError('SOURCE_TIMEOUT', 'Too slow.');
      });
    const event = events.functionUrl({});
    const { status, headers, body } = await invokeStreaming(handler as unknown as Streaming, event, {});
    expect([status, headers['content-type']]).toEqual([504, 'application/problem+json']);
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'SOURCE_TIMEOUT' });
  });
  test('the thrown error is the cause of the mapped one', async () => {
    const thrown = new Error('hush');
    let cause: unknown;
    const spy = {
      onError: ({ error }: { error: Error | null | undefined }) => {
        cause = error?.cause;
      },
    };
    await respond(thrown, {}, [spy]);
    expect(cause).toBe(thrown);
  });
  test('a response that an inner middleware made of the error stays', async () => {
    const handler = middy()
      .use(errorMapper())
      .use({
        onError: (request) => {
          request.response = { statusCode: 418 };
        },
      })
      .handler(() => {
        throw new Error('hush');
      });
    expect(await handler({}, {} as never)).toEqual({ statusCode: 418 });
  });
  test('respond: false: the error goes on', async () => {
    const failing = respond(new ImageError('SOURCE_TIMEOUT', 'Too slow.'), { respond: false });
    await expect(failing).rejects.toMatchObject({ statusCode: 504, code: 'SOURCE_TIMEOUT' });
  });
});

test.each<[string, ErrorMapperOptions, unknown]>([
  ['the error handler sends it, and logs it', { respond: false }, [[504, 504]]],
  ['by default the error handler finds a response', {}, []],
])('with http-error-handler: %s', async (_what, options, logged) => {
  const lines: unknown[] = [];
  const logger = ({ statusCode }: { statusCode: number }) => lines.push([statusCode, 504]);
  const outer = [httpErrorHandler({ logger } as never) as MiddlewareObj];
  const { statusCode, document } = await respond(new ImageError('SOURCE_TIMEOUT', 'Too slow.'), options, outer);
  expect([statusCode, document.code]).toEqual([504, 'SOURCE_TIMEOUT']);
  expect(lines).toEqual(logged);
});

describe('errors of others', () => {
  test('an exposed error keeps its status, message, code and headers', async () => {
    const fields = { statusCode: 409, expose: true, code: 'ORDER_GONE', headers: { 'Retry-After': '3' } };
    const { statusCode, headers, document } = await respond(Object.assign(new Error('Sold out.'), fields));
    expect([statusCode, headers['Retry-After'], document.detail, document.code, document.type]).toEqual([
      409,
      '3',
      'Sold out.',
      'ORDER_GONE',
      'about:blank',
    ]);
  });
  test.each([undefined, 409, 'order gone', 'xORDER', '_A', 'A1_B'])('the code %s', async (code) => {
    const { document } = await respond(Object.assign(new Error('x'), { statusCode: 409, expose: true, code }));
    expect(document.code).toBe(code === 'A1_B' ? code : 'HTTP_409');
  });
  test('createError of @middy/util', async () => {
    expect((await respond(createError(404, 'No such order.'))).document).toMatchObject({
      status: 404,
      title: 'Not Found',
      code: 'HTTP_404',
      detail: 'No such order.',
    });
    expect((await respond(createError(503, 'hush'))).document).toMatchObject({ status: 500, code: 'INTERNAL' });
  });
});

describe('types', () => {
  test('a text before the code', async () => {
    const options = { types: 'https://example.com/errors#' };
    const { document } = await respond(new ImageError('SOURCE_TIMEOUT', 'x'), options);
    expect(document.type).toBe('https://example.com/errors#source_timeout');
    expect((await respond(new Error('hush'), options)).document.type).toBe('https://example.com/errors#internal');
  });
  test('a function, which may leave one out', async () => {
    const options = { types: (code: string) => (code === 'INTERNAL' ? undefined : `urn:error:${code}`) };
    const { document } = await respond(createError(404, 'x'), options);
    expect(document.type).toBe('urn:error:HTTP_404');
    expect((await respond(new Error('hush'), options)).document.type).toBe('about:blank');
  });
});

describe('instance', () => {
  test('of the request', async () => {
    const { document } = await respond(new Error('x'), { instance: ({ context }) => `/log/${context.awsRequestId}` });
    expect(document.instance).toBe(`/log/${ID}`);
  });
  test('left out', async () =>
    expect((await respond(new Error('x'), { instance: () => undefined })).document).not.toHaveProperty('instance'));
});

describe('map', () => {
  const options: ErrorMapperOptions = {
    map: (error) =>
      error instanceof OrderGone
        ? {
            status: 410,
            code: 'ORDER_GONE',
            title: 'The order is gone',
            detail: 'It was deleted.',
            headers: { 'Cache-Control': 'max-age=9' },
            extensions: { order: error.order, status: 200 },
          }
        : undefined,
  };
  test('an error of its own', async () => {
    const { statusCode, headers, document } = await respond(new OrderGone('hush'), options);
    expect([statusCode, headers['Cache-Control']]).toEqual([410, 'max-age=9']);
    expect(document).toEqual({
      type: 'about:blank',
      title: 'The order is gone',
      status: 410,
      code: 'ORDER_GONE',
      detail: 'It was deleted.',
      instance: `urn:uuid:${ID}`,
      order: 42,
    });
  });
  test('with types; its own type wins', async () => {
    const types = 'https://example.com/#';
    expect((await respond(new OrderGone(), { ...options, types })).document.type).toBe(
      'https://example.com/#order_gone',
    );
    const map = () => ({ status: 410, detail: 'x', type: 'urn:x' });
    const { document } = await respond(new OrderGone(), { map, types });
    expect([document.type, document.title, document.code]).toEqual(['urn:x', 'Gone', 'HTTP_410']);
  });
  test('other errors as without it', async () => {
    const thrown = new ImageError('SOURCE_TIMEOUT', 'Too slow.');
    expect(await respond(thrown, options)).toEqual(await respond(thrown));
  });
});

describe('expose', () => {
  const options = { expose: (error: Error) => error.name === 'RangeError' };
  test('the message of a chosen error is sent, with its status or 500', async () => {
    expect((await respond(new RangeError('Too far.'), options)).document).toMatchObject({
      status: 500,
      detail: 'Too far.',
      code: 'HTTP_500',
    });
    const chosen = Object.assign(new RangeError('Too far.'), { statusCode: 422, code: 'TOO_FAR' });
    expect((await respond(chosen, options)).document).toMatchObject({ status: 422, code: 'TOO_FAR' });
  });
  test('other errors as without it', async () => {
    expect((await respond(new TypeError('hush'), options)).document).toMatchObject({ code: 'INTERNAL' });
    expect((await respond('hush', { expose: () => true })).document).toMatchObject({ code: 'INTERNAL' });
    const hidden = Object.assign(new RangeError('Too far.'), { statusCode: 422, expose: false });
    expect((await respond(hidden, options)).document).toMatchObject({ status: 422, detail: 'Too far.' });
    const { headers, document } = await respond(new ImageError('UNAUTHORIZED', 'No key.'), { expose: () => true });
    expect([document.code, headers['WWW-Authenticate']]).toEqual(['UNAUTHORIZED', 'Bearer realm="pixgate"']);
  });
});

test('an option that throws: 500, and the log gets both causes', async () => {
  const thrown = new Error('the first');
  const map = () => {
    throw new TypeError('no such property');
  };
  const handler = middy()
    .use(errorMapper({ map, respond: false }))
    .handler(() => {
      throw thrown;
    });
  const error = await handler({}, { awsRequestId: ID } as never).catch((reason: unknown) => reason as Error);
  expect(error).toMatchObject({ statusCode: 500, code: 'INTERNAL' });
  expect(JSON.parse(error.message).instance).toBe(`urn:uuid:${ID}`);
  const cause = error.cause as Error;
  expect([cause.message, cause.cause]).toEqual(['errorMapper: TypeError: no such property', thrown]);
  expect(error.message).not.toContain('property');
});

test.each([{ types: 1 }, { instance: 'x' }, { map: {} }, { expose: true }, { respond: 1 }, { logger: false }])(
  'invalid options: %o',
  (options) => expect(() => errorMapper(options as never)).toThrow(/^errorMapper: /),
);
