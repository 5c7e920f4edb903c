/** Builds animated PNG files (PNG, third edition, 11.3.6), valid or not. */
import { deflateSync } from 'node:zlib';
import { chunk, uint32 } from './png.ts';

export type Rgba = readonly [number, number, number, number];

export interface ApngFrameInput {
  readonly colour: Rgba;
  readonly left?: number;
  readonly top?: number;
  readonly width?: number;
  readonly height?: number;
  /** Numerator and denominator of seconds. */
  readonly delay?: readonly [number, number];
  /** 0 none, 1 background, 2 previous. */
  readonly dispose?: number;
  /** 0 source, 1 over. */
  readonly blend?: number;
}

export interface ApngInput {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly ApngFrameInput[];
  readonly plays?: number;
  /** A default image that is no frame; without it, the first frame is. */
  readonly defaultColour?: Rgba;
  /** Chunks before the image data. */
  readonly chunks?: readonly Buffer[];
  /** Number of frames that `acTL` tells; theirs by default. */
  readonly told?: number;
}

const HEAD = Buffer.from('89504e470d0a1a0a', 'hex');

/** Returns the compressed pixels of one colour, 8 bits with alpha. */
export function flatPixels(width: number, height: number, colour: Rgba): Buffer {
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(width * 4, Buffer.from(colour))]);
  return deflateSync(Buffer.concat(Array<Buffer>(height).fill(row)));
}

/** Returns the chunk of a frame's place, delay and operations. */
export function frameControl(sequence: number, size: { width: number; height: number }, frame: ApngFrameInput): Buffer {
  const { left = 0, top = 0, delay = [1, 10], dispose = 0, blend = 0 } = frame;
  const { width, height } = { ...size, ...frame };
  const [numerator, denominator] = delay;
  const rest = Buffer.alloc(6);
  rest.writeUInt16BE(numerator, 0);
  rest.writeUInt16BE(denominator, 2);
  rest.set([dispose, blend], 4);
  return chunk('fcTL', Buffer.concat([uint32(sequence, width, height, left, top), rest]));
}

export const animationControl = (frames: number, plays = 0) => chunk('acTL', uint32(frames, plays));
export const frameData = (sequence: number, data: Buffer) => chunk('fdAT', Buffer.concat([uint32(sequence), data]));

/** Returns the chunks of a file by their names: those of `apng` in order, for tests that change them. */
export function apngChunks({
  width,
  height,
  frames,
  plays = 0,
  defaultColour,
  chunks = [],
  told,
}: ApngInput): Buffer[] {
  const size = { width, height };
  let sequence = 0;
  const parts = frames.flatMap((frame, i) => {
    const pixels = flatPixels(frame.width ?? width, frame.height ?? height, frame.colour);
    const control = frameControl(sequence++, size, frame);
    const isDefault = i === 0 && !defaultColour;
    return [control, isDefault ? chunk('IDAT', pixels) : frameData(sequence++, pixels)];
  });
  return [
    HEAD,
    chunk('IHDR', Buffer.concat([uint32(width, height), Buffer.from([8, 6, 0, 0, 0])])),
    animationControl(told ?? frames.length, plays),
    ...chunks,
    ...(defaultColour ? [chunk('IDAT', flatPixels(width, height, defaultColour))] : []),
    ...parts,
    chunk('IEND', Buffer.alloc(0)),
  ];
}

export const apng = (input: ApngInput): Buffer => Buffer.concat(apngChunks(input));
