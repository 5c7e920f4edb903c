/** Together with middy's own middlewares, in every position, for every event source and in streaming mode. */
import middy, { type MiddlewareObj } from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import httpCors from '@middy/http-cors';
import httpErrorHandler from '@middy/http-error-handler';
import httpEventNormalizer from '@middy/http-event-normalizer';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpSecurityHeaders from '@middy/http-security-headers';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import type { GatewayResponse, HttpEvent } from '../../src/http/event.ts';
import { accessLog } from '../../src/middlewares/access-log.ts';
import { apiKey } from '../../src/middlewares/api-key.ts';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';
import { queryValidator } from '../../src/middlewares/query-validator.ts';
import { responseSerializer } from '../../src/middlewares/response-serializer.ts';
import { invokeStreaming, type Streaming } from '../awslambda.ts';
import { events } from '../event-sources.ts';

const schema = {
  type: 'object',
  required: ['year'],
  properties: { year: { type: 'integer', minimum: 2000, maximum: 2100 } },
};
const validate = new Ajv2020({ allErrors: true }).compile(schema);

type Place = 'first' | 'below the serializer' | 'last';
const PLACES: Place[] = ['first', 'below the serializer', 'last'];
const companions = () => [
  httpCors({ origin: 'https://example.com' }),
  httpSecurityHeaders(),
  httpHeaderNormalizer({ canonical: true }),
];

/** A service with all our middlewares, and middy's three in one position. */
function service(place: Place, lines: string[], streaming: boolean) {
  const at = (position: Place): MiddlewareObj[] => (position === place ? companions() : []);
  return middy(streaming ? { executionMode: executionModeStreamifyResponse } : {})
    .use(at('first'))
    .use(responseSerializer({ headers: { 'X-Always': 'yes' }, streaming }))
    .use(at('below the serializer'))
    .use(accessLog({ write: (line) => lines.push(line) }))
    .use(httpErrorHandler({ logger: false }))
    .use(errorMapper())
    .use(apiKey({ keys: [{ id: 'acme', key: 'theKey' }] }))
    .use(queryValidator({ schema, validate }))
    .use(at('last'))
    .handler((event: HttpEvent) => {
      const { year } = event.queryStringParameters as unknown as { year: number };
      if (year === 2001) throw new ImageError('SOURCE_UNAVAILABLE', 'The origin failed.');
      if (year === 2002) throw new Error('hush');
      return { statusCode: 200, headers: { 'Content-Type': 'image/png' }, body: Buffer.from([1, 2, year - 2000]) };
    }) as unknown as (event: HttpEvent, context: object) => Promise<GatewayResponse>;
}

async function send(place: Place, eventSource: keyof typeof events | 'streaming', query: object, headers: object) {
  const lines: string[] = [];
  const handler = service(place, lines, eventSource === 'streaming');
  const event = events[eventSource === 'streaming' ? 'functionUrl' : eventSource](query as never, headers as never);
  if (eventSource === 'streaming')
    return { lines, ...(await invokeStreaming(handler as unknown as Streaming, event, { awsRequestId: 'id' })) };
  const result = await handler(event, { awsRequestId: 'id' });
  const headerEntries = Object.entries(result.multiValueHeaders ?? result.headers ?? {});
  return {
    lines,
    status: result.statusCode,
    headers: Object.fromEntries(headerEntries.map(([name, value]) => [name.toLowerCase(), String(value)])),
    body: Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8'),
  };
}

const EVENT_SOURCES = [...(Object.keys(events) as (keyof typeof events)[]), 'streaming'] as const;
const CASES: readonly [string, object, object, number][] = [
  ['a response', { year: 2026 }, { 'x-api-key': 'theKey' }, 200],
  ['no key', { year: 2026 }, {}, 401],
  ['an invalid query', { year: '0x7ea' }, { 'x-api-key': 'theKey' }, 400],
  ['an error of the handler', { year: 2001 }, { 'x-api-key': 'theKey' }, 502],
  ['a bug', { year: 2002 }, { 'x-api-key': 'theKey' }, 500],
];

describe.each(PLACES)('middlewares of middy: %s', (place) => {
  describe.each(EVENT_SOURCES)('%s', (eventSource) => {
    test.each(CASES)('%s', async (_what, query, headers, status) => {
      const reply = await send(place, eventSource, query, headers);
      expect([reply.status, reply.headers['x-always']]).toEqual([status, 'yes']);
      if (status === 200) expect(reply.body).toEqual(Buffer.from([1, 2, 26]));
      else {
        expect(reply.headers['content-type']).toBe('application/problem+json');
        expect(JSON.parse(reply.body.toString())).toMatchObject({ status });
        expect(reply.body.toString()).not.toContain('hush');
      }
      expect(reply.lines.map((line) => JSON.parse(line).status)).toEqual([status]);
      // From outside they add headers to every response, but not to multi-value headers; from inside not to errors.
      const isApplied = place === 'first' ? eventSource !== 'albMulti' : place === 'last' ? status === 200 : true;
      const addedHeaders = ['access-control-allow-origin', 'strict-transport-security'];
      expect(addedHeaders.filter((name) => reply.headers[name])).toEqual(isApplied ? addedHeaders : []);
    });
  });
});

describe('the error handler and the mapper', () => {
  const serializer = responseSerializer() as MiddlewareObj;
  const handler = httpErrorHandler({ logger: false });
  const mapper = errorMapper();
  test.each<[string, MiddlewareObj[], number, string]>([
    ['in the documented order', [serializer, handler, mapper], 502, 'application/problem+json'],
    ['without the handler', [serializer, mapper], 502, 'application/problem+json'],
    ['without both', [serializer], 502, 'application/problem+json'],
    ['the handler outermost', [handler, serializer, mapper], 502, 'application/problem+json'],
    ['the mapper outside, too late', [serializer, mapper, handler], 502, 'text/plain'],
    ['without the mapper', [serializer, handler], 502, 'text/plain'],
  ])('%s', async (_order, order, status, type) => {
    const failing = (error: Error) =>
      middy()
        .use(order)
        .handler(() => {
          throw error;
        }) as unknown as (event: HttpEvent, context: object) => Promise<GatewayResponse>;
    const exposed = await failing(new ImageError('SOURCE_UNAVAILABLE', 'The origin failed.'))(events.rest({}), {});
    expect([exposed.statusCode, exposed.headers?.['Content-Type']]).toEqual([status, type]);
    const bug = await failing(new Error('hush'))(events.rest({}), {});
    expect(bug.statusCode).toBe(500);
    expect(JSON.stringify(bug)).not.toContain('hush');
  });
});

describe('http-event-normalizer', () => {
  const normalized = middy()
    .use(httpEventNormalizer())
    .handler((event: HttpEvent) => event.queryStringParameters) as never as (e: object, c: object) => Promise<object>;
  test('drops every parameter of a load balancer in multi-value mode', async () =>
    expect(await normalized(events.albMulti({ year: 2026 }), {})).toEqual({}));
  test.each(Object.entries(events))(
    '%s: the query validator works with and without it',
    async (_eventSource, event) => {
      const validator = queryValidator({ schema, validate });
      for (const middlewares of [[validator], [httpEventNormalizer(), validator], [validator, httpEventNormalizer()]]) {
        const handler = middy()
          .use(middlewares as MiddlewareObj[])
          .handler((finalEvent) => (finalEvent as HttpEvent).queryStringParameters);
        expect(await (handler as never as typeof normalized)(event({ year: 2026 }), {})).toEqual({ year: 2026 });
      }
    },
  );
});
