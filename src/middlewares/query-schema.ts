/** The pure half of the query validator: text parameters → typed values, as a JSON Schema describes them. */
import type { Fault } from '../errors.ts';
import type { Parameter } from '../event.ts';

/** The part of a property's schema that is read. `aliases` are other names; `values` are other spellings of an enum's. */
export interface PropertySchema {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly aliases?: readonly string[];
  readonly values?: Readonly<Record<string, string>>;
}

export interface QuerySchema {
  readonly properties: Readonly<Record<string, PropertySchema>>;
}

/** What a value of this parameter must be, in words. */
export function expectation({ type, enum: values, minimum, maximum }: PropertySchema): string {
  if (values) return `one of ${values.join(', ')}`;
  const range = minimum === undefined ? '' : ` from ${minimum} to ${maximum}`;
  if (type === 'integer') return `a whole number${range}, in decimal digits`;
  if (type === 'number') return `a decimal number${range}`;
  if (type === 'boolean') return '1 or 0 (or true, false, or bare)';
  return 'a text that is not empty';
}

export function parameterFault(parameter: string, schema: QuerySchema): Fault {
  const property = schema.properties[parameter];
  return { parameter, detail: `${parameter} must be ${property ? expectation(property) : 'valid'}` };
}

const BOOLEANS: Readonly<Record<string, boolean>> = { '': true, 1: true, true: true, 0: false, false: false };

/** The typed value of a parameter, or undefined where the text is not of its type. Bounds are left to the validator. */
export function readValue(text: string, { type, values, enum: members }: PropertySchema): unknown {
  if (type === 'integer') return /^\d+$/.test(text) ? Number(text) : undefined;
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  if (type === 'boolean') return Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined;
  if (!text) return undefined;
  return members && values && Object.hasOwn(values, text) ? values[text] : text;
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

/**
 * The parameters of a request under their one name, typed, and the faults found on the way. Of a faulty parameter the
 * value stays undefined, but its name is there, so that it does not also count as missing.
 */
export function readParameters(
  query: readonly Parameter[],
  schema: QuerySchema,
): { values: Record<string, unknown>; faults: Fault[] } {
  const names = new Map<string, string>();
  for (const [name, { aliases = [] }] of Object.entries(schema.properties))
    for (const spelling of [name, ...aliases]) names.set(spelling, name);
  const values: Record<string, unknown> = {};
  const faults: Fault[] = [];
  const seen = new Set<string>();
  if (query.some(({ name }) => name.startsWith('amp;'))) return { values, faults: [ESCAPED] };
  for (const { name: spelling, value: text } of query) {
    const name = names.get(spelling);
    const property = name === undefined ? undefined : schema.properties[name];
    if (name === undefined || property === undefined) {
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
  return { values, faults };
}
