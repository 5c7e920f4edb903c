/** Inspects outputs: decoded size, frames, and colours at points. Images are never compared by their bytes. */
import sharp from 'sharp';

/** Reads the media type from the magic number. */
export function typeOf(bytes: Buffer): string {
  const head = bytes.subarray(0, 40).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('GIF8')) return 'image/gif';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'image/webp';
  if (head.slice(4, 8) === 'ftyp' && /avi[fs]/.test(head)) return 'image/avif';
  return 'unknown';
}

export interface DecodedImage {
  readonly type: string;
  readonly width: number;
  /** Of one frame. */
  readonly height: number;
  readonly pages: number;
  readonly delay: readonly number[] | undefined;
  readonly loop: number | undefined;
  readonly channels: number;
  readonly orientation: number | undefined;
  readonly hasMetadata: boolean;
  /** RGBA of all pixels, frames stacked vertically. */
  readonly pixels: Buffer;
  /** Reads RGBA at a point, given in fractions of the sides. */
  at(x: number, y: number, frame?: number): number[];
}

/** Decodes all frames to RGBA in sRGB, as they are stored: EXIF orientation is not applied. */
export async function decodePixels(bytes: Buffer): Promise<DecodedImage> {
  const input = { animated: true, limitInputPixels: false, failOn: 'warning' } as const;
  const meta = await sharp(bytes, input).metadata();
  const { data, info } = await sharp(bytes, input)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const height = meta.pageHeight ?? meta.height;
  return {
    type: typeOf(bytes),
    width: meta.width,
    height,
    pages: meta.pages ?? 1,
    delay: meta.delay,
    loop: meta.loop,
    channels: meta.channels,
    orientation: meta.orientation,
    hasMetadata: Boolean(meta.exif ?? meta.xmp ?? meta.iptc ?? meta.icc),
    pixels: data,
    at: (x, y, frame = 0) => {
      const column = Math.min(info.width - 1, Math.floor(x * info.width));
      const row = frame * height + Math.min(height - 1, Math.floor(y * height));
      const start = (row * info.width + column) * 4;
      return [...data.subarray(start, start + 4)];
    },
  };
}

/** Tells whether a colour is the expected one, each channel within a tolerance. */
export const near = (actual: readonly number[], expected: readonly number[], tolerance: number) =>
  expected.every((channel, i) => Math.abs((actual[i] ?? 0) - channel) <= tolerance);
