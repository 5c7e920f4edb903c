/** Reads a property of a JSON Schema: converts a string to its type, and describes the values it allows. Pure. */
import type { InvalidParameter } from './errors.ts';

/**
 * The keywords of a property that are read. `items` makes it a list: a parameter that may be repeated. Beside those of JSON Schema:
 * `aliases` are other names of the parameter, `enumAliases` other spellings of its values, `emptyValue` is its value without a value
 * (`name` or `name=`), `patternDescription` says in words what `pattern` matches, for errors, and `dependsOn` names what it has no effect
 * without: `ro`, `filt=duotone`, `mask or r`. `keywords` are allowed beside colours, and `missingHint` ends the error of a required
 * parameter that is missing.
 */
export interface PropertySchema {
  readonly title?: string;
  readonly type: string | readonly string[];
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly patternDescription?: string;
  readonly default?: unknown;
  readonly format?: string;
  readonly keywords?: readonly string[];
  readonly missingHint?: string;
  readonly aliases?: readonly string[];
  readonly enumAliases?: Readonly<Record<string, string>>;
  readonly emptyValue?: number;
  readonly dependsOn?: string;
  readonly unit?: string;
  readonly items?: PropertySchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
}

/** The JSON Schema of a query. */
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
  /** A query that shows its effect; its source is the sample `landscape.jpg` unless it has `u`. */
  readonly example?: string;
  /** Words by which a search finds it, beside those of its title and description. */
  readonly synonyms?: readonly string[];
}

/**
 * Returns whether a parameter has an effect beside the others.
 *
 * @param dependsOn names what it needs: `ro`, `filt=duotone`, `mask or r`
 * @param values typed, with their defaults
 */
export const isDependencyMet = (dependsOn: string, values: Readonly<Record<string, unknown>>): boolean =>
  dependsOn.split(' or ').some((alternative) => {
    const [name, value] = alternative.split('=') as [string, string?];
    return value === undefined ? Boolean(values[name]) : String(values[name]) === value;
  });

const isA = ({ type }: PropertySchema, name: string) => type === name || (Array.isArray(type) && type.includes(name));

