/** The plan of an output, made before any pixel is decoded: format, size, frames, crops. Pure. */
import type { ImageOptions } from '../options.ts';
import { isQuickAvif } from './cpu-cost.ts';
import { type CropPlan, planCrop, planPadding } from './crop.ts';
import { type FramePlan, firstPage, planFrames } from './frame-plan.ts';
import {
  checkOutput,
  checkSvgScale,
  clampDpr,
  exceedsFormat,
  type FrameOptions,
  formatError,
  type PlanLimits,
} from './limits.ts';
import { planMask } from './mask.ts';
import type { OutputFormat } from './negotiate.ts';
import { planBorder } from './padding.ts';
import {
  cropRect,
  mirrorRect,
  outputSize,
  quarterTurnedSize,
  type Rect,
  rotatedSize,
  type Size,
  toBox,
} from './size.ts';
import { decoderFormat, type SourceInfo } from './source-info.ts';
import { hasTransparency } from './transparency.ts';

/** All that is decided about an output. Width and height are its own, in pixels. */
export interface Plan extends Size, CropPlan, FramePlan {
  readonly format: OutputFormat;
  /** Clockwise rotation by 90° after EXIF orientation and before all else: 0 to 3 times. */
  readonly quarterTurns: number;
  /** The crop of the rotated source, before it is scaled. */
  readonly preCrop: Rect | undefined;
  /** The crop of the scaled and padded image. */
  readonly postCrop: Rect | undefined;
  /** Clockwise rotation in degrees after the post-crop; 0 where `ro` is a multiple of 90. */
  readonly angle: number;
  /** The size with the border of `pad`, and where the finished image lies in it. */
  readonly border: Rect | undefined;
  /** Whether the format has no alpha channel. */
  readonly opaque: boolean;
  /** Whether the source or a step gives the image transparent parts, which the format may not hold. */
  readonly hasAlpha: boolean;
}

/**
 * Chooses the first format that can hold the size, and encode it in bounded time. `auto`, which has several to choose from, uses JPEG only for opaque
 * images and AVIF only for stills that are encoded in a few seconds. Where neither WebP nor AVIF may be sent, padding of no colour is
 * no reason for a PNG, which has several times the bytes of a photograph: in a JPEG it is white.
 *
 * @throws ImageError IMAGE_TOO_LARGE if none can
 */
function chooseFormat(
  size: Size,
  source: SourceInfo,
  formats: readonly OutputFormat[],
  options: ImageOptions & FrameOptions & { readonly needsAlpha: boolean },
): OutputFormat {
  const isAuto = formats.length > 1;
  const mayPadWhite = !formats.includes('webp') && !formats.includes('avif') && !options.needsAlpha;
  const isQuickStill = source.pages === 1 && (decoderFormat(source) === 'avif' || isQuickAvif(size, options));
  const allowed = formats.filter((format) => {
    if (isAuto && format === 'jpg') return !options.hasAlpha || mayPadWhite;
    return !(isAuto && format === 'avif') || isQuickStill;
  });
  const format = allowed.find((candidate) => !exceedsFormat(size, candidate, options));
  if (!format) throw formatError(size, formats[0] ?? 'jpg', options);
  return format;
}

/** Returns how often `ro` rotates by 90°, 0 to 3: once for −270, never for an angle that is no multiple of 90. */
const quarterTurnsOf = (ro: number) => (ro % 90 === 0 ? (((ro / 90) % 4) + 4) % 4 : 0);

/** Plans the one frame that metadata and placeholders describe: upright and rotated, neither cropped nor scaled. */
export const firstFrame = (
  source: SourceInfo,
  options: ImageOptions,
): Pick<Plan, 'page' | 'pages' | 'quarterTurns'> => ({
  page: firstPage(source, options),
  pages: 1,
  quarterTurns: quarterTurnsOf(options.ro),
});

/** Returns the size from which an output can be scaled down; undefined if it needs all pixels of the source. */
export const neededSize = ({ preCrop, cover, scaled, quarterTurns }: Plan): Size | undefined =>
  preCrop || (cover && 'strategy' in cover) ? undefined : quarterTurnedSize(scaled, quarterTurns);

/**
 * Plans an output from the options, the header of the source and the limits. The source was checked before, by
 * `checkSource`.
 *
 * @param formats in order of preference, from `candidateFormats`
 * @throws ImageError IMAGE_TOO_LARGE if the output exceeds a limit
 */
export function plan(
  source: SourceInfo,
  options: ImageOptions,
  formats: readonly OutputFormat[],
  limits: PlanLimits,
): Plan {
  const isSvg = decoderFormat(source) === 'svg';
  const quarterTurns = quarterTurnsOf(options.ro);
  const rotated = quarterTurnedSize(source, quarterTurns);
  const requestedCrop = options.precrop ? cropRect(rotated, options) : undefined;
  const preCrop = requestedCrop && mirrorRect(requestedCrop, rotated, options);
  const from = preCrop ?? rotated;
  const box = toBox(from, isSvg ? { ...options, we: false } : options);
  const angle = options.ro % 90 === 0 ? 0 : ((options.ro % 360) + 360) % 360;
  const postCropOf = (size: Size) => (options.precrop ? undefined : cropRect(size, options));
  const hasAlphaAt = (size: Size, of = options) =>
    hasTransparency(source, { ...planPadding(from, box, size, options), postCrop: postCropOf(size), angle }, of);
  const dprOptions = { ...options, hasAlpha: hasAlphaAt(outputSize(from, box, 1)) };
  const dpr = clampDpr(from, box, options.dpr, formats, dprOptions, limits);
  const size = outputSize(from, box, dpr);
  const postCrop = postCropOf(size);
  const rotatedBox = angle ? rotatedSize(postCrop ?? size, angle) : (postCrop ?? size);
  const finished = (options.mtrim && planMask(rotatedBox, options)?.bounds) || rotatedBox;
  const border = planBorder(finished, options, dpr);
  const { width, height } = border ?? finished;
  checkOutput(box, [size, rotatedBox, { width, height }], limits);
  const hasAlpha = hasAlphaAt(size);
  const { bg, cbg = 'ffffffff' } = options;
  const needsAlpha = hasAlpha && (bg !== undefined || hasAlphaAt(size, { ...options, cbg }));
  const format = chooseFormat({ width, height }, source, formats, { ...options, hasAlpha, needsAlpha });
  const frames = planFrames(source, options, format, { width, height }, limits);
  const crop = planCrop(from, box, size, options, frames.pages > 1, limits);
  if (isSvg) checkSvgScale(rotated, from, crop.scaled);
  return {
    width,
    height,
    format,
    ...frames,
    quarterTurns,
    preCrop,
    ...crop,
    postCrop,
    angle,
    border,
    opaque: format === 'jpg',
    hasAlpha,
  };
}
