/**
 * Reads what is there of a truncated source, as browsers show it: the rows before its data end, and below them nothing. The file
 * is repaired to have no more rows than these, so that no decoder fills in what is missing.
 */
import sharp, { type Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { CLEAR } from './colour.ts';
import { asPixels, openStored, toUpright } from './decode.ts';
import * as jpeg from './formats/truncated-jpeg.ts';
import * as png from './formats/truncated-png.ts';
import { type Frame, frameToSharp, toFrame } from './frames.ts';
import { DECODER_OPTIONS, type OpenedSource } from './open.ts';
import { firstFrame } from './plan.ts';
import type { Size } from './size.ts';
import { assertTimeLeft, runPipeline, type TimeLimit } from './time-limit.ts';

/** A repaired file, and its rows. */
interface RepairedFile {
  readonly bytes: Buffer;
  readonly rows: number;
  /** Rows of the whole image. */
  readonly height: number;
  /** Whether data are missing, and not only a checksum is wrong. */
  readonly isTruncated: boolean;
}

/** Pixels per side of a block of a JPEG, of which one is decoded at an eighth of the size: its mean. */
const BLOCK = 8;

/** Decodes a JPEG of whole blocks at an eighth of its size, whatever is missing. A kernel other than the nearest would mix rows. */
async function decodeBlocks(bytes: Buffer, { width, height }: Size, limit: TimeLimit) {
  const input = { ...DECODER_OPTIONS, failOn: 'none', limitInputPixels: width * height, ignoreIcc: true } as const;
  const size = { width: width / BLOCK, height: height / BLOCK };
  const { data, info } = await runPipeline(
    sharp(bytes, input)
      .resize({ ...size, fit: 'fill', kernel: 'nearest' })
      .raw(),
    limit,
  );
  return { data, rows: info.height, stride: info.width * info.channels };
}

/**
 * Counts the rows that a JPEG has before its data end: those that are the same whatever follows. A decoder fills in the others
 * without saying which.
 */
async function countJpegRows(file: jpeg.TruncatedJpeg, limit: TimeLimit): Promise<number> {
  const { height, unit } = file;
  if (file.hasAllRows) return height;
  const [ended, continued] = jpeg.withAndWithoutNoise(file);
  const one = await decodeBlocks(ended, jpeg.sizeInUnits(file), limit);
  const other = await decodeBlocks(continued, jpeg.sizeInUnits(file), limit);
  let row = 0;
  const at = (data: Buffer) => data.subarray(row * one.stride, (row + 1) * one.stride);
  while (row < one.rows && at(one.data).equals(at(other.data))) row++;
  return row === one.rows ? height : Math.floor((row * BLOCK) / unit.height) * unit.height;
}

async function repairJpeg(
  { jpeg: structure, file }: OpenedSource,
  limit: TimeLimit,
): Promise<RepairedFile | undefined> {
  const found = structure && jpeg.truncatedJpeg(file, structure);
  if (!found) return undefined;
  const { height } = found;
  const rows = await countJpegRows(found, limit);
  return { bytes: jpeg.withRows(found, rows), rows, height, isTruncated: true };
}

async function repairPng({ file }: OpenedSource, limit: TimeLimit): Promise<RepairedFile | undefined> {
  const found = png.truncatedPng(file);
  if (!found || found.isInterlaced) return undefined;
  const { height } = found;
  const { rows, packed } = await png.repackRows(found, () => assertTimeLeft(limit));
  return { bytes: png.withRows(file, found, rows, packed), rows, height, isTruncated: rows < height };
}

/** Decodes the rows of a repaired file, and leaves the rest of the image transparent; upright and rotated by its quarter turns. */
async function decodePadded(
  opened: OpenedSource,
  { rows, height }: RepairedFile,
  options: ImageOptions,
  limit: TimeLimit,
): Promise<Frame> {
  const { quarterTurns } = firstFrame(opened.info, options);
  const there = await toFrame(openStored(opened), limit);
  const bottom = { bottom: height - rows, background: CLEAR };
  const whole = await toFrame(frameToSharp(there).ensureAlpha().extend(bottom), limit);
  const toPixels = async (image: Sharp) => frameToSharp(await toFrame(image, limit));
  return toFrame(await toUpright(frameToSharp(whole), opened.info.orientation, quarterTurns, toPixels), limit);
}

/** Bytes of the frames that `readTruncated` holds at once, for each pixel of the source: one before and one after a step. */
export const TRUNCATED_BYTES_PER_PIXEL = 8;

/**
 * Reads a source that its decoder has refused: a JPEG, or a PNG that is not interlaced. Of others, browsers show nothing, or the
 * decoder itself reads what is there (GIF).
 *
 * @param opened whose decoding failed
 * @returns the source as it can be decoded; undefined if not one row of it is there
 * @throws ImageError as `runPipeline`; Error of libvips, if it does not decode even so
 */
export async function readTruncated(
  opened: OpenedSource,
  options: ImageOptions,
  limit: TimeLimit,
): Promise<OpenedSource | undefined> {
  const repair = { jpeg: repairJpeg, png: repairPng }[opened.info.format as string];
  const repaired = await repair?.(opened, limit);
  if (!repaired || repaired.rows === 0) return undefined;
  const { bytes, rows, height, isTruncated } = repaired;
  const input = { ...opened.input, failOn: DECODER_OPTIONS.failOn };
  // The frames of an animated PNG lie elsewhere in the repaired file.
  const still = { apng: undefined, info: { ...opened.info, pages: 1 } };
  const readable = { ...opened, ...still, bytes, file: bytes, input, isTruncated };
  return rows === height ? readable : asPixels(readable, await decodePadded(readable, repaired, options, limit));
}

/** Returns whether a source may end early, by its structure: then `isTruncated` decodes it. */
export const lacksEnd = ({ info, jpeg: structure, file }: OpenedSource): boolean =>
  info.format === 'png' ? png.lacksIend(file) : structure?.hasEoi === false;

/** Returns whether a source ends early that lacks its end. For metadata, which needs no pixels. */
export async function isTruncated(opened: OpenedSource, limit: TimeLimit): Promise<boolean> {
  const { info } = opened;
  if (info.format === 'png') return (await repairPng(opened, limit))?.isTruncated ?? true;
  const { width, height } = info;
  const size = { width: Math.max(1, Math.floor(width / BLOCK)), height: Math.max(1, Math.floor(height / BLOCK)) };
  try {
    await runPipeline(sharp(opened.bytes, opened.input).resize(size).raw(), limit);
    return false;
  } catch {
    return true;
  }
}
