import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import configSchema from '../../schemas/config.json' with { type: 'json' };
import keysSchema from '../../schemas/keys.json' with { type: 'json' };
import querySchema from '../../schemas/query.json' with { type: 'json' };
import * as generated from '../../schemas/validators.js';
import { compactValidators } from '../../src/generate/compact-validators.ts';
import type { SchemaError, Validate } from '../../src/middlewares/types.ts';
import type { PropertySchema } from '../../src/schema.ts';

const compile = (schema: object): Validate =>
  new Ajv2020({
    allErrors: true,
    useDefaults: true,
    strict: false,
    strictNumbers: true,
    validateFormats: false,
  }).compile(schema) as Validate;

/** Values of and beside the types of a property. */
const candidates = ({ enum: members = [], minimum = 0, maximum = 0, default: value = null }: PropertySchema) =>
  fc.oneof(
    fc.constantFrom<unknown>(...members, minimum, maximum, value, minimum - 1, maximum + 1, 0.5),
    fc.constantFrom<unknown>('', 'a', '#fff', '50%', '16:9', '1d', 'x'.repeat(70), true, [], ['a', 1], {}, null),
    fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, -1, 'a'.repeat(64)),
  );

/** Objects of some properties, and at times one that is unknown. */
const objectOf = (properties: Readonly<Record<string, PropertySchema>>) => {
  const known = fc
    .constantFrom(...Object.entries(properties))
    .chain(([name, property]) => fc.tuple(fc.constant(name), candidates(property)));
  const unknown = fc.tuple(fc.constantFrom('zz', 'constructor', 'has'), fc.constant<unknown>(1));
  const object = fc
    .array(fc.oneof({ weight: 20, arbitrary: known }, { weight: 1, arbitrary: unknown }), { maxLength: 12 })
    .map((entries): unknown => Object.fromEntries(entries));
  return fc.oneof(
    { weight: 30, arbitrary: object },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 'a', 1, []) },
  );
};

const readFields = ({ instancePath, schemaPath, keyword, params }: SchemaError) => {
  const { missingProperty, additionalProperty } = params;
  return { instancePath, schemaPath, keyword, missingProperty, additionalProperty };
};

describe('the compact validators find what Ajv finds', () => {
  const keys = keysSchema.items.properties as Readonly<Record<string, PropertySchema>>;
  test.each([
    ['query', generated.query, querySchema, objectOf(querySchema.properties as never)],
    ['config', generated.config, configSchema, objectOf(configSchema.properties as never)],
    ['keys', generated.keys, keysSchema, fc.oneof(fc.array(objectOf(keys), { maxLength: 3 }), objectOf(keys))],
  ])('%s', (_, validate, schema, values) => {
    const reference = compile(schema);
    let errors = 0;
    fc.assert(
      fc.property(values, (value) => {
        const [expected, actual] = [structuredClone(value), structuredClone(value)];
        expect(validate(actual)).toBe(reference(expected));
        expect(actual).toEqual(expected);
        expect((validate.errors ?? []).map(readFields)).toEqual((reference.errors ?? []).map(readFields));
        errors += validate.errors?.length ?? 0;
      }),
      { numRuns: 2000 },
    );
    expect(errors).toBeGreaterThan(1000);
  });
});

test.each([
  ['an error of another form', 'const err0 = {instancePath,message:"no"};'],
  ['another reference to a schema', 'const schema1 = {"properties":{"a":{}}};\nif(schema1.properties.a.enum) {}'],
  ['another function', 'func2(data)'],
])('%s is not passed on', (_, code) => {
  expect(() => compactValidators(code)).toThrow('The code of Ajv has an unknown form');
});

test('a keyword that is not in the path of its schema is not passed on', () => {
  const code =
    'const err0 = {instancePath,schemaPath:"#/a",keyword:"b",params:{}};\nif(vErrors === null){\nvErrors = [err0];\n}\nelse {\nvErrors.push(err0);\n}\nerrors++;';
  expect(() => compactValidators(code)).toThrow('The path of an error must end in b: #/a');
});
