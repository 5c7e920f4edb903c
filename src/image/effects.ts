/** What is done to a picture that has its size: adjustments and shapes, in weserv's order, on raw pixels. */
import sharp, { type Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { CLEAR, type Colour, toColour, WHITE } from './colour.ts';
import { maskBounds, maskCoverage, maskPolygon } from './mask.ts';
import type { Plan } from './plan.ts';
import type { Rect, Size } from './size.ts';

/** One frame of raw sRGB with 8 bits a channel. */
export interface Frame extends Size {
  readonly data: Buffer;
  readonly channels: 3 | 4;
}

export const frameToSharp = ({ data, width, height, channels }: Frame) =>
  sharp(data, { raw: { width, height, channels }, limitInputPixels: false });

/** The pixels of a pipeline. A grey picture has its three channels too: not every operation takes one. */
export async function toFrame(image: Sharp): Promise<Frame> {
  const { data, info } = await image.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels === 3 || channels === 4) return { data, width, height, channels };
  const wide = channels === 2 ? 4 : 3;
  const spread = Buffer.alloc(width * height * wide);
  for (let i = 0, o = 0; i < data.length; i += channels, o += wide) {
    spread.fill(data[i] ?? 0, o, o + 3);
    if (wide === 4) spread[o + 3] = data[i + 1] ?? 255;
  }
  return { data: spread, width, height, channels: wide };
}

type Effect = (image: Sharp) => Sharp;
/** Rec. 709, as a browser's grayscale filter. */
const LUMA = [0.2126, 0.7152, 0.0722] as const;
type Matrix = Parameters<Sharp['recomb']>[0];

/** Dark to one colour and light to another: each channel is a line over the lightness. */
function duotone(start: Colour, stop: Colour): Effect {
  const line = (from: number, to: number) => LUMA.map((weight) => (weight * (to - from)) / 255);
  const matrix = [line(start.r, stop.r), line(start.g, stop.g), line(start.b, stop.b)] as unknown as Matrix;
  return (image) => image.recomb(matrix).linear([1, 1, 1], [start.r, start.g, start.b]);
}

/** W3C Filter Effects, 13.2. */
const SEPIA: Matrix = [
  [0.393, 0.769, 0.189],
  [0.349, 0.686, 0.168],
  [0.272, 0.534, 0.131],
];
const GREY = [LUMA, LUMA, LUMA] as unknown as Matrix;

function filter({ filt, start = 'ffc83658', stop = 'ffd8e74f' }: ImageOptions): Effect | undefined {
  if (filt === 'greyscale') return (image) => image.recomb(GREY);
  if (filt === 'sepia') return (image) => image.recomb(SEPIA);
  if (filt === 'duotone') return duotone(toColour(start), toColour(stop));
  return filt === 'negate' ? (image) => image.negate({ alpha: false }) : undefined;
}

function modulate({ mod, sat, hue }: ImageOptions): Effect | undefined {
  if (mod === undefined && sat === undefined && hue === undefined) return undefined;
  const [brightness = 1, saturation = 1, turn = 0] = (mod ?? '').split(',').filter(Boolean).map(Number);
  return (image) => image.modulate({ brightness, saturation: sat ?? saturation, hue: hue ?? turn });
}

/** A line through mid-grey: −100 makes all of it grey, 100 doubles the distance from it. */
function contrast({ con }: ImageOptions): Effect | undefined {
  const slope = 1 + (con ?? 0) / 100;
  return con ? (image) => image.linear(slope, 128 * (1 - slope)) : undefined;
}

const isSet = <T>(value: T | undefined): value is T => value !== undefined;

/** The adjustments that were asked for, in order: each is a pipeline of its own, since sharp has an order of its own. */
function adjustments(options: ImageOptions): Effect[] {
  const { gam, sharp: sigma, sharpf, sharpj, blur, tint } = options;
  const flat = { ...(sharpf !== undefined && { m1: sharpf }), ...(sharpj !== undefined && { m2: sharpj }) };
  return [
    modulate(options),
    contrast(options),
    // The first number undoes itself around a resize; the second is what shows.
    gam === undefined || gam === 1 ? undefined : (image: Sharp) => image.gamma(1, gam),
    sigma === undefined ? undefined : (image: Sharp) => image.sharpen({ sigma, ...flat }),
    filter(options),
    blur === undefined ? undefined : (image: Sharp) => image.blur(blur),
    tint === undefined ? undefined : (image: Sharp) => image.tint(toColour(tint)),
  ].filter(isSet);
}

/** Puts a colour behind transparent parts; one that is transparent itself leaves them so in part. */
function compositeOver(
  { data, channels, ...size }: Frame,
  { r, g, b, alpha }: Colour,
  by: (pixel: number) => number,
): Frame {
  const pixels = size.width * size.height;
  const out = Buffer.alloc(pixels * 4);
  for (let i = 0; i < pixels; i++) {
    const front = by(i);
    const back = alpha * (1 - front);
    const sum = front + back;
    const mix = (channel: number, colour: number) => (sum ? (channel * front + colour * back) / sum : colour);
    const from = i * channels;
    out[i * 4] = Math.round(mix(data[from] ?? 0, r));
    out[i * 4 + 1] = Math.round(mix(data[from + 1] ?? 0, g));
    out[i * 4 + 2] = Math.round(mix(data[from + 2] ?? 0, b));
    out[i * 4 + 3] = Math.round(sum * 255);
  }
  return { ...size, data: out, channels: 4 };
}

const alphaOf =
  ({ data, channels }: Frame) =>
  (pixel: number) =>
    channels === 4 ? (data[pixel * 4 + 3] ?? 0) / 255 : 1;

const cut = (frame: Frame, rect: Rect) => toFrame(frameToSharp(frame).extract(rect));

async function applyMask(frame: Frame, options: ImageOptions): Promise<Frame> {
  const points = maskPolygon(frame, options);
  if (!points) return frame;
  const inside = maskCoverage(points, frame);
  const alpha = alphaOf(frame);
  const outside = options.mbg === undefined ? CLEAR : toColour(options.mbg);
  const shaped = compositeOver(frame, outside, (pixel) => (alpha(pixel) * (inside[pixel] ?? 0)) / 255);
  return options.mtrim ? cut(shaped, maskBounds(points, frame)) : shaped;
}

/** Whether anything here was asked for: if not, a picture goes from its decoder to its encoder without a stop. */
const hasEffects = (options: ImageOptions): boolean =>
  adjustments(options).length > 0 || isSet(options.bg) || isSet(options.mask) || isSet(options.r);

/** All of it, for one frame. */
export async function applyEffects(frame: Frame, options: ImageOptions): Promise<Frame> {
  let done = frame;
  for (const step of adjustments(options)) done = await toFrame(step(frameToSharp(done)));
  if (options.bg !== undefined && done.channels === 4) done = compositeOver(done, toColour(options.bg), alphaOf(done));
  return applyMask(done, options);
}

/** What lies behind a picture whose format has no transparency. */
export const flattenColour = ({ bg, mbg }: Pick<ImageOptions, 'bg' | 'mbg'>): Colour => {
  const colour = bg ?? mbg;
  return colour === undefined ? WHITE : { ...toColour(colour), alpha: 1 };
};

/** Whether something is done to the picture once it has its size. */
export const hasPixelSteps = (todo: Plan, options: ImageOptions) =>
  Boolean(options.flip || options.flop || todo.after || todo.angle) || hasEffects(options);
