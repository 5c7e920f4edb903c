/** Fills the table of parameters into the CloudFront Function. */
import { readFileSync } from 'node:fs';
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { COMMON_HEADERS } from '../http/headers.ts';
import { aliasMap, type PropertySchema } from '../schema.ts';

const properties = Object.entries(querySchema.properties) as [string, PropertySchema][];

const has = ({ type }: PropertySchema, name: string) => [type].flat().includes(name);
const names = (test: (property: PropertySchema) => boolean) =>
  Object.fromEntries(properties.flatMap(([name, property]) => (test(property) ? [[name, 1]] : [])));
const each = (value: (property: PropertySchema) => unknown) =>
  Object.fromEntries(
    properties.flatMap(([name, property]) => (value(property) === undefined ? [] : [[name, value(property)]])),
  );

/** Booleans that are off and values that mean nothing else than their absence are left out. */
const defaultOf = (property: PropertySchema) =>
  has(property, 'boolean') || property.default === undefined ? undefined : String(property.default);

const table = () => ({
  names: Object.fromEntries(aliasMap(querySchema)),
  booleans: names((property) => has(property, 'boolean')),
  numbers: names((property) => has(property, 'integer') || has(property, 'number')),
  emptyValues: each(({ emptyValue }) => (emptyValue === undefined ? undefined : String(emptyValue))),
  enumAliases: each(({ enumAliases }) => enumAliases),
  defaults: each(defaultOf),
});

const headers = Object.fromEntries(
  Object.entries(COMMON_HEADERS).map(([name, value]) => [name.toLowerCase(), { value }]),
);

const source = readFileSync(new URL('./cloudfront-function.js', import.meta.url), 'utf8');

/** The code of the function, as the template holds it. */
export const edgeFunction = (): string =>
  source
    .replace(/^\/\*\*[\s\S]*?\*\/\n/, '')
    .replace("'TABLE'", () => JSON.stringify(table()))
    .replace("'HEADERS'", () => JSON.stringify(headers));
