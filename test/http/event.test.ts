import { readdirSync, readFileSync } from 'node:fs';
import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { getHeader, getMethod, getQuery, type HttpEvent } from '../../src/http/event.ts';

const folder = new URL('../events/', import.meta.url);
const load = (name: string): HttpEvent => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
const pairs = (event: HttpEvent) => getQuery(event).map(({ name, value }) => `${name}=${value}`);

test('the event types of AWS are assignable', () => {
  expectTypeOf<APIGatewayProxyEvent>().toExtend<HttpEvent>();
  expectTypeOf<APIGatewayProxyEventV2>().toExtend<HttpEvent>();
  expectTypeOf<ALBEvent>().toExtend<HttpEvent>();
});

const IMAGE_QUERY = [
  'width=400',
  'format=webp',
  'tag=a',
  'tag=b',
  'url=https://origin.example/c+d.jpg?v=1',
  'bg=#ff0000',
];

describe('the same query from each captured event', () => {
  test.each([
    'rest-v1',
    'rest-v1-custom-domain-basepath',
    'http-v1-payload',
    'http-v2',
    'http-v2-named-stage',
    'function-url',
    'alb-multivalue',
  ])('%s', (name) => expect(pairs(load(name)).sort()).toEqual([...IMAGE_QUERY].sort()));
  // An ALB without multi-value headers passes only the last value of a repeated name.
  test('alb', () => expect(pairs(load('alb')).sort()).toEqual(IMAGE_QUERY.filter((pair) => pair !== 'tag=a').sort()));
});

test.each(readdirSync(folder))('%s: method, header and query are read without an error', (file) => {
  const event = load(file.replace('.json', ''));
  expect(getMethod(event)).toMatch(/^(?:GET|HEAD|POST)$/);
  expect(Array.isArray(getQuery(event))).toBe(true);
  if (event.headers ?? event.multiValueHeaders) expect(getHeader(event, 'User-Agent')).toBeTruthy();
});

test.each([
  ['absent', {}],
  ['null', { queryStringParameters: null, multiValueQueryStringParameters: null }],
  ['empty', { queryStringParameters: {} }],
])('a query map that is %s: no parameters', (_what, event) => expect(getQuery(event)).toEqual([]));

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
])('raw query string %s', (raw, expected) => expect(pairs(v2(raw))).toEqual(expected));

test('a v1 value is not decoded again, an ALB value is', () => {
  expect(pairs({ httpMethod: 'GET', queryStringParameters: { u: 'a%20b+c' } })).toEqual(['u=a%20b+c']);
  expect(pairs({ httpMethod: 'GET', requestContext: { elb: {} }, queryStringParameters: { u: 'a%20b+c' } })).toEqual([
    'u=a b c',
  ]);
});
