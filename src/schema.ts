/** Reads one property of a JSON Schema: the typed value of a text, and what a value must be, in words. Pure. */
import type { InvalidParameter } from './errors.ts';

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
  readonly enumAliases?: Readonly<Record<string, string>>;
  readonly emptyValue?: number;
  readonly dependsOn?: string;
  readonly unit?: string;
}

export interface QuerySchema {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, PropertySchema>>;
}

/** A property with its documentation, as generators and forms read it. */
export interface DocumentedProperty extends PropertySchema {
  readonly deprecatedName?: string;
  readonly title?: string;
  readonly description: string;
  readonly group?: string;
  readonly items?: PropertySchema;
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

/** SOURCE_MAX_BYTES → sourceMaxBytes: the name of a setting in the code. */
export const camelCase = (name: string) =>
  name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** maxWidth → max-width: the name of a command-line option, a file or a table. */
export const kebabCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const BOOLEANS: Readonly<Record<string, boolean>> = { '': true, 1: true, true: true, 0: false, false: false };

/** The typed value of a parameter, or undefined where the text is not of its type. Bounds are left to the validator. */
export function readValue(text: string, property: PropertySchema): unknown {
  const { enumAliases: values, enum: members, emptyValue: bare } = property;
  if (!text && bare !== undefined) return bare;
  if (isA(property, 'integer') && /^-?\d+$/.test(text)) return Number(text);
  if (isA(property, 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (isA(property, 'boolean')) return Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined;
  if (!text || !isA(property, 'string')) return undefined;
  return members && values && Object.hasOwn(values, text) ? values[text] : text;
}

export function parameterFault(parameter: string, schema: QuerySchema): InvalidParameter {
  const property = schema.properties[parameter];
  return { parameter, detail: `${parameter} must be ${property ? expectation(property) : 'valid'}` };
}

/** Every spelling of a parameter's name → the one name. Made once for a schema, not for a request. */
export function aliasMap({ properties }: QuerySchema): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, { aliases = [] }] of Object.entries(properties))
    for (const spelling of [name, ...aliases]) names.set(spelling, name);
  return names;
}

/** Counts the letters to insert, delete or replace to make one name of the other (Levenshtein distance). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (next[j - 1] ?? 0) + 1,
        (row[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Returns the name that a misspelt one probably means: at most two letters differ. */
export const closestName = (name: string, names: readonly string[]): string | undefined =>
  names.find((other) => Math.abs(other.length - name.length) <= 2 && editDistance(name, other) <= 2);
