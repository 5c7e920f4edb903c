/** Converts colours between sRGB and CIELAB (IEC 61966-2-1, CIE 15; white point D65). Pure. */
import type { Colour } from './colour.ts';

/** Lightness from 0 to 100, and two axes of chroma: a from green to red, b from blue to yellow. */
export interface Lab {
  readonly l: number;
  readonly a: number;
  readonly b: number;
}

/** The white point D65 as XYZ. */
const WHITE_POINT = [0.95047, 1, 1.08883] as const;
/** Where the cube root of CIELAB changes into a line. */
const EPSILON = 216 / 24_389;
const KAPPA = 24_389 / 27;

/** Converts a channel from 0 to 255 to linear light from 0 to 1. */
export const toLinear = (channel: number): number => {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};

/** Converts linear light to a channel from 0 to 255, not rounded; colours outside of sRGB are clipped. */
export const fromLinear = (light: number): number => {
  const value = light <= 0.003_130_8 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.min(255, Math.max(0, value * 255));
};

/** Steps of light from black to white in `channelByLight`: near black, five of them are a step of a channel. */
export const LIGHT_STEPS = 16_384;
let channels: Uint8Array | undefined;

/** Returns the channel from 0 to 255 of each step of linear light. Computed once, for the first image that needs it. */
export function channelByLight(): Uint8Array {
  channels ??= Uint8Array.from({ length: LIGHT_STEPS + 1 }, (_, i) => Math.round(fromLinear(i / LIGHT_STEPS)));
  return channels;
}

const compress = (ratio: number) => (ratio > EPSILON ? Math.cbrt(ratio) : (KAPPA * ratio + 16) / 116);
/** Returns the ratio to the white point of a third of CIELAB's scale. */
export const expandLab = (value: number): number => (value ** 3 > EPSILON ? value ** 3 : (116 * value - 16) / KAPPA);

/** Converts an sRGB colour with channels from 0 to 255. Its alpha is ignored. */
export function toLab(colour: Pick<Colour, 'r' | 'g' | 'b'>): Lab {
  const [r, g, b] = [toLinear(colour.r), toLinear(colour.g), toLinear(colour.b)];
  const x = compress((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / WHITE_POINT[0]);
  const y = compress((0.2126729 * r + 0.7151522 * g + 0.072175 * b) / WHITE_POINT[1]);
  const z = compress((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / WHITE_POINT[2]);
  return { l: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z) };
}

/** Converts to sRGB channels from 0 to 255, not rounded; colours outside of sRGB are clipped by channel. */
export function fromLab({ l, a, b }: Lab): readonly [r: number, g: number, b: number] {
  const middle = (l + 16) / 116;
  const x = expandLab(middle + a / 500) * WHITE_POINT[0];
  const y = expandLab(middle) * WHITE_POINT[1];
  const z = expandLab(middle - b / 200) * WHITE_POINT[2];
  return [
    fromLinear(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
    fromLinear(-0.969266 * x + 1.8760108 * y + 0.041556 * z),
    fromLinear(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
  ];
}
