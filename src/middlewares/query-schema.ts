/** Reads decoded parameters as typed values, as a JSON Schema describes them. Pure. */
import type { InvalidParameter } from '../errors.ts';
import type { Parameter } from '../http/event.ts';
import {
  closestName,
  invalidValue,
  isDependencyMet,
  type PropertySchema,
  type QuerySchema,
  readValue,
} from '../schema.ts';

/** The types that a parameter of a query can have. */
const TYPES = ['string', 'integer', 'number', 'boolean'];

/** @throws TypeError if a property has a type that no query can hold, such as object, or a list of lists */
export function checkTypes({ properties }: QuerySchema): void {
  const isReadable = ({ type }: PropertySchema) => [type].flat().every((one) => TYPES.includes(one));
  for (const [name, property] of Object.entries(properties)) {
    const { type, items } = property;
    if (type === 'array' ? !items || !isReadable(items) : items || !isReadable(property))
      throw new TypeError(
        `queryValidator: the type of ${name} in schema must be one of ${TYPES.join(', ')}, or array with items of these`,
      );
  }
}

/** Finds parameters that have no effect without another one (`dependsOn`): each would be another cache entry of the same image. */
export function unmetDependencies(
  given: ReadonlySet<string>,
  values: Readonly<Record<string, unknown>>,
  schema: QuerySchema,
): InvalidParameter[] {
  return [...given].flatMap((name) => {
    const dependsOn = schema.properties[name]?.dependsOn;
    // A switch that is off (`flag=0`) has no dependency.
    if (dependsOn === undefined || values[name] === false) return [];
    return isDependencyMet(dependsOn, values) ? [] : [{ parameter: name, detail: `${name} needs ${dependsOn}` }];
  });
}

/** Unknown parameters of a query for which the nearest name is looked for. */
const MAX_SUGGESTIONS = 10;

/** Returns a name of the client for a message: short, and without characters that could be read as markup where it is shown. */
export const printableName = (name: string): string => name.slice(0, 40).replace(/[^\w.;[\]-]/g, '?');

/** Returns the error of a value that cannot be decoded. */
export const notEncoded = (parameter: string): InvalidParameter => ({
  parameter,
  detail: `${parameter} is not percent-encoded UTF-8 (write a % as %25)`,
});

/** @param names that are known: parameters and aliases, in lower case */
function unknownParameter(name: string, names: readonly string[]): InvalidParameter {
  const parameter = printableName(name);
  const closest = closestName(parameter.toLowerCase(), names);
  const hint = closest === undefined ? ' (an & inside a value is written %26)' : `: the nearest name is ${closest}`;
  return { parameter, detail: `${parameter || 'An empty name'} is not a parameter${hint}` };
}

/** The one error of a query that was HTML-escaped by mistake: every name but the first begins with `amp;`. */
export const ESCAPED: InvalidParameter = {
  parameter: 'amp;',
  detail: 'The URL contains &amp; instead of &: it was HTML-escaped',
};

/**
 * Returns the parameters by their canonical names, typed, with the errors found on the way.
 *
 * @param aliases from `aliasMap`, of the same schema
 * @returns `values` without those that are invalid; `given` with all names, invalid ones too
 */
export function readParameters(
  parameters: readonly Parameter[],
  schema: QuerySchema,
  aliases: ReadonlyMap<string, string>,
): { values: Record<string, unknown>; invalid: InvalidParameter[]; given: Set<string> } {
  const values: Record<string, unknown> = {};
  const invalid: InvalidParameter[] = [];
  const given = new Set<string>();
  if (parameters.some(({ name }) => name.startsWith('amp;'))) return { values, invalid: [ESCAPED], given };
  for (const { name: alias, value: text } of parameters) {
    const name = aliases.get(alias) ?? alias;
    const property = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (!property) {
      invalid.push(unknownParameter(alias, invalid.length < MAX_SUGGESTIONS ? [...aliases.keys()] : []));
      continue;
    }
    if (given.has(name) && !property.items)
      invalid.push({ parameter: name, detail: `${name} is given more than once` });
    else if (text === null) invalid.push(notEncoded(name));
    else if (property.items) {
      const value = readValue(text, property.items);
      if (value === undefined) invalid.push(invalidValue(name, schema));
      const list = (values[name] ?? []) as unknown[];
      list.push(value);
      values[name] = list;
    } else {
      values[name] = readValue(text, property);
      if (values[name] === undefined) invalid.push(invalidValue(name, schema));
    }
    given.add(name);
  }
  return { values, invalid, given };
}
