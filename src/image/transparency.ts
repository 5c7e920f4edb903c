/** Predicts whether an output has transparent parts, from its plan: then `auto` must not choose a format without alpha. Pure. */
import type { ImageOptions } from '../options.ts';
import { isOpaque, toColour } from './colour.ts';
import type { CropPlan } from './crop.ts';
import { isMadeOfImage } from './padding.ts';
import { mirrorRect, type Rect, type Size } from './size.ts';
import type { SourceInfo } from './source-info.ts';

/** The geometry of an output, as far as transparency depends on it. */
interface Geometry extends Pick<CropPlan, 'scaled' | 'contain'> {
  /** The crop of the scaled and padded image, after it is mirrored. */
  readonly postCrop: Rect | undefined;
  /** Clockwise rotation in degrees; 0 for none. */
  readonly angle: number;
}

const isOpaqueColour = (colour: string | undefined) => colour !== undefined && isOpaque(toColour(colour));

const includes = (outer: Rect, inner: Rect) =>
  inner.left >= outer.left &&
  inner.top >= outer.top &&
  inner.left + inner.width <= outer.left + outer.width &&
  inner.top + inner.height <= outer.top + outer.height;

/** Returns whether padding is left after the crop. */
function showsPadding({ scaled, contain, postCrop }: Geometry, options: ImageOptions): boolean {
  if (!contain) return false;
  const box: Size = contain;
  const image = mirrorRect({ ...scaled, left: contain.left, top: contain.top }, box, options);
  return !includes(image, postCrop ?? { left: 0, top: 0, width: box.width, height: box.height });
}

/**
 * Returns whether an output has transparent parts: those of its source, and those that padding, a rotation or a mask leaves in
 * a colour that is not opaque. An opaque `bg` lies behind all of them but the outside of a mask.
 */
export function hasTransparency(source: SourceInfo, geometry: Geometry, options: ImageOptions): boolean {
  const { mask, r, bg, cbg, rbg, mbg, pad } = options;
  // Padding that is made of the image is as transparent as that.
  const isPadded =
    (pad !== undefined || showsPadding(geometry, options)) && !isMadeOfImage(cbg) && !isOpaqueColour(cbg);
  const hasCorners = geometry.angle !== 0 && !isOpaqueColour(rbg);
  const isMasked = (mask !== undefined || r !== undefined) && !isOpaqueColour(mbg);
  return ((source.hasAlpha || isPadded || hasCorners) && !isOpaqueColour(bg)) || isMasked;
}
