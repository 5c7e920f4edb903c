/** Options are validated when a function starts, against the schema that their types and tables are generated from. */
import { expect, test } from 'vitest';
import schemas from '../../schemas/middlewares.json' with { type: 'json' };
import { accessLog } from '../../src/middlewares/access-log.ts';
import { apiKey } from '../../src/middlewares/api-key.ts';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';
import { queryValidator } from '../../src/middlewares/query-validator.ts';
import { responseSerializer } from '../../src/middlewares/response-serializer.ts';
import { signedUrl } from '../../src/middlewares/signed-url.ts';

const factories = {
  accessLog,
  apiKey,
  errorMapper,
  queryValidator,
  responseSerializer,
  signedUrl,
} as unknown as Record<string, (options?: unknown) => object>;

const options = Object.entries(schemas).flatMap(([name, { properties }]) =>
  Object.keys(properties).map((option) => [name, option] as const),
);

const query = { schema: { properties: { w: { type: 'integer' } } }, validate: () => true };
const good: Record<string, object> = {
  accessLog: { write: () => {} },
  apiKey: { keys: [{ id: 'a', key: 'b' }] },
  errorMapper: {},
  queryValidator: query,
  responseSerializer: {},
  signedUrl: { secrets: [{ id: 'a', secret: 'x'.repeat(43) }] },
};

test.each(Object.keys(schemas))('%s takes what it needs, and undefined for the rest', (name) => {
  const rest = Object.keys(schemas[name as 'apiKey'].properties).map((option) => [option, undefined]);
  expect(factories[name]?.({ ...Object.fromEntries(rest), ...good[name] })).toBeTypeOf('object');
});

test.each(options)('%s says what %s must be', (name, option) => {
  // A symbol is valid for none.
  const make = () => factories[name]?.({ ...good[name], [option]: Symbol('x') });
  expect(make).toThrow(TypeError);
  expect(make).toThrow(new RegExp(`^${name}: Option '${option}' must `));
});

test.each([
  ['accessLog', {}, "accessLog: Missing required option 'write'"],
  ['accessLog', { write: 1 }, "accessLog: Option 'write' must be instanceof Function"],
  [
    'accessLog',
    { write: () => {}, level: 'INFO' },
    'accessLog: Option \'level\' must be one of ["debug","info","warn","error"]',
  ],
  ['accessLog', { write: () => {}, name: 'x' }, "accessLog: Unknown option 'name'"],
  ['accessLog', undefined, 'accessLog: options must be an object'],
  ['apiKey', { keys: 'theKey' }, "apiKey: Option 'keys' must match exactly one schema in oneOf"],
  ['apiKey', { ...good.apiKey, hosts: [1] }, "apiKey: Option 'hosts[0]' must be string"],
  ['apiKey', { ...good.apiKey, anonymous: 'no' }, "apiKey: Option 'anonymous' must be boolean"],
  ['apiKey', { ...good.apiKey, constructor: 1 }, "apiKey: Unknown option 'constructor'"],
  ['errorMapper', { logger: false }, "errorMapper: Unknown option 'logger'"],
  ['errorMapper', [], 'errorMapper: options must be an object'],
  ['queryValidator', { ...query, parsers: { w: 1 } }, "queryValidator: Option 'parsers.w' must be instanceof Function"],
  ['queryValidator', { ...query, schema: null }, "queryValidator: Option 'schema' must be instanceof Object"],
  ['responseSerializer', { headers: { A: 1 } }, "responseSerializer: Option 'headers.A' must be string"],
  ['responseSerializer', null, 'responseSerializer: options must be an object'],
])('%s %#: %s', (name, given, message) => expect(() => factories[name]?.(given)).toThrow(new TypeError(message)));
