/** A JPEG (T.81) by its markers, read without a decoder: what its header says, its scans, its quality. Pure. */
import type { Metadata } from 'sharp';
import type { Size } from '../size.ts';

export const JPEG_EOI = Buffer.from([0xff, 0xd9]);

interface Segment {
  readonly marker: number;
  /** Where the segment's length stands. */
  readonly at: number;
}

/** The markers of a JPEG (T.81, B.1.1) up to its end: segments are jumped over, coded data is searched for the next marker. */
function* jpegMarkers(bytes: Buffer): Generator<Segment> {
  let at = 2;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return;
    const marker = bytes[at + 1] ?? 0;
    // Stuffed bytes, fill bytes and restart markers have no segment; nor have those that mean nothing: a decoder goes on behind them.
    if (marker === 0xff) at += 1;
    else if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else {
      yield { marker, at: at + 2 };
      if (marker === 0xd9 || at + 4 > bytes.length) return;
      at += 2 + bytes.readUInt16BE(at + 2);
    }
  }
}

const isStartOfFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** The stored size, as soon as its beginning has it. */
export function jpegSize(head: Buffer): Size | undefined {
  for (const { marker, at } of jpegMarkers(head))
    if (isStartOfFrame(marker) && at + 7 <= head.length)
      return { width: head.readUInt16BE(at + 5), height: head.readUInt16BE(at + 3) };
  return undefined;
}

/**
 * Scans of a JPEG, counted up to `most` + 1, and whether its end marker is there. Each scan of a progressive file goes
 * over the whole picture again: 883 of them make 130 kB cost eight seconds. About 1 ms per megabyte; of a sequential file with
 * all of its components in one scan only the end is looked for, in a tenth of that, since no decoder goes on to a second one.
 */
export function walkJpeg(bytes: Buffer, most: number): { scans: number; ended: boolean } {
  let scans = 0;
  let sequential: number | undefined;
  for (const { marker, at } of jpegMarkers(bytes)) {
    if (marker === 0xd9) return { scans, ended: true };
    if (marker === 0xc0 || marker === 0xc1) sequential ??= bytes[at + 7];
    if (marker !== 0xda) continue;
    if (++scans > most) break;
    if (scans === 1 && sequential === bytes[at + 2]) return { scans, ended: bytes.includes(JPEG_EOI, at) };
  }
  return { scans, ended: false };
}

/** The orientation in an EXIF block (2.3, 4.6.4), 1 where it has none; undefined where the block is not quite as it should be. */
function exifOrientation(exif: Buffer): number | undefined {
  const order = exif.toString('latin1', 6, 10);
  const little = order === 'II*\0';
  if (!little && order !== 'MM\0*') return undefined;
  const tiff = exif.subarray(6);
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const first = u32(4);
  const values: number[] = [];
  for (let i = 0, count = u16(first); i < count; i++) {
    const entry = first + 2 + i * 12;
    if (u16(entry) === 0x112) values.push(u16(entry + 2) === 3 && u32(entry + 4) === 1 ? u16(entry + 8) : 0);
  }
  const [value = 1] = values;
  return values.length < 2 && value >= 1 && value <= 8 ? value : undefined;
}

/** What a header says in sharp's words. All of `metadata()` is there where the decoder was asked. */
export type ImageHeader = Partial<Metadata> &
  Pick<Metadata, 'width' | 'height' | 'channels' | 'hasAlpha' | 'autoOrient'>;

const begins = (data: Buffer, name: string) => data.toString('latin1', 0, name.length) === name;

function parseHead(bytes: Buffer): ImageHeader | undefined {
  const frames: Buffer[] = [];
  const exif: Buffer[] = [];
  const profiles: Buffer[] = [];
  for (const { marker, at } of jpegMarkers(bytes)) {
    if (marker === 0xda) break;
    const data = bytes.subarray(at + 2, at + bytes.readUInt16BE(at));
    // Lossless, hierarchical, or arithmetic coding.
    if (isStartOfFrame(marker) && marker > 0xc2) return undefined;
    if (isStartOfFrame(marker)) frames.push(data);
    if (marker === 0xe1 && begins(data, 'Exif\0\0')) exif.push(data);
    if (marker === 0xe2 && begins(data, 'ICC_PROFILE\0')) profiles.push(data);
  }
  const [[frame], [block], [profile]] = [frames, exif, profiles];
  if (!frame || Math.max(frames.length, exif.length, profiles.length) > 1) return undefined;
  const orientation = block ? exifOrientation(block) : 1;
  const [height, width, channels] = [frame.readUInt16BE(1), frame.readUInt16BE(3), frame[5]];
  const known = frame[0] === 8 && width && height && (channels === 1 || channels === 3);
  if (!known || !orientation || (profile && profile.readUInt16BE(12) !== 0x101)) return undefined;
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
 * What sharp's `metadata()` says of a plain JPEG, for 0.02 ms of CPU where that takes 0.2 to 0.5; undefined where anything is
 * out of the ordinary (CMYK, 12 bits, arithmetic coding, a profile in parts, a doubtful EXIF block): then the decoder is
 * to be asked. It may lie, so the decoder is told not to read more pixels than these.
 */
export function jpegHead(bytes: Buffer): ImageHeader | undefined {
  try {
    return parseHead(bytes);
  } catch {
    // Cut short, or with places outside of it.
    return undefined;
  }
}

/** Sum of the luminance table of T.81, K.1, which quality 50 is. */
const QUANT_SUM_AT_50 = 3688;

/**
 * The quality that a JPEG was written with, by the sum of its first quantisation table on libjpeg's scale (1 to 100);
 * undefined when it has none. An encoder with tables of its own is met about, and
 * below 20, where the table is cut at 255, the answer is too high.
 */
export function jpegQuality(bytes: Buffer): number | undefined {
  for (const { marker, at } of jpegMarkers(bytes)) {
    if (marker === 0xda) return undefined;
    if (marker !== 0xdb) continue;
    const wide = (bytes[at + 2] ?? 0) >> 4 ? 2 : 1;
    if (at + 3 + 64 * wide > bytes.length) return undefined;
    let sum = 0;
    for (let i = 0; i < 64; i++) sum += bytes.readUIntBE(at + 3 + i * wide, wide);
    const percent = (sum * 100) / QUANT_SUM_AT_50;
    return Math.min(100, Math.max(1, Math.round(percent > 100 ? 5000 / percent : 100 - percent / 2)));
  }
  return undefined;
}
