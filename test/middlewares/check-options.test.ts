/** Options are checked when a function starts, by the schema that their types and tables are made of. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import schemas from '../../schemas/middlewares.json' with { type: 'json' };
import { accessLog } from '../../src/middlewares/access-log.ts';
import { apiKey } from '../../src/middlewares/api-key.ts';
import { describeSchema, matchesSchema, type OptionSchema } from '../../src/middlewares/check-options.ts';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';
import { queryValidator } from '../../src/middlewares/query-validator.ts';
import { responseSerializer } from '../../src/middlewares/response-serializer.ts';

const factories = { accessLog, apiKey, errorMapper, queryValidator, responseSerializer } as unknown as Record<
  string,
  (options?: unknown) => object
>;

const options = Object.entries(schemas).flatMap(([name, { properties }]) =>
  Object.entries(properties as Record<string, OptionSchema>).map(([option, rule]) => [name, option, rule] as const),
);

describe('the check is that of Ajv', () => {
  const ajv = new Ajv2020({
    strict: true,
    keywords: [
      'tsType',
      { keyword: 'instanceof', validate: (_: string, value: unknown) => typeof value === 'function' },
    ],
  });
  const values = [
    null,
    true,
    false,
    0,
    1.5,
    '',
    'info',
    'INFO',
    [],
    ['a', 'b'],
    ['a', 1],
    [1],
    {},
    { a: 'b' },
    { a: 'b', c: 1 },
    { a: () => 1 },
    { a: () => 1, b: 'c' },
    () => 1,
  ];
  test.each(options)('%s: %s', (_name, _option, rule) => {
    const validate = ajv.compile(rule);
    for (const value of values) expect(matchesSchema(value, rule), JSON.stringify(value)).toBe(validate(value));
  });
});

const query = { schema: { properties: { w: { type: 'integer' } } }, validate: () => true };
const good: Record<string, object> = {
  accessLog: { write: () => {} },
  apiKey: { keys: [{ id: 'a', key: 'b' }] },
  errorMapper: {},
  queryValidator: query,
  responseSerializer: {},
};

test.each(Object.keys(schemas))('%s takes what it needs, and undefined for the rest', (name) => {
  const rest = Object.keys(schemas[name as 'apiKey'].properties).map((option) => [option, undefined]);
  expect(factories[name]?.({ ...Object.fromEntries(rest), ...good[name] })).toBeTypeOf('object');
});

test.each(options)('%s says what %s must be', (name, option, rule) => {
  // A symbol is right for nothing.
  const make = () => factories[name]?.({ ...good[name], [option]: Symbol('x') });
  expect(make).toThrow(new TypeError(`${name}: ${option} must be ${describeSchema(rule)}`));
});

test.each([
  ['accessLog', {}, 'accessLog: write is required, a function'],
  ['accessLog', { write: 1 }, 'accessLog: write must be a function'],
  ['accessLog', { write: () => {}, level: 'INFO' }, 'accessLog: level must be one of debug, info, warn, error'],
  [
    'accessLog',
    { write: () => {}, name: 'x' },
    'accessLog: name is not an option; it has write, fields, level, service, namespace',
  ],
  ['accessLog', undefined, 'accessLog: options must be an object'],
  ['apiKey', { keys: 'theKey' }, 'apiKey: keys must be a list or a function'],
  ['apiKey', { ...good.apiKey, hosts: [1] }, 'apiKey: hosts must be a list, each of it a text'],
  ['apiKey', { ...good.apiKey, anonymous: 'no' }, 'apiKey: anonymous must be true or false'],
  ['apiKey', { ...good.apiKey, toString: 1 }, 'apiKey: toString is not an option; it has keys, hosts, anonymous'],
  ['errorMapper', { logger: false }, 'errorMapper: logger is not an option; it has none'],
  ['errorMapper', [], 'errorMapper: options must be an object'],
  [
    'queryValidator',
    { ...query, parsers: { w: 1 } },
    'queryValidator: parsers must be an object, each value a function',
  ],
  ['queryValidator', { ...query, schema: null }, 'queryValidator: schema must be an object'],
  ['responseSerializer', { headers: { A: 1 } }, 'responseSerializer: headers must be an object, each value a text'],
  ['responseSerializer', null, 'responseSerializer: options must be an object'],
])('%s %#: %s', (name, given, message) => expect(() => factories[name]?.(given)).toThrow(new TypeError(message)));
