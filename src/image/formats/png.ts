/** Walks and writes the chunks of a PNG (PNG 1.2, 3.2). Pure. */
import { crc32 } from 'node:zlib';
import type { Size } from '../size.ts';
import { MAX, tooMany } from './bounds.ts';

/** Samples per pixel by colour type (PNG 1.2, 4.1.1). */
export const PNG_SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** A chunk. */
export interface PngChunk {
  readonly name: string;
  /** Offset of its length field. */
  readonly start: number;
  /** Offset of the first byte after it, which may lie outside of a truncated file. */
  readonly end: number;
}

/**
 * Yields the chunks up to `IEND`, which is the last one.
 *
 * @throws ImageError IMAGE_TOO_LARGE above 65,536 chunks
 */
export function* pngChunks(bytes: Buffer): Generator<PngChunk> {
  let count = 0;
  for (let at = 8; at + 12 <= bytes.length; ) {
    if (++count > MAX.pngChunks) throw tooMany('PNG chunks', MAX.pngChunks);
    const name = bytes.toString('latin1', at + 4, at + 8);
    const end = at + 12 + bytes.readUInt32BE(at);
    yield { name, start: at, end };
    if (name === 'IEND') return;
    at = end;
  }
}

/** Returns the parts of a chunk. @param data whose bytes are not copied */
export function pngChunk(name: string, data: readonly Buffer[]): Buffer[] {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.reduce((sum, { length }) => sum + length, 0));
  head.write(name, 4, 'latin1');
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(data.reduce((sum, part) => crc32(part, sum), crc32(head.subarray(4))));
  return [head, ...data, crc];
}

/** Returns the header chunk (`IHDR`) of a file for an image of another size. */
export function pngHeader(bytes: Buffer, { width, height }: Size): Buffer[] {
  const header = Buffer.from(bytes.subarray(16, 29));
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  return pngChunk('IHDR', [header]);
}

/** Returns whether a chunk holds compressed text: `zTXt`, or `iTXt` with its compression flag after the keyword. */
function isCompressedText(bytes: Buffer, { name, start }: PngChunk): boolean {
  if (name !== 'iTXt') return name === 'zTXt';
  const keywordEnd = bytes.indexOf(0, start + 8);
  return keywordEnd >= 0 && bytes[keywordEnd + 1] === 1;
}

/** Collects the parts of a file that stay, neighbours as one, so that memory does not follow the number of chunks. */
export function collectParts(bytes: Buffer) {
  const parts: Buffer[] = [];
  let [from, to] = [0, 0];
  return {
    add(start: number, end: number): void {
      if (start !== to) {
        parts.push(bytes.subarray(from, to));
        from = start;
      }
      to = end;
    },
    concat: (): Buffer => Buffer.concat([...parts, bytes.subarray(from, to)]),
  };
}

/**
 * Returns a PNG without compressed text, which no output needs: libspng unpacks each such chunk whenever it opens the file,
 * and forty of them of 50 kB take 22 s of CPU and 6 GB. Nearly all files have none and are returned as they are.
 *
 * @throws ImageError IMAGE_TOO_LARGE above 65,536 chunks
 */
export function withoutCompressedText(bytes: Buffer): Buffer {
  const copied = collectParts(bytes);
  copied.add(0, 8);
  let end = 8;
  let isChanged = false;
  for (const chunk of pngChunks(bytes)) {
    if (isCompressedText(bytes, chunk)) isChanged = true;
    else copied.add(chunk.start, Math.min(chunk.end, bytes.length));
    end = chunk.end;
  }
  if (!isChanged) return bytes;
  if (end < bytes.length) copied.add(end, bytes.length);
  return copied.concat();
}
