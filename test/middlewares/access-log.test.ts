import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import middy from '@middy/core';
import { expect, test } from 'vitest';
import { type ErrorCode, ImageError, mapError } from '../../src/errors.ts';
import { accessLog } from '../../src/middlewares/access-log.ts';
import { METRICS } from '../../src/middlewares/metrics.ts';
import type { AccessLogOptions } from '../../src/middlewares/options.ts';
import { events } from '../event-sources.ts';

async function linesOf(handler: () => unknown, options: Partial<AccessLogOptions> = {}) {
  const lines: string[] = [];
  const run = middy()
    .use(accessLog({ write: (text) => lines.push(text), fields: () => ({ w: 40 }), ...options }))
    .use({
      onError: (request) => {
        request.error = mapError(request.error);
      },
    })
    .handler(handler) as never as (event: object, context: object) => Promise<unknown>;
  await run(events.rest({ k: 'hush' }), { awsRequestId: 'id-1', getRemainingTimeInMillis: () => 900 }).catch(() => {});
  return lines.map((line) => JSON.parse(line));
}

async function line(handler: () => unknown, options: Partial<AccessLogOptions> = {}) {
  const lines = await linesOf(handler, options);
  expect(lines).toHaveLength(1);
  return lines[0];
}

test('a response', async () => {
  const timings = { dns: 0.123456, cache: 'hit' };
  expect(await line(() => ({ statusCode: 200, headers: {}, body: Buffer.alloc(7), timings }))).toEqual({
    dns: 0.1,
    cache: 'hit',
    level: 'INFO',
    message: 'GET 200',
    timestamp: expect.stringMatching(/^20\d\d-.*Z$/),
    service: 'service_undefined',
    function_request_id: 'id-1',
    remainingMs: 900,
    method: 'GET',
    status: 200,
    w: 40,
    bytesOut: 7,
    ms: expect.any(Number),
  });
});

test('an error of the client has a code and no cause', async () => {
  const fail = () => {
    throw new ImageError('QUERY_INVALID', 'x', { cause: new Error('y') });
  };
  expect(await line(fail)).not.toHaveProperty('cause');
  expect(await line(fail)).toMatchObject({ code: 'QUERY_INVALID' });
});

test('a bug is logged with its stack; other properties of an error are not', async () => {
  const text = JSON.stringify(
    await line(() => {
      throw Object.assign(new Error('outer', { cause: new Error('inner') }), { input: 'hush' });
    }),
  );
  expect(text).toMatch(/outer.*access-log\.test\.ts.*inner/);
  expect(text).not.toContain('hush');
});

const fails = (code: ErrorCode) => () => {
  throw new ImageError(code, 'x', { cause: new Error('y') });
};

test.each([
  ['QUERY_INVALID', 'info', 'INFO'],
  ['SOURCE_TIMEOUT', 'warn', 'WARN'],
  ['INTERNAL', 'error', 'ERROR'],
] as const)('%s is of level %s', async (code, level, expected) => {
  expect(await line(fails(code), { level })).toMatchObject({ level: expected });
  const higherLevel = ({ info: 'warn', warn: 'error' } as const)[level as 'info' | 'warn'];
  if (higherLevel) expect(await linesOf(fails(code), { level: higherLevel })).toEqual([]);
});

test('debug: the causes of a client’s error', async () =>
  expect(await line(fails('SOURCE_NOT_FOUND'), { level: 'debug' })).toMatchObject({
    cause: 'ImageError: x <- Error: y',
  }));

test('HEAD: no bytes sent', async () => {
  const lines: string[] = [];
  const handler = middy()
    .use(accessLog({ write: (text) => lines.push(text) }))
    .handler(() => ({ statusCode: 200, headers: {}, body: 'abc' })) as never as (
    event: object,
    context: object,
  ) => Promise<unknown>;
  await handler(events.rest({}, {}, 'HEAD'), {});
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ method: 'HEAD', bytesOut: 0 });
});

test('debug: neither the client’s own text nor messages of the AWS SDK, which hold URLs', async () => {
  expect(await line(fails('QUERY_INVALID'), { level: 'debug' })).toMatchObject({ cause: 'Error: y' });
  const denied = () => {
    const cause = Object.assign(new Error('not on arn:aws:s3:::pics/hush.jpg'), {
      $metadata: {},
      name: 'AccessDenied',
    });
    throw new ImageError('SOURCE_FORBIDDEN', 'x', { cause });
  };
  expect(await line(denied, { level: 'debug' })).toMatchObject({ cause: 'ImageError: x <- AccessDenied' });
});

