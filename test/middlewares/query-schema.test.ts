/** The query validator with schemas of other services: how they were compiled, what they say, and what the factory refuses. */
import middy from '@middy/core';
import { transpileSchema } from '@middy/validator/transpile';
import { Ajv2020, type Options } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import type { HttpEvent } from '../../src/http/event.ts';
import { readParameters } from '../../src/middlewares/query-schema.ts';
import { type Parser, queryValidator, type Validate } from '../../src/middlewares/query-validator.ts';
import type { Presets } from '../../src/middlewares/types.ts';
import { aliasMap, camelCase, expectation, type PropertySchema, type QuerySchema } from '../../src/schema.ts';
import { events } from '../event-sources.ts';

const OURS = [
  'aliases',
  'enumAliases',
  'emptyValue',
  'dependsOn',
  'patternDescription',
  'keywords',
  'missingHint',
  'unit',
];
const compile = (schema: object, options: Options = {}) =>
  new Ajv2020({
    allErrors: true,
    useDefaults: true,
    allowUnionTypes: true,
    strictTypes: false,
    keywords: OURS,
    ...options,
  }).compile(schema);

type Run = (event: HttpEvent, context: object) => Promise<Record<string, unknown>>;
const reading = (
  schema: object,
  more: { validate?: Validate; parsers?: Record<string, Parser>; presets?: Presets } = {},
) =>
  middy()
    .use(queryValidator({ schema: schema as QuerySchema, validate: compile(schema), ...more }))
    .handler((event: object) => (event as HttpEvent).queryStringParameters) as unknown as Run;
const query = (rawQueryString: string): HttpEvent => ({ rawQueryString });
const faultsOf = (run: Run, text: string) =>
  run(query(text), {}).then(
    () => [],
    ({ errors, message }) => errors?.map(({ detail }: { detail: string }) => detail) ?? message,
  );

describe('whoever compiled the schema, a number is decimal digits', () => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    required: ['n'],
    properties: {
      n: { type: 'integer', minimum: 0 },
      x: { type: 'number' },
      on: { type: 'boolean' },
      t: { type: 'string', default: 'none' },
    },
  };
  const standalone = () => {
    const ajv = new Ajv2020({ allErrors: true, useDefaults: true, code: { source: true } });
    const toSource = standaloneCode as unknown as (of: Ajv2020, validate: unknown) => string;
    const module = { exports: undefined as unknown };
    new Function('module', 'exports', toSource(ajv, ajv.compile(schema)))(module, {});
    return module.exports as Validate;
  };
  test.each<[string, () => Validate]>([
    ['standalone code of Ajv', standalone],
    ['an instance of Ajv', () => new Ajv2020({ allErrors: true, useDefaults: true }).compile(schema)],
    [
      'an instance that coerces',
      () => new Ajv2020({ allErrors: true, useDefaults: 'empty', coerceTypes: 'array' }).compile(schema),
    ],
    ['an instance that ends at the first fault', () => new Ajv2020({ useDefaults: true }).compile(schema)],
    ['transpileSchema of @middy/validator', () => transpileSchema(schema) as unknown as Validate],
  ])('%s', async (_how, make) => {
    const run = reading(schema, { validate: make() });
    for (const event of Object.values(events))
      expect(await run(event({ n: '007', x: '-1.50', on: '0' }), {})).toEqual({ n: 7, x: -1.5, on: false, t: 'none' });
    expect(await run(query('n=1&on=false'), {})).toEqual({ n: 1, on: false, t: 'none' });
    expect(await run(query('n=1&on'), {})).toEqual({ n: 1, on: true, t: 'none' });
    for (const n of ['0x1F', '1e3', '1.0', ' 1', '+1', '', 'true', 'null', '1,2', '[1]'])
      expect(await faultsOf(run, `n=${encodeURIComponent(n)}`), n).toEqual([
        'n must be a whole number of at least 0, in decimal digits',
      ]);
    for (const x of ['1.', '.5', '1e3', '0x1F', 'NaN', 'Infinity'])
      expect(await faultsOf(run, `n=1&x=${x}`), x).toEqual(['x must be a decimal number']);
    expect(await faultsOf(run, 'n=-1')).toEqual(['n must be a whole number of at least 0, in decimal digits']);
    expect(await faultsOf(run, 'on=2&n=1')).toEqual(['on must be 1 or 0 (also true, false, or without a value)']);
    expect(await faultsOf(run, '')).toEqual(['n is required']);
    expect(await faultsOf(run, 'n=1&N=2')).toEqual(['N is not a parameter: the nearest name is n']);
  });
});

