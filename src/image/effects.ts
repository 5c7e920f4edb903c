/** Effects on raw pixels after scaling: adjustments and masks, in weserv's order. */
import type { Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { blurFrame } from './blur.ts';
import { CLEAR, type Colour, toColour, WHITE } from './colour.ts';
import { compositeOver } from './composite.ts';
import { type Frame, frameToSharp, toFrame } from './frames.ts';
import { maskBounds, maskCoverage, maskPolygon } from './mask.ts';
import type { Plan } from './plan.ts';
import type { Rect } from './size.ts';
import type { TimeLimit } from './time-limit.ts';

type Effect = (image: Sharp) => Sharp;
/** An effect that runs more than one pipeline. */
type FrameEffect = (frame: Frame, limit: TimeLimit) => Promise<Frame>;
type Row = [number, number, number];
type Matrix = [Row, Row, Row];
/** Luma coefficients of Rec. 709, as in the grayscale filter of browsers. */
const LUMA: Row = [0.2126, 0.7152, 0.0722];

/** Maps dark to one colour and light to another: each channel is a linear function of the luma. */
function duotone(start: Colour, stop: Colour): Effect {
  const [r, g, b] = LUMA;
  const row = (from: number, to: number): Row => {
    const scale = (to - from) / 255;
    return [r * scale, g * scale, b * scale];
  };
  const matrix: Matrix = [row(start.r, stop.r), row(start.g, stop.g), row(start.b, stop.b)];
  return (image) => image.recomb(matrix).linear([1, 1, 1], [start.r, start.g, start.b]);
}

/** The sepia matrix of W3C Filter Effects, 13.2. */
const SEPIA: Matrix = [
  [0.393, 0.769, 0.189],
  [0.349, 0.686, 0.168],
  [0.272, 0.534, 0.131],
];
const GREY: Matrix = [LUMA, LUMA, LUMA];

function filter({ filt, start = 'ffc83658', stop = 'ffd8e74f' }: ImageOptions): Effect | undefined {
  if (filt === 'greyscale') return (image) => image.recomb(GREY);
  if (filt === 'sepia') return (image) => image.recomb(SEPIA);
  if (filt === 'duotone') return duotone(toColour(start), toColour(stop));
  return filt === 'negate' ? (image) => image.negate({ alpha: false }) : undefined;
}

function modulate({ mod, sat, hue }: ImageOptions): Effect | undefined {
  if (mod === undefined && sat === undefined && hue === undefined) return undefined;
  const [brightness = 1, saturation = 1, rotation = 0] = (mod ?? '').split(',').filter(Boolean).map(Number);
  return (image) => image.modulate({ brightness, saturation: sat ?? saturation, hue: hue ?? rotation });
}

/** Changes the contrast around mid-grey: −100 makes all of it grey, 100 doubles the distance from grey. */
function contrast({ con }: ImageOptions): Effect | undefined {
  const slope = 1 + (con ?? 0) / 100;
  return con ? (image) => image.linear(slope, 128 * (1 - slope)) : undefined;
}

const isSet = <T>(value: T | undefined): value is T => value !== undefined;

const inOnePipeline =
  (effect: Effect): FrameEffect =>
  (frame, limit) =>
    toFrame(effect(frameToSharp(frame)), limit);

/** Returns the requested adjustments in order. Each is a separate pipeline: within one, sharp has an order of its own. */
function adjustments(options: ImageOptions): FrameEffect[] {
  const { gam, sharp: sigma, sharpf, sharpj, blur, tint } = options;
  const flat = { ...(sharpf !== undefined && { m1: sharpf }), ...(sharpj !== undefined && { m2: sharpj }) };
  const before = [
    modulate(options),
    contrast(options),
    // sharp's gamma(in, out): `in` is applied and undone around a resize (1 is off); `out` is the visible gamma.
    gam === undefined || gam === 1 ? undefined : (image: Sharp) => image.gamma(1, gam),
    sigma === undefined ? undefined : (image: Sharp) => image.sharpen({ sigma, ...flat }),
    filter(options),
  ];
  return [
    ...before.filter(isSet).map(inOnePipeline),
    blur === undefined ? undefined : (frame: Frame, limit: TimeLimit) => blurFrame(frame, blur, limit),
    tint === undefined ? undefined : inOnePipeline((image) => image.tint(toColour(tint))),
  ].filter(isSet);
}

const crop = (frame: Frame, rect: Rect, limit: TimeLimit) => toFrame(frameToSharp(frame).extract(rect), limit);

async function applyMask(frame: Frame, options: ImageOptions, limit: TimeLimit): Promise<Frame> {
  const points = maskPolygon(frame, options);
  if (!points) return frame;
  const outside = options.mbg === undefined ? CLEAR : toColour(options.mbg);
  const masked = await compositeOver(frame, outside, maskCoverage(points, frame));
  return options.mtrim ? crop(masked, maskBounds(points, frame), limit) : masked;
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

/** Returns the background of an image whose format has no alpha channel: `bg`, else `mbg`, else white. */
export const flattenColour = ({ bg, mbg }: Pick<ImageOptions, 'bg' | 'mbg'>): Colour => {
  const colour = bg ?? mbg;
  return colour === undefined ? WHITE : { ...toColour(colour), alpha: 1 };
};

/** Returns whether pixels change after scaling and padding: then they are needed in memory before the encoder. */
export const hasPixelSteps = (plan: Plan, options: ImageOptions) =>
  Boolean(options.flip || options.flop || plan.postCrop || plan.angle) || hasEffects(options);
