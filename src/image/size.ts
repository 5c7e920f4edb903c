/** The arithmetic of sizes, boxes and rectangles in pixels: one place, rounded once. Pure. */
import type { ImageOptions } from '../options.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rect extends Size {
  readonly left: number;
  readonly top: number;
}

/** The options that a size is computed from, `w` and `h` in pixels. */
export interface Box {
  readonly w: number | undefined;
  readonly h: number | undefined;
  readonly fit: NonNullable<ImageOptions['fit']>;
  readonly we: boolean;
}

/** Dots per inch at which an SVG is rendered, so that its lengths are those of CSS. */
export const SVG_DENSITY = 96;
/** Maximum pixels per side that cairo, the renderer of librsvg, can hold. */
export const MAX_SVG_SIDE = 32_767;

/** Rounds a side to nearest, at least 1. */
const side = (length: number) => Math.max(1, Math.round(length));

export const area = ({ width, height }: Size) => width * height;

/**
 * Multiplies a length by a device pixel ratio: the one place where `dpr` is applied. Rounds to 12 significant digits, so that
 * 100 × 1.1 is 110 and not 110.00000000000001. Only the sides of the output are rounded to whole pixels.
 *
 * @param length in CSS pixels, or a percentage
 * @returns device pixels, or the larger percentage
 */
export const devicePixels = (length: number, dpr: number): number => Number((length * dpr).toPrecision(12));

/** Converts a length in pixels or a percentage such as `50%` to pixels. */
export function toPixels(length: number | string | undefined, total: number): number | undefined {
  return typeof length === 'string' ? (Number.parseFloat(length) / 100) * total : length;
}

/** Returns the default of `fit`: with `ar` the box is filled. */
export const defaultFit = (ar: ImageOptions['ar']): Box['fit'] => (ar === undefined ? 'inside' : 'cover');

/**
 * Converts `w`, `h`, `ar` and `fit` to a box in pixels. With `ar`, a missing side is computed.
 *
 * @param from size of the source, of which percentages are
 */
export function toBox(from: Size, { w, h, ar, fit, we }: Pick<ImageOptions, 'w' | 'h' | 'ar' | 'fit' | 'we'>): Box {
  const [x = 1, y = 1] = (ar ?? '').split(':').map(Number);
  let width = toPixels(w, from.width);
  let height = toPixels(h, from.height);
  if (ar !== undefined && width !== undefined && height === undefined) height = (width * y) / x;
  else if (ar !== undefined && height !== undefined && width === undefined) width = (height * x) / y;
  return { w: width, h: height, fit: fit ?? defaultFit(ar), we };
}

/**
 * Computes the size of the output at a device pixel ratio. Sides are rounded once, to nearest, and at least 1. With one
 * side given, the other keeps the aspect ratio; with `fit=fill` it keeps the source's length, as sharp and weserv do.
 * With `we`, a box that is larger than the source can fill without upscaling shrinks in its own aspect ratio.
 */
export function outputSize(from: Size, { w, h, fit, we }: Box, dpr: number): Size {
  const x = w === undefined ? undefined : devicePixels(w, dpr) / from.width;
  const y = h === undefined ? undefined : devicePixels(h, dpr) / from.height;
  const given = x ?? y ?? 1;
  const clampScale = (scale: number) => (we ? Math.min(1, scale) : scale);
  const scales = [x ?? given, y ?? given] as const;
  if (x === undefined || y === undefined || fit === 'inside' || fit === 'outside') {
    if (fit === 'fill')
      return { width: side(from.width * clampScale(x ?? 1)), height: side(from.height * clampScale(y ?? 1)) };
    const scale = clampScale(fit === 'outside' ? Math.max(...scales) : Math.min(...scales));
    return { width: side(from.width * scale), height: side(from.height * scale) };
  }
  const upscaling = fit === 'contain' ? Math.min(...scales) : Math.max(...scales);
  const shrink = we && upscaling > 1 ? upscaling : 1;
  return { width: side((from.width * x) / shrink), height: side((from.height * y) / shrink) };
}

/** Position → the share of the spare pixels that lies left of and above the crop: 0 is left or top. */
const GRAVITY: Readonly<Record<string, readonly [number, number]>> = {
  center: [0.5, 0.5],
  top: [0.5, 0],
  right: [1, 0.5],
  bottom: [0.5, 1],
  left: [0, 0.5],
  'top-left': [0, 0],
  'top-right': [1, 0],
  'bottom-left': [0, 1],
  'bottom-right': [1, 1],
};

