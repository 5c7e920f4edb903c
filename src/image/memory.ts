/** Estimates the memory that one image needs, from its header and its plan, before it is decoded. Pure. */
import type { ImageOptions } from '../options.ts';
import { transformMemory } from './colour-transform.ts';
import { defaultEffort } from './cpu-cost.ts';
import { hasPixelSteps } from './effects.ts';
import { encoderBytes } from './encoder-memory.ts';
import { areFramesApart, cropsRows, planRuns } from './frame-plan.ts';
import type { OpenedSource } from './open.ts';
import { isMadeOfImage } from './padding.ts';
import { firstFrame, neededSize, type Plan } from './plan.ts';
import { area } from './size.ts';
import type { SourceInfo } from './source-info.ts';

/** What the estimates depend on. */
export type SourceFacts = Pick<OpenedSource, 'info' | 'metadata' | 'colours' | 'jpeg' | 'apng' | 'decoder'>;

/** Bytes of a raw pixel of an output. */
const RAW = 4;
/** Bytes of a pixel of an animated PNG: the canvas, the one before it, and a frame. */
const COMPOSED = 3 * RAW;
/** Bytes of a thread that decodes HEIC beside its pixels: V8, the decoder, its first memory. */
const HEIC_THREAD_BYTES = 67_108_864;
/**
 * Maximum rows that libvips and sharp hold of an image that is read line by line, and those of a low image: some, and one and a
 * half for each row of it. For each byte of a row of 50,000 to 100,000 pixels, 240 bytes were measured at 10 rows, 420 at 100, 620 at
 * 300, and 700 to 860 at 450; with 16 bits 1040 at 900.
 */
const ROWS = { max: 1050, min: 300, perRow: 1.5 };

/**
 * Returns the bytes that a decoder holds for each pixel of a frame, as it cannot read the format line by line. The peak at
 * 16 megapixels to 320 px was measured, less the rows: JPEG 0.1, progressive 3.0 at 4:2:0, 6.1 at 4:4:4 and 8.2 as CMYK; interlaced PNG
 * its raw pixels; WebP 0.2 to 4.1, each frame of an animation 4, and up to 9.2 if a still is not scaled on load; AVIF 16 at 4:2:0, 19.3 at 4:4:4 and 20.6 lossless,
 * with 10 or 12 bits 19.3 and 25.8; GIF 4; TIFF 2.4 times its raw pixels in one tile or plane, nothing in many. SVG is rendered
 * in another process.
 *
 * @param rawBytes bytes of a raw pixel
 * @param isWhole whether a still is needed as it was before it is scaled
 */
function heldBytes(
  { info: { format, channels, scans }, metadata }: SourceFacts,
  rawBytes: number,
  isWhole: boolean,
): number {
  const isProgressive = scans > 1 || metadata.isProgressive === true;
  switch (format) {
    case 'jpeg':
      return isProgressive ? 2 * channels : 0;
    case 'png':
      return isProgressive ? rawBytes : 0;
    case 'webp':
      return isWhole ? 9.5 : 4.5;
    case 'avif':
      return rawBytes > channels ? 26 : 20;
    case 'heic':
      // In the thread 6 to 8, of 8 bits, and 3 or 4 as a TIFF.
      return 14 * (rawBytes > channels ? 2 : 1);
    case 'gif':
      return 5;
    case 'tiff':
      return 2.5 * rawBytes;
    // A BMP is a TIFF of many strips by then.
    case 'bmp':
    case 'ico':
    case 'svg':
      return 0;
  }
}

/**
 * Returns the bytes of the rows that are held of a format that is read line by line. At 4000 pixels of width that is less than half of the
 * image. A JPEG is shrunk on load, and WebP and AVIF are not read line by line.
 *
 * @param isTurned whether the longer side becomes the width
 */
function rowBytes({ format, width, height }: SourceInfo, rawBytes: number, isTurned: boolean): number {
  if (format === 'jpeg') return 0.5 * width * height;
  if (format !== 'png' && format !== 'gif' && format !== 'tiff' && format !== 'bmp') return 0;
  const [length, count] = isTurned && height > width ? [height, width] : [width, height];
  const rows = Math.min(ROWS.max, ROWS.min + ROWS.perRow * count);
  return rawBytes * length * Math.max(count / 2, rows);
}

