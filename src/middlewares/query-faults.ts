/** What Ajv objects to, in a sentence for each parameter. */
import type { InvalidParameter } from '../errors.ts';
import { parameterFault, type QuerySchema } from '../schema.ts';
import type { SchemaError } from './types.ts';

export function schemaFault({ instancePath, keyword, params }: SchemaError, schema: QuerySchema): InvalidParameter {
  const missing = params.missingProperty;
  if (missing !== undefined) return { parameter: String(missing), detail: `${missing} is required` };
  if (instancePath) return parameterFault(instancePath.slice(1), schema);
  return { parameter: '', detail: `The parameters do not go together (${keyword})` };
}

/**
 * Of alternatives (`anyOf` of `required`) one sentence tells, where none of them was given: a faulty one must not make
 * another look forgotten. It names the first two: what most requests forgot, where the others would only confuse.
 */
export function schemaFaults(
  errors: readonly SchemaError[],
  schema: QuerySchema,
  given: ReadonlySet<string>,
): InvalidParameter[] {
  const inAnyOf = errors.filter(({ schemaPath }) => schemaPath.startsWith('#/anyOf'));
  const alternatives = inAnyOf
    .filter(({ keyword, schemaPath }) => keyword === 'required' && /anyOf\/[01]\//.test(schemaPath))
    .map(({ params }) => String(params.missingProperty));
  const [parameter, ...others] = alternatives;
  if (parameter === undefined) return errors.map((error) => schemaFault(error, schema));
  const faults = errors.filter((error) => !inAnyOf.includes(error)).map((error) => schemaFault(error, schema));
  if (alternatives.some((name) => given.has(name))) return faults;
  return [...faults, { parameter, detail: `${parameter} is required (or ${others.join(', ')})` }];
}