function rangeOf({ minimum, maximum }: PropertySchema): string {
  if (minimum === undefined) return maximum === undefined ? '' : ` of at most ${maximum}`;
  return maximum === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${maximum}`;
}

const NON_EMPTY = 'a non-empty string';
const COLOURS = 'a CSS name, or RGB, ARGB, RRGGBB or AARRGGBB in hexadecimal digits';

/** Describes a list: `a list of at most 3 values, each a whole number from 1 to 9`. */
function listExpectation(items: PropertySchema, { minItems, maxItems, uniqueItems }: PropertySchema): string {
  const most = maxItems === undefined ? '' : `at most ${maxItems} `;
  const least = maxItems === undefined ? `at least ${minItems} ` : `${minItems} to ${maxItems} `;
  const count = minItems === undefined ? most : least;
  return `a list of ${count}values${uniqueItems ? ', all different' : ''}, each ${expectation(items)}`;
}

/** Describes the values that a property allows: `a whole number from 1 to 8192`. */
export function expectation(property: PropertySchema): string {
  const { enum: values, unit, pattern, patternDescription, maxLength, items } = property;
  if (items) return listExpectation(items, property);
  if (values) return `one of ${values.join(', ')}`;
  const range = rangeOf(property);
  if (isA(property, 'integer') && isA(property, 'string')) {
    if (patternDescription) return patternDescription;
    const word = /^\^(\w+)\$$/.exec(`${pattern}`)?.[1] ?? NON_EMPTY;
    if (!unit?.includes('%')) return `a whole number${range}, or ${word}`;
    const words = [...`${pattern}`.matchAll(/\|\^([a-z]+)\$/g)].map(([, place]) => `, or ${place}`);
    return `a whole number${range}, or a percentage from 1% to 100%${words.join('')}`;
  }
  if (isA(property, 'integer')) return `a whole number${range}, in decimal digits`;
  if (isA(property, 'number')) return `a decimal number${range}`;
  if (isA(property, 'object')) return 'an object';
  if (isA(property, 'boolean')) return '1 or 0 (also true, false, or without a value)';
  if (property.format === 'colour') return [...(property.keywords ?? []), `a colour: ${COLOURS}`].join(' or ');
  if (patternDescription) return patternDescription;
  // Any text up to a length: for `maxLength` Ajv needs code at run time.
  const length = pattern ? /^\^\[\\s\\S\]\{1,(\d+)\}\$$/.exec(pattern)?.[1] : maxLength;
  if (pattern && length === undefined) return `a string that matches ${pattern}`;
  return length === undefined ? NON_EMPTY : `a string of 1 to ${length} characters`;
}

/** Converts the name of a setting: SOURCE_MAX_BYTES → sourceMaxBytes. */
export const camelCase = (name: string) =>
  name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** maxWidth → max-width: the name of a command-line option, a file or a table. */
export const kebabCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const BOOLEANS: Readonly<Record<string, boolean>> = { '': true, 1: true, true: true, 0: false, false: false };

/**
 * Converts the string of a parameter to its type: number, boolean, or the value that an alias stands for. Bounds and patterns
 * are checked by the validator.
 *
 * @returns undefined when the string is not of the type
 */
export function readValue(text: string, property: PropertySchema): unknown {
  const { enumAliases, enum: values, emptyValue } = property;
  if (!text && emptyValue !== undefined) return emptyValue;
  if (isA(property, 'integer') && /^-?\d+$/.test(text)) return Number(text);
  if (isA(property, 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (isA(property, 'boolean')) return Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined;
  if (!text || !isA(property, 'string')) return undefined;
  return values && enumAliases && Object.hasOwn(enumAliases, text) ? enumAliases[text] : text;
}

/** Returns the error of a required parameter that is missing or empty: `u is required: the image URL`, by the title. */
export function missingParameter(parameter: string, schema: QuerySchema): InvalidParameter {
  const { title } = schema.properties[parameter] ?? {};
  const noun = title && `: the ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
  return { parameter, detail: `${parameter} is required${noun ?? ''}` };
}

/** Returns the error of a parameter whose value is invalid. */
export function invalidValue(parameter: string, schema: QuerySchema): InvalidParameter {
  const property = schema.properties[parameter];
  const expected = property ? expectation(property) : 'valid';
  // Any string is valid but the empty one.
  if (expected === NON_EMPTY && schema.required?.includes(parameter)) return missingParameter(parameter, schema);
  return { parameter, detail: `${parameter} must be ${expected}` };
}

/** Maps every name and alias to the name of its parameter. Build it once for a schema, not for each request. */
export function aliasMap({ properties }: QuerySchema): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, { aliases = [] }] of Object.entries(properties))
    for (const alias of [name, ...aliases]) names.set(alias, name);
  return names;
}

/**
 * Whether one name becomes the other by inserting, deleting or replacing a letter, or swapping two neighbours, at most so many
 * times (optimal string alignment, a Damerau-Levenshtein distance). Costs at most 4 ** edits passes over the shorter name.
 */
function isNear(a: string, b: string, edits: number): boolean {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const [x, y] = [a.slice(same), b.slice(same)];
  if (!x || !y) return x.length + y.length <= edits;
  if (edits === 0 || Math.abs(x.length - y.length) > edits) return false;
  const [x1, y1] = [x.slice(1), y.slice(1)];
  if (isNear(x1, y1, edits - 1) || isNear(x1, y, edits - 1) || isNear(x, y1, edits - 1)) return true;
  return x[0] === y[1] && x[1] === y[0] && isNear(x.slice(2), y.slice(2), edits - 1);
}

/** Returns the name that a misspelt one probably means: one letter in three may be wrong, at most two. */
export function closestName(name: string, names: readonly string[]): string | undefined {
  const maxEdits = Math.min(2, Math.floor(name.length / 3));
  for (let edits = 0; edits <= maxEdits; edits++) {
    const closest = names.find((other) => isNear(name, other, edits));
    if (closest !== undefined) return closest;
  }
  return undefined;
}
