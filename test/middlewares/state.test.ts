/** Nothing of one request is left for another: not of one that came before, and not of one that runs beside it. */
import { setTimeout as wait } from 'node:timers/promises';
import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import { expect, test } from 'vitest';
import schema from '../../schemas/query.json' with { type: 'json' };
import { query as validate } from '../../schemas/validators.js';
import { ImageError } from '../../src/errors.ts';
import type { GatewayResponse, HttpEvent } from '../../src/http/event.ts';
import { accessLog } from '../../src/middlewares/access-log.ts';
import { apiKey } from '../../src/middlewares/api-key.ts';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';
import { queryValidator } from '../../src/middlewares/query-validator.ts';
import { responseSerializer } from '../../src/middlewares/response-serializer.ts';
import { events } from '../event-sources.ts';

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value))
    for (const one of Object.values(Object.freeze(value))) freeze(one);
  return value;
}

/** An answer and an error that the service keeps, as a constant or a cache would: nobody may write into them. */
const ANSWER = freeze({ statusCode: 200, headers: { 'Content-Type': 'text/plain' }, body: 'the same for all' });
const ERROR = freeze(new ImageError('SOURCE_NOT_FOUND', 'There is nothing.'));
const OPTIONS = freeze({
  serializer: { headers: { 'X-Always': 'yes' } },
  keys: { keys: ['a', 'b', 'c'].map((id) => ({ id, key: `key-of-${id}` })) },
  presets: { queries: { thumb: 'w=100' } },
});

function service(lines: string[]) {
  return middy()
    .use(responseSerializer(OPTIONS.serializer))
    .use(accessLog({ write: (line) => lines.push(line) }))
    .use(httpErrorHandler({ logger: false }))
    .use(errorMapper())
    .use(apiKey(OPTIONS.keys))
    .use(queryValidator({ schema, validate, presets: OPTIONS.presets }))
    .handler(async (event) => {
      const { w, u } = event.queryStringParameters as unknown as { w?: number; u: string };
      await wait((w ?? 6) % 7);
      if (u === 'none') throw ERROR;
      return u === 'kept'
        ? ANSWER
        : { statusCode: 200, headers: {}, body: JSON.stringify(event.queryStringParameters) };
    }) as unknown as (event: HttpEvent, context: object) => Promise<GatewayResponse>;
}

const QUERIES = [
  { k: 'key-of-a', u: 'x', w: 1 },
  { k: 'key-of-b', u: 'kept', w: 2 },
  { k: 'key-of-c', u: 'none', w: 3 },
  { k: 'key-of-d', u: 'x', w: 4 },
  { k: 'key-of-a', u: 'x', w: 'x', q: 0 },
  { k: 'key-of-b', u: 'x', p: 'thumb' },
  { u: 'x', w: 5 },
  { k: 'key-of-c', u: 'x', h: 9, we: 1 },
];

test('two hundred at once are answered and logged as each alone', async () => {
  const alone = await Promise.all(
    QUERIES.map(async (query) => {
      const lines: string[] = [];
      const result = await service(lines)(events.rest(query as never), { awsRequestId: 'id' });
      return { result, line: JSON.parse(lines[0] ?? '') };
    }),
  );
  expect(alone.map(({ result }) => result.statusCode)).toEqual([200, 200, 404, 401, 400, 200, 401, 200]);
  const lines: string[] = [];
  const handler = service(lines);
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      handler(events.rest(QUERIES[i % QUERIES.length] as never), { awsRequestId: `id-${i}` }),
    ),
  );
  results.forEach((result, i) => {
    expect(result).toEqual(alone[i % QUERIES.length]?.result);
  });
  const told = lines.map((line) => JSON.parse(line));
  expect(told).toHaveLength(200);
  const timeless = (line: object) => ({ ...line, ms: 0, timestamp: '', function_request_id: '' });
  for (const line of told)
    expect(timeless(line)).toEqual(timeless(alone[Number(line.function_request_id.slice(3)) % QUERIES.length]?.line));
});
