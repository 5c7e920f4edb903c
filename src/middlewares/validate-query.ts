/** Validates the parameters of a query against a JSON Schema. Pure: it knows neither events nor middy. */
import { ImageError, type InvalidParameter } from '../errors.ts';
import type { Parameter } from '../http/event.ts';
import { aliasMap, type QuerySchema } from '../schema.ts';
import { presetReader } from './query-presets.ts';
import { checkTypes, ESCAPED, readParameters, unmetDependencies } from './query-schema.ts';
import { invalidParameter, invalidParameters } from './schema-errors.ts';
import type { Parser, Presets, SchemaError, Validate } from './types.ts';

/** The result of a validation. */
export interface ValidatedQuery {
  /** Typed values with the schema's defaults, by parameter; of an invalid query those that could be read. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Names of the parameters in the query, aliases resolved; those that a preset adds are not among them. */
  readonly given: ReadonlySet<string>;
  /** One entry per invalid parameter, in the schema's order; empty if the query is valid. */
  readonly errors: readonly InvalidParameter[];
}

/** Validates the decoded parameters of one query. */
export type ValidateQuery = (parameters: readonly Parameter[]) => ValidatedQuery;

/** A JSON Schema with what is needed to validate a query against it; see `schemas/middlewares.json` for each option. */
export interface QueryRules {
  readonly schema: QuerySchema;
  readonly validate: Validate;
  readonly parsers?: Readonly<Record<string, Parser>> | undefined;
  readonly presets?: Presets | undefined;
}

/** Returns Ajv's errors of the values, and writes the schema's defaults into them. */
export type SchemaErrors = (values: Record<string, unknown>) => readonly SchemaError[];

/**
 * Prepares the validation of queries: once per schema, not per request.
 *
 * @param createCheck how `validate` is called: directly by default
 * @throws TypeError if a parser is for no parameter, a preset is invalid, the schema has a type that no query can hold, or
 *   `validate` is asynchronous or does not write the defaults
 */
export function compileQuery(
  { schema, validate, parsers = {}, presets }: QueryRules,
  createCheck: (validate: Validate) => SchemaErrors = checkDirectly,
): ValidateQuery {
  const parserEntries = Object.entries(parsers);
  checkRules(schema, validate, Object.keys(parsers));
  const schemaErrors = createCheck(validate);
  const aliases = aliasMap(schema);
  const order = Object.keys(schema.properties);
  const schemaOrder = ({ parameter }: InvalidParameter) => order.indexOf(parameter) + 1 || order.length + 1;

  // A preset is a part of a query: a missing parameter is no error in it.
  const checkPreset = (values: Record<string, unknown>) => {
    const errors = schemaErrors(values).filter((e) => e.instancePath && !e.schemaPath.startsWith('#/anyOf'));
    const invalid = errors.map((error) => invalidParameter(error, schema));
    return [...invalid, ...parseValues(values, parserEntries, invalid)];
  };
  const applyPreset = presetReader(presets, schema, checkPreset);

  return (parameters) => {
    const { values, invalid, given: names } = readParameters(parameters, schema, aliases);
    const given = new Set(names);
    invalid.push(...applyPreset(values, names));
    if (invalid.includes(ESCAPED)) return { values, given, errors: [ESCAPED] };
    invalid.push(...invalidParameters(schemaErrors(values), schema, names));
    invalid.push(...unmetDependencies(names, values, schema));
    invalid.push(...parseValues(values, parserEntries, invalid));
    const errors = invalid
      .filter((error, i) => invalid.findIndex((other) => other.parameter === error.parameter) === i)
      .sort((a, b) => schemaOrder(a) - schemaOrder(b));
    return { values, given, errors };
  };
}

const checkDirectly =
  (validate: Validate): SchemaErrors =>
  (values) => {
    if (validate(values)) return [];
    // Without errors an invalid query would pass.
    if (!validate.errors?.length) throw new TypeError('validate must set errors when it returns false');
    return validate.errors;
  };

/** Describes an error for the log: without an unknown name, which may be a key in the wrong place. */
const loggedDetail = ({ detail }: InvalidParameter) =>
  / is not a parameter \(/.test(detail) ? 'an unknown parameter' : detail;

/** The one error of an invalid query, with a sentence per parameter. Its cause is made when it is read: the log shows it at level `debug` only. */
export function queryInvalid(errors: readonly InvalidParameter[]): ImageError {
  const error = new ImageError('QUERY_INVALID', `${errors.map(({ detail }) => detail).join('; ')}.`, { errors });
  return Object.defineProperty(error, 'cause', { get: () => new Error(errors.map(loggedDetail).join('; ')) });
}

/** Checks what can be checked at a cold start, beyond each option by itself. */
function checkRules(schema: QuerySchema, validate: Validate, parsed: readonly string[]): void {
  if (typeof schema.properties !== 'object') throw new TypeError('queryValidator: schema needs properties');
  checkTypes(schema);
  for (const name of parsed) {
    if (!Object.hasOwn(schema.properties, name))
      throw new TypeError(`queryValidator: ${name} in parsers is not in the schema`);
    if (schema.properties[name]?.items) throw new TypeError(`queryValidator: ${name} in parsers is a list`);
  }
  // An $async validator returns a promise, which is truthy: every query would pass.
  if ('$async' in validate)
    throw new TypeError('queryValidator: validate must be compiled from a schema without $async');
  const empty: Record<string, unknown> = {};
  validate(empty);
  for (const [name, property] of Object.entries(schema.properties))
    if (property.default !== undefined && empty[name] === undefined)
      throw new TypeError(`queryValidator: validate must write the default of ${name}: compile with useDefaults`);
}

/** Replaces values by what their parsers return. A value that is invalid already is left as it is. */
function parseValues(
  values: Record<string, unknown>,
  parsers: readonly (readonly [string, Parser])[],
  invalid: readonly InvalidParameter[],
): InvalidParameter[] {
  return parsers.flatMap(([name, parse]) => {
    if (typeof values[name] !== 'string' || invalid.some(({ parameter }) => parameter === name)) return [];
    try {
      values[name] = parse(values[name]);
      return [];
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      return [{ parameter: name, detail: error.message }];
    }
  });
}
