/** The query validator with the schemas of zod, valibot and arktype: the same values and the same errors as with Ajv. */
import middy, { type MiddlewareObj } from '@middy/core';
import { transpileSchema } from '@middy/validator/transpile';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';
import { queryValidator } from '../../src/middlewares/query-validator.ts';
import type { StandardSchema } from '../../src/middlewares/types.ts';
import { events } from '../event-sources.ts';

const json = {
  type: 'object',
  required: ['year'],
  properties: {
    year: { type: 'integer', minimum: 2000, maximum: 2100 },
    sort: { type: 'string', enum: ['down', 'up'], default: 'up' },
    x: { type: 'number', maximum: 9.5 },
    full: { type: 'boolean' },
    ids: { type: 'array', items: { type: 'integer', minimum: 1 }, maxItems: 3 },
    code: { type: 'string', pattern: '^[A-Z]+$' },
    text: { type: 'string', maxLength: 5 },
    n: { type: 'integer' },
    one: { type: 'string', enum: ['1'] },
  },
};
const zod = z.object({
  year: z.int().min(2000).max(2100),
  sort: z.enum(['down', 'up']).default('up'),
  x: z.number().max(9.5).optional(),
  full: z.boolean().optional(),
  ids: z.array(z.int().min(1)).max(3).optional(),
  code: z
    .string()
    .regex(/^[A-Z]+$/)
    .optional(),
  text: z.string().max(5).optional(),
  n: z.int().optional(),
  one: z.literal('1').optional(),
});
const integer = v.pipe(v.number(), v.integer());
const valibot = v.object({
  year: v.pipe(integer, v.minValue(2000), v.maxValue(2100)),
  sort: v.optional(v.picklist(['down', 'up']), 'up'),
  x: v.optional(v.pipe(v.number(), v.maxValue(9.5))),
  full: v.optional(v.boolean()),
  ids: v.optional(v.pipe(v.array(v.pipe(integer, v.minValue(1))), v.maxLength(3))),
  code: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]+$/))),
  text: v.optional(v.pipe(v.string(), v.maxLength(5))),
  n: v.optional(integer),
  one: v.optional(v.literal('1')),
});
const arktype = type({
  year: '2000 <= number.integer <= 2100',
  sort: "'down' | 'up' = 'up'",
  'x?': 'number <= 9.5',
  'full?': 'boolean',
  'ids?': '(number.integer >= 1)[] <= 3',
  'code?': /^[A-Z]+$/,
  'text?': 'string <= 5',
  'n?': 'number.integer',
  'one?': "'1'",
});
const ajv = new Ajv2020({ allErrors: true, useDefaults: true });
const VALIDATORS: readonly [string, () => MiddlewareObj<never>][] = [
  ['Ajv', () => queryValidator({ schema: json, validate: ajv.compile(json) })],
  ['transpileSchema', () => queryValidator({ schema: json, validate: transpileSchema(json) })],
  ['zod', () => queryValidator({ schema: zod })],
  ['valibot', () => queryValidator({ schema: toStandardJsonSchema(valibot) })],
  ['arktype', () => queryValidator({ schema: arktype })],
];

type Response = { statusCode: number; body: string };
const service = (validator: MiddlewareObj<never>) =>
  middy()
    .use(errorMapper())
    .use(validator as MiddlewareObj)
    .handler((event) => ({
      statusCode: 200,
      body: (event as { queryStringParameters: object }).queryStringParameters,
    }));
const send = async (validator: MiddlewareObj<never>, rawQueryString: string) => {
  const { statusCode, body } = (await service(validator)({ rawQueryString }, {} as never)) as Response;
  return statusCode === 200 ? body : (JSON.parse(body).errors ?? JSON.parse(body));
};

const VALID: readonly [string, object][] = [
  ['year=2026', { year: 2026, sort: 'up' }],
  ['year=2026&sort=down&x=-1.5&full', { year: 2026, sort: 'down', x: -1.5, full: true }],
  ['year=2026&ids=3&ids=1&code=AB&one=1&n=-7', { year: 2026, sort: 'up', ids: [3, 1], code: 'AB', one: '1', n: -7 }],
];
const YEAR = 'year must be a whole number from 2000 to 2100, in decimal digits';
const IDS = 'ids must be a list of at most 3 values, each a whole number of at least 1, in decimal digits';
const INVALID: readonly [string, string[]][] = [
  ['', ['year is required']],
  ...['0x7ea', '2e3', '+2026', ' 2026', '2026.0', '1999', '2101', ''].map((year): [string, string[]] => [
    `year=${encodeURIComponent(year)}`,
    [YEAR],
  ]),
  ['year=2026&sort=left', ['sort must be one of down, up']],
  ['year=2026&x=9.6', ['x must be a decimal number of at most 9.5']],
  ['year=2026&x=1e0', ['x must be a decimal number of at most 9.5']],
  ['year=2026&full=yes', ['full must be 1 or 0 (also true, false, or without a value)']],
  ['year=2026&ids=1&ids=0', [IDS]],
  ['year=2026&ids=x', [IDS]],
  ['year=2026&ids=1&ids=2&ids=3&ids=4', [IDS]],
  ['year=2026&code=ab', ['code must be a string that matches ^[A-Z]+$']],
  ['year=2026&text=longer', ['text must be a string of 1 to 5 characters']],
  ['year=2026&n=1.5', ['n must be a whole number, in decimal digits']],
  ['year=2026&one=2', ['one must be one of 1']],
  ['year=2026&year=2026', ['year is given more than once']],
  ['year=2026&page=1', ['page is not a parameter (an & inside a value is written %26)']],
  ['year=1&x=x', [YEAR, 'x must be a decimal number of at most 9.5']],
];

