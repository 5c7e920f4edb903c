/** What the tools on the image do to the parameters: focal point, crop, colour. Pure. */
import schema from '../../../schemas/query.json' with { type: 'json' };
import type { PropertySchema } from '../../schema.ts';
import { hasEffect } from './dependencies.ts';
import { omit } from './parameter-values.ts';

export type Tool = 'focus' | 'crop' | 'colour';
type Options = Readonly<Record<string, string>>;

/** A place on the image, from 0 (left, top) to 1 (right, bottom). */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Steps before a crop. The image of a tool has them, and so the coordinates of the parameters. */
const EARLIER = ['flip', 'flop', 'trim', 'tbg', 'page'];
const CROP = ['cx', 'cy', 'cw', 'ch', 'precrop'];
/** Width of a tool's image: more than the preview shows. */
const WIDTH = '1024';

/** Returns the parameters of the image that a tool is used on: the source, as it is when the tool's parameters apply. */
export function toolOptions(tool: Tool, options: Options): Options {
  const names = tool === 'focus' && options.precrop ? [...EARLIER, ...CROP] : EARLIER;
  const earlier = Object.entries(options).filter(([name]) => names.includes(name));
  // Other angles are applied after the crop.
  const turned = options.ro && Number(options.ro) % 90 === 0 ? { ro: options.ro } : {};
  return { ...Object.fromEntries(earlier), ...turned, w: WIDTH, we: '1', n: '1' };
}

const clamp = (share: number) => Math.min(1, Math.max(0, share));

/** Sets the focal point. If nothing was cropped before, the output becomes a square around it. */
export function withFocus(options: Options, { x, y }: Place): Options {
  const { a: _, ...others } = options;
  const focused = { ...others, fpx: clamp(x).toFixed(2), fpy: clamp(y).toFixed(2) };
  const hasBox = others.ar !== undefined || (others.w !== undefined && others.h !== undefined);
  const fits = ['cover', 'contain', ...(others.ar === undefined ? [] : [undefined])];
  return {
    ...focused,
    ...(!fits.includes(others.fit) && { fit: 'cover' }),
    ...(!hasBox && { ar: '1:1' }),
  };
}

/** Minimum side of a crop, as a share: a click without a drag is none. */
const MIN_SIDE = 0.01;
const percent = (share: number) => `${Number((share * 100).toFixed(1))}%`;

/** Sets the crop rectangle between two corners, in percent of the source; without an area it removes it. */
export function withCrop(options: Options, one: Place, other: Place): Options {
  const [left, right] = [one.x, other.x].map(clamp).sort((a, b) => a - b) as [number, number];
  const [top, bottom] = [one.y, other.y].map(clamp).sort((a, b) => a - b) as [number, number];
  const uncropped = omit(options, CROP);
  if (right - left < MIN_SIDE || bottom - top < MIN_SIDE) return uncropped;
  const rect = { cx: percent(left), cy: percent(top), cw: percent(right - left), ch: percent(bottom - top) };
  return { ...uncropped, ...rect, precrop: '1' };
}

/** Returns the corners of the crop rectangle; undefined if it is not in percent of the source. */
export function cropCorners({ cx = '0%', cy = '0%', cw, ch, precrop }: Options): [Place, Place] | undefined {
  const shares = [cx, cy, cw, ch].map((text) => (text?.endsWith('%') ? Number.parseFloat(text) / 100 : Number.NaN));
  const [x = 0, y = 0, width = 1, height = 1] = shares;
  if (!precrop || shares.some(Number.isNaN)) return undefined;
  return [
    { x, y },
    { x: clamp(x + width), y: clamp(y + height) },
  ];
}

/** Returns the names of the colour parameters that have an effect beside the others. */
export const colourNames = (options: Options): string[] =>
  Object.entries<PropertySchema>(schema.properties)
    .filter(([name, { format }]) => format === 'colour' && hasEffect(name, options))
    .map(([name]) => name);

/** Returns a pixel in RGBA as a value of a colour parameter. */
export const toColour = ([r = 0, g = 0, b = 0]: ArrayLike<number> & Iterable<number>): string =>
  [r, g, b].map((channel) => channel.toString(16).padStart(2, '0')).join('');