test.each<[PropertySchema, string]>([
  [{ type: 'integer' }, 'a whole number, in decimal digits'],
  [{ type: 'integer', minimum: 1 }, 'a whole number of at least 1, in decimal digits'],
  [{ type: 'integer', maximum: 9 }, 'a whole number of at most 9, in decimal digits'],
  [{ type: 'number', minimum: 0, maximum: 1 }, 'a decimal number from 0 to 1'],
  [{ type: ['integer', 'string'], pattern: '^max$', minimum: 1, maximum: 9 }, 'a whole number from 1 to 9, or max'],
  [{ type: ['integer', 'string'] }, 'a whole number, or a non-empty string'],
  [{ type: ['integer', 'string'], pattern: '^(?:max|min)$' }, 'a whole number, or a non-empty string'],
  [{ type: ['integer', 'string'], pattern: 'min|^max$' }, 'a whole number, or a non-empty string'],
  [{ type: ['integer', 'string'], pattern: '^max$|min' }, 'a whole number, or a non-empty string'],
  [{ type: ['integer', 'string'], minimum: 1, patternDescription: 'a number, or a list' }, 'a number, or a list'],
  [{ type: ['integer', 'string'], unit: 'px or %' }, 'a whole number, or a percentage from 1% to 100%'],
  [{ type: 'boolean' }, '1 or 0 (also true, false, or without a value)'],
  [{ type: 'integer', enum: [1, 2] }, 'one of 1, 2'],
  [{ type: 'string' }, 'a non-empty string'],
  [{ type: 'string', maxLength: 40 }, 'a string of 1 to 40 characters'],
  [{ type: 'string', pattern: '^[a-z]+$', maxLength: 40 }, 'a string that matches ^[a-z]+$'],
  [{ type: 'string', pattern: '^[a-z]+$', patternDescription: 'lower-case letters' }, 'lower-case letters'],
  [
    { type: 'string', format: 'colour' },
    'a colour: a CSS name, or RGB, ARGB, RRGGBB or AARRGGBB in hexadecimal digits',
  ],
])('%j is said to be %s', (property, words) => expect(expectation(property)).toBe(words));

test('our own words: aliases, other spellings, a value for a bare name', async () => {
  const schema = {
    properties: {
      size: { type: 'string', enum: ['small', 'large'], enumAliases: { s: 'small' }, aliases: ['sz', 'z'] },
      blur: { type: 'number', emptyValue: 3 },
      level: { type: ['number', 'string'], pattern: '^auto$' },
    },
  };
  const run = reading(schema);
  expect(await run(query('sz=s&blur'), {})).toEqual({ size: 'small', blur: 3 });
  expect(await run(query('z=large&blur=0.5&level=2.5'), {})).toEqual({ size: 'large', blur: 0.5, level: 2.5 });
  expect(await run(query('level=auto'), {})).toEqual({ level: 'auto' });
  expect(await faultsOf(run, 'size=s&z=s')).toEqual(['size is given more than once']);
  expect(await faultsOf(run, 'size=toString')).toEqual(['size must be one of small, large']);
  expect([...aliasMap(schema)]).toEqual([
    ['size', 'size'],
    ['sz', 'size'],
    ['z', 'size'],
    ['blur', 'blur'],
    ['level', 'level'],
  ]);
});

test('a name that means nothing alone, or whose need is switched off', async () => {
  const schema = {
    properties: {
      a: { type: 'boolean', default: false },
      b: { type: 'integer', dependsOn: 'a' },
      c: { type: 'boolean', dependsOn: 'a or b=2' },
    },
  };
  const run = reading(schema);
  expect(await faultsOf(run, 'b=1')).toEqual(['b needs a']);
  expect(await faultsOf(run, 'a=0&b=1')).toEqual(['b needs a']);
  expect(await faultsOf(run, 'a=1&b=1&c=1')).toEqual([]);
  expect(await faultsOf(run, 'c=1')).toEqual(['c needs a or b=2']);
  expect(await faultsOf(run, 'c=0')).toEqual([]);
  expect(await faultsOf(run, 'b=2&c=1')).toEqual(['b needs a']);
});

