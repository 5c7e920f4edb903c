/** Decodes a still: orientation, crops, scaling, padding. */
import sharp, { type ResizeOptions, type Sharp, type SharpOptions } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { CLEAR, isOpaque, toColour } from './colour.ts';
import { transformColours } from './colour-transform.ts';
import { flattenColour } from './effects.ts';
import { isRgb } from './formats/icc.ts';
import { type Frame, frameToSharp, toFrame } from './frames.ts';
import { supportsAnimation } from './negotiate.ts';
import { DECODER_OPTIONS, type OpenedSource, withPixels } from './open.ts';
import { extend } from './pad-frame.ts';
import { isMadeOfImage } from './padding.ts';
import { firstFrame, type Plan } from './plan.ts';
import { forRatio, shrinkRatio } from './shrink-on-load.ts';
import { area, quarterTurnedSize, ratioSide, type Size } from './size.ts';
import { decoderFormat, type SourceInfo } from './source-info.ts';
import { runPipeline, type TimeLimit } from './time-limit.ts';
import { findContent } from './trim.ts';

/**
 * Gives sharp one side only, where the other follows from it: then the WebP decoder scales on load, which it does by one factor
 * for both sides. 2 ms of CPU of 42 are saved, and nothing is scaled twice. (For a JPEG, which is shrunk on load to a half, a
 * quarter or an eighth, the other side would be a pixel off.)
 */
function webpResize(from: Size, scaled: Size): ResizeOptions {
  const side = ratioSide(from, scaled);
  return side ? { [side]: scaled[side] } : { ...scaled, fit: 'fill' };
}

/** Crops and scales a still, or one frame. The crop of `cover` comes after scaling, so that a JPEG can be shrunk on load. */
export function scaleStill(image: Sharp, { preCrop, scaled, cover, quarterTurns }: Plan, info: SourceInfo): Sharp {
  if (preCrop) image.extract(preCrop);
  if (cover && 'strategy' in cover)
    return image.resize({ width: cover.width, height: cover.height, fit: 'cover', position: cover.strategy });
  const isWebp = decoderFormat(info) === 'webp' && !preCrop;
  image.resize(isWebp ? webpResize(quarterTurnedSize(info, quarterTurns), scaled) : { ...scaled, fit: 'fill' });
  return cover ? image.extract(cover) : image;
}

/** Pads the scaled image to the box of `fit=contain`, unless the padding is made of its pixels. */
export function pad(image: Sharp, { scaled, contain, opaque }: Plan, options: ImageOptions): Sharp {
  const { bg, cbg } = options;
  if (!contain || isMadeOfImage(cbg)) return image;
  // A partly transparent `bg` is composited later, and then what is left of the transparency is flattened.
  const isFlattened = opaque && (bg === undefined || isOpaque(toColour(bg)));
  const background = cbg === undefined ? (isFlattened ? flattenColour(options) : CLEAR) : toColour(cbg);
  return extend(image, scaled, contain, background);
}

/** Opens a file as it is stored: neither upright nor rotated. sharp's further options select frames and orientation. */
export function openStored({ bytes, input, metadata }: OpenedSource, frames: SharpOptions = {}): Sharp {
  const image = sharp(bytes, { ...input, ...frames });
  // sharp transforms an RGB image of 16 bits with a profile to Display P3, and leaves it there.
  if (metadata.icc && !input.ignoreIcc && metadata.space === 'rgb16') image.withIccProfile('srgb', { attach: false });
  return image;
}

/** How a frame is made upright by its EXIF orientation, 1 to 8: mirrored, then rotated by degrees, which is sharp's order. */
const UPRIGHT: readonly (readonly [degrees: number, isMirrored: boolean])[] = [
  [0, false],
  [0, true],
  [180, false],
  [180, true],
  [270, true],
  [90, false],
  [90, true],
  [270, false],
];

/**
 * Makes stored pixels upright, and rotates them by quarter turns.
 *
 * @param orientation EXIF orientation, 1 to 8
 * @param toPixels runs a pipeline, and opens its output
 */
export async function toUpright(
  image: Sharp,
  orientation: number,
  quarterTurns: number,
  toPixels: (image: Sharp) => Promise<Sharp>,
): Promise<Sharp> {
  const [degrees, isMirrored] = UPRIGHT[orientation - 1] ?? [0, false];
  const upright = degrees || isMirrored ? await toPixels(image.rotate(degrees).flop(isMirrored)) : image;
  return quarterTurns ? toPixels(upright.rotate(quarterTurns * 90)) : upright;
}

