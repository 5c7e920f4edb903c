/** Walks the marker segments of a JPEG (T.81, B.1.1): the one walker that all readers of JPEG use. Pure. */

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
 * data for the next marker. A bound on the number of segments belongs here.
 *
 * @param from offset of a marker: after the start marker (SOI) by default
 */
export function* jpegSegments(bytes: Buffer, from = 2): Generator<JpegSegment> {
  let at = from;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return;
    const marker = bytes[at + 1] ?? 0;
    // Fill bytes, stuffed bytes and restart markers have no segment. Nor have reserved markers: decoders go on after them.
    if (marker === 0xff) at += 1;
    else if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else {
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
