import type { MiddlewareObj, Request } from '@middy/core';
import validator from '@middy/validator';
import { type Fault, ImageError } from '../errors.ts';
import { getMethod, getQuery, type HttpEvent } from '../event.ts';
import {
  ESCAPED,
  type Presets,
  parameterFault,
  pointless,
  presetReader,
  type QuerySchema,
  readParameters,
  spellings,
} from './query-schema.ts';

/** The part of an Ajv error that is read. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A compiled JSON Schema, as Ajv makes it. It may write defaults into the data. */
export type Validate = ((data: unknown) => unknown) & { errors?: readonly SchemaError[] | null | undefined };

/** Turns one parameter's value into its final form; what it throws is that parameter's fault, the message for the caller. */
export type Parser = (value: string) => unknown;

/** What the validator objected to, one sentence a parameter. */
function schemaFaults(errors: readonly SchemaError[], schema: QuerySchema): Fault[] {
  const inAnyOf = errors.filter((e) => e.schemaPath.includes('/anyOf'));
  // The first two alternatives are what most requests forgot; the others would only confuse.
  const alternatives = inAnyOf.filter((e) => /\/anyOf\/[01]\/required$/.test(e.schemaPath));
  const faults: Fault[] = [];
  for (const error of errors) {
    if (inAnyOf.includes(error)) continue;
    const parameter = String(error.params.missingProperty ?? error.instancePath.slice(1));
    if (error.keyword === 'required') faults.push({ parameter, detail: `${parameter} is required` });
    else faults.push(parameterFault(parameter, schema));
  }
  if (alternatives.length) {
    const [parameter, ...others] = alternatives.map((e) => String(e.params.missingProperty));
    faults.push({ parameter: `${parameter}`, detail: `${parameter} is required (or ${others.join(', ')})` });
  }
  return faults;
}

/**
 * Reads the query of any front door, checks it with a compiled JSON Schema by way of `@middy/validator`, and puts the
 * typed result in the place of `event.queryStringParameters`. Numbers are decimal digits only, whatever Ajv would
 * coerce; aliases become the one name; a repeated or unknown parameter is a fault, since it would be a new cache entry.
 * All faults of a request are told in one answer, in the schema's order. A preflight (OPTIONS) passes unread.
 *
 * @param options.schema the JSON Schema of the query: `properties` with `type`, bounds, `aliases`, `values`
 * @param options.validate the same schema, compiled (never per request)
 * @param options.presets sets of parameters that `p` names; what is given beside it wins
 * @param options.parsers for values that a schema cannot describe, by parameter
 * @throws TypeError in the factory, when an option is missing or a parser is for no parameter
 * @throws ImageError QUERY_INVALID with `errors`, one for each faulty parameter
 * @example middy().use(queryValidator({ schema, validate })).handler((event) => event.queryStringParameters.w)
 */
export function queryValidator(options: {
  schema: QuerySchema;
  validate: Validate;
  parsers?: Readonly<Record<string, Parser>>;
  presets?: Presets;
}): MiddlewareObj<HttpEvent> {
  const { schema, validate, parsers = {}, presets } = options;
  if (typeof schema?.properties !== 'object') throw new TypeError('queryValidator: schema needs properties');
  if (typeof validate !== 'function') throw new TypeError('queryValidator: validate must be a compiled schema');
  for (const name of Object.keys(parsers))
    if (!schema.properties[name]) throw new TypeError(`queryValidator: parsers.${name} is not in the schema`);
  // A preset is a part of a query: what it lacks is no fault.
  const checkPreset = (values: Record<string, unknown>) => {
    const errors = validate(values) ? [] : (validate.errors ?? []);
    const faults = schemaFaults(
      errors.filter(({ keyword }) => keyword !== 'required'),
      schema,
    );
    return [...faults, ...parseValues(values, faults)];
  };
  const usePreset = presetReader(presets, schema, checkPreset);
  const names = spellings(schema);
  const order = Object.keys(schema.properties);
  const place = ({ parameter }: Fault) => order.indexOf(parameter) + 1 || order.length + 1;

  /** Puts what parsers make of the values in their place. Of a value that is faulty already nothing more is said. */
  function parseValues(values: Record<string, unknown>, known: readonly Fault[]): Fault[] {
    return Object.entries(parsers).flatMap(([name, parse]) => {
      if (typeof values[name] !== 'string' || known.some((fault) => fault.parameter === name)) return [];
      try {
        values[name] = parse(values[name]);
        return [];
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        return [{ parameter: name, detail: error.message }];
      }
    });
  }

  const ofQuery: Validate = (event) => {
    const valid = validate((event as HttpEvent).queryStringParameters);
    ofQuery.errors = validate.errors;
    return valid;
  };
  // Its type asks for an Ajv instance; its code, and its documentation, for a function.
  const { before } = validator({ eventSchema: ofQuery as never });

  const queryValidatorBefore = (request: Request<HttpEvent>) => {
    if (getMethod(request.event) === 'OPTIONS') return;
    const { values, faults, given } = readParameters(getQuery(request.event), schema, names);
    faults.push(...usePreset(values, given));
    Object.assign(request.event, { queryStringParameters: values });
    if (faults.includes(ESCAPED)) throw new ImageError('QUERY_INVALID', `${ESCAPED.detail}.`, { errors: [ESCAPED] });
    try {
      before?.(request as never);
    } catch (error) {
      const found = (error as { cause?: { data?: readonly SchemaError[] } }).cause?.data;
      if (!found) throw error;
      // A faulty h must not make w look forgotten.
      faults.push(
        ...schemaFaults(found, schema).filter(({ detail }) => !(given.has('h') && detail.startsWith('w is required'))),
      );
    }
    faults.push(...pointless(given, values, schema));
    faults.push(...parseValues(values, faults));
    const errors = faults
      .filter((fault, i) => faults.findIndex((other) => other.parameter === fault.parameter) === i)
      .sort((a, b) => place(a) - place(b));
    if (errors.length) throw new ImageError('QUERY_INVALID', `${errors.map((e) => e.detail).join('; ')}.`, { errors });
  };

  return { before: queryValidatorBefore };
}
