/** Effects on raw pixels after scaling: adjustments and masks, in weserv's order. */
import type { Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { blurFrame } from './blur.ts';
import {
  type ChannelTables,
  contrastTables,
  duotoneTables,
  GREY_TABLES,
  gammaTables,
  mapChannels,
  mapGrey,
  tintTables,
} from './channel-tables.ts';
import { CLEAR, type Colour, isOpaque, toColour, WHITE } from './colour.ts';
import { compositeOver, replaceOutside } from './composite.ts';
import { type Frame, frameToSharp, toFrame } from './frames.ts';
import { planMask } from './mask.ts';
import { maskCoverage } from './mask-coverage.ts';
import type { Plan } from './plan.ts';
import type { Rect } from './size.ts';
import type { TimeLimit } from './time-limit.ts';

type Effect = (image: Sharp) => Sharp;
/** An effect on raw pixels, or that runs more than one pipeline. */
type FrameEffect = (frame: Frame, limit: TimeLimit) => Promise<Frame>;
type Row = [number, number, number];

/** The sepia matrix of weserv: rows of the luma of Rec. 601, times 1.2, 1 and 0.8. */
const SEPIA: [Row, Row, Row] = [
  [0.3588, 0.7044, 0.1368],
  [0.299, 0.587, 0.114],
  [0.2392, 0.4696, 0.0912],
];

const inOnePipeline =
  (effect: Effect): FrameEffect =>
  (frame, limit) =>
    toFrame(effect(frameToSharp(frame)), limit);

const withTables =
  (tables: ChannelTables): FrameEffect =>
  (frame) =>
    mapChannels(frame, tables);

const greyWithTables =
  (tables: ChannelTables): FrameEffect =>
  (frame) =>
    mapGrey(frame, tables);

function filter({ filt, start = 'ffc83658', stop = 'ffd8e74f' }: ImageOptions): FrameEffect | undefined {
  if (filt === 'greyscale') return greyWithTables(GREY_TABLES);
  if (filt === 'sepia') return inOnePipeline((image) => image.recomb(SEPIA));
  if (filt === 'duotone') return greyWithTables(duotoneTables(toColour(start), toColour(stop)));
  return filt === 'negate' ? inOnePipeline((image) => image.negate({ alpha: false })) : undefined;
}

function modulate({ mod, sat, hue }: ImageOptions): FrameEffect | undefined {
  if (mod === undefined && sat === undefined && hue === undefined) return undefined;
  const [brightness = 1, saturation = 1, rotation = 0] = (mod ?? '').split(',').filter(Boolean).map(Number);
  return inOnePipeline((image) => image.modulate({ brightness, saturation: sat ?? saturation, hue: hue ?? rotation }));
}

function sharpen({ sharp: sigma, sharpf: m1, sharpj: m2 }: ImageOptions): FrameEffect | undefined {
  if (sigma === undefined) return undefined;
  const flat = { ...(m1 !== undefined && { m1 }), ...(m2 !== undefined && { m2 }) };
  return inOnePipeline((image) => image.sharpen({ sigma, ...flat }));
}

/** Tints unless the colour is transparent: a partly transparent one counts as opaque, as at weserv. */
function tintBy({ tint }: ImageOptions): FrameEffect | undefined {
  if (tint === undefined || toColour(tint).alpha === 0) return undefined;
  return greyWithTables(tintTables(toColour(tint)));
}

const isSet = <T>(value: T | undefined): value is T => value !== undefined;

/** Returns the requested adjustments in order. Each is a separate pipeline: within one, sharp has an order of its own. */
function adjustments(options: ImageOptions): FrameEffect[] {
  const { con, gam, blur } = options;
  return [
    modulate(options),
    con ? withTables(contrastTables(con)) : undefined,
    gam === undefined || gam === 1 ? undefined : withTables(gammaTables(gam)),
    sharpen(options),
    filter(options),
    blur === undefined ? undefined : (frame: Frame, limit: TimeLimit) => blurFrame(frame, blur, limit),
    tintBy(options),
  ].filter(isSet);
}

const crop = (frame: Frame, rect: Rect, limit: TimeLimit) => toFrame(frameToSharp(frame).extract(rect), limit);

async function applyMask(frame: Frame, options: ImageOptions, limit: TimeLimit): Promise<Frame> {
  const mask = planMask(frame, options);
  if (!mask) return frame;
  const outside = options.mbg === undefined ? CLEAR : toColour(options.mbg);
  const masked = await replaceOutside(frame, outside, maskCoverage(mask.points, frame));
  return options.mtrim ? crop(masked, mask.bounds, limit) : masked;
}

/** Returns whether any effect is requested. */
const hasEffects = (options: ImageOptions): boolean =>
  adjustments(options).length > 0 || isSet(options.bg) || isSet(options.mask) || isSet(options.r);

/** Applies adjustments, background and mask to one frame. */
export async function applyEffects(frame: Frame, options: ImageOptions, limit: TimeLimit): Promise<Frame> {
  let output = frame;
  for (const effect of adjustments(options)) output = await effect(output, limit);
  if (options.bg !== undefined && output.channels === 4) output = await compositeOver(output, toColour(options.bg));
  return applyMask(output, options, limit);
}

/** Returns the background of an image whose format has no alpha channel: an opaque `bg`, else white. */
export function flattenColour({ bg }: Pick<ImageOptions, 'bg'>): Colour {
  const colour = bg === undefined ? WHITE : toColour(bg);
  return isOpaque(colour) ? colour : WHITE;
}

/** Returns whether pixels change after scaling and padding: then they are needed in memory before the encoder. */
export const hasPixelSteps = (plan: Plan, options: ImageOptions) =>
  Boolean(options.flip || options.flop || plan.postCrop || plan.angle) || hasEffects(options);
