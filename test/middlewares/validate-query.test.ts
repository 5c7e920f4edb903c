/** The validation of a query as a plain function: parameters in, values and errors out. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { withoutAlternatives } from '../../src/middlewares/schema-errors.ts';
import type { Validate } from '../../src/middlewares/types.ts';
import { compileQuery, queryInvalid } from '../../src/middlewares/validate-query.ts';

const schema = {
  type: 'object',
  required: ['year'],
  properties: {
    year: { type: 'integer', minimum: 2000 },
    shelf: { type: 'string', default: 'all', aliases: ['s'] },
  },
};
const validate = new Ajv2020({ allErrors: true, useDefaults: true, keywords: ['aliases'] }).compile(schema);
const validateQuery = compileQuery({ schema, validate });

test('values are typed, with defaults and canonical names', () => {
  const { values, given, errors } = validateQuery([
    { name: 'year', value: '2026' },
    { name: 's', value: 'new' },
  ]);
  expect({ values, given: [...given], errors }).toEqual({
    values: { year: 2026, shelf: 'new' },
    given: ['year', 'shelf'],
    errors: [],
  });
  expect(validateQuery([{ name: 'year', value: '2026' }]).values).toEqual({ year: 2026, shelf: 'all' });
});

test('all errors are returned, and nothing is thrown', () => {
  const { errors } = validateQuery([
    { name: 'year', value: '1999' },
    { name: 'x', value: '1' },
  ]);
  expect(errors.map(({ parameter }) => parameter)).toEqual(['year', 'x']);
});

test('the error names everything, its cause for the log no unknown name, which may be a key', () => {
  const { errors } = validateQuery([
    { name: 'year', value: '1999' },
    { name: 'theKey', value: '1' },
    { name: 'shelf', value: '' },
  ]);
  const error = queryInvalid(errors);
  const year = 'year must be a whole number of at least 2000, in decimal digits';
  const shelf = 'shelf must be a non-empty string';
  expect(error.message).toBe(`${year}; ${shelf}; theKey is not a parameter (an & inside a value is written %26).`);
  expect(error.cause).toEqual(new Error(`${year}; ${shelf}; an unknown parameter`));
  const similar = queryInvalid([{ parameter: 'a', detail: 'a must be x: b is not a parameter' }]);
  expect(similar.cause).toEqual(new Error('a must be x: b is not a parameter'));
});

test('a query that is refused without errors does not pass', () => {
  const refuse = compileQuery({ schema: { properties: {} }, validate: () => false });
  expect(() => refuse([])).toThrow(new TypeError('validate must set errors when it returns false'));
});

test('alternatives of a schema may be left out, and a hint ends their error', () => {
  const sized = {
    type: 'object',
    anyOf: [{ required: ['w'] }, { required: ['h'] }],
    properties: {
      w: { type: 'integer', minimum: 1, missingHint: 'w=9 is usual' },
      h: { type: 'integer', minimum: 1 },
    },
  };
  const withSize = new Ajv2020({ allErrors: true, keywords: ['missingHint'] }).compile(sized);
  const errorsOf = (validateSize: Validate, value?: string) =>
    compileQuery({ schema: sized, validate: validateSize })(
      value === undefined ? [] : [{ name: 'w', value }],
    ).errors.map(({ detail }) => detail);
  expect(errorsOf(withSize)).toEqual(['w is required (or h): w=9 is usual']);
  expect(errorsOf(withoutAlternatives(withSize))).toEqual([]);
  expect(errorsOf(withoutAlternatives(withSize), '5')).toEqual([]);
  expect(errorsOf(withoutAlternatives(withSize), '0')).toEqual([
    'w must be a whole number of at least 1, in decimal digits',
  ]);
  expect(() => errorsOf(withoutAlternatives(() => false))).toThrow('validate must set errors');
});

test('the error of a query keeps an unknown name out of its cause, which the log shows', () => {
  const { errors } = validateQuery([
    { name: 'year', value: '1999' },
    { name: 'a-key-in-the-wrong-place', value: '' },
  ]);
  const { cause, message } = queryInvalid(errors);
  expect(message).toContain('a-key-in-the-wrong-place');
  expect((cause as Error).message).toMatch(/^year must be [^;]+; an unknown parameter$/);
});
