import { readdirSync, readFileSync } from 'node:fs';
import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { getHeader, getMethod, getQuery, type HttpEvent, toGatewayResponse } from '../../src/http/event.ts';
import { events } from '../requests.ts';

const folder = new URL('../events/', import.meta.url);
const load = (name: string): HttpEvent => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
const pairs = (event: HttpEvent) => getQuery(event).map(({ name, value }) => `${name}=${value}`);

test('the event types of AWS can be read', () => {
  expectTypeOf<APIGatewayProxyEvent>().toExtend<HttpEvent>();
  expectTypeOf<APIGatewayProxyEventV2>().toExtend<HttpEvent>();
  expectTypeOf<ALBEvent>().toExtend<HttpEvent>();
});

const PICTURE = ['width=400', 'format=webp', 'tag=a', 'tag=b', 'url=https://origin.example/c+d.jpg?v=1', 'bg=#ff0000'];

describe('the same query from each captured event', () => {
  test.each([
    'rest-v1',
    'rest-v1-custom-domain-basepath',
    'http-v1-payload',
    'http-v2',
    'http-v2-named-stage',
    'function-url',
    'alb-multivalue',
  ])('%s', (name) => expect(pairs(load(name)).sort()).toEqual([...PICTURE].sort()));
  // An ALB without multi-value headers hands on the last of a repeated name only.
  test('alb', () => expect(pairs(load('alb')).sort()).toEqual(PICTURE.filter((pair) => pair !== 'tag=a').sort()));
});

test.each(readdirSync(folder))('%s has a method, a header and a query without a throw', (file) => {
  const event = load(file.replace('.json', ''));
  expect(getMethod(event)).toMatch(/^(?:GET|HEAD|POST)$/);
  expect(Array.isArray(getQuery(event))).toBe(true);
  if (event.headers ?? event.multiValueHeaders) expect(getHeader(event, 'User-Agent')).toBeTruthy();
});

test.each([
  ['absent', {}],
  ['null', { queryStringParameters: null, multiValueQueryStringParameters: null }],
  ['empty', { queryStringParameters: {} }],
])('a query map that is %s has no parameters', (_what, event) => expect(getQuery(event)).toEqual([]));

const v2 = (rawQueryString: string): HttpEvent => ({ rawQueryString, requestContext: { http: { method: 'GET' } } });
test.each([
  ['u=a%20b&u=c', ['u=a b', 'u=c']],
  ['u=a+b', ['u=a b']],
  ['u=a%2Bb', ['u=a+b']],
  ['u=a%252Fb', ['u=a%2Fb']],
  ['u=x?a=1&w=2', ['u=x?a=1', 'w=2']],
  ['u=%zz', ['u=null']],
  ['u=%E0%A4%A', ['u=null']],
  ['we', ['we=']],
  ['&&w=1&', ['w=1']],
  ['%77=1', ['w=1']],
])('raw query %s', (raw, expected) => expect(pairs(v2(raw))).toEqual(expected));

test('a v1 value is not decoded again, an ALB value is', () => {
  expect(pairs({ httpMethod: 'GET', queryStringParameters: { u: 'a%20b+c' } })).toEqual(['u=a%20b+c']);
  expect(pairs({ httpMethod: 'GET', requestContext: { elb: {} }, queryStringParameters: { u: 'a%20b+c' } })).toEqual([
    'u=a b c',
  ]);
});

describe('toResult', () => {
  const picture = { statusCode: 200, headers: { 'Content-Type': 'image/png' }, body: Buffer.from([1, 2, 3]) };
  test('a Buffer leaves as base64', () => {
    expect(toGatewayResponse(events.rest({}), picture)).toEqual({
      statusCode: 200,
      headers: { 'Content-Type': 'image/png', 'Content-Length': '3' },
      body: 'AQID',
      isBase64Encoded: true,
    });
  });
  test('a text leaves as it is, its length in bytes', () => {
    const result = toGatewayResponse(events.functionUrl({}), { statusCode: 400, headers: {}, body: 'é' });
    expect(result).toEqual({ statusCode: 400, headers: { 'Content-Length': '2' }, body: 'é', isBase64Encoded: false });
  });
  test('HEAD has the headers of GET and no body', () => {
    expect(toGatewayResponse(events.alb({}, {}, 'HEAD'), picture)).toMatchObject({
      headers: { 'Content-Length': '3' },
      body: '',
      isBase64Encoded: false,
    });
  });
  test('an ALB in multi-value mode gets lists only', () => {
    const result = toGatewayResponse(events.albMulti({}, { accept: '*/*' }), picture);
    expect(result.headers).toBeUndefined();
    expect(result.multiValueHeaders).toEqual({ 'Content-Type': ['image/png'], 'Content-Length': ['3'] });
  });
  test('204 has no length', () => {
    expect(toGatewayResponse(events.rest({}), { statusCode: 204, headers: {}, body: '' }).headers).toEqual({});
  });
});
