/** Walks the boxes of an ISO base media file (ISO 14496-12, 4.2), within bounds. Pure. */
import { MAX, tooMany } from './bounds.ts';

/** A box: offsets of its contents, and of the first byte after it. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Yields the boxes between two offsets; ends at the first one that is not valid.
 *
 * @throws ImageError IMAGE_TOO_LARGE above 1000 boxes
 */
export function* boxesIn(bytes: Buffer, from = 0, to = bytes.length): Generator<Box> {
  const last = Math.min(to, bytes.length);
  let count = 0;
  for (let at = from; at + 8 <= last; ) {
    if (++count > MAX.heifBoxes) throw tooMany('HEIF boxes', MAX.heifBoxes);
    const size = bytes.readUInt32BE(at);
    const is64Bit = size === 1 && at + 16 <= last;
    // 0 means up to the end.
    const length = is64Bit ? Number(bytes.readBigUInt64BE(at + 8)) : size || last - at;
    // Less than a header is an error of the file.
    if (length < 8) return;
    yield {
      type: bytes.toString('latin1', at + 4, at + 8),
      start: at + (is64Bit ? 16 : 8),
      end: Math.min(at + length, last),
    };
    at += length;
  }
}

/** Returns the first box of a type between two offsets. */
export function findBox(bytes: Buffer, type: string, from?: number, to?: number): Box | undefined {
  for (const box of boxesIn(bytes, from, to)) if (box.type === type) return box;
  return undefined;
}
