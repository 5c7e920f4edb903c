/** Repairs a truncated JPEG (T.81): ends it where its data end, with the rows that they have. Pure. */
import type { Size } from '../size.ts';
import { MAX } from './bounds.ts';
import type { JpegFile } from './jpeg.ts';
import { EOI, isStartOfFrame, JPEG_EOI, type JpegSegment, jpegSegments, SOS } from './jpeg-segments.ts';

/** A JPEG up to the last byte of its scans that a decoder can read. */
export interface TruncatedJpeg {
  /** Without an end marker (EOI). */
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  /** Size of the smallest coded unit (MCU): 8 or 16, seldom 32 pixels per side. */
  readonly unit: Size;
  /** Whether data of a further scan follow: then the first one has all rows, in lower quality or in grey. */
  readonly hasAllRows: boolean;
  /** Offset of the height in the frame header. */
  readonly heightAt: number;
}

const SOI = 0xd8;

/** DHT, DQT, DNL and DRI; application data and comments: what may follow a scan, beside another one. */
export const isBetweenScans = (marker: number) =>
  marker === 0xc4 || (marker >= 0xdb && marker <= 0xdd) || (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;

/** Returns the offset of a reserved or a start marker (SOI) in entropy-coded data, at which decoders end; undefined if there is none among a million markers. */
export function reservedMarker(bytes: Buffer, from: number, to: number): number | undefined {
  let at = bytes.indexOf(0xff, from);
  for (let count = 0; at >= 0 && at + 1 < to && count < MAX.jpegMarkers; count++) {
    const marker = bytes[at + 1] ?? 0;
    if ((marker > 1 && marker < 0xc0) || marker === SOI) return at;
    at = bytes.indexOf(0xff, marker === 0xff ? at + 1 : at + 2);
  }
  return undefined;
}

/**
 * Finds the end of the scans: at the end marker, at a segment that is cut short, or at a marker that damaged data have by chance.
 *
 * @throws ImageError IMAGE_TOO_LARGE if there are too many markers, see `bounds.ts`
 */
function endOfData(bytes: Buffer, firstScan: number): { end: number; scans: number } {
  let scans = 0;
  let dataStart = firstScan;
  const dataEnd = (to: number) => (scans ? reservedMarker(bytes, dataStart, to) : undefined);
  for (const { marker, start, end } of jpegSegments(bytes, firstScan)) {
    const damagedAt = dataEnd(start);
    if (damagedAt !== undefined) return { end: damagedAt, scans };
    dataStart = end;
    const isSegment = marker === SOS || isBetweenScans(marker);
    if (marker === EOI || !isSegment || end >= bytes.length) return { end: start, scans };
    if (marker === SOS) scans++;
  }
  return { end: dataEnd(bytes.length) ?? bytes.length, scans };
}

/** Returns the size of a unit: 8 times the largest sampling factors (T.81, A.2). */
function unitOf(bytes: Buffer, { start }: JpegSegment): Size {
  const components = bytes[start + 9] ?? 0;
  // A single component is not interleaved: its factors do not count (A.2.2).
  if (components === 1) return { width: 8, height: 8 };
  const factors = Array.from({ length: Math.min(components, 4) }, (_, i) => bytes[start + 11 + 3 * i] ?? 0);
  const side = (factor: (both: number) => number) => 8 * Math.min(4, Math.max(1, ...factors.map(factor)));
  return { width: side((both) => both >> 4), height: side((both) => both & 15) };
}

/**
 * Finds the data of a truncated JPEG.
 *
 * @param jpeg its structure, as far as it goes
 * @returns undefined if it ends before its first scan, or has no size
 */
export function truncatedJpeg(bytes: Buffer, { headerSegments, firstScan }: JpegFile): TruncatedJpeg | undefined {
  const frame = headerSegments.find(({ marker }) => isStartOfFrame(marker));
  if (!frame || firstScan === undefined) return undefined;
  const [height, width] = [bytes.readUInt16BE(frame.start + 5), bytes.readUInt16BE(frame.start + 7)];
  let { end, scans } = endOfData(bytes, firstScan);
  // The first half of a marker.
  while (bytes[end - 1] === 0xff) end--;
  if (!width || !height || !scans) return undefined;
  return {
    data: bytes.subarray(0, end),
    width,
    height,
    unit: unitOf(bytes, frame),
    hasAllRows: scans > 1,
    heightAt: frame.start + 5,
  };
}

/** Returns the JPEG with an end marker, and so many rows: a decoder reads no further than these. */
export function withRows({ data, heightAt }: TruncatedJpeg, rows: number): Buffer {
  const repaired = Buffer.concat([data, JPEG_EOI]);
  repaired.writeUInt16BE(rows, heightAt);
  return repaired;
}

/** Size in whole units, which has the same data; within the maximum of the format. */
export const sizeInUnits = ({ width, height, unit }: TruncatedJpeg): Size => ({
  width: Math.min(65_528, Math.ceil(width / unit.width) * unit.width),
  height: Math.min(65_528, Math.ceil(height / unit.height) * unit.height),
});

/** Bytes that decode to other coefficients than the zeros that a decoder takes where data are missing. */
const NOISE = Buffer.from(Array.from({ length: 4096 }, (_, i) => ((i * 2_654_435_761) >>> 13) % 255));

/**
 * Returns the JPEG in whole units, as it ends, and continued by noise: rows before the end of the data are the same in both, and the
 * first one after is not.
 */
export function withAndWithoutNoise(file: TruncatedJpeg): readonly [Buffer, Buffer] {
  const { data, heightAt } = file;
  const { width, height } = sizeInUnits(file);
  const ended = (noise: Buffer) => {
    const bytes = Buffer.concat([data, noise, JPEG_EOI]);
    bytes.writeUInt16BE(height, heightAt);
    bytes.writeUInt16BE(width, heightAt + 2);
    return bytes;
  };
  return [ended(Buffer.alloc(0)), ended(NOISE)];
}
