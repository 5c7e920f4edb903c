/** The model of the form: maps each parameter of the schema to a field. Pure; new parameters get a field without code here. */
import { type DocumentedProperty, readValue } from '../../schema.ts';
import { type Scale, scaleOf } from './scale.ts';

export type Kind = 'slider' | 'number' | 'select' | 'switch' | 'colour' | 'time' | 'text';

export interface Field {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly kind: Kind;
  readonly unit: string;
  /** The default value as text; empty without a default, or if it is false. */
  readonly default: string;
  readonly choices: readonly string[];
  readonly scale: Scale | undefined;
  /** A value that shows the form of the others: `16:9`; empty without one. */
  readonly exampleValue: string;
  /** Other words for it, its values included. */
  readonly synonyms: readonly string[];
  /** What it has no effect without: `filt=duotone`, `mask or r`. */
  readonly dependsOn: string | undefined;
  /** Returns whether a text is a value of the parameter: while it is typed, `16:` is not yet one. */
  readonly accepts: (text: string) => boolean;
}

/** Parameters without a field in the form: the source and the credentials have inputs of their own. */
const EXCLUDED_PARAMS = ['u', 'k', 's'];

function kindOf(property: DocumentedProperty, scale: Scale | undefined): Kind {
  if (property.enum) return 'select';
  if (property.type === 'boolean') return 'switch';
  if (property.format === 'colour') return 'colour';
  if (property.format === 'unix-time') return 'time';
  if (scale) return 'slider';
  return property.minimum === undefined ? 'text' : 'number';
}

function accepts(property: DocumentedProperty, text: string): boolean {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY, pattern = '' } = property;
  const value = readValue(text, property);
  if (typeof value === 'number') return value >= minimum && value <= maximum;
  return value !== undefined && new RegExp(pattern).test(text);
}

function toField([name, property]: [string, DocumentedProperty]): Field {
  const scale = scaleOf(property);
  const {
    title = name,
    description,
    dependsOn,
    synonyms = [],
    aliases = [],
    enumAliases = {},
    unit = '',
    default: value,
  } = property;
  return {
    name,
    title,
    help: description,
    kind: kindOf(property, scale),
    unit,
    default: value === undefined || value === false ? '' : String(value),
    choices: (property.enum ?? property.keywords ?? []).map(String),
    scale,
    exampleValue: /such as (\S+)/.exec(property.patternDescription ?? '')?.[1] ?? '',
    synonyms: [...synonyms, ...aliases, ...Object.keys(enumAliases)],
    dependsOn,
    accepts: (text) => accepts(property, text),
  };
}

/** Returns the fields of each group, in the schema's order. */
export function groupFields(properties: Readonly<Record<string, object>>): ReadonlyMap<string, readonly Field[]> {
  const parameters = (Object.entries(properties) as [string, DocumentedProperty][]).filter(
    ([name]) => !EXCLUDED_PARAMS.includes(name),
  );
  const groups = Map.groupBy(parameters, ([, { group = 'more' }]) => group);
  return new Map([...groups].map(([group, entries]) => [group, entries.map(toField)]));
}

/** Returns whether each word of a search is in the field's name, title, help, choices or synonyms, in any case. */
export function matchesSearch({ name, title, help, choices, synonyms }: Field, search: string): boolean {
  const text = [name, title, help, ...choices, ...synonyms].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Converts RRGGBB, RGB, ARGB or AARRGGBB to the `#rrggbb` of a colour input; undefined for a colour name. */
export function toColourInput(text: string): string | undefined {
  const digits = /^#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text)?.[1];
  if (!digits) return undefined;
  const full = digits.length < 6 ? digits.replace(/./g, '$&$&') : digits;
  return `#${full.slice(-6).toLowerCase()}`;
}

/** Converts a Unix time to the value of a `datetime-local` input, in the time zone of the browser; empty if it is none. */
export function toLocalTime(seconds: string): string {
  const date = new Date(Number(seconds) * 1000);
  if (seconds === '' || Number.isNaN(date.getTime())) return '';
  date.setMinutes(date.getMinutes() - date.getTimezoneOffset());
  return date.toISOString().slice(0, 16);
}

/** Converts the value of a `datetime-local` input to a Unix time; empty if it is none. */
export function toUnixTime(localTime: string): string {
  const time = new Date(localTime).getTime();
  return Number.isNaN(time) ? '' : String(Math.floor(time / 1000));
}
