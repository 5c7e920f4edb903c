/** Shapes of `mask` and `r` as polygons in pixels of the output. Their geometry is that of weserv. Pure. */
import type { ImageOptions } from '../options.ts';
import type { Rect, Size } from './size.ts';

export type Point = readonly [x: number, y: number];
type MaskOptions = Pick<ImageOptions, 'mask' | 'r' | 'mtrim'>;

/** Samples a closed curve at `count` points, by the angle in radians. */
const sampleCurve = (count: number, at: (angle: number) => Point): Point[] =>
  Array.from({ length: count }, (_, i) => at((i / count) * 2 * Math.PI));

/** Returns the corners of a regular polygon. `rotation` is that of its first corner, clockwise from the top, in radians. */
const regular = (corners: number, rotation = 0): Point[] =>
  sampleCurve(corners, (angle) => [Math.sin(angle + rotation), -Math.cos(angle + rotation)]);

/** Returns a star of five points, its inner radius as in a pentagram. */
const star = (): Point[] => regular(10).map(([x, y], i): Point => (i % 2 ? [x * 0.382, y * 0.382] : [x, y]));

/** Returns the curve x = 16 sin³ t, y = 13 cos t − 5 cos 2t − 2 cos 3t − cos 4t, upright. */
const heart = (): Point[] =>
  sampleCurve(256, (t) => [
    16 * Math.sin(t) ** 3,
    5 * Math.cos(2 * t) + 2 * Math.cos(3 * t) + Math.cos(4 * t) - 13 * Math.cos(t),
  ]);

/** Shapes of any size and place: they grow until they touch the edges of the image. */
const SHAPES: Readonly<Record<NonNullable<ImageOptions['mask']>, () => Point[]>> = {
  circle: () => regular(512),
  ellipse: () => regular(512),
  triangle: () => regular(3),
  'triangle-180': () => regular(3, Math.PI),
  pentagon: () => regular(5),
  'pentagon-180': () => regular(5, Math.PI),
  hexagon: () => regular(6),
  square: () => regular(4),
  star,
  heart,
};

const roundedBox = ({ width, height }: Size, radius: number): Point[] => {
  const r = Math.min(radius, width / 2, height / 2);
  const corners: readonly Point[] = [
    [width - r, r],
    [width - r, height - r],
    [r, height - r],
    [r, r],
  ];
  return corners.flatMap(([x, y], corner) =>
    Array.from({ length: 33 }, (_, i): Point => {
      const angle = (corner + i / 32) * (Math.PI / 2);
      return [x + r * Math.sin(angle), y - r * Math.cos(angle)];
    }),
  );
};

interface Extent extends Size {
  readonly left: number;
  readonly top: number;
}

function extentOf(points: readonly Point[]): Extent {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/** A mask of an image. */
export interface Mask {
  /** The shape, centred in the image; or, with `mtrim`, in its bounds. */
  readonly points: readonly Point[];
  /** The bounds that `mtrim` crops to: the size of the shape in whole pixels, rounded to nearest, in the centre of the image. */
  readonly bounds: Rect;
}

/**
 * Plans the mask of `mask` or `r` in an image of this size: the shape, in its own aspect ratio but for `ellipse`, is as large as
 * fits.
 *
 * @returns undefined if neither is requested
 */
export function planMask(size: Size, { mask, r, mtrim }: MaskOptions): Mask | undefined {
  const { width, height } = size;
  const whole = { left: 0, top: 0, width, height };
  if (mask === undefined) {
    if (r === undefined) return undefined;
    return { points: roundedBox(size, r === 'max' ? Math.min(width, height) / 2 : Number(r)), bounds: whole };
  }
  const shape = SHAPES[mask]();
  const extent = extentOf(shape);
  const [fitX, fitY] = [width / extent.width, height / extent.height];
  const [scaleX, scaleY] = mask === 'ellipse' ? [fitX, fitY] : [Math.min(fitX, fitY), Math.min(fitX, fitY)];
  const side = (length: number) => Math.max(1, Math.round(length));
  const trimmed = { width: side(extent.width * scaleX), height: side(extent.height * scaleY) };
  const bounds = {
    ...trimmed,
    left: Math.round((width - trimmed.width) / 2),
    top: Math.round((height - trimmed.height) / 2),
  };
  const frame = mtrim ? bounds : whole;
  const [x, y] = [frame.left + frame.width / 2, frame.top + frame.height / 2];
  const [midX, midY] = [extent.left + extent.width / 2, extent.top + extent.height / 2];
  return { points: shape.map(([px, py]) => [x + (px - midX) * scaleX, y + (py - midY) * scaleY]), bounds };
}
