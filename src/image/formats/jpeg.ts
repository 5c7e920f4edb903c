/** Parses a whole JPEG (T.81) in one walk over its markers, without a decoder: header, scans, end, quality. Pure. */
import type { Size } from '../size.ts';
import { type ImageHeader, parseHeader, quantizationQuality } from './jpeg-header.ts';
import { EOI, isStartOfFrame, JPEG_EOI, type JpegSegment, jpegSegments, SOS } from './jpeg-segments.ts';

/** Structure of a JPEG file. */
export interface JpegFile {
  /** What sharp's `metadata()` would say; undefined if the decoder must be asked. */
  readonly header: ImageHeader | undefined;
  /** Number of scans, counted up to the maximum + 1. */
  readonly scans: number;
  /** Whether the end marker (EOI) was found. */
  readonly hasEoi: boolean;
  /** Estimated quality, 1 to 100; undefined without a quantization table. */
  readonly quality: number | undefined;
  /** Segments before the first scan, in order. */
  readonly headerSegments: readonly JpegSegment[];
  /** Offset of the first scan's marker (SOS); undefined without a scan. */
  readonly firstScan: number | undefined;
  /** Segments from the first scan to the end marker; not of a sequential file with one scan, in which only that marker is searched. */
  readonly scanSegments: readonly JpegSegment[];
}

/**
 * Returns the stored size, before EXIF orientation, once the first bytes of a file have it. For checks during a download.
 *
 * @throws ImageError IMAGE_TOO_LARGE if too many segments come before it
 */
export function jpegSize(head: Buffer): Size | undefined {
  for (const { marker, start } of jpegSegments(head))
    if (isStartOfFrame(marker) && start + 9 <= head.length)
      return { width: head.readUInt16BE(start + 7), height: head.readUInt16BE(start + 5) };
  return undefined;
}

/** Returns whether the scan is the only one that a decoder reads: of a sequential file, with all of its components. */
function isOnlyScan(bytes: Buffer, scan: JpegSegment, segments: readonly JpegSegment[]): boolean {
  const frame = segments.find(({ marker }) => marker === 0xc0 || marker === 0xc1);
  return frame !== undefined && bytes[frame.start + 9] === bytes[scan.start + 4];
}

/**
 * Parses a JPEG. About 1 ms per megabyte; of a sequential file with one scan only the end marker is searched, in a tenth of
 * that, since no decoder reads a second scan.
 *
 * @param maxScans the walk ends above: each scan of a progressive file covers the whole image again, and 883 of them make
 *   130 kB cost eight seconds
 * @throws ImageError IMAGE_TOO_LARGE if it has too many segments, see `bounds.ts`
 */
export function parseJpeg(bytes: Buffer, maxScans: number): JpegFile {
  const segments: JpegSegment[] = [];
  const scanSegments: JpegSegment[] = [];
  let firstScan: number | undefined;
  let scans = 0;
  let hasEoi = false;
  for (const segment of jpegSegments(bytes)) {
    hasEoi = segment.marker === EOI;
    const isScan = segment.marker === SOS;
    (scans || isScan ? scanSegments : segments).push(segment);
    if (!isScan) continue;
    firstScan ??= segment.start;
    if (++scans > maxScans) break;
    if (scans === 1 && isOnlyScan(bytes, segment, segments)) {
      // From the end, where it is: forwards, 50 MB of stuffed bytes take 0.3 s.
      hasEoi = bytes.lastIndexOf(JPEG_EOI) >= segment.start;
      break;
    }
  }
  return {
    header: headerOf(bytes, segments),
    scans,
    hasEoi,
    quality: quantizationQuality(bytes, segments),
    headerSegments: segments,
    firstScan,
    scanSegments,
  };
}

function headerOf(bytes: Buffer, segments: readonly JpegSegment[]): ImageHeader | undefined {
  try {
    return parseHeader(bytes, segments);
  } catch {
    // Truncated.
    return undefined;
  }
}
