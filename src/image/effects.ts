/** Effects on raw pixels after scaling: adjustments and masks, in weserv's order. */
import type { ImageOptions } from '../options.ts';
import { blurFrame } from './blur.ts';
import {
  brightnessTables,
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
import { type FrameStep, frameToSharp, inOnePipeline, toFrame } from './frames.ts';
import { planMask } from './mask.ts';
import { maskCoverage } from './mask-coverage.ts';
import type { Plan } from './plan.ts';

type Row = [number, number, number];

/** The sepia matrix of weserv: rows of the luma of Rec. 601, times 1.2, 1 and 0.8. */
const SEPIA: [Row, Row, Row] = [
  [0.3588, 0.7044, 0.1368],
  [0.299, 0.587, 0.114],
  [0.2392, 0.4696, 0.0912],
];

const withTables =
  (tables: ChannelTables): FrameStep =>
  (frame) =>
    mapChannels(frame, tables);

const greyWithTables =
  (tables: ChannelTables): FrameStep =>
  (frame) =>
    mapGrey(frame, tables);

function filter({ filt, start = 'ffc83658', stop = 'ffd8e74f' }: ImageOptions): FrameStep | undefined {
  if (filt === 'greyscale') return greyWithTables(GREY_TABLES);
  if (filt === 'sepia') return inOnePipeline((image) => image.recomb(SEPIA));
  if (filt === 'duotone') return greyWithTables(duotoneTables(toColour(start), toColour(stop)));
  return filt === 'negate' ? inOnePipeline((image) => image.negate({ alpha: false })) : undefined;
}

function modulate({ mod, sat, hue }: ImageOptions): FrameStep | undefined {
  if (mod === undefined && sat === undefined && hue === undefined) return undefined;
  const [brightness = 1, saturation = 1, rotation = 0] = (mod ?? '').split(',').filter(Boolean).map(Number);
  return inOnePipeline((image) => image.modulate({ brightness, saturation: sat ?? saturation, hue: hue ?? rotation }));
}

function sharpen({ sharp: sigma, sharpf: m1, sharpj: m2 }: ImageOptions): FrameStep | undefined {
  if (sigma === undefined) return undefined;
  const flat = { ...(m1 !== undefined && { m1 }), ...(m2 !== undefined && { m2 }) };
  return inOnePipeline((image) => image.sharpen({ sigma, ...flat }));
}

/** Tints unless the colour is transparent: a partly transparent one counts as opaque, as at weserv. */
function tintBy({ tint }: ImageOptions): FrameStep | undefined {
  if (tint === undefined || toColour(tint).alpha === 0) return undefined;
  return greyWithTables(tintTables(toColour(tint)));
}

const isSet = <T>(value: T | undefined): value is T => value !== undefined;

const blurStep =
  (sigma: number): FrameStep =>
  (frame, limit) =>
    blurFrame(frame, sigma, limit);

/** Returns the requested adjustments in order. Each is a separate pipeline: within one, sharp has an order of its own. */
function adjustments(options: ImageOptions): FrameStep[] {
  const { bri, con, gam, blur } = options;
  return [
    bri ? withTables(brightnessTables(bri)) : undefined,
    modulate(options),
    con ? withTables(contrastTables(con)) : undefined,
    gam === undefined || gam === 1 ? undefined : withTables(gammaTables(gam)),
    sharpen(options),
    filter(options),
    blur === undefined ? undefined : blurStep(blur),
    tintBy(options),
  ].filter(isSet);
}

/** Returns the steps of a mask: its shape depends on the size of the frame, which the first step does not change. */
function maskSteps(options: ImageOptions): FrameStep[] {
  const outside = options.mbg === undefined ? CLEAR : toColour(options.mbg);
  const mask: FrameStep = async (frame) => {
    const planned = planMask(frame, options);
    return planned ? replaceOutside(frame, outside, maskCoverage(planned.points, frame)) : frame;
  };
  const trim: FrameStep = async (frame, limit) => {
    const planned = planMask(frame, options);
    return planned ? toFrame(frameToSharp(frame).extract(planned.bounds), limit) : frame;
  };
  return options.mtrim ? [mask, trim] : [mask];
}

/** Returns whether any effect is requested. */
export const hasEffects = (options: ImageOptions): boolean =>
  adjustments(options).length > 0 || isSet(options.bg) || isSet(options.mask) || isSet(options.r);

/** Returns the steps that apply adjustments, background and mask to a frame. */
export function effectSteps(options: ImageOptions): FrameStep[] {
  const { bg } = options;
  const background: FrameStep = async (frame) =>
    bg !== undefined && frame.channels === 4 ? compositeOver(frame, toColour(bg)) : frame;
  return [...adjustments(options), background, ...maskSteps(options)];
}

/** Returns the background of an image whose format has no alpha channel: an opaque `bg`, else white. */
export function flattenColour({ bg }: Pick<ImageOptions, 'bg'>): Colour {
  const colour = bg === undefined ? WHITE : toColour(bg);
  return isOpaque(colour) ? colour : WHITE;
}

/** Returns whether frames change after scaling and padding, before a mark is drawn. */
export const hasFrameSteps = (plan: Plan, options: ImageOptions) =>
  Boolean(options.flip || options.flop || plan.postCrop || plan.angle || plan.border) || hasEffects(options);

/** Returns whether pixels change after scaling and padding: then they are needed in memory before the encoder. */
export const hasPixelSteps = (plan: Plan, options: ImageOptions) =>
  hasFrameSteps(plan, options) || options.mark !== undefined;
