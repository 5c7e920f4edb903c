/** Walks the marker segments of a JPEG (T.81, B.1.1): the one walker that all readers of JPEG use. Pure. */
import { MAX, tooMany } from './bounds.ts';

/** Markers that the walk itself depends on. */
export const SOS = 0xda;
export const EOI = 0xd9;
/** The end marker in bytes. */
export const JPEG_EOI = Buffer.from([0xff, EOI]);

/** A marker segment. */
export interface JpegSegment {
  /** The second byte of the marker, 0xc0 to 0xfe. */
  readonly marker: number;
  /** Offset of the marker's first byte, 0xff. */
  readonly start: number;
  /** Offset of the first byte after the segment, which may lie outside of a truncated file. */
  readonly end: number;
}

/**
 * Yields the segments up to the end marker (EOI), which is the last one: jumps over their data, and searches entropy-coded
 * data for the next marker.
 *
 * @param from offset of a marker: after the start marker (SOI) by default
 * @throws ImageError IMAGE_TOO_LARGE above 4096 segments, or a million markers without one
 */
export function* jpegSegments(bytes: Buffer, from = 2): Generator<JpegSegment> {
  let at = from;
  let segments = 0;
  let markers = 0;
  for (;;) {
    // Looked at first: a native search costs as much as 50 bytes.
    if (bytes[at] !== 0xff) at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return;
    const marker = bytes[at + 1] ?? 0;
    // Fill bytes, stuffed bytes and restart markers have no segment. Nor have reserved markers: decoders go on after them.
    if (marker === 0xff || marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8)) {
      if (++markers > MAX.jpegMarkers) throw tooMany('JPEG markers without a segment', MAX.jpegMarkers);
      at += marker === 0xff ? 1 : 2;
    } else {
      if (++segments > MAX.jpegSegments) throw tooMany('JPEG segments', MAX.jpegSegments);
      const hasLength = marker !== EOI && at + 4 <= bytes.length;
      const end = hasLength ? at + 2 + bytes.readUInt16BE(at + 2) : at + 2;
      yield { marker, start: at, end };
      if (!hasLength) return;
      at = end;
    }
  }
}

/** Returns whether a marker starts a frame header (SOF): 0xc0 to 0xcf without DHT, JPG and DAC. */
export const isStartOfFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Returns the data of a segment, without its marker and its length. */
export const dataOf = (bytes: Buffer, { start, end }: JpegSegment): Buffer => bytes.subarray(start + 4, end);
