/** Parses colours in weserv's notation: CSS names, and hexadecimal digits with the alpha first. Pure. */
import names from 'color-name';
import { ImageError } from '../errors.ts';

export interface Colour {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  /** 0 to 1. */
  readonly alpha: number;
}

export const WHITE: Colour = { r: 255, g: 255, b: 255, alpha: 1 };
export const CLEAR: Colour = { r: 255, g: 255, b: 255, alpha: 0 };

export const isOpaque = ({ alpha }: Colour) => alpha === 1;

const hex = (value: number) => value.toString(16).padStart(2, '0');

/**
 * Normalizes a colour to `aarrggbb`. Three and four digits are doubled. Four and eight digits are ARGB, as in weserv and
 * imgix; CSS has RGBA.
 *
 * @throws ImageError QUERY_INVALID if it is not a colour
 */
export function parseColour(text: string): string {
  const lower = text.toLowerCase().replace(/^#/, '');
  if (lower === 'transparent') return '00ffffff';
  const named = Object.hasOwn(names, lower) ? names[lower as keyof typeof names] : undefined;
  if (named) return `ff${named.map(hex).join('')}`;
  const digits = lower.length <= 4 ? lower.replace(/./g, '$&$&') : lower;
  if (!/^(?:[0-9a-f]{6}|[0-9a-f]{8})$/.test(digits)) throw new ImageError('QUERY_INVALID', 'is not a colour');
  return digits.padStart(8, 'f');
}

/** Composites a colour over another (source-over of Porter and Duff). */
export function compositeColours(front: Colour, back: Colour): Colour {
  const backShare = back.alpha * (1 - front.alpha);
  const alpha = front.alpha + backShare;
  const mix = (of: number, other: number) => (alpha ? Math.round((of * front.alpha + other * backShare) / alpha) : of);
  return { r: mix(front.r, back.r), g: mix(front.g, back.g), b: mix(front.b, back.b), alpha };
}

/** Converts `aarrggbb` to the colour object of sharp. */
export function toColour(argb: string): Colour {
  const [a = 255, r = 0, g = 0, b = 0] = (argb.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return { r, g, b, alpha: a / 255 };
}
