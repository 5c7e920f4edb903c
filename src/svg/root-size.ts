/** The size of an SVG in CSS pixels (CSS Values, 6.2; SVG 2, 8.2), and the root that librsvg gets. */
import { MAX_SVG_SIDE, type Size, SVG_DENSITY } from '../image/size.ts';
import { svgCorrupt, svgTooComplex } from './errors.ts';
import type { SvgElement } from './tree.ts';

/** CSS pixels of a unit of length. Those of fonts are for text of 16 px, the initial value. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  q: 96 / 101.6,
  pt: 96 / 72,
  pc: 16,
  em: 16,
  rem: 16,
  ex: 8,
  ch: 8,
};
const NUMBER = '[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d{1,3})?';
const LENGTH = new RegExp(`^(${NUMBER})([a-z]{0,3})$`, 'i');
const VIEW_BOX = new RegExp(`^${Array(4).fill(`(${NUMBER})`).join('(?:\\s+,?\\s*|,\\s*|(?=[+-]))')}$`, 'i');
/** Maximum characters of a length or view box that is read, since they are searched more than once. */
const MAX_LENGTH = 256;
/** The default size of an image without one (CSS Images, 5.1). */
const DEFAULT_SIZE: Size = { width: 300, height: 150 };

/** Returns a length in pixels; undefined for a percentage, and for what is no length. */
export function parseLength(text: string | undefined): number | undefined {
  const trimmed = (text ?? '').trim();
  const [, number, unit = ''] = trimmed.length > MAX_LENGTH ? [] : (LENGTH.exec(trimmed) ?? []);
  const factor = UNITS[unit.toLowerCase()];
  if (number === undefined || factor === undefined) return undefined;
  const length = Number(number) * factor;
  return length >= 0 ? length : undefined;
}

export interface ViewBox extends Size {
  readonly x: number;
  readonly y: number;
}

/** Parses a view box; undefined if it is not valid, or has no area. */
export function parseViewBox(text: string | undefined): ViewBox | undefined {
  const trimmed = (text ?? '').trim();
  const numbers = trimmed.length > MAX_LENGTH ? undefined : VIEW_BOX.exec(trimmed)?.slice(1).map(Number);
  const [x = 0, y = 0, width = 0, height = 0] = numbers ?? [];
  return width > 0 && height > 0 && [x, y, width, height].every((side) => Math.abs(side) <= 1e12)
    ? { x, y, width, height }
    : undefined;
}

/**
 * Returns the size of an SVG: its sides, a missing one by the aspect ratio of its view box; without sides, the view box.
 *
 * @param sides the values of `width` and `height`, those of CSS if there are any
 * @throws ImageError IMAGE_CORRUPT if a side is 0; IMAGE_TOO_LARGE if one is longer than cairo renders. The units of a view box
 *   have no limit, since they are no pixels
 */
export function svgSize(
  sides: { readonly width?: string | undefined; readonly height?: string | undefined },
  viewBox: ViewBox | undefined,
): Size {
  const [width, height] = [parseLength(sides.width), parseLength(sides.height)];
  if (width === 0 || height === 0) throw svgCorrupt('its width or height is 0');
  if (Math.max(width ?? 0, height ?? 0) > MAX_SVG_SIDE)
    throw svgTooComplex(`its width or height is more than ${MAX_SVG_SIDE} pixels`);
  if (width !== undefined && height !== undefined) return { width, height };
  if (!viewBox) return { width: width ?? DEFAULT_SIZE.width, height: height ?? DEFAULT_SIZE.height };
  if (width !== undefined) return { width, height: (width * viewBox.height) / viewBox.width };
  if (height !== undefined) return { width: (height * viewBox.width) / viewBox.height, height };
  return { width: viewBox.width, height: viewBox.height };
}

/** Gives a root without a valid view box that of its size. */
export function setViewBox({ attributes }: SvgElement, { width, height }: Size): void {
  if (!parseViewBox(attributes.get('viewBox'))) attributes.set('viewBox', `0 0 ${width} ${height}`);
}

/** The scale at which a root gets its size in CSS pixels from libvips, which scales by its density of 72. */
export const LIBVIPS_SCALE = 72 / SVG_DENSITY;
/** That of an SVG in an SVG. */
export const EMBEDDED_SCALE = 1;

/**
 * Sets the size of a root, so that libvips opens it at its size in CSS pixels, whatever its style sheet says; an SVG that is
 * too large or small for libvips at another scale.
 *
 * @param scale `LIBVIPS_SCALE` or `EMBEDDED_SCALE`
 */
export function setRootSize(root: SvgElement, { width, height }: Size, scale: number): void {
  const { attributes } = root;
  // At least one pixel for the shorter side, but no more than cairo can hold for the longer one.
  const opened = Math.min(Math.max(1, 1 / Math.min(width, height)), MAX_SVG_SIDE / Math.max(width, height));
  const sides = [width, height].map((side) => side * scale * opened).map((side) => `${Number(side.toPrecision(12))}`);
  attributes.set('width', `${sides[0]}`).set('height', `${sides[1]}`);
  const style = attributes.get('style');
  attributes.set('style', `${style ? `${style};` : ''}width:${sides[0]}px!important;height:${sides[1]}px!important`);
}
