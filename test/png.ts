/** Builds PNG files of 16 bits a channel with chunks of any kind. */
import { crc32, deflateSync } from 'node:zlib';

export const uint32 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4);
  return bytes;
};

export function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  return Buffer.concat([uint32(data.length), body, uint32(crc32(body))]);
}
export const cicp = (primaries: number, transfer: number) => chunk('cICP', Buffer.from([primaries, transfer, 0, 1]));
export const gama = (gamma: number) => chunk('gAMA', uint32(Math.round(gamma * 100_000)));
export const chrm = (...xy: number[]) => chunk('cHRM', uint32(...xy.map((value) => Math.round(value * 100_000))));
/** Maximum luminance in cd/m²: of the display of the author, and of the brightest pixel. */
export const mdcv = (max: number) => chunk('mDCV', Buffer.concat([Buffer.alloc(16), uint32(max * 10_000, 1)]));
export const clli = (max: number) => chunk('cLLI', uint32(max * 10_000, 0));

/** @param patches colours of squares of 8 pixels, from 0 to 1 */
export function png16(patches: readonly (readonly number[])[], chunks: readonly Buffer[]): Buffer {
  const width = patches.length * 8;
  const row = Buffer.alloc(1 + width * 6);
  for (let i = 0; i < width * 3; i++) {
    const value = patches[Math.floor(i / 24)]?.[i % 3] ?? 0;
    row.writeUInt16BE(Math.round(value * 65_535), 1 + i * 2);
  }
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', Buffer.concat([uint32(width, 8), Buffer.from([16, 2, 0, 0, 0])])),
    ...chunks,
    chunk('IDAT', deflateSync(Buffer.concat(Array<Buffer>(8).fill(row)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