describe('what Ajv objects to beside the type of one value', () => {
  test('alternatives of one value', async () => {
    const size = { type: ['integer', 'string'], anyOf: [{ type: 'integer', minimum: 1 }, { enum: ['max'] }] };
    const run = reading({ properties: { size } });
    expect(await run(query('size=max'), {})).toEqual({ size: 'max' });
    expect(await faultsOf(run, 'size=0')).toEqual(['size must be a whole number, or a non-empty string']);
  });
  test('alternatives of parameters: the first two are told, and none of them where one is faulty', async () => {
    const a = { type: 'integer', maximum: 9 };
    const anyOf = [
      { required: ['a'] },
      { required: ['b'] },
      { required: ['c'] },
      { properties: { d: { enum: ['x'] } }, required: ['d'] },
    ];
    const run = reading({ properties: { d: { type: 'string' }, b: a, a, c: a }, anyOf });
    expect(await faultsOf(run, '')).toEqual(['a is required (or b)']);
    expect(await faultsOf(run, 'd=y')).toEqual(['a is required (or b)']);
    expect(await faultsOf(run, 'd=x')).toEqual([]);
    expect(await faultsOf(run, 'b=x')).toEqual(['b must be a whole number of at most 9, in decimal digits']);
    expect(await faultsOf(run, 'a=x')).toEqual(['a must be a whole number of at most 9, in decimal digits']);
    expect(await faultsOf(run, 'c=10&d=y')).toEqual(['c must be a whole number of at most 9, in decimal digits']);
    expect(await faultsOf(run, 'c=x')).toEqual([
      'a is required (or b)',
      'c must be a whole number of at most 9, in decimal digits',
    ]);
  });
  test('an alternative of two', async () => {
    const properties = { a: { type: 'integer' }, b: { type: 'integer' }, c: { type: 'integer' } };
    const run = reading({ properties, anyOf: [{ required: ['a', 'b'] }, { required: ['c'] }] });
    expect(await faultsOf(run, '')).toEqual(['a is required (or b, c)']);
    expect(await faultsOf(run, 'a=1')).toEqual(['b is required (or c)']);
    expect(await faultsOf(run, 'a=1&b=2')).toEqual([]);
  });
  test('parameters that do not go together', async () => {
    const properties = { a: { type: 'integer' }, b: { type: 'integer' } };
    const one = reading({ properties, oneOf: [{ required: ['a'] }, { required: ['b'] }] });
    expect(await faultsOf(one, 'a=1&b=2')).toEqual(['These parameters cannot be combined (oneOf)']);
    await expect(one(query('a=1&b=2'), {})).rejects.toMatchObject({ errors: [{ parameter: '' }] });
    expect(await faultsOf(one, 'a=1')).toEqual([]);
    const dependent = reading({ properties, dependentRequired: { a: ['b'] } });
    expect(await faultsOf(dependent, 'a=1')).toEqual(['b is required']);
    const any = reading({
      properties,
      anyOf: [{ properties: { a: { const: 1 } } }, { properties: { a: { const: 2 } } }],
    });
    expect(await faultsOf(any, 'a=3')).toEqual([
      'a must be a whole number, in decimal digits',
      'These parameters cannot be combined (anyOf)',
    ]);
  });
  test('a schema that names no such parameter', async () => {
    const schema = { properties: { a: { type: 'string' } } };
    const validate = Object.assign(() => false, {
      errors: [{ instancePath: '/z', keyword: 'x', schemaPath: '#/x', params: {} }],
    });
    expect(await faultsOf(reading(schema, { validate }), 'a=1')).toEqual(['z must be valid']);
  });
  test('no for an answer without a reason is no yes', async () => {
    const schema = { properties: { a: { type: 'string' } } };
    for (const errors of [null, []])
      await expect(
        reading(schema, { validate: Object.assign(() => false, { errors }) })(query('a=1'), {}),
      ).rejects.toMatchObject({ statusCode: 400 });
    const broken: Validate = (data) => {
      if (Object.keys(data as object).length) throw new RangeError('a bug');
      return true;
    };
    await expect(reading(schema, { validate: broken })(query('a=1'), {})).rejects.toThrow(RangeError);
  });
});

