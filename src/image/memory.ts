/** Estimates the memory that one image needs, from its header and its plan, before it is decoded. Pure. */
import type { ImageOptions } from '../options.ts';
import { peekSize } from './formats/size.ts';
import type { Format } from './formats/sniff.ts';
import type { Source } from './job.ts';
import type { OutputFormat } from './negotiate.ts';
import type { OpenedSource } from './open.ts';
import type { Plan } from './plan.ts';
import { areFramesApart } from './resize-to-plan.ts';
import { area, outputSize, toBox } from './size.ts';
import type { SourceInfo } from './source-info.ts';

/**
 * Bytes that a decoder holds for each pixel of a source: peak memory at 16 megapixels to 320 px (JPEG 0.2, progressive 3.2 and
 * at 4:4:4 6.2, PNG 1.5, interlaced 5.6 and with 16 bits 7.9, WebP 0.2 to 4.1, AVIF 20, GIF 5.5, TIFF 1.6), rounded up. SVG is
 * rendered in another process.
 */
const DECODE: Readonly<Record<Format, number>> = { jpeg: 0.5, png: 2, webp: 4.5, avif: 20, gif: 6, tiff: 2, svg: 0 };
const PROGRESSIVE_JPEG = 6.5;
/** By bytes of a channel. */
const INTERLACED_PNG: readonly number[] = [6, 8];
/** Bytes of a raw pixel, which trimming holds for the whole source, and effects for the whole output. */
const RAW = 4;
/** Bytes for each pixel of an output, raw pixels included: measured at 16 megapixels (JPEG 7, WebP 9, PNG 4, AVIF 35, GIF 14). */
const ENCODE: Readonly<Record<OutputFormat, number>> = { jpg: 7, webp: 9, png: 8, avif: 35, gif: 14, tiff: 8 };

/** Maximum pixels of a small source, and of a small output. */
const SMALL_PIXELS = 1_000_000;

/** Returns the bytes that decoding this source takes. */
export function decodeMemory({ info, metadata }: OpenedSource, { trim }: Pick<ImageOptions, 'trim'>): number {
  const isProgressive = info.scans > 1 || metadata.isProgressive === true;
  const perPixel =
    info.format === 'jpeg' && isProgressive
      ? PROGRESSIVE_JPEG
      : info.format === 'png' && isProgressive
        ? (INTERLACED_PNG[metadata.depth === 'ushort' ? 1 : 0] ?? 0)
        : DECODE[info.format];
  return info.format === 'svg' ? 0 : Math.round(area(info) * (perPixel + (trim === undefined ? 0 : RAW)));
}

/** Returns the bytes of the decoded frames of an animation, if they are scaled apart; else 0. */
export const framesMemory = (info: SourceInfo, plan: Plan): number =>
  areFramesApart(info, plan) ? area(info) * plan.pages * RAW : 0;

/** Returns the bytes that encoding this output takes, all frames included. */
export const encodeMemory = (plan: Plan): number => area(plan) * plan.pages * (ENCODE[plan.format] + RAW);

/**
 * Returns whether an image is decoded and encoded in some 0.1 s: at most a megapixel in and out, in one frame. An estimate by
 * its first bytes, for the order of work.
 */
export function isSmall({ bytes, format }: Source, options: ImageOptions): boolean {
  const isExpensive = options.f === 'avif' || options.ll || options.mb !== undefined || options.blur !== undefined;
  if (isExpensive || (format !== 'jpeg' && format !== 'png')) return false;
  const size = peekSize(bytes, format);
  if (!size || area(size) > SMALL_PIXELS) return false;
  return area(outputSize(size, toBox(size, options), options.dpr)) <= SMALL_PIXELS;
}
