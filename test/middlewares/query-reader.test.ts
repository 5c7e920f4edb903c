import middy from '@middy/core';
import validator from '@middy/validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { HttpEvent } from '../../src/http/event.ts';
import { apiKey } from '../../src/middlewares/api-key.ts';
import { queryReader, readQuery } from '../../src/middlewares/query-reader.ts';
import { queryValidator } from '../../src/middlewares/query-validator.ts';
import { events } from '../event-sources.ts';

type Handler = (event: object, context: object) => Promise<HttpEvent>;
const read = middy()
  .use(queryReader())
  .handler((event) => event) as unknown as Handler;

/** A query with a repeated name, and with characters that are decoded once only. */
const PAIRS = [
  ['id', '1'],
  ['a b', 'x%20y+z'],
  ['id', '2,3'],
  ['empty', ''],
] as const;
const multi = (encode: (text: string) => string) => ({
  [encode('id')]: ['1', encode('2,3')],
  [encode('a b')]: [encode('x%20y+z')],
  empty: [''],
});
const identity = (text: string) => text;
const RAW = 'id=1&a%20b=x%2520y%2Bz&id=2%2C3&empty=';
const SHAPES: readonly [string, object][] = [
  ['REST API', { ...events.rest({}), multiValueQueryStringParameters: multi(identity) }],
  ['HTTP API, Function URL', { ...events.functionUrl({}), rawQueryString: RAW }],
  ['ALB in multi-value mode', { ...events.albMulti({}), multiValueQueryStringParameters: multi(encodeURIComponent) }],
];

describe.each(SHAPES)('%s', (_source, shape) => {
  test('one format', async () => {
    const { queryStringParameters, multiValueQueryStringParameters, rawQueryString } = await read({ ...shape }, {});
    expect(queryStringParameters).toEqual({ id: '2,3', 'a b': 'x%20y+z', empty: '' });
    expect(multiValueQueryStringParameters).toEqual({ id: ['1', '2,3'], 'a b': ['x%20y+z'], empty: [''] });
    expect(readQuery({ rawQueryString: `${rawQueryString}` })).toHaveLength(4);
  });
  test('the function alone', () => {
    const sorted = (pairs: readonly (readonly [string, string | null])[]) => pairs.map(String).sort();
    expect(sorted(readQuery(shape).map(({ name, value }) => [name, value]))).toEqual(sorted(PAIRS));
  });
  test('what was read is read again as the same', async () => {
    const event = await read({ ...shape }, {});
    const first = structuredClone(event);
    expect(await read(event, {})).toEqual(first);
  });
});

test('an ALB in single-value mode', async () => {
  const event = { ...events.alb({ 'a b': 'x%20y' }), queryStringParameters: { 'a+b': 'x%2520y+z' } };
  expect(await read(event, {})).toMatchObject({
    queryStringParameters: { 'a b': 'x%20y z' },
    multiValueQueryStringParameters: { 'a b': ['x%20y z'] },
    rawQueryString: 'a%20b=x%2520y%20z',
  });
});

test('the query string of an HTTP API stays as it is', async () =>
  expect(await read({ ...events.functionUrl({}), rawQueryString: 'a=%7e&&b' }, {})).toMatchObject({
    queryStringParameters: { a: '~', b: '' },
    rawQueryString: 'a=%7e&&b',
  }));

test.each(Object.entries(events))('%s: no query', async (_source, event) =>
  expect(await read(event({}), {})).toMatchObject({
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    rawQueryString: '',
  }),
);

test('names of an object of JavaScript, and a lone surrogate', async () => {
  const event = await read({ httpMethod: 'GET', multiValueQueryStringParameters: { x: ['\ud800'] } }, {});
  expect(event.rawQueryString).toBe('x=%EF%BF%BD');
  const { queryStringParameters } = await read({ rawQueryString: '__proto__=1&constructor=2' }, {});
  expect(Object.entries(queryStringParameters ?? {})).toEqual([
    ['__proto__', '1'],
    ['constructor', '2'],
  ]);
});

test('an invalid percent-encoding is a 400 that names the parameter', async () => {
  const error = await read({ rawQueryString: 'a=%zz&ok=1&%3Cb%3E=%ff' }, {}).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'QUERY_INVALID',
    errors: [
      { parameter: 'a', detail: 'a is not percent-encoded UTF-8 (write a % as %25)' },
      { parameter: '?b?', detail: '?b? is not percent-encoded UTF-8 (write a % as %25)' },
    ],
  });
});

test('a preflight is not read', async () => {
  const event = events.functionUrl({ a: '1' }, {}, 'OPTIONS');
  expect(await read(event, {})).not.toHaveProperty('queryStringParameters');
});

const eventSchema = new Ajv2020().compile({
  type: 'object',
  properties: { queryStringParameters: { type: 'object', properties: { year: { const: '20 26' } } } },
});
const schema = { type: 'object', required: ['year'], properties: { k: { type: 'string' }, year: { type: 'integer' } } };
const validate = new Ajv2020().compile(schema);
describe.each(Object.entries(events))('with others: %s', (_source, event) => {
  test('@middy/validator finds the query in the event', async () => {
    const handler = middy()
      .use(queryReader())
      .use(validator({ eventSchema: eventSchema as never }))
      .handler(() => 'valid') as unknown as Handler;
    expect(await handler(event({ year: '20 26' }), {})).toBe('valid');
    await expect(handler(event({ year: '2027' }), {})).rejects.toMatchObject({ statusCode: 400 });
  });
  test('query-validator and api-key read the same below it', async () => {
    const handler = middy()
      .use(queryReader())
      .use(apiKey({ keys: [{ id: 'acme', key: 'the%20key +' }] }))
      .use(queryValidator({ schema, validate }))
      .handler(({ queryStringParameters }) => queryStringParameters) as unknown as Handler;
    const query = { k: 'the%20key +', year: 2026 };
    expect(await handler(event(query), {})).toEqual(query);
  });
});