/** Opens the decoder at the planned frames. A still is upright, and rotated by its quarter turns. */
export function openDecoder(
  opened: OpenedSource,
  { page, pages, quarterTurns }: Pick<Plan, 'page' | 'pages' | 'quarterTurns'>,
): Sharp {
  const { bytes, input, info, pageIndex } = opened;
  if (info.decodedFrom === 'pixels') return sharp(bytes, input);
  const firstPage = supportsAnimation(info.format) ? page : pageIndex;
  const image = openStored(opened, { page: firstPage, pages, autoOrient: pages === 1 });
  return quarterTurns && pages === 1 ? image.rotate(quarterTurns * 90) : image;
}

/** Returns whether a still has a profile of another RGB colour space, and shrinks: then it is scaled before the transform. */
function isDeferredProfile({ input, metadata, info }: OpenedSource, { preCrop, scaled }: Plan): boolean {
  if (info.decodedFrom === 'pixels' || input.ignoreIcc) return false;
  if (!isRgb(metadata.icc) || metadata.depth !== 'uchar') return false;
  const from = preCrop ?? info;
  return scaled.width * scaled.height < 0.7 * from.width * from.height;
}

/** Transforms the colours of a decoded image that a file describes by numbers. HDR needs more than 8 bits a channel for that. */
export async function withSrgbColours(image: Sharp, opened: OpenedSource, limit: TimeLimit): Promise<Sharp> {
  const { colours, metadata, info } = opened;
  if (!colours) return image;
  const isDeep = info.decodedFrom === 'file' && metadata.space === 'rgb16';
  if (!isDeep) return frameToSharp(await transformColours(await toFrame(image, limit), colours));
  const { data, info: size } = await runPipeline(image.toColourspace('rgb16').raw({ depth: 'ushort' }), limit);
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const { width, height, channels } = size;
  return frameToSharp(
    await transformColours({ data: samples, width, height, channels: channels === 4 ? 4 : 3 }, colours),
  );
}

/**
 * Decodes a still and scales it. A profile such as Display P3 is applied to the scaled image: 72 ms of CPU instead of 195,
 * for 12 megapixels at 1600 px. In between it is kept in memory as a TIFF, which holds the profile.
 */
export async function resizeStill(source: OpenedSource, plan: Plan, limit: TimeLimit): Promise<Sharp> {
  const opened = forRatio(source, shrinkRatio(plan, source.info));
  if (opened.colours) return withSrgbColours(scaleStill(openDecoder(opened, plan), plan, opened.info), opened, limit);
  if (!isDeferredProfile(opened, plan)) return scaleStill(openDecoder(opened, plan), plan, opened.info);
  const unconverted = openDecoder({ ...opened, input: { ...opened.input, ignoreIcc: true } }, plan);
  const tiff = scaleStill(unconverted, plan, opened.info).keepIccProfile().tiff({ compression: 'none' });
  const { data } = await runPipeline(tiff, limit);
  return sharp(data, DECODER_OPTIONS);
}

/** Decodes the requested frame and trims its borders of one colour, see `trim.ts`. Returns the pixels as a source of their own. */
export async function trimSource(opened: OpenedSource, options: ImageOptions, limit: TimeLimit): Promise<OpenedSource> {
  const { trim = 10, tbg } = options;
  const source = await withPixels(opened, undefined, limit);
  const frame = await toFrame(openDecoder(source, firstFrame(source.info, options)), limit);
  const content = await findContent(frame, trim, tbg === undefined ? undefined : toColour(tbg));
  const isTrimmed = content && area(content) < area(frame);
  return asPixels(source, isTrimmed ? await toFrame(frameToSharp(frame).extract(content), limit) : frame);
}

/** Returns a source with an upright and rotated frame in the place of its file. */
export function asPixels(opened: OpenedSource, { data, width, height, channels }: Frame): OpenedSource {
  return {
    ...opened,
    bytes: data,
    input: { ...DECODER_OPTIONS, raw: { width, height, channels } },
    info: {
      ...opened.info,
      decodedFrom: 'pixels',
      width,
      height,
      hasAlpha: channels === 4,
      orientation: 1,
      pages: 1,
      scans: 1,
    },
  };
}
