/** Generates the code of the CloudFront Function: inserts the table of parameters and the common headers. */
import { readFileSync } from 'node:fs';
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { COMMON_HEADERS } from '../http/headers.ts';
import { aliasMap, type PropertySchema } from '../schema.ts';

const properties = Object.entries(querySchema.properties) as [string, PropertySchema][];

const hasType = ({ type }: PropertySchema, name: string) => [type].flat().includes(name);

/** Returns the type of a parameter as the function knows it: 1 for a string, 2 for a number, 3 for a boolean. */
function typeOf(property: PropertySchema): number {
  if (hasType(property, 'boolean')) return 3;
  return hasType(property, 'integer') || hasType(property, 'number') ? 2 : 1;
}
/** Returns a value for each parameter, without those whose value is undefined. */
const valuesOf = (value: (property: PropertySchema) => unknown) =>
  Object.fromEntries(
    properties.flatMap(([name, property]) => (value(property) === undefined ? [] : [[name, value(property)]])),
  );

/** Returns the default of a parameter. Booleans need none: the function removes those that are 0. */
const defaultOf = (property: PropertySchema) =>
  hasType(property, 'boolean') || property.default === undefined ? undefined : String(property.default);

const table = () => ({
  names: {
    ...Object.fromEntries(aliasMap(querySchema)),
    ...Object.fromEntries(properties.map(([name, property]) => [name, typeOf(property)])),
  },
  emptyValues: valuesOf(({ emptyValue }) => (emptyValue === undefined ? undefined : String(emptyValue))),
  enumAliases: valuesOf(({ enumAliases }) => enumAliases),
  defaults: valuesOf(defaultOf),
});

const headers = Object.fromEntries(Object.entries(COMMON_HEADERS).map(([name, value]) => [name.toLowerCase(), value]));

const source = readFileSync(new URL('./cloudfront-function.js', import.meta.url), 'utf8');

/** Writes an object with names without quotes, which count as much as code. */
const literal = (object: object): string => JSON.stringify(object).replace(/"(\w+)":/g, '$1:');

/** Returns the code of the function, without comments and indentation: the template has no more than it needs of the 10 kB. */
export const edgeFunction = (): string =>
  source
    .replace(/^\/\*\*[\s\S]*?\*\/\n/, '')
    .replace(/^ *\/\/.*\n/gm, '')
    .replace(/^ +/gm, '')
    .replace("'TABLE'", () => literal(table()))
    .replace("'HEADERS'", () => literal(headers));