describe.each(VALIDATORS)('%s', (_name, create) => {
  const validator = create();
  test.each(VALID)('%s', async (text, values) => expect(await send(validator, text)).toEqual(values));
  test.each(INVALID)('%s', async (text, details) =>
    expect((await send(validator, text)).map(({ detail }: { detail: string }) => detail).sort()).toEqual(
      details.toSorted(),
    ),
  );
  test.each(Object.entries(events))('from %s', async (_source, event) =>
    expect(await service(validator)(event({ year: 2026 }), {} as never)).toMatchObject({ body: { year: 2026 } }),
  );
});

describe('what only the library can describe', () => {
  const even = (n: number) => n % 2 === 0;
  const order = ({ from, to }: { from: number; to: number }) => from <= to;
  test.each<[string, StandardSchema, string, object[]]>([
    ['zod', z.object({ a: z.int().refine(even, 'even only') }), 'a=1', [{ parameter: 'a', detail: 'a: even only' }]],
    ['zod', z.object({ a: z.email('no e-mail') }), 'a=x', [{ parameter: 'a', detail: 'a: no e-mail' }]],
    [
      'zod',
      z.object({ a: z.string().min(2) }),
      'a=x',
      [{ parameter: 'a', detail: expect.stringContaining('a: Too small') }],
    ],
    [
      'zod',
      z.object({ a: z.array(z.int().positive()) }),
      'a=0',
      [{ parameter: 'a', detail: expect.stringContaining('>0') }],
    ],
    [
      'zod',
      z.object({ from: z.int(), to: z.int() }).refine(order, 'from after to'),
      'from=2&to=1',
      [{ parameter: '', detail: 'from after to' }],
    ],
    [
      'valibot',
      toStandardJsonSchema(v.object({ a: v.pipe(v.string(), v.minLength(2, 'two at least')) })),
      'a=x',
      [{ parameter: 'a', detail: 'a: two at least' }],
    ],
    ['arktype', type({ a: 'number % 2' }), 'a=1', [{ parameter: 'a', detail: 'a must be even (was 1)' }]],
  ])('%s: %o %s', async (_name, schema, text, errors) =>
    expect(await send(queryValidator({ schema }), text)).toEqual(errors),
  );
});

describe('a value that the schema allows: what else is wrong has the message of the library', () => {
  const three = (n: number) => n === 3;
  const none = () => false;
  const refined = z.object({
    n: z.int().min(2).max(4).refine(three, 'only 3').optional(),
    ids: z.array(z.int().max(5)).min(2).max(3).refine(none, 'never').optional(),
    text: z
      .string()
      .max(3)
      .regex(/^\p{L}+$/u)
      .refine(none, 'never')
      .optional(),
  });
  const validator = queryValidator({ schema: refined });
  const IDS_SENTENCE = 'ids must be a list of 2 to 3 values, each a whole number of at most 5, in decimal digits';
  test.each([
    ['n=2', 'n: only 3'],
    ['n=4', 'n: only 3'],
    ['n=1', 'n must be a whole number from 2 to 4, in decimal digits'],
    ['n=5', 'n must be a whole number from 2 to 4, in decimal digits'],
    ['ids=1&ids=5', 'ids: never'],
    ['ids=1&ids=2&ids=3', 'ids: never'],
    ['ids=1', IDS_SENTENCE],
    ['ids=1&ids=6', IDS_SENTENCE],
    ['text=%C3%BCab', 'text: never'],
    ['text=1', 'text must be a string that matches ^\\p{L}+$'],
  ])('%s', async (text, detail) => expect(await send(validator, text)).toMatchObject([{ detail }]));
});

test('a required string that is empty', async () =>
  expect(await send(queryValidator({ schema: z.object({ a: z.string() }) }), 'a=')).toEqual([
    { parameter: 'a', detail: 'a is required' },
  ]));

test('numbers as members, of arktype, which writes no type beside them', async () => {
  const validator = queryValidator({ schema: type({ n: '1 | 2' }) });
  expect(await send(validator, 'n=2')).toEqual({ n: 2 });
  expect(await send(validator, 'n=3')).toMatchObject([{ detail: 'n must be one of 1, 2' }]);
});

test('a transformation, and our words for a schema', async () => {
  const schema = z.object({
    day: z
      .string()
      .meta({ aliases: ['d'] })
      .transform((text) => text.length),
    n: z.literal([1, 2]),
  });
  expect(await send(queryValidator({ schema }), 'd=2026-01-01&n=2')).toEqual({ day: 10, n: 2 });
  expect(await send(queryValidator({ schema }), 'd=x&n=3')).toEqual([
    { parameter: 'n', detail: 'n must be one of 1, 2' },
  ]);
});

describe('the factory refuses', () => {
  test.each<[string, object, string]>([
    ['a JSON Schema without validate', { schema: json }, 'queryValidator: validate is required for a JSON Schema'],
    [
      'a schema without a JSON Schema',
      { schema: valibot },
      'no ~standard.jsonSchema, see the documentation of valibot',
    ],
    ['an object in a query', { schema: z.object({ a: z.object({}) }) }, 'the type of a in schema must be one of'],
    ['a union', { schema: z.object({ a: z.union([z.int(), z.null()]) }) }, 'the type of a in schema must be one of'],
    ['a schema that is no object', { schema: z.string() }, 'queryValidator: schema needs properties'],
    [
      'an asynchronous one',
      {
        schema: z.object({
          a: z
            .string()
            .default('x')
            .refine(async () => true),
        }),
      },
      'queryValidator: schema must validate synchronously',
    ],
  ])('%s', (_what, options, message) => expect(() => queryValidator(options as never)).toThrow(message));
});