/**
 * Returns the bytes that decoding this source takes. A quarter turn holds a copy of the whole source, trimming two of them:
 * measured 3.1 and 6.0 bytes a pixel for a JPEG, and 5.4 and 8.4 for a PNG of RGBA with 16 bits.
 *
 * @param planned undefined for the first frame, whose plan is not known yet or which has none
 */
export function decodeMemory(opened: SourceFacts, options: ImageOptions, planned?: Plan): number {
  const { info } = opened;
  if (info.format === 'svg') return 0;
  const { pages, quarterTurns } = planned ?? firstFrame(info, options);
  const isTrimmed = options.trim !== undefined;
  const isTurned = quarterTurns > 0;
  const rawBytes = info.channels * (info.bytesPerSample ?? 1);
  const isWhole = pages === 1 && (isTurned || isTrimmed || planned?.preCrop !== undefined);
  const held = heldBytes(opened, rawBytes, isWhole);
  const runs = planned && areFramesApart(info, planned) ? planRuns(info, planned) : undefined;
  const decoded = Math.min(planned?.readPages ?? 1, runs?.length ?? Number.POSITIVE_INFINITY);
  // All frames of a WebP are read at once, those of a GIF one after the other.
  const frames = info.format === 'webp' ? decoded : 1;
  // Frames are decoded before they are rotated or scaled one by one.
  const stacked = opened.apng ? COMPOSED * area(info) : runs ? decoded * area(runs) * RAW : 0;
  // Of frames that are cropped, sharp holds all.
  const isCropped =
    planned !== undefined && pages > 1 && cropsRows(info, runs ? { ...planned, cover: undefined } : planned);
  const cropped = isCropped && !opened.apng ? decoded * area(info) * RAW : 0;
  // Cropped pixels are decoded too; a thumbnail has fewer.
  const pixels = opened.decoder?.pixelsFor(planned && neededSize(planned)) ?? area(info);
  const thread = opened.decoder ? HEIC_THREAD_BYTES : 0;
  const copied = (isTurned && pages === 1 ? rawBytes : 0) + (isTrimmed ? rawBytes + RAW : 0);
  return Math.round(
    thread + pixels * (held * frames + copied) + stacked + cropped + rowBytes(info, rawBytes, isTurned),
  );
}

/**
 * Returns the bytes that rendering and encoding this output takes: all frames as raw pixels, and the encoder, which holds one of
 * them. A step on pixels reads all frames and writes others, as does the metadata of the source; each releases what it has read.
 * Frames that are scaled one by one go through all steps one by one.
 * Beside the decoder, 25 megapixels of RGBA were measured to take 9.4 bytes a pixel as JPEG with seven effects, 12 with all
 * metadata, and 7.5 as TIFF with five effects; 16 frames of 3 megapixels as WebP with a mask, 7.5.
 */
export function encodeMemory({ info, colours }: SourceFacts, plan: Plan, options: ImageOptions): number {
  // sharp holds stacked frames that it pads.
  const isPadded = plan.contain !== undefined && (isMadeOfImage(options.cbg) || plan.pages > 1);
  const isApart = areFramesApart(info, plan);
  const isCopied = !isApart && (hasPixelSteps(plan, options) || isPadded || options.meta === 'keep');
  const encoder = encoderBytes(plan.format, { ...plan, ll: options.ll }, defaultEffort(plan, options));
  const transform = colours ? transformMemory(plan.scaled) : 0;
  // Before a post-crop, an image is larger.
  const largest = Math.max(area(plan), area(plan.contain ?? plan.cover ?? plan.scaled));
  const oneFrame = isApart ? 2 * largest * RAW : 0;
  const pixels = plan.pages > 1 ? area(plan) * plan.pages : largest;
  return transform + pixels * (isCopied ? 2 : 1) * RAW + oneFrame + area(plan) * encoder;
}
