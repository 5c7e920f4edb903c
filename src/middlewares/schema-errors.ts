/** Turns Ajv's errors into one sentence per parameter. Pure. */
import type { InvalidParameter } from '../errors.ts';
import { invalidValue, missingParameter, type QuerySchema } from '../schema.ts';
import type { SchemaError, Validate } from './types.ts';

/** Describes one error of Ajv, or of a Standard Schema. */
export function invalidParameter(
  { instancePath, keyword, params, detail }: SchemaError,
  schema: QuerySchema,
): InvalidParameter {
  const missing = params.missingProperty;
  if (missing !== undefined) return missingParameter(String(missing), schema);
  // Of a list, the error may be that of one item: /id/1.
  const [, parameter] = instancePath.split('/');
  if (detail !== undefined) return { parameter: parameter ?? '', detail };
  if (parameter !== undefined) return invalidValue(parameter, schema);
  return { parameter: '', detail: `These parameters cannot be combined (${keyword})` };
}

/**
 * Describes all errors of a query. Alternatives (`anyOf` of `required`) make one sentence, and only if none of them is
 * given: an invalid one must not make another look missing. The sentence names the first two, which most requests need.
 */
export function invalidParameters(
  errors: readonly SchemaError[],
  schema: QuerySchema,
  given: ReadonlySet<string>,
): InvalidParameter[] {
  const ofAnyOf = errors.filter(({ schemaPath }) => schemaPath.startsWith('#/anyOf'));
  const alternatives = ofAnyOf
    .filter(({ keyword, schemaPath }) => keyword === 'required' && /anyOf\/[01]\//.test(schemaPath))
    .map(({ params }) => String(params.missingProperty));
  const [parameter, ...others] = alternatives;
  if (parameter === undefined) return errors.map((error) => invalidParameter(error, schema));
  const invalid = errors.filter((error) => !ofAnyOf.includes(error)).map((error) => invalidParameter(error, schema));
  if (alternatives.some((name) => given.has(name))) return invalid;
  const hint = schema.properties[parameter]?.missingHint;
  const detail = `${parameter} is required (or ${others.join(', ')})${hint ? `: ${hint}` : ''}`;
  return [...invalid, { parameter, detail }];
}

/** Returns a validation that requires none of the alternatives of its schema. */
export function withoutAlternatives(validate: Validate): Validate {
  const validateOthers: Validate = (values) => {
    if (validate(values)) return true;
    validateOthers.errors = validate.errors?.filter(({ schemaPath }) => !schemaPath.startsWith('#/anyOf'));
    return validateOthers.errors?.length === 0;
  };
  return validateOthers;
}