test('a parser gets the texts, and only of what is given and right', async () => {
  const seen: string[] = [];
  const parse = (text: string) => {
    seen.push(text);
    if (text === 'bad') throw new ImageError('QUERY_INVALID', 'when must be good');
    return new Date(text);
  };
  const schema = { properties: { when: { type: ['integer', 'string'], maxLength: 10 } } };
  const run = reading(schema, { parsers: { when: parse } });
  expect(await run(query('when=2026-11-01'), {})).toEqual({ when: new Date('2026-11-01') });
  expect(await run(query('when=7'), {})).toEqual({ when: 7 });
  expect(await run(query(''), {})).toEqual({});
  expect(await faultsOf(run, 'when=bad')).toEqual(['when must be good']);
  expect(await faultsOf(run, 'when=much-too-long')).toHaveLength(1);
  expect(seen).toEqual(['2026-11-01', 'bad']);
});

test('faults stand in the order of the schema, unknown names at the end', async () => {
  const n = { type: 'integer' };
  const run = reading({ properties: { a: n, b: n, c: n } });
  const found = await run(query('zz=1&c=x&a=x&yy&b=x'), {}).catch(({ errors }) => errors);
  expect(found.map(({ parameter }: { parameter: string }) => parameter)).toEqual(['a', 'b', 'c', 'zz', 'yy']);
  await expect(run(query('c=x&a=x'), {})).rejects.toThrow(
    'a must be a whole number, in decimal digits; c must be a whole number, in decimal digits.',
  );
});

test('a name without a text, and one that is too long to repeat', async () => {
  const run = reading({ properties: { a: { type: 'string' } } });
  expect(await faultsOf(run, '=1')).toEqual(['An empty name is not a parameter (an & inside a value is written %26)']);
  expect(await faultsOf(run, `${'x'.repeat(41)}=1`)).toEqual([
    `${'x'.repeat(40)} is not a parameter (an & inside a value is written %26)`,
  ]);
});

describe('the factory refuses', () => {
  const properties = { w: { type: 'integer', default: 5 } };
  test.each<[string, object, object, string]>([
    ['a schema without properties', {}, {}, 'queryValidator: schema needs properties'],
    [
      'a type that no query can hold',
      { properties: { w: { type: 'array' } } },
      {},
      'the type of w in schema must be one of string, integer, number, boolean, or array with items of these',
    ],
    [
      'a list of lists',
      { properties: { w: { type: 'array', items: { type: 'array' } } } },
      {},
      'the type of w in schema',
    ],
    ['items of no list', { properties: { w: { type: 'string', items: {} } } }, {}, 'the type of w in schema'],
    [
      'a parser for a list',
      { properties: { w: { type: 'array', items: { type: 'string' } } } },
      { parsers: { w: String } },
      'w in parsers is a list',
    ],
    ['one type of two', { properties: { w: { type: ['string', 'null'] } } }, {}, 'the type of w in schema'],
    ['no type', { properties: { w: { enum: ['a'] } } }, {}, 'the type of w in schema'],
    [
      'a parser for nothing',
      { properties },
      { parsers: { toString: String } },
      'toString in parsers is not in the schema',
    ],
    [
      'a validator that writes no defaults',
      { properties },
      { validate: () => true },
      'must write the default of w: compile with useDefaults',
    ],
    [
      'one that is asynchronous',
      { properties },
      { validate: compile({ $async: true, properties }) },
      'compiled from a schema without $async',
    ],
    [
      'a preset with a fault',
      { properties },
      { presets: { queries: { x: 'w=a' } } },
      'The preset x is invalid: w must be a whole number, in decimal digits',
    ],
    [
      'a preset whose text no parser takes',
      { properties: { t: { type: 'string' } } },
      { presets: { queries: { x: 't=a&t=b&y=1' } }, parsers: { t: String } },
      'The preset x is invalid: t is given more than once; y is not a parameter',
    ],
  ])('%s', (_what, schema, more, message) =>
    expect(() => queryValidator({ schema, validate: compile({ properties }), ...more } as never)).toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(message) }),
    ),
  );
});

