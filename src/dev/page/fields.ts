/** The form, as data: what control each parameter of the schema gets. Pure; a new parameter appears by itself. */
import type { DocumentedProperty } from '../../schema.ts';

export type Kind = 'slider' | 'number' | 'select' | 'switch' | 'colour' | 'text';

export interface Field {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly kind: Kind;
  readonly unit: string;
  /** What counts while nothing is given; empty where that is nothing. */
  readonly default: string;
  readonly choices: readonly string[];
  readonly scale: Scale | undefined;
}

/** How a slider's places, whole numbers from 0 to `steps`, and the parameter's values belong together. */
export interface Scale {
  readonly steps: number;
  readonly toValue: (place: number) => number;
  readonly toPlace: (value: number) => number;
}

/** The page has fields of its own for these, since they say which picture and who asks. */
const ELSEWHERE = ['u', 'k', 's'];

/** Further than this apart, bounds are no range that a hand can choose from. */
const WIDEST = 1e7;
const LONGEST = 10_000;
/** Where the smallest and the largest value are so many times apart, equal ways are equal ratios. */
const RATIO = 1000;

const round = (value: number, step: number) => Number((Math.round(value / step) * step).toFixed(4));

function linear(minimum: number, maximum: number, step: number): Scale {
  const from = Math.ceil(minimum / step) * step;
  return {
    steps: Math.round((maximum - from) / step),
    toValue: (place) => round(from + place * step, step),
    toPlace: (value) => Math.round((value - from) / step),
  };
}

function logarithmic(minimum: number, maximum: number, whole: boolean): Scale {
  const steps = 200;
  const ratio = maximum / minimum;
  return {
    steps,
    // Two digits: 640 and not 637.
    toValue: (place) => {
      const value = Number((minimum * ratio ** (place / steps)).toPrecision(2));
      return Math.min(maximum, Math.max(minimum, whole ? Math.round(value) : value));
    },
    toPlace: (value) => Math.round((Math.log(Math.max(value, minimum) / minimum) / Math.log(ratio)) * steps),
  };
}

/** The slider of a parameter, or none where its bounds are too far apart for one. */
export function scaleOf({ minimum, maximum, unit, type }: DocumentedProperty): Scale | undefined {
  if (minimum === undefined || maximum === undefined) return undefined;
  // Turning by more says the same again.
  if (unit === '°') return linear(-180, 180, 1);
  const whole = [type].flat().includes('integer');
  const range = maximum - minimum;
  const step = range <= 2 && !whole ? 0.01 : range <= 20 && !whole ? 0.1 : 1;
  if (range > WIDEST) return undefined;
  if (minimum >= 0.01 && maximum / minimum >= RATIO) return logarithmic(minimum, maximum, whole);
  return range <= LONGEST ? linear(minimum, maximum, step) : undefined;
}

function kindOf(property: DocumentedProperty, scale: Scale | undefined): Kind {
  if (property.enum) return 'select';
  if (property.type === 'boolean') return 'switch';
  if (property.format === 'colour') return 'colour';
  if (scale) return 'slider';
  return property.minimum === undefined ? 'text' : 'number';
}

function toField([name, property]: [string, DocumentedProperty]): Field {
  const scale = scaleOf(property);
  const { title = name, description, dependsOn, unit = '', default: value } = property;
  return {
    name,
    title,
    help: dependsOn ? `${description} Needs ${dependsOn}.` : description,
    kind: kindOf(property, scale),
    unit,
    default: value === undefined || value === false ? '' : String(value),
    choices: (property.enum ?? []).map(String),
    scale,
  };
}

/** Groups of fields by the group's name, in the schema's order. */
export function groupsOf(properties: Readonly<Record<string, object>>): ReadonlyMap<string, readonly Field[]> {
  const parameters = (Object.entries(properties) as [string, DocumentedProperty][]).filter(
    ([name]) => !ELSEWHERE.includes(name),
  );
  const groups = Map.groupBy(parameters, ([, { group = 'more' }]) => group);
  return new Map([...groups].map(([group, list]) => [group, list.map(toField)]));
}

/** Whether every word of a search is in the field's name, title or help. */
export function isAbout({ name, title, help, choices }: Field, search: string): boolean {
  const text = [name, title, help, ...choices].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** RRGGBB, RGB, ARGB or AARRGGBB → what a colour field takes; undefined for a name. */
export function toColourInput(text: string): string | undefined {
  const digits = /^#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text)?.[1];
  if (!digits) return undefined;
  const full = digits.length < 6 ? digits.replace(/./g, '$&$&') : digits;
  return `#${full.slice(-6).toLowerCase()}`;
}
