/** The pure half of the query validator: text parameters → typed values, as a JSON Schema describes them. */
import type { Fault } from '../errors.ts';
import type { Parameter } from '../event.ts';

/**
 * The part of a property's schema that is read. `aliases` are other names, `values` other spellings of an enum's, `bare`
 * the value of a name without one; `needs` names what a parameter is pointless without: `ro`, `filt=duotone`, `mask or r`.
 */
export interface PropertySchema {
  readonly type: string | readonly string[];
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly format?: string;
  readonly aliases?: readonly string[];
  readonly values?: Readonly<Record<string, string>>;
  readonly bare?: number;
  readonly needs?: string;
  readonly unit?: string;
}

export interface QuerySchema {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, PropertySchema>>;
}

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

const isA = ({ type }: PropertySchema, name: string) => type === name || (Array.isArray(type) && type.includes(name));

function rangeOf({ minimum, maximum }: PropertySchema): string {
  if (minimum === undefined) return maximum === undefined ? '' : ` of at most ${maximum}`;
  return maximum === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${maximum}`;
}

/** What a value of this parameter must be, in words. */
export function expectation(property: PropertySchema): string {
  const { enum: values, unit, pattern, maxLength } = property;
  if (values) return `one of ${values.join(', ')}`;
  const range = rangeOf(property);
  if (isA(property, 'integer') && isA(property, 'string')) {
    const word = /^\^(\w+)\$$/.exec(`${pattern}`)?.[1] ?? 'a text that is not empty';
    return `a whole number${range}, or ${unit?.includes('%') ? 'a percentage from 1% to 100%' : word}`;
  }
  if (isA(property, 'integer')) return `a whole number${range}, in decimal digits`;
  if (isA(property, 'number')) return `a decimal number${range}`;
  if (isA(property, 'boolean')) return '1 or 0 (or true, false, or bare)';
  if (property.format === 'colour')
    return 'a colour: a CSS name, or RGB, ARGB, RRGGBB or AARRGGBB in hexadecimal digits';
  if (pattern) return `a text of the form ${pattern}`;
  return maxLength === undefined ? 'a text that is not empty' : `a text of 1 to ${maxLength} characters`;
}

export function parameterFault(parameter: string, schema: QuerySchema): Fault {
  const property = schema.properties[parameter];
  return { parameter, detail: `${parameter} must be ${property ? expectation(property) : 'valid'}` };
}

/** SOURCE_MAX_BYTES → sourceMaxBytes: the name of a setting in the code. */
export const camelCase = (name: string) =>
  name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

const BOOLEANS: Readonly<Record<string, boolean>> = { '': true, 1: true, true: true, 0: false, false: false };

/** The typed value of a parameter, or undefined where the text is not of its type. Bounds are left to the validator. */
export function readValue(text: string, property: PropertySchema): unknown {
  const { values, enum: members, bare } = property;
  if (!text && bare !== undefined) return bare;
  if (isA(property, 'integer') && /^-?\d+$/.test(text)) return Number(text);
  if (isA(property, 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (isA(property, 'boolean')) return Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined;
  if (!text || !isA(property, 'string')) return undefined;
  return members && values && Object.hasOwn(values, text) ? values[text] : text;
}

/** Parameters that stand alone where they mean nothing: each would be another cache entry of the same picture. */
export function pointless(
  given: ReadonlySet<string>,
  values: Readonly<Record<string, unknown>>,
  schema: QuerySchema,
): Fault[] {
  return [...given].flatMap((name) => {
    const needs = schema.properties[name]?.needs;
    // What is switched off asks for nothing.
    if (needs === undefined || values[name] === false) return [];
    const met = needs.split(' or ').some((need) => {
      const [other, value] = need.split('=') as [string, string?];
      return value === undefined ? Boolean(values[other]) : String(values[other]) === value;
    });
    return met ? [] : [{ parameter: name, detail: `${name} needs ${needs}` }];
  });
}

function unknown(name: string): Fault {
  const parameter = name.slice(0, 40).replace(/[^\w.;[\]-]/g, '?');
  return {
    parameter,
    detail: `${parameter || 'An empty name'} is not a parameter (an & inside a value is written %26)`,
  };
}

/** The one fault of an address that was HTML-escaped where it should not be: every name but the first begins with `amp;`. */
export const ESCAPED: Fault = { parameter: 'amp;', detail: 'The address holds &amp; where an & is meant: write &' };

/** Every spelling of a parameter's name → the one name. Made once for a schema, not for a request. */
export function spellings({ properties }: QuerySchema): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, { aliases = [] }] of Object.entries(properties))
    for (const spelling of [name, ...aliases]) names.set(spelling, name);
  return names;
}

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
): { values: Record<string, unknown>; faults: Fault[]; given: Set<string> } {
  const values: Record<string, unknown> = {};
  const faults: Fault[] = [];
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
