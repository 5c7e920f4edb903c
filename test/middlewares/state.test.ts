/** Requests share no state: neither with earlier ones nor with concurrent ones. */
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
    for (const member of Object.values(Object.freeze(value))) freeze(member);
  return value;
}

/** A response and an error that are shared by requests, as constants or in a cache: no middleware may modify them. */
const RESPONSE = freeze({ statusCode: 200, headers: { 'Content-Type': 'text/plain' }, body: 'the same for all' });
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
      return u === 'shared'
        ? RESPONSE
        : { statusCode: 200, headers: {}, body: JSON.stringify(event.queryStringParameters) };
    }) as unknown as (event: HttpEvent, context: object) => Promise<GatewayResponse>;
}

const QUERIES = [
  { k: 'key-of-a', u: 'x', w: 1 },
  { k: 'key-of-b', u: 'shared', w: 2 },
  { k: 'key-of-c', u: 'none', w: 3 },
  { k: 'key-of-d', u: 'x', w: 4 },
  { k: 'key-of-a', u: 'x', w: 'x', q: 0 },
  { k: 'key-of-b', u: 'x', p: 'thumb' },
  { u: 'x', w: 5 },
  { k: 'key-of-c', u: 'x', h: 9, we: 1 },
];

test('two hundred concurrent requests: responses and log lines are those of single ones', async () => {
  const single = await Promise.all(
    QUERIES.map(async (query) => {
      const lines: string[] = [];
      const result = await service(lines)(events.rest(query as never), { awsRequestId: 'id-000' });
      return { result, line: JSON.parse(lines[0] ?? '') };
    }),
  );
  expect(single.map(({ result }) => result.statusCode)).toEqual([200, 200, 404, 401, 400, 200, 401, 200]);
  const lines: string[] = [];
  const handler = service(lines);
  // As long as that of a single one: the id is part of an error's body.
  const ids = Array.from({ length: 200 }, (_, i) => `id-${i + 100}`);
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      handler(events.rest(QUERIES[i % QUERIES.length] as never), { awsRequestId: ids[i] }),
    ),
  );
  results.forEach((result, i) => {
    const body = result.body.replace(ids[i] ?? '', 'id-000');
    expect({ ...result, body }).toEqual(single[i % QUERIES.length]?.result);
  });
  const parsed = lines.map((line) => JSON.parse(line));
  expect(parsed).toHaveLength(200);
  const withoutTimes = (line: object) => ({ ...line, ms: 0, timestamp: '', function_request_id: '' });
  for (const line of parsed)
    expect(withoutTimes(line)).toEqual(
      withoutTimes(single[(Number(line.function_request_id.slice(3)) - 100) % QUERIES.length]?.line),
    );
});
