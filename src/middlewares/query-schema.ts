/** The pure half of the query validator: text parameters → typed values, as a JSON Schema describes them. */
import type { InvalidParameter } from '../errors.ts';
import type { Parameter } from '../http/event.ts';
import { parameterFault, type QuerySchema, readValue } from '../schema.ts';

/** The types that a text of a query can become. */
const TYPES = ['string', 'integer', 'number', 'boolean'];

/** @throws TypeError where a parameter could never be read, as one of type array */
export function checkTypes({ properties }: QuerySchema): void {
  for (const [name, { type }] of Object.entries(properties)) {
    const types = [type].flat();
    if (!types.every((one) => TYPES.includes(one)))
      throw new TypeError(`queryValidator: the type of ${name} in schema must be of ${TYPES.join(', ')}`);
  }
}

/** Parameters that stand alone where they mean nothing: each would be another cache entry of the same picture. */
export function unmetDependencies(
  given: ReadonlySet<string>,
  values: Readonly<Record<string, unknown>>,
  schema: QuerySchema,
): InvalidParameter[] {
  return [...given].flatMap((name) => {
    const needs = schema.properties[name]?.dependsOn;
    // What is switched off asks for nothing.
    if (needs === undefined || values[name] === false) return [];
    const met = needs.split(' or ').some((need) => {
      const [other, value] = need.split('=') as [string, string?];
      return value === undefined ? Boolean(values[other]) : String(values[other]) === value;
    });
    return met ? [] : [{ parameter: name, detail: `${name} needs ${needs}` }];
  });
}

function unknown(name: string): InvalidParameter {
  const parameter = name.slice(0, 40).replace(/[^\w.;[\]-]/g, '?');
  return {
    parameter,
    detail: `${parameter || 'An empty name'} is not a parameter (an & inside a value is written %26)`,
  };
}

/** The one fault of an address that was HTML-escaped where it should not be: every name but the first begins with `amp;`. */
export const ESCAPED: InvalidParameter = {
  parameter: 'amp;',
  detail: 'The address holds &amp; where an & is meant: write &',
};

/**
 * The parameters of a request under their one name, typed, and the faults found on the way. Of a faulty parameter the
 * value stays undefined; its name is among `given`.
 *
 * @param names from `spellings`, of the same schema
 */
export function readParameters(
  query: readonly Parameter[],
  schema: QuerySchema,
  names: ReadonlyMap<string, string>,
): { values: Record<string, unknown>; faults: InvalidParameter[]; given: Set<string> } {
  const values: Record<string, unknown> = {};
  const faults: InvalidParameter[] = [];
  const seen = new Set<string>();
  if (query.some(({ name }) => name.startsWith('amp;'))) return { values, faults: [ESCAPED], given: seen };
  for (const { name: spelling, value: text } of query) {
    const name = names.get(spelling) ?? spelling;
    const property = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (!property) {
      faults.push(unknown(spelling));
      continue;
    }
    if (seen.has(name)) faults.push({ parameter: name, detail: `${name} is given more than once` });
    else if (text === null)
      faults.push({ parameter: name, detail: `${name} is not percent-encoded UTF-8 (write a % as %25)` });
    else {
      values[name] = readValue(text, property);
      if (values[name] === undefined) faults.push(parameterFault(name, schema));
    }
    seen.add(name);
  }
  return { values, faults, given: seen };
}
