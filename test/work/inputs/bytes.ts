/** Builds files by hand: what no encoder writes. */
import { crc32 } from 'node:zlib';

/** Bytes of a flood, unpacked: just within the limit of a default deployment (50 MiB). */
export const FLOOD = 52_000_000;

/** Repeats some bytes up to a length; the last repetition may be cut. */
export function repeated(unit: Buffer | readonly number[], length: number): Buffer {
  return Buffer.alloc(length, Buffer.from(unit));
}

export const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
};
export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A chunk of PNG: length, type, data, checksum. */
export function pngChunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([u32(data.length), named, u32(crc32(named))]);
}

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** @param colourType 2 for RGB, 3 for a palette, 6 for RGB with alpha */
export function png(width: number, height: number, colourType: 2 | 3 | 6, ...chunks: readonly Buffer[]): Buffer {
  const header = Buffer.concat([u32(width), u32(height), Buffer.from([8, colourType, 0, 0, 0])]);
  return Buffer.concat([PNG_SIGNATURE, pngChunk('IHDR', header), ...chunks]);
}

/** A zlib stream of no bytes: an image without its lines. */
export const EMPTY_LINES = pngChunk('IDAT', Buffer.from('789c030000000001', 'hex'));

const SOI = Buffer.from([0xff, 0xd8]);
const EOI = Buffer.from([0xff, 0xd9]);

/** A baseline frame header of JPEG (SOF0): one component. */
export const frameHeader = (width: number, height: number): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xc0, 0, 11, 8]), u16(height), u16(width), Buffer.from([1, 1, 0x11, 0])]);

export const jpeg = (...segments: readonly Buffer[]): Buffer => Buffer.concat([SOI, ...segments, EOI]);

/** A box of ISO base media: length, type, data. */
export const box = (type: string, data: Buffer = Buffer.alloc(0)): Buffer =>
  Buffer.concat([u32(8 + data.length), Buffer.from(type, 'latin1'), data]);

/** A WebP file of these bytes after its `RIFF` header. */
export function webp(...chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...chunks]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF', 'latin1'), length, body]);
}