test('with a namespace, a line has metrics at every level', async () => {
  const handler = () => ({ statusCode: 200, headers: {}, body: 'abc', timings: { cache: 'hit', bytesIn: 9 } });
  const { _aws, ...values } = await line(handler, { namespace: 'n', service: 's', level: 'error' });
  expect(values).toEqual({
    service: 's',
    Requests: 1,
    ClientErrors: 0,
    ServerErrors: 0,
    SourceFailures: 0,
    CacheHits: 1,
    ColdStarts: 0,
    Duration: expect.any(Number),
    BytesIn: 9,
    BytesOut: 3,
  });
  expect(_aws.Timestamp).toBeGreaterThan(Date.now() - 5000);
  const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
  expect([Namespace, Dimensions]).toEqual(['n', [['service']]]);
  // Every declared metric is a number, and every other member is declared.
  expect(Metrics.map(({ Name }: { Name: string }) => Name)).toEqual(Object.keys(values).slice(1));
  for (const { Name, Unit } of Metrics)
    expect([typeof values[Name], Unit]).toEqual(['number', METRICS[Name as 'BytesIn']]);
});

test('missing values are not declared as metrics', async () => {
  for (const cache of [undefined, 'miss', 'source']) {
    const { _aws, ...values } = await line(() => ({ statusCode: 304, timings: cache && { cache } }), {
      namespace: 'n',
    });
    expect(values.CacheHits, cache).toBe(0);
    const declared = _aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name);
    expect(declared).toEqual(Object.keys(METRICS).filter((name) => !name.startsWith('Bytes')));
  }
});

test.each([
  [400, 'QUERY_INVALID', 'ClientErrors'],
  [502, 'SOURCE_UNAVAILABLE', 'SourceFailures'],
  [504, 'SOURCE_TIMEOUT', 'SourceFailures'],
  [503, 'OVERLOADED', 'ServerErrors'],
  [500, 'INTERNAL', 'ServerErrors'],
] as const)('a %s is counted once', async (_status, code, name) => {
  const counts = await line(fails(code), { namespace: 'n', fields: () => ({ cold_start: true, cache: 'miss' }) });
  const ones = ['ClientErrors', 'ServerErrors', 'SourceFailures', 'CacheHits', 'ColdStarts'].filter(
    (one) => counts[one],
  );
  expect(ones).toEqual([name, 'ColdStarts']);
});

test('bytesOut only for strings and bytes', async () => {
  for (const body of [Readable.from(['abc']), null, undefined, { a: 1 }])
    expect(await line(() => ({ statusCode: 200, headers: {}, body }))).not.toHaveProperty('bytesOut');
});

test('an error of an outer middleware: 0 ms', async () => {
  const lines: string[] = [];
  const handler = middy()
    .before(() => {
      throw new ImageError('OVERLOADED', 'x');
    })
    .use(accessLog({ write: (text) => lines.push(text), namespace: 'n' }))
    .handler(() => 'reached') as never as (event: object, context: object) => Promise<unknown>;
  await handler(events.rest({}), {}).catch(() => {});
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ code: 'OVERLOADED', status: 503, ms: 0, Duration: 0 });
});

test('times are rounded to 0.1 ms', async () => {
  expect(await line(() => ({ statusCode: 200, timings: { dns: 1.26 } }))).toMatchObject({ dns: 1.3 });
  const { ms } = await line(() => wait(30).then(() => ({ statusCode: 200 })));
  expect(ms).toBeGreaterThan(25);
  expect(ms).toBeLessThan(5000);
  expect(ms).toBe(Math.round(ms * 10) / 10);
});

test('the level of a status without an error, and the id of the key', async () => {
  const logged = async (statusCode: number, internal: object = {}) => {
    const lines: string[] = [];
    const handler = middy({ internal: { ...internal } })
      .use(accessLog({ write: (text) => lines.push(text), service: 'shop' }))
      .handler(() => ({ statusCode })) as never as (event: object, context: object) => Promise<unknown>;
    await handler(events.rest({}), { awsRequestId: 'id-2' });
    return JSON.parse(lines[0] ?? '');
  };
  expect(await logged(404, { apiKeyId: 'acme' })).toMatchObject({
    level: 'INFO',
    message: 'GET 404',
    keyId: 'acme',
    service: 'shop',
    function_request_id: 'id-2',
  });
  expect(await logged(500)).toMatchObject({ level: 'ERROR' });
  expect(await logged(502)).toMatchObject({ level: 'WARN' });
});

test('an unmapped error is a 500', async () => {
  const lines: string[] = [];
  const handler = middy()
    .use(accessLog({ write: (text) => lines.push(text) }))
    .handler(() => {
      throw new RangeError('x', { cause: new Error('y') });
    }) as never as (event: object, context: object) => Promise<unknown>;
  await expect(handler(events.rest({}), {})).rejects.toThrow(RangeError);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'ERROR',
    status: 500,
    cause: expect.stringMatching(/^RangeError: x\n +at .* <- Error: y\n/s),
  });
});
