/**
 * Takes the schemas of zod, valibot, arktype and others by their common interface (Standard Schema and Standard JSON Schema): as
 * a JSON Schema, by which a query is read and errors are described, and a function that validates. Pure.
 *
 * @see https://standardschema.dev
 */
import type { PropertySchema, QuerySchema } from '../schema.ts';
import type { SchemaError, StandardIssue, StandardSchema, Validate } from './types.ts';

export const isStandardSchema = (schema: object): schema is StandardSchema => '~standard' in schema;

/** A property of a JSON Schema as these libraries write it. */
type JsonProperty = PropertySchema & { readonly const?: string | number };

/** Returns a property in the words of `PropertySchema`. */
function toProperty(property: JsonProperty): PropertySchema {
  const { const: only, enum: members = only === undefined ? undefined : [only], default: _, items, ...rest } = property;
  const { pattern, minimum, maximum, ...others } = rest;
  const inferred = members?.every((member) => typeof member === 'string') ? 'string' : 'number';
  return {
    ...others,
    // Some write no type beside the members.
    type: property.type ?? (members ? inferred : 'none'),
    ...(members && { enum: members }),
    ...(items && { items: toProperty(items) }),
    // Beside a format such as an e-mail address, the message of the library says more than its pattern.
    pattern: others.format ? undefined : pattern,
    // Those of a double say nothing.
    minimum: minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum,
    maximum: maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum,
  } as PropertySchema;
}

/** Returns the JSON Schema of a query. @throws TypeError if there is none, and what the library throws for what JSON Schema cannot say */
function toQuerySchema({ '~standard': { vendor, jsonSchema } }: StandardSchema): QuerySchema {
  if (!jsonSchema)
    throw new TypeError(`queryValidator: schema has no ~standard.jsonSchema, see the documentation of ${vendor}`);
  const { required, properties } = jsonSchema.input({ target: 'draft-2020-12' }) as unknown as QuerySchema;
  if (!properties) throw new TypeError('queryValidator: schema needs properties');
  const entries = Object.entries(properties).map(([name, property]) => [name, toProperty(property)]);
  return { ...(required && { required }), properties: Object.fromEntries(entries) };
}

/** Whether a value is one that `expectation` describes: then the error is another, which only the library can describe. */
function isExpected(value: unknown, property: PropertySchema): boolean {
  const { enum: members, minimum = -Infinity, maximum = Infinity, maxLength = Infinity, pattern = '' } = property;
  const { items, minItems = 0, maxItems = Infinity } = property;
  if (Array.isArray(value))
    return (
      value.length >= minItems && value.length <= maxItems && value.every((item) => !items || isExpected(item, items))
    );
  if (members) return members.includes(value as string);
  if (typeof value === 'number') return value >= minimum && value <= maximum;
  return typeof value !== 'string' || (value.length <= maxLength && new RegExp(pattern, 'u').test(value));
}

/** Returns an issue as Ajv would report it. */
function toSchemaError(
  { path: [first] = [], message }: StandardIssue,
  values: Record<string, unknown>,
  { properties }: QuerySchema,
): SchemaError {
  const name = String(typeof first === 'object' ? first.key : (first ?? ''));
  const property = properties[name];
  const error = { keyword: 'standard', schemaPath: '#', params: {} };
  if (!property) return { ...error, instancePath: '', detail: message };
  const value = values[name];
  if (value === undefined) return { ...error, instancePath: '', params: { missingProperty: name } };
  const detail = message.startsWith(name) ? message : `${name}: ${message}`;
  return { ...error, instancePath: `/${name}`, ...(isExpected(value, property) && { detail }) };
}

/**
 * Returns what `compileQuery` needs of a Standard Schema.
 *
 * @throws TypeError if the schema has no JSON Schema; from `validate`, if it is asynchronous
 */
export function standardRules(standard: StandardSchema): { schema: QuerySchema; validate: Validate } {
  const schema = toQuerySchema(standard);
  const validate: Validate = (data) => {
    const values = data as Record<string, unknown>;
    const result = standard['~standard'].validate(values);
    if ('then' in result) throw new TypeError('queryValidator: schema must validate synchronously');
    validate.errors = result.issues?.map((issue) => toSchemaError(issue, values, schema));
    if (!result.issues) Object.assign(values, result.value);
    return !result.issues;
  };
  return { schema, validate };
}
