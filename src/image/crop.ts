/** Crops and padding: how an image is fitted into its box. Pure. */
import type { ImageOptions } from '../options.ts';
import type { PlanLimits } from './limits.ts';
import {
  area,
  type Box,
  coverSize,
  gravityRect,
  mirrorRect,
  outputSize,
  type Rect,
  type Size,
  spareRect,
} from './size.ts';

/** Scaling and then cropping or padding. At most one of `cover` and `contain` is set. */
export interface CropPlan {
  /** The size that the source, or its pre-crop, is scaled to. With its aspect ratio kept, it is stretched by less than a pixel. */
  readonly scaled: Size;
  /** The crop of that: a rectangle, or the size of the one that libvips' smart crop finds by this strategy. */
  readonly cover: Rect | (Size & { readonly strategy: 'entropy' | 'attention' }) | undefined;
  /** The padded box: its size, and where the scaled image lies in it. */
  readonly contain: Rect | undefined;
}

/** Plans the padding of `fit=contain`: none where the scaled image fills its box. Parameters are those of `planCrop`. */
export function planPadding(
  from: Size,
  box: Box,
  size: Size,
  options: Pick<ImageOptions, 'a' | 'fpx' | 'fpy' | 'flip' | 'flop'>,
): Pick<CropPlan, 'scaled' | 'contain'> {
  const isContained = box.fit === 'contain' && box.w !== undefined && box.h !== undefined;
  if (!isContained) return { scaled: size, contain: undefined };
  const scaled = outputSize(from, { w: size.width, h: size.height, fit: 'inside', we: false }, 1);
  if (scaled.width === size.width && scaled.height === size.height) return { scaled, contain: undefined };
  const { fpx, fpy, a } = options;
  const isFocal = a === 'focal' || fpx !== undefined || fpy !== undefined;
  const placed = isFocal ? spareRect(size, scaled, [fpx ?? 0.5, fpy ?? 0.5]) : gravityRect(size, scaled, a, [0.5, 0.5]);
  const { left, top } = mirrorRect(placed, size, options);
  return { scaled, contain: { ...size, left, top } };
}

/**
 * Plans how a source is fitted into its box by `fit`, `a`, `fpx` and `fpy`.
 *
 * @param from the source, rotated and pre-cropped
 * @param size of the output before its post-crop, in pixels
 * @param isAnimated whether more than one frame stays: then there is no smart crop, whose place may differ for each frame
 */
export function planCrop(
  from: Size,
  box: Box,
  size: Size,
  options: ImageOptions,
  isAnimated: boolean,
  limits: PlanLimits,
): CropPlan {
  const hasBothSides = box.w !== undefined && box.h !== undefined;
  const { fpx, fpy } = options;
  const gravity = fpx === undefined && fpy === undefined ? options.a : 'focal';
  const focus = [fpx ?? 0.5, fpy ?? 0.5] as const;
  if (hasBothSides && box.fit === 'cover') {
    const scaled = coverSize(from, size);
    // A smart crop needs the whole scaled image: that of a thin source would have gigapixels.
    const isSmart =
      (gravity === 'entropy' || gravity === 'attention') && !isAnimated && area(scaled) <= limits.resultMaxPixels;
    const cover = isSmart
      ? { ...size, strategy: gravity }
      : mirrorRect(gravityRect(scaled, size, gravity, focus), scaled, options);
    return { scaled, cover, contain: undefined };
  }
  return { cover: undefined, ...planPadding(from, box, size, options) };
}
