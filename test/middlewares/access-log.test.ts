import middy from '@middy/core';
import { expect, test } from 'vitest';
import { type ErrorCode, ImageError, mapError } from '../../src/errors.ts';
import { type AccessLogOptions, accessLog } from '../../src/middlewares/access-log.ts';
import { METRICS } from '../../src/middlewares/metrics.ts';
import { events } from '../requests.ts';

async function linesOf(answer: () => unknown, options: Partial<AccessLogOptions> = {}) {
  const lines: string[] = [];
  const handler = middy()
    .use(accessLog({ write: (text) => lines.push(text), fields: () => ({ w: 40 }), ...options }))
    .use({
      onError: (request) => {
        request.error = mapError(request.error);
      },
    })
    .handler(answer) as never as (event: object, context: object) => Promise<unknown>;
  await handler(events.rest({ k: 'hush' }), { awsRequestId: 'id-1', getRemainingTimeInMillis: () => 900 }).catch(
    () => {},
  );
  return lines.map((line) => JSON.parse(line));
}

async function line(answer: () => unknown, options: Partial<AccessLogOptions> = {}) {
  const lines = await linesOf(answer, options);
  expect(lines).toHaveLength(1);
  return lines[0];
}

test('an answer', async () => {
  const timings = { dns: 0.123456, cache: 'hit' };
  expect(await line(() => ({ statusCode: 200, headers: {}, body: Buffer.alloc(7), timings }))).toEqual({
    dns: 0.1,
    cache: 'hit',
    level: 'INFO',
    message: 'GET 200',
    timestamp: expect.stringMatching(/^20\d\d-.*Z$/),
    service: 'pixgate',
    function_request_id: 'id-1',
    remainingMs: 900,
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

const fails = (code: ErrorCode) => () => {
  throw new ImageError(code, 'x', { cause: new Error('y') });
};

test.each([
  ['QUERY_INVALID', 'info', 'INFO'],
  ['SOURCE_TIMEOUT', 'warn', 'WARN'],
  ['INTERNAL', 'error', 'ERROR'],
] as const)('%s is of level %s', async (code, level, shown) => {
  expect(await line(fails(code), { level })).toMatchObject({ level: shown });
  const above = ({ info: 'warn', warn: 'error' } as const)[level as 'info' | 'warn'];
  if (above) expect(await linesOf(fails(code), { level: above })).toEqual([]);
});

test('debug tells why a caller was refused', async () =>
  expect(await line(fails('QUERY_INVALID'), { level: 'debug' })).toMatchObject({ cause: 'ImageError: x <- Error: y' }));

test('a line carries metrics where there is a namespace, whatever the level', async () => {
  const answer = () => ({ statusCode: 200, headers: {}, body: 'abc', timings: { cache: 'hit', bytesIn: 9 } });
  const { _aws, ...values } = await line(answer, { namespace: 'n', service: 's', level: 'error' });
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
  // What is declared is there, as a number, and nothing else is.
  expect(Metrics.map(({ Name }: { Name: string }) => Name)).toEqual(Object.keys(values).slice(1));
  for (const { Name, Unit } of Metrics)
    expect([typeof values[Name], Unit]).toEqual(['number', METRICS[Name as 'BytesIn']]);
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

test.each([[{}], [{ write: 1 }], [{ write: () => {}, fields: 1 }], [{ write: () => {}, level: 'INFO' }]])(
  'the factory refuses %j',
  (options) => expect(() => accessLog(options as never)).toThrow(TypeError),
);
