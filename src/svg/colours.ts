/** Converts colours of CSS Color Level 4 that librsvg does not know, and would paint black, to `rgb()` of sRGB. Pure. */
import { SRGB } from '../image/formats/colour-signal.ts';
import { expandLab, fromLinear, toLinear } from '../image/lab.ts';
import { rgbMatrix } from '../image/rgb-matrix.ts';

type Triple = readonly [number, number, number];

/** Matches a function of colour without another one in it. */
const FUNCTION = /\b(oklab|oklch|lab|lch|color)\(([^()]{1,200})\)/gi;
const LIGHT_DARK = /\blight-dark\(((?:[^(),]|\([^()]*\))*),(?:[^()]|\([^()]*\))*\)/gi;

/** Returns the product of a matrix of three rows and a vector. */
const apply = (m: readonly number[], v: Triple): Triple => {
  const row = (i: number) => (m[i] ?? 0) * v[0] + (m[i + 1] ?? 0) * v[1] + (m[i + 2] ?? 0) * v[2];
  return [row(0), row(3), row(6)];
};

/** Channels of sRGB from 0 to 255 of linear light. */
const fromLight = (light: Triple): Triple => [fromLinear(light[0]), fromLinear(light[1]), fromLinear(light[2])];

/** Matrices of OKLab: to the cube roots of the cone responses, and from these responses to linear sRGB. */
const OKLAB_TO_LMS = [1, 0.3963377774, 0.2158037573, 1, -0.1055613458, -0.0638541728, 1, -0.0894841775, -1.291485548];
const LMS_TO_SRGB = [
  4.0767416621, -3.3077115913, 0.2309699292, -1.2684380046, 2.6097574011, -0.3413193965, -0.0041960863, -0.7034186147,
  1.707614701,
];
const XYZ_TO_SRGB = [
  3.2409699419, -1.5373831776, -0.4986107603, -0.9692436363, 1.8759675015, 0.0415550574, 0.0556300797, -0.2039769589,
  1.0569715142,
];

/** From XYZ with the white point D50, that of `lab()`, which is adapted to D65 (Bradford). */
const D50 = [0.96422, 1, 0.82521] as const;
const XYZ_D50_TO_SRGB = [
  3.1341359, -1.6173863, -0.490662, -0.9787955, 1.9162543, 0.0334427, 0.0719554, -0.2289768, 1.405386,
];

const fromLab = ([l, a, b]: Triple): Triple => {
  const middle = (l + 16) / 116;
  const ratios = [middle + a / 500, middle, middle - b / 200].map(expandLab);
  return fromLight(apply(XYZ_D50_TO_SRGB, [(ratios[0] ?? 0) * D50[0], ratios[1] ?? 0, (ratios[2] ?? 0) * D50[2]]));
};
const fromOklab = (lab: Triple): Triple => {
  const [l, m, s] = apply(OKLAB_TO_LMS, lab);
  return fromLight(apply(LMS_TO_SRGB, [l ** 3, m ** 3, s ** 3]));
};
const fromPolar = ([lightness, chroma, hue]: Triple): Triple => {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
};

const DISPLAY_P3 = [SRGB[0], SRGB[1], 0.68, 0.32, 0.265, 0.69, 0.15, 0.06] as const;
const linear = ([r, g, b]: Triple): Triple => [toLinear(r * 255), toLinear(g * 255), toLinear(b * 255)];
/** Conversions of the colour spaces of `color()`. Others are rare in SVG. */
const SPACES: Readonly<Record<string, (channels: Triple) => Triple>> = {
  srgb: (rgb) => fromLight(linear(rgb)),
  'srgb-linear': fromLight,
  'display-p3': (rgb) => fromLight(apply(rgbMatrix(DISPLAY_P3, SRGB), linear(rgb))),
  xyz: (xyz) => fromLight(apply(XYZ_TO_SRGB, xyz)),
  'xyz-d50': (xyz) => fromLight(apply(XYZ_D50_TO_SRGB, xyz)),
  'xyz-d65': (xyz) => fromLight(apply(XYZ_TO_SRGB, xyz)),
};

/** What 100 % of each component is. */
const FULL: Readonly<Record<string, Triple>> = {
  lab: [100, 125, 125],
  lch: [100, 150, 360],
  oklab: [1, 0.4, 0.4],
  oklch: [1, 0.4, 360],
  color: [1, 1, 1],
};
/** Units of a hue, in degrees. */
const ANGLES: Readonly<Record<string, number>> = { '': 1, deg: 1, turn: 360, rad: 180 / Math.PI, grad: 0.9 };

/** Parses a component; NaN if it is not valid. */
function component(text: string, full: number): number {
  if (text === 'none') return 0;
  if (/^[+-]?[\d.]+(?:e[+-]?\d+)?%$/i.test(text)) return (Number.parseFloat(text) * full) / 100;
  const [, number, unit = ''] = /^([+-]?[\d.]+(?:e[+-]?\d+)?)([a-z]*)$/i.exec(text) ?? [];
  return Number(number) * (ANGLES[unit.toLowerCase()] ?? Number.NaN);
}

const CONVERSIONS: Readonly<Record<string, (components: Triple) => Triple>> = {
  lab: fromLab,
  lch: (lch) => fromLab(fromPolar(lch)),
  oklab: fromOklab,
  oklch: (lch) => fromOklab(fromPolar(lch)),
};

/** Converts the arguments of a function; undefined if they are not valid. */
function convert(name: string, argument: string): string | undefined {
  const [colour = '', opacity] = argument.split('/');
  const words = colour.trim().split(/[\s,]+/);
  const space = name === 'color' ? (words.shift() ?? '').toLowerCase() : '';
  const toRgb = name === 'color' ? SPACES[space] : CONVERSIONS[name];
  const [a, b, c] = [0, 1, 2].map((i) => component(words[i] ?? '', FULL[name]?.[i] ?? 1));
  const alpha = opacity === undefined ? 1 : component(opacity.trim(), 1);
  if (!toRgb || words.length !== 3 || ![a, b, c, alpha].every(Number.isFinite)) return undefined;
  const rgb = toRgb([a ?? 0, b ?? 0, c ?? 0]).map(Math.round);
  return alpha >= 1 ? `rgb(${rgb.join(',')})` : `rgba(${rgb.join(',')},${Math.max(0, alpha)})`;
}

/** Converts the colours in a value. Those that are not valid stay. */
export const toSrgbColours = (value: string): string =>
  value
    .replace(FUNCTION, (text, name: string, argument: string) => convert(name.toLowerCase(), argument) ?? text)
    .replace(LIGHT_DARK, '$1');
