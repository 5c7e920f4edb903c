/**
 * Reads the frames of an animated PNG (PNG, third edition, 11.3.6), and writes each as a PNG of its own for the decoder. What is not
 * valid ends the animation before it, as in Chromium: the default image, if that is one frame only. Pure.
 */
import { crc32 } from 'node:zlib';
import type { Rect, Size } from '../size.ts';
import { type PngChunk, pngChunk, pngChunks, pngHeader } from './png.ts';

/** A frame, and where its compressed pixels are. */
export interface ApngFrame extends Rect {
  /** Milliseconds. */
  readonly delay: number;
  /** What becomes of its area before the next frame. */
  readonly dispose: 'none' | 'background' | 'previous';
  /** Whether it replaces what is there, or is drawn over it. */
  readonly blend: 'source' | 'over';
  /** Parts of the file. */
  readonly data: readonly { readonly start: number; readonly end: number }[];
}

/** An animated PNG. */
export interface Apng extends Size {
  readonly frames: readonly ApngFrame[];
  /** How often it plays; 0: forever. */
  readonly plays: number;
  /** Whether the default image is the first frame. */
  readonly startsWithDefault: boolean;
  /** Chunks that a frame needs beside its own: palette, transparency, and the meaning of colours. */
  readonly shared: readonly PngChunk[];
  /** Whether a canvas can have transparent parts. */
  readonly hasAlpha: boolean;
}

const SHARED = ['PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'cICP'];
const DISPOSE = ['none', 'background', 'previous'] as const;
const BLEND = ['source', 'over'] as const;

/** Returns whether a chunk lies in the file, with this length, and its checksum is right. */
const isIntact = (bytes: Buffer, { start, end }: PngChunk, length: number) =>
  end - start - 12 === length &&
  end <= bytes.length &&
  crc32(bytes.subarray(start + 4, end - 4)) === bytes.readUInt32BE(end - 4);

/** Reads `fcTL`. @returns undefined if it is not valid */
function readFrameControl(bytes: Buffer, chunk: PngChunk, sequence: number, canvas: Size) {
  if (!isIntact(bytes, chunk, 26)) return undefined;
  const at = chunk.start + 8;
  const [width, height, left, top] = [4, 8, 12, 16].map((offset) => bytes.readUInt32BE(at + offset));
  if (bytes.readUInt32BE(at) !== sequence || !width || !height || left === undefined || top === undefined)
    return undefined;
  const [numerator, denominator] = [bytes.readUInt16BE(at + 20), bytes.readUInt16BE(at + 22) || 100];
  const [dispose, blend] = [DISPOSE[bytes[at + 24] ?? 3], BLEND[bytes[at + 25] ?? 2]];
  const isInside = left + width <= canvas.width && top + height <= canvas.height;
  if (!isInside || !dispose || !blend) return undefined;
  return { left, top, width, height, delay: Math.round((numerator * 1000) / denominator), dispose, blend };
}

const covers = ({ width, height }: Size, canvas: Size) => width === canvas.width && height === canvas.height;

/** Collects the frames, up to the first chunk that is not valid. */
function readFrames(bytes: Buffer, chunks: Iterable<PngChunk>, canvas: Size, maxFrames: number) {
  const frames: (Omit<ApngFrame, 'data'> & { data: { start: number; end: number }[] })[] = [];
  let sequence = 0;
  let startsWithDefault = false;
  for (const chunk of chunks) {
    const { name, start, end } = chunk;
    const frame = frames.at(-1);
    if (name === 'fcTL') {
      const next = readFrameControl(bytes, chunk, sequence++, canvas);
      if (!next || frame?.data.length === 0 || frames.length === maxFrames) break;
      frames.push({ ...next, data: [] });
    } else if (name === 'IDAT' && frame) {
      // The default image, whose control comes before it.
      if (frames.length > 1 || !covers(frame, canvas)) break;
      startsWithDefault = true;
      frame.data.push({ start: start + 8, end: Math.min(end - 4, bytes.length) });
    } else if (name === 'fdAT') {
      if (!frame || end - start < 16 || start + 12 > bytes.length) break;
      if (bytes.readUInt32BE(start + 8) !== sequence++) break;
      frame.data.push({ start: start + 12, end: Math.min(end - 4, bytes.length) });
    }
  }
  return { frames: frames.filter(({ data }) => data.length > 0), startsWithDefault };
}

/**
 * Reads the structure of an animated PNG.
 *
 * @returns undefined for a still, and for an animation that is not valid: both are shown as their default image
 * @throws ImageError IMAGE_TOO_LARGE above 65,536 chunks
 */
export function parseApng(bytes: Buffer): Apng | undefined {
  if (bytes.length < 45) return undefined;
  const canvas = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  const shared: PngChunk[] = [];
  let control: PngChunk | undefined;
  for (const chunk of pngChunks(bytes)) {
    if (chunk.name === 'IDAT') break;
    if (chunk.name === 'acTL') control ??= chunk;
    if (SHARED.includes(chunk.name) && chunk.end <= bytes.length) shared.push(chunk);
  }
  if (!control || !isIntact(bytes, control, 8)) return undefined;
  const told = bytes.readUInt32BE(control.start + 8);
  const { frames, startsWithDefault } = readFrames(bytes, pngChunks(bytes), canvas, told);
  const [first] = frames;
  if (!first || frames.length < 2) return undefined;
  const isTransparent =
    ((bytes[25] ?? 0) & 4) !== 0 ||
    shared.some(({ name }) => name === 'tRNS') ||
    !covers(first, canvas) ||
    first.dispose === 'previous' ||
    frames.some(({ dispose }) => dispose === 'background');
  const plays = bytes.readUInt32BE(control.start + 12);
  return { ...canvas, frames, plays, startsWithDefault, shared, hasAlpha: isTransparent };
}

/** Returns a frame as a PNG of its own: its pixels are not unpacked for that. */
export function frameFile(bytes: Buffer, { shared }: Apng, frame: ApngFrame): Buffer {
  const partsOf = (parts: ApngFrame['data']) => parts.map(({ start, end }) => bytes.subarray(start, end));
  return Buffer.concat([
    bytes.subarray(0, 8),
    ...pngHeader(bytes, frame),
    ...partsOf(shared),
    ...pngChunk('IDAT', partsOf(frame.data)),
    ...pngChunk('IEND', []),
  ]);
}
