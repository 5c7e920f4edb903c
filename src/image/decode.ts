/** From an opened source to a picture of its size: orientation, crops, scaling, padding. Frames stay below one another. */
import sharp, { type ResizeOptions, type Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { CLEAR, toColour } from './colour.ts';
import { type Frame, flattenColour, frameToSharp, toFrame } from './effects.ts';
import { isRgb } from './formats/icc.ts';
import { DECODER_OPTIONS, type OpenedSource } from './open.ts';
import { decoderFormat, firstFrame, type Plan, rotatedQuarters, type SourceInfo } from './plan.ts';
import type { Rect, Size } from './size.ts';

/** A strip of frames as a picture that libvips knows the frames of. */
export const framesToSharp = ({ data, width, height, channels }: Frame, pages: number): Sharp =>
  sharp(data, {
    raw: { width, height, channels, ...(pages > 1 && { pageHeight: height / pages }) },
    limitInputPixels: false,
  });

/** Does the same to each frame of a strip, and joins the results, which must have one size. */
export async function mapFrames(strip: Frame, pages: number, work: (frame: Frame) => Promise<Frame>): Promise<Frame> {
  const height = strip.height / pages;
  const length = strip.data.length / pages;
  const done: Frame[] = [];
  for (let i = 0; i < pages; i++)
    done.push(await work({ ...strip, height, data: strip.data.subarray(i * length, (i + 1) * length) }));
  const [first = strip] = done;
  return { ...first, height: first.height * pages, data: Buffer.concat(done.map(({ data }) => data)) };
}

/** A rectangle of the scaled picture in pixels of what was scaled. */
function unscale(rect: Rect, scaled: Size, from: Size): Rect {
  const [x, y] = [from.width / scaled.width, from.height / scaled.height];
  const width = Math.min(from.width, Math.max(1, Math.round(rect.width * x)));
  const height = Math.min(from.height, Math.max(1, Math.round(rect.height * y)));
  const left = Math.min(from.width - width, Math.round(rect.left * x));
  return { width, height, left, top: Math.min(from.height - height, Math.round(rect.top * y)) };
}

const shift = (rect: Rect, by: Rect | undefined): Rect => ({
  ...rect,
  left: rect.left + (by?.left ?? 0),
  top: rect.top + (by?.top ?? 0),
});

/**
 * A WebP comes from its decoder as large as it shall be, but only where both sides are scaled by one factor: so one side is told, where
 * libvips makes the other of it. 2 ms of CPU of 42, and nothing is scaled a second time. (Of a JPEG, which comes at a half, a
 * quarter or an eighth, it would make the other side a pixel off.)
 */
function webpResize(from: Size, scaled: Size): ResizeOptions {
  const { width, height } = scaled;
  // Away from halves, where rounding could go either way.
  const makes = (side: number, other: number) => Math.abs(side - other) < 0.49;
  if (makes((from.height * width) / from.width, height)) return { width };
  if (makes((from.width * height) / from.height, width)) return { height };
  return { ...scaled, fit: 'fill' };
}

/** Cuts and scales a still: after scaling, so that JPEG can be shrunk while it is read. */
function scaleStill(image: Sharp, { before, scaled, cover, quarters }: Plan, info: SourceInfo): Sharp {
  if (before) image.extract(before);
  if (cover && 'strategy' in cover)
    return image.resize({ width: cover.width, height: cover.height, fit: 'cover', position: cover.strategy });
  const isWebp = decoderFormat(info) === 'webp' && !before;
  image.resize(isWebp ? webpResize(rotatedQuarters(info, quarters), scaled) : { ...scaled, fit: 'fill' });
  return cover ? image.extract(cover) : image;
}

/** Cuts and scales an animation: before scaling, since libvips returns wrong frames the other way round. */
function scaleFrames(image: Sharp, { before, scaled, cover }: Plan, whole: Size): Sharp {
  const rect = cover && 'left' in cover ? shift(unscale(cover, scaled, before ?? whole), before) : before;
  if (rect) image.extract(rect);
  const { width, height } = cover ?? scaled;
  return image.resize({ width, height, fit: 'fill' });
}

function pad(image: Sharp, { scaled, contain, opaque }: Plan, options: ImageOptions): Sharp {
  if (!contain) return image;
  const { left, top, width, height } = contain;
  const background = options.cbg === undefined ? (opaque ? flattenColour(options) : CLEAR) : toColour(options.cbg);
  return image.extend({
    left,
    top,
    right: width - scaled.width - left,
    bottom: height - scaled.height - top,
    background,
  });
}

/** Opens the decoder on the frames of a plan; a still comes upright, and turned by quarters. */
export function openDecoder(
  { bytes, input, info, pageIndex }: OpenedSource,
  { page, pages, quarters }: Pick<Plan, 'page' | 'pages' | 'quarters'>,
): Sharp {
  if (info.decodedFrom === 'pixels') return sharp(bytes, input);
  const image = sharp(bytes, {
    ...input,
    page: info.format === 'tiff' ? pageIndex : page,
    pages,
    autoOrient: pages === 1,
  });
  return quarters && pages === 1 ? image.rotate(quarters * 90) : image;
}

/** Whether the colours of a still are transformed after it was scaled: it has a profile of another RGB, and becomes smaller. */
function isDeferredProfile({ input, metadata, info }: OpenedSource, { before, scaled }: Plan): boolean {
  if (info.decodedFrom === 'pixels' || input.ignoreIcc || !isRgb(metadata.icc) || metadata.depth !== 'uchar')
    return false;
  const from = before ?? info;
  return scaled.width * scaled.height < 0.7 * from.width * from.height;
}

/**
 * A still of its size. A profile such as Display P3 is applied to the small picture: 72 ms of CPU for 195, of 12 megapixels at
 * 1600 px. Between the two it lies in memory as a TIFF, which holds the profile.
 */
export async function resizeStill(opened: OpenedSource, todo: Plan): Promise<Sharp> {
  if (!isDeferredProfile(opened, todo)) return scaleStill(openDecoder(opened, todo), todo, opened.info);
  const untouched = openDecoder({ ...opened, input: { ...opened.input, ignoreIcc: true } }, todo);
  const small = await scaleStill(untouched, todo, opened.info)
    .keepIccProfile()
    .tiff({ compression: 'none' })
    .toBuffer();
  return sharp(small, DECODER_OPTIONS);
}

/**
 * A pipeline whose picture has the size of the plan's box, not yet mirrored, cut (`after`), turned by an angle, or
 * adjusted. libvips cannot turn frames that lie below one another: those are turned, and then scaled, one by one.
 */
export async function resizeToPlan(opened: OpenedSource, todo: Plan, options: ImageOptions): Promise<Sharp> {
  const { pages, quarters } = todo;
  if (pages === 1) return pad(await resizeStill(opened, todo), todo, options);
  if (!quarters) return pad(scaleFrames(openDecoder(opened, todo), todo, opened.info), todo, options);
  const strip = await toFrame(openDecoder(opened, todo));
  const turn = async (frame: Frame) => {
    const upright = await toFrame(frameToSharp(frame).rotate(quarters * 90));
    return toFrame(pad(scaleStill(frameToSharp(upright), todo, opened.info), todo, options));
  };
  return framesToSharp(await mapFrames(strip, pages, turn), pages);
}

/** The still that is left when edges of one colour are off, as a source of its own. */
export async function trimSource(opened: OpenedSource, options: ImageOptions): Promise<OpenedSource> {
  const { trim, tbg } = options;
  // sharp's trim takes no picture thinner than three pixels.
  if (Math.min(opened.info.width, opened.info.height) < 3) return opened;
  const image = openDecoder(opened, firstFrame(opened.info, options));
  const frame = await toFrame(
    image.trim({ threshold: trim ?? 10, ...(tbg !== undefined && { background: toColour(tbg) }) }),
  );
  const { data, width, height, channels } = frame;
  const info = {
    ...opened.info,
    decodedFrom: 'pixels' as const,
    width,
    height,
    hasAlpha: channels === 4,
    orientation: 1,
    pages: 1,
    scans: 1,
  };
  return {
    ...opened,
    bytes: data,
    input: { ...DECODER_OPTIONS, raw: { width, height, channels } },
    info,
  };
}