const clamp = (value: number, min: number, max: number) => Math.min(Math.max(value, min), max);

/**
 * Computes the rectangle of an image that a smaller box crops to.
 *
 * @param position a key of GRAVITY, or `focal`
 * @param focus the focal point as fractions of the width and height: the crop is centred on it as far as the edges allow
 */
export function gravityRect(from: Size, box: Size, position: string, focus: readonly [number, number]): Rect {
  const width = Math.min(box.width, from.width);
  const height = Math.min(box.height, from.height);
  const spare = [from.width - width, from.height - height] as const;
  const [x, y] = GRAVITY[position] ?? [0.5, 0.5];
  const [left, top] =
    position === 'focal'
      ? [focus[0] * from.width - width / 2, focus[1] * from.height - height / 2]
      : [spare[0] * x, spare[1] * y];
  return { left: clamp(Math.round(left), 0, spare[0]), top: clamp(Math.round(top), 0, spare[1]), width, height };
}

/** Computes the rectangle of a box that an image no larger is placed at. @param shares of the spare pixels, left of it and above */
export function spareRect(box: Size, image: Size, [x, y]: readonly [number, number]): Rect {
  const [width, height] = [Math.min(box.width, image.width), Math.min(box.height, image.height)];
  return { left: Math.round((box.width - width) * x), top: Math.round((box.height - height) * y), width, height };
}

/** Computes the size to which a source is scaled to cover a box: each side at least the box's. */
export function coverSize(from: Size, box: Size): Size {
  const scale = Math.max(box.width / from.width, box.height / from.height);
  return {
    width: Math.max(box.width, side(from.width * scale)),
    height: Math.max(box.height, side(from.height * scale)),
  };
}

/**
 * Computes the rectangle of `cx cy cw ch`; undefined if none is requested. As at weserv, a left or top edge that lies beyond the
 * image counts as 0, and a rectangle that reaches beyond it ends at its edge.
 */
export function cropRect(
  from: Size,
  { cx, cy, cw, ch }: Pick<ImageOptions, 'cx' | 'cy' | 'cw' | 'ch'>,
): Rect | undefined {
  if ([cx, cy, cw, ch].every((length) => length === undefined)) return undefined;
  const [left, width] = cropSpan(cx, cw, from.width);
  const [top, height] = cropSpan(cy, ch, from.height);
  return { left, top, width, height };
}

/** Computes one axis of a crop rectangle: its edge and its length, in whole pixels within the image. */
function cropSpan(
  edge: number | string | undefined,
  length: number | string | undefined,
  total: number,
): readonly [edge: number, length: number] {
  const pixels = Math.round(toPixels(length, total) ?? total);
  if (typeof edge === 'string' && !edge.endsWith('%')) {
    const spare = total - clamp(pixels, 1, total);
    return [edge === 'center' ? Math.round(spare / 2) : spare, total - spare];
  }
  const start = Math.round(toPixels(edge, total) ?? 0);
  const first = start < total ? start : 0;
  return [first, clamp(pixels, 1, total - first)];
}

/** Converts a rectangle of the mirrored image to that of the unmirrored one: cropping first and mirroring then is less work. */
export function mirrorRect(rect: Rect, image: Size, { flip, flop }: Pick<ImageOptions, 'flip' | 'flop'>): Rect {
  const left = flop ? image.width - rect.left - rect.width : rect.left;
  return { ...rect, left, top: flip ? image.height - rect.top - rect.height : rect.top };
}

/** Computes the size of an image after clockwise rotation by 90°, `turns` times. */
export const quarterTurnedSize = ({ width, height }: Size, turns: number): Size =>
  turns % 2 ? { width: height, height: width } : { width, height };

/** Computes the bounding box of a rectangle that is rotated by any angle. */
export function rotatedSize({ width, height }: Size, degrees: number): Size {
  const radians = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(radians)), Math.abs(Math.sin(radians))];
  return { width: side(width * cos + height * sin), height: side(width * sin + height * cos) };
}

/**
 * Returns the side from which libvips computes the planned other side, as it does where the aspect ratio is kept; undefined if
 * there is none.
 */
export function ratioSide(from: Size, { width, height }: Size): 'width' | 'height' | undefined {
  // Away from halves, where rounding could go either way.
  const roundsTo = (side: number, planned: number) => Math.abs(side - planned) < 0.49;
  if (roundsTo((from.height * width) / from.width, height)) return 'width';
  return roundsTo((from.width * height) / from.height, width) ? 'height' : undefined;
}
