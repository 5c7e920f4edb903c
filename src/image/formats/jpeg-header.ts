/** Reads the header segments of a JPEG (T.81) without a decoder: frame header, EXIF, ICC profile, quality. Pure. */
import type { Metadata } from 'sharp';
import { readExif } from './exif.ts';
import { dataOf, isStartOfFrame, type JpegSegment } from './jpeg-segments.ts';

/** What a header says, by the names of sharp's `metadata()`. All of that is there only if the decoder was asked. */
export type ImageHeader = Partial<Metadata> &
  Pick<Metadata, 'width' | 'height' | 'channels' | 'hasAlpha' | 'autoOrient'>;

/** Marker of the last frame header that is read here, progressive with Huffman coding. Others are lossless, hierarchical or arithmetic. */
const SOF2 = 0xc2;
const DQT = 0xdb;
const APP1 = 0xe1;
const APP2 = 0xe2;
/** Sums of luminance tables at quality 50: that of T.81, K.1, whose last value is 6 times its first, and mozjpeg's default, 26 times. */
const QUANT_SUM_AT_50 = { standard: 3688, mozjpeg: 5704 };

const startsWith = (data: Buffer, name: string) => data.toString('latin1', 0, name.length) === name;

/**
 * Reads what sharp's `metadata()` says of a common JPEG, in 0.02 ms of CPU instead of 0.2 to 0.5. The header may lie, so
 * the decoder must be limited to these pixels.
 *
 * @param segments those before the first scan
 * @returns undefined for anything unusual (CMYK, 12 bits, arithmetic coding, a profile in parts, a doubtful EXIF block):
 *   then the decoder decides
 * @throws RangeError if a segment is truncated
 */
export function parseHeader(bytes: Buffer, segments: readonly JpegSegment[]): ImageHeader | undefined {
  const frames = segments.filter(({ marker }) => isStartOfFrame(marker));
  const dataOfAll = (marker: number, name: string) =>
    segments
      .filter((segment) => segment.marker === marker)
      .map((segment) => dataOf(bytes, segment))
      .filter((data) => startsWith(data, name));
  const exifBlocks = dataOfAll(APP1, 'Exif\0\0');
  const profiles = dataOfAll(APP2, 'ICC_PROFILE\0');
  const [[frame], [exif], [profile]] = [frames, exifBlocks, profiles];
  if (!frame || Math.max(frames.length, exifBlocks.length, profiles.length) > 1 || frame.marker > SOF2)
    return undefined;
  const header = dataOf(bytes, frame);
  const [height, width, channels] = [header.readUInt16BE(1), header.readUInt16BE(3), header[5]];
  const isSupported = header[0] === 8 && width && height && (channels === 1 || channels === 3);
  const orientation = exif ? readExif(exif)?.orientation : 1;
  // A profile is preceded by its part and the number of parts.
  if (!isSupported || !orientation || (profile && profile.readUInt16BE(12) !== 0x101)) return undefined;
  return {
    width,
    height,
    channels,
    orientation,
    space: channels === 3 ? 'srgb' : 'b-w',
    depth: 'uchar',
    hasAlpha: false,
    hasProfile: profile !== undefined,
    autoOrient: orientation >= 5 ? { width: height, height: width } : { width, height },
    ...(profile && { icc: profile.subarray(14) }),
  };
}

/**
 * Estimates the quality that a JPEG was encoded with, 1 to 100 on the scale of libjpeg, by the sum of its first
 * quantization table. Of an encoder with tables of its own it is approximate; where tables are clipped at 255, below 20 and in
 * mozjpeg's table below 50, it is too high.
 *
 * @returns undefined if there is no table before the first scan
 */
export function quantizationQuality(bytes: Buffer, segments: readonly JpegSegment[]): number | undefined {
  const segment = segments.find(({ marker }) => marker === DQT);
  if (!segment) return undefined;
  const table = segment.start + 4;
  const valueBytes = (bytes[table] ?? 0) >> 4 ? 2 : 1;
  if (table + 1 + 64 * valueBytes > bytes.length) return undefined;
  const values = Array.from({ length: 64 }, (_, i) => bytes.readUIntBE(table + 1 + i * valueBytes, valueBytes));
  const [first = 0] = values;
  const known = (values[63] ?? 0) < 8 * first ? 'standard' : 'mozjpeg';
  const percent = (values.reduce((sum, value) => sum + value) * 100) / QUANT_SUM_AT_50[known];
  return Math.min(100, Math.max(1, Math.round(percent > 100 ? 5000 / percent : 100 - percent / 2)));
}
