import middy from '@middy/core';
import { expect, test } from 'vitest';
import { ImageError, mapError } from '../../src/errors.ts';
import { accessLog } from '../../src/middlewares/access-log.ts';
import { events } from '../requests.ts';

async function line(answer: () => unknown) {
  const lines: string[] = [];
  const handler = middy()
    .use(accessLog({ write: (text) => lines.push(text), fields: () => ({ w: 40 }) }))
    .use({
      onError: (request) => {
        request.error = mapError(request.error);
      },
    })
    .handler(answer) as never as (event: object, context: object) => Promise<unknown>;
  await handler(events.rest({ k: 'hush' }), { awsRequestId: 'id-1' }).catch(() => {});
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

test('an answer', async () => {
  const timings = { dns: 0.123456, cache: 'hit' };
  expect(await line(() => ({ statusCode: 200, headers: {}, body: Buffer.alloc(7), timings }))).toEqual({
    dns: 0.1,
    cache: 'hit',
    requestId: 'id-1',
    method: 'GET',
    status: 200,
    w: 40,
    bytesOut: 7,
    ms: expect.any(Number),
  });
});

test('a fault of the caller has a code and no cause', async () => {
  const fail = () => {
    throw new ImageError('QUERY_INVALID', 'x', { cause: new Error('y') });
  };
  expect(await line(fail)).not.toHaveProperty('cause');
  expect(await line(fail)).toMatchObject({ code: 'QUERY_INVALID' });
});

test('a bug has its stack, and what an error carries beside its message stays out', async () => {
  const text = JSON.stringify(
    await line(() => {
      throw Object.assign(new Error('outer', { cause: new Error('inner') }), { input: 'hush' });
    }),
  );
  expect(text).toMatch(/outer.*access-log\.test\.ts.*inner/);
  expect(text).not.toContain('hush');
});

test.each([[{}], [{ write: 1 }], [{ write: () => {}, fields: 1 }]])('the factory refuses %j', (options) =>
  expect(() => accessLog(options as never)).toThrow(TypeError),
);