test('a preset takes alternatives as they are, and is checked for all else', async () => {
  const schema = {
    properties: {
      p: { type: 'string' },
      a: { type: 'integer', maximum: 9 },
      b: { type: 'integer' },
      t: { type: 'string' },
    },
    required: ['t'],
    anyOf: [{ required: ['a'] }, { required: ['b'] }],
  };
  const of = (text: string) => reading(schema, { presets: { queries: { x: text } } });
  expect(await of('a=1')(query('p=x&t=u'), {})).toEqual({ p: 'x', a: 1, t: 'u' });
  expect(await of('t=u')(query('p=x&b=2'), {})).toEqual({ p: 'x', b: 2, t: 'u' });
  expect(() => of('a=10')).toThrow(/a must be a whole number of at most 9/);
  expect(await faultsOf(of('t=u'), 'p=x')).toEqual(['a is required (or b)']);
});

test('SOURCE_MAX_BYTES is sourceMaxBytes', () => expect(camelCase('SOURCE_MAX_BYTES')).toBe('sourceMaxBytes'));

test('the nearest name is looked for ten times', () => {
  const typos = 'hieght heigth heigh heightt ehight heght hight heiht heigt eight heihgt hheight'.split(' ');
  const schema = { type: 'object', properties: { height: { type: 'integer' } } } as const;
  const parameters = typos.map((name) => ({ name, value: '1' }));
  const { invalid } = readParameters(parameters, schema, new Map([['height', 'height']]));
  expect(invalid.map(({ detail }) => detail.endsWith('the nearest name is height'))).toEqual(
    typos.map((_, i) => i < 10),
  );
});

describe('lists', () => {
  const schema = {
    type: 'object',
    required: ['id'],
    properties: {
      id: { type: 'array', items: { type: 'integer', minimum: 1 }, maxItems: 3, aliases: ['i'] },
      tag: { type: 'array', items: { type: 'string', enum: ['a', 'b'], enumAliases: { x: 'a' } }, uniqueItems: true },
      all: { type: 'array', items: { type: 'boolean' }, default: [true] },
      p: { type: 'string' },
    },
  };
  const run = reading(schema);
  test.each([
    ['id=1', { id: [1] }],
    ['id=2&id=1&i=2', { id: [2, 1, 2] }],
    ['id=1&tag=x&tag=b', { id: [1], tag: ['a', 'b'] }],
    ['id=1&all&all=0', { id: [1], all: [true, false] }],
  ])('%s', async (text, values) => expect(await run(query(text), {})).toEqual({ all: [true], ...values }));

  const ID = 'id must be a list of at most 3 values, each a whole number of at least 1, in decimal digits';
  test.each([
    ['', ['id is required']],
    ['id=1&id=x', [ID]],
    ['id=x&id=1', [ID]],
    ['id=1,2', [ID]],
    ['id=1&id=0', [ID]],
    ['id=1&id=2&id=3&id=4', [ID]],
    ['id=%zz', ['id is not percent-encoded UTF-8 (write a % as %25)']],
    ['id=1&tag=a&tag=x', ['tag must be a list of values, all different, each one of a, b']],
    ['id=1&p=1&p=1', ['p is given more than once']],
  ])('%s: a sentence for the whole list', async (text, faults) => expect(await faultsOf(run, text)).toEqual(faults));

  test.each<[object, string]>([
    [{}, 'a list of values, each a non-empty string'],
    [{ minItems: 2 }, 'a list of at least 2 values, each a non-empty string'],
    [{ minItems: 2, maxItems: 3 }, 'a list of 2 to 3 values, each a non-empty string'],
  ])('%o', (more, sentence) =>
    expect(expectation({ type: 'array', items: { type: 'string' }, ...more })).toBe(sentence),
  );

  test('equal queries share a list, which is frozen, as is that of a preset', async () => {
    const [first, second] = [await run(query('id=1'), {}), await run(query('id=1'), {})];
    expect(first.id).toBe(second.id);
    expect([first.id, first.all].map(Object.isFrozen)).toEqual([true, true]);
    const withPreset = reading(schema, { presets: { queries: { two: 'id=1&id=2' } } });
    const { id } = await withPreset(events.rest({ p: 'two' }), {});
    expect([id, Object.isFrozen(id)]).toEqual([[1, 2], true]);
  });

  test('thousands of values of one list take no longer than others', async () => {
    const text = Array.from({ length: 5000 }, () => 'i').join('&');
    expect(await faultsOf(run, text)).toEqual([ID]);
  });
});
