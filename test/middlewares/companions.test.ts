/** Beside middy's own middlewares, in every place where somebody might put them, for every front door and in streaming mode. */
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
import { askStreaming, type Streaming } from '../awslambda.ts';
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

/** A service with everything, and the three companions in one place. */
function service(place: Place, lines: string[], streaming: boolean) {
  const at = (here: Place): MiddlewareObj[] => (here === place ? companions() : []);
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

async function ask(place: Place, door: keyof typeof events | 'streaming', query: object, headers: object) {
  const lines: string[] = [];
  const handler = service(place, lines, door === 'streaming');
  const event = events[door === 'streaming' ? 'functionUrl' : door](query as never, headers as never);
  if (door === 'streaming')
    return { lines, ...(await askStreaming(handler as unknown as Streaming, event, { awsRequestId: 'id' })) };
  const result = await handler(event, { awsRequestId: 'id' });
  const sent = Object.entries(result.multiValueHeaders ?? result.headers ?? {});
  return {
    lines,
    status: result.statusCode,
    headers: Object.fromEntries(sent.map(([name, value]) => [name.toLowerCase(), String(value)])),
    body: Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8'),
  };
}

const DOORS = [...(Object.keys(events) as (keyof typeof events)[]), 'streaming'] as const;
const ANSWERS: readonly [string, object, object, number][] = [
  ['an answer', { year: 2026 }, { 'x-api-key': 'theKey' }, 200],
  ['no key', { year: 2026 }, {}, 401],
  ['a fault in the query', { year: '0x7ea' }, { 'x-api-key': 'theKey' }, 400],
  ['an error of the handler', { year: 2001 }, { 'x-api-key': 'theKey' }, 502],
  ['a bug', { year: 2002 }, { 'x-api-key': 'theKey' }, 500],
];

describe.each(PLACES)('companions stand %s', (place) => {
  describe.each(DOORS)('%s', (door) => {
    test.each(ANSWERS)('%s', async (_what, query, headers, status) => {
      const reply = await ask(place, door, query, headers);
      expect([reply.status, reply.headers['x-always']]).toEqual([status, 'yes']);
      if (status === 200) expect(reply.body).toEqual(Buffer.from([1, 2, 26]));
      else {
        expect(reply.headers['content-type']).toBe('application/problem+json');
        expect(JSON.parse(reply.body.toString())).toMatchObject({ status });
        expect(reply.body.toString()).not.toContain('hush');
      }
      expect(reply.lines.map((line) => JSON.parse(line).status)).toEqual([status]);
      // Theirs reach an answer from above, but where a list of values is sent; and an error from above the error handler.
      const reached = place === 'first' ? door !== 'albMulti' : place === 'last' ? status === 200 : true;
      const theirs = ['access-control-allow-origin', 'strict-transport-security'];
      expect(theirs.filter((name) => reply.headers[name])).toEqual(reached ? theirs : []);
    });
  });
});

describe('the error handler and the mapper', () => {
  const serializer = responseSerializer() as MiddlewareObj;
  const handler = httpErrorHandler({ logger: false });
  const mapper = errorMapper();
  test.each<[string, MiddlewareObj[], number, string]>([
    ['as they should be', [serializer, handler, mapper], 502, 'application/problem+json'],
    ['without the handler', [serializer, mapper], 502, 'application/problem+json'],
    ['without both', [serializer], 502, 'application/problem+json'],
    ['the handler outermost', [handler, serializer, mapper], 502, 'application/problem+json'],
    ['the mapper outside, where it comes too late', [serializer, mapper, handler], 502, 'text/plain'],
    ['without the mapper', [serializer, handler], 502, 'text/plain'],
  ])('%s', async (_order, order, status, type) => {
    const failing = (error: Error) =>
      middy()
        .use(order)
        .handler(() => {
          throw error;
        }) as unknown as (event: HttpEvent, context: object) => Promise<GatewayResponse>;
    const known = await failing(new ImageError('SOURCE_UNAVAILABLE', 'The origin failed.'))(events.rest({}), {});
    expect([known.statusCode, known.headers?.['Content-Type']]).toEqual([status, type]);
    const bug = await failing(new Error('hush'))(events.rest({}), {});
    expect(bug.statusCode).toBe(500);
    expect(JSON.stringify(bug)).not.toContain('hush');
  });
});

describe('http-event-normalizer', () => {
  const normalized = middy()
    .use(httpEventNormalizer())
    .handler((event: HttpEvent) => event.queryStringParameters) as never as (e: object, c: object) => Promise<object>;
  test('loses every parameter of a load balancer in multi-value mode', async () =>
    expect(await normalized(events.albMulti({ year: 2026 }), {})).toEqual({}));
  test.each(Object.entries(events))('%s: the query validator needs none, and minds none', async (_door, event) => {
    const read = queryValidator({ schema, validate });
    for (const middlewares of [[read], [httpEventNormalizer(), read], [read, httpEventNormalizer()]]) {
      const handler = middy()
        .use(middlewares as MiddlewareObj[])
        .handler((seen) => (seen as HttpEvent).queryStringParameters);
      expect(await (handler as never as typeof normalized)(event({ year: 2026 }), {})).toEqual({ year: 2026 });
    }
  });
});
