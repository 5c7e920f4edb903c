/** The plan of an output, made before any pixel is decoded: format, size, frames, crops. Pure. */
import type { ImageOptions } from '../options.ts';
import { type CropPlan, planCrop, planPadding } from './crop.ts';
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
import { type OutputFormat, supportsAnimation } from './negotiate.ts';
import {
  area,
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
export interface Plan extends Size, CropPlan {
  readonly format: OutputFormat;
  /** The first frame that is read, from 0. */
  readonly page: number;
  /** Frames that are read and written, from `page` on; 1 for a still. */
  readonly pages: number;
  /** Clockwise rotation by 90° after EXIF orientation and before all else: 0 to 3 times. */
  readonly quarterTurns: number;
  /** The crop of the rotated source, before it is scaled. */
  readonly preCrop: Rect | undefined;
  /** The crop of the scaled and padded image. */
  readonly postCrop: Rect | undefined;
  /** Clockwise rotation in degrees after the post-crop; 0 where `ro` is a multiple of 90. */
  readonly angle: number;
  /** Whether the format has no alpha channel. */
  readonly opaque: boolean;
  /** Whether the source or a step gives the image transparent parts, which the format may not hold. */
  readonly hasAlpha: boolean;
}

/** Maximum pixels of an output up to which `auto` chooses AVIF: above, encoding takes seconds. */
const MAX_AUTO_AVIF_PIXELS = 2_000_000;

/**
 * Counts the frames that stay: all that the limits allow if both source and output support animation, else one.
 *
 * @param size of the output in pixels
 */
function plannedPages(
  source: SourceInfo,
  options: ImageOptions,
  format: OutputFormat,
  size: Size,
  limits: PlanLimits,
): number {
  const { n, page, trim } = options;
  const isAnimated = supportsAnimation(source.format) && supportsAnimation(format);
  // Frames lie below one another, so EXIF orientation would rotate the whole strip; `page` and `trim` mean one image.
  if (!isAnimated || source.orientation !== 1 || trim !== undefined || (page !== undefined && n === -1)) return 1;
  // Small frames that are upscaled are as much work as large ones.
  const maxByPixels = Math.floor(limits.sourceMaxPixels / Math.max(area(source), area(size)));
  const available = source.pages - firstPage(source, options);
  return Math.max(1, Math.min(n === -1 ? available : n, available, limits.sourceMaxFrames, maxByPixels));
}

/** Returns `page`, at most the last one. The largest and smallest page of a TIFF are found when it is opened. */
const firstPage = ({ pages }: SourceInfo, { page = 0 }: Pick<ImageOptions, 'page'>) =>
  Math.min(Math.max(page, 0), pages - 1);

/**
 * Chooses the first format that can hold the size, and encode it in bounded time. `auto`, which has several to choose from, uses JPEG only for opaque
 * images and AVIF only for small stills.
 *
 * @throws ImageError IMAGE_TOO_LARGE if none can
 */
function chooseFormat(
  size: Size,
  source: SourceInfo,
  formats: readonly OutputFormat[],
  options: ImageOptions & FrameOptions,
): OutputFormat {
  const isAuto = formats.length > 1;
  const isSmallStill = source.pages === 1 && (decoderFormat(source) === 'avif' || area(size) <= MAX_AUTO_AVIF_PIXELS);
  const allowed = formats.filter((format) => {
    if (isAuto && format === 'jpg') return !options.hasAlpha;
    return !(isAuto && format === 'avif') || isSmallStill;
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
  const hasAlphaAt = (size: Size) =>
    hasTransparency(source, { ...planPadding(from, box, size, options), postCrop: postCropOf(size), angle }, options);
  const dprOptions = { ...options, hasAlpha: hasAlphaAt(outputSize(from, box, 1)) };
  const size = outputSize(from, box, clampDpr(from, box, options.dpr, formats, dprOptions, limits));
  const postCrop = postCropOf(size);
  const rotatedBox = angle ? rotatedSize(postCrop ?? size, angle) : (postCrop ?? size);
  checkOutput(box, [size, rotatedBox], limits);
  const { width, height } = (options.mtrim && planMask(rotatedBox, options)?.bounds) || rotatedBox;
  const hasAlpha = hasAlphaAt(size);
  const format = chooseFormat({ width, height }, source, formats, { ...options, hasAlpha });
  const pages = plannedPages(source, options, format, { width, height }, limits);
  const crop = planCrop(from, box, size, options, pages > 1, limits);
  if (isSvg) checkSvgScale(rotated, from, crop.scaled);
  return {
    width,
    height,
    format,
    page: firstPage(source, options),
    pages,
    quarterTurns,
    preCrop,
    ...crop,
    postCrop,
    angle,
    opaque: format === 'jpg',
    hasAlpha,
  };
}
