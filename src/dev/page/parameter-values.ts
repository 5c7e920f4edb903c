/** Converts parameters of a state, which are strings, for code of other languages. Pure. */
import schema from '../../../schemas/query.json' with { type: 'json' };
import type { PropertySchema } from '../../schema.ts';

type Options = Readonly<Record<string, string>>;

const PROPERTIES: Readonly<Record<string, PropertySchema>> = schema.properties;

/** Parameters without a value on a command line, and `true` in JavaScript. */
export const isSwitch = (name: string): boolean => PROPERTIES[name]?.type === 'boolean';

const isOff = (value: string) => /^(?:0|false)$/.test(value);

/** Returns the options without switches that are off. */
export const withoutOff = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([name, value]) => !(isSwitch(name) && isOff(value))));

export const omit = (options: Options, names: readonly string[]): Options =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name)));

/** Writes a string in single quotes for JavaScript. */
export const quoteScript = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

function valueCode(name: string, value: string): string {
  if (isSwitch(name)) return 'true';
  const isNumeric = [PROPERTIES[name]?.type].flat().some((type) => type === 'integer' || type === 'number');
  return isNumeric && /^-?\d+(?:\.\d+)?$/.test(value) ? String(Number(value)) : quoteScript(value);
}

/** Writes options as properties of JavaScript, with the types of the schema: `w: 640, fit: 'cover', flip: true`. */
export const propertiesCode = (options: Options): string =>
  Object.entries(withoutOff(options))
    .map(([name, value]) => `${name}: ${valueCode(name, value)}`)
    .join(', ');
