/** Decodes a BMP to an uncompressed TIFF in memory, which libvips reads as any file. In slices. */
import { setImmediate } from 'node:timers/promises';
import { type AlphaSource, countRows, createAlphaSearch, createRowReader, type Pixels } from './formats/bmp.ts';
import type { BmpHeader } from './formats/bmp-header.ts';
import { createRleReader } from './formats/bmp-rle.ts';
import { decodeError } from './formats/decode-error.ts';
import { isRgb } from './formats/icc.ts';
import { tiffHead } from './formats/tiff-head.ts';
import { area } from './size.ts';
import { forEachSlice, SLICE_PIXELS } from './slices.ts';
import { assertTimeLeft, type TimeLimit } from './time-limit.ts';

/** Allocates a TIFF, black where nothing is written to. */
function allocate(bytes: Buffer, header: BmpHeader, channels: 3 | 4): Pixels {
  const profile = header.profile && bytes.subarray(header.profile.start, header.profile.end);
  const layout = { width: header.width, height: header.height, channels, bytesPerSample: 1 } as const;
  const head = tiffHead(layout, isRgb(profile) ? profile : undefined);
  const data = Buffer.alloc(head.length + area(header) * channels);
  head.copy(data);
  return { data, start: head.length, channels };
}

async function findAlpha(bytes: Buffer, header: BmpHeader, rows: number, limit: TimeLimit): Promise<AlphaSource> {
  const search = createAlphaSearch(bytes, header, rows);
  if (search.isNeeded)
    await forEachSlice(header, (fromRow, toRow) => {
      assertTimeLeft(limit);
      search.scan(fromRow, toRow);
    });
  return search.source();
}

/** A decoded BMP. */
interface Bitmap {
  /** A TIFF. */
  readonly bytes: Buffer;
  /** Whether rows were missing. */
  readonly isTruncated: boolean;
}

async function decodeRle(bytes: Buffer, header: BmpHeader, limit: TimeLimit): Promise<Bitmap> {
  const pixels = allocate(bytes, header, 3);
  const reader = createRleReader(bytes, header, pixels);
  while (!reader.read(SLICE_PIXELS)) {
    await setImmediate();
    assertTimeLeft(limit);
  }
  if (!reader.isComplete()) throw decodeError(new Error('BMP without its end'));
  return { bytes: pixels.data, isTruncated: false };
}

/**
 * Decodes a BMP, or an image of an icon. Takes 5 to 20 ns a pixel. Rows that are missing are transparent, as in Chromium; an
 * image of an icon must have all.
 *
 * @param header from `parseBmp`, checked against the limits
 * @returns a TIFF of 8 bits a channel, with alpha if any pixel is transparent
 * @throws ImageError IMAGE_CORRUPT if all rows are missing, or with RLE any; that of `assertTimeLeft`
 */
export async function decodeBitmap(bytes: Buffer, header: BmpHeader, limit: TimeLimit): Promise<Bitmap> {
  if (header.compression !== 'none') return decodeRle(bytes, header, limit);
  const rows = countRows(bytes, header);
  const isTruncated = rows < header.height;
  if (rows === 0 || (isTruncated && header.isIcon)) throw decodeError(new Error(`BMP of ${rows} rows`));
  const alpha = await findAlpha(bytes, header, rows, limit);
  const pixels = allocate(bytes, header, alpha === 'none' ? 3 : 4);
  const readRows = createRowReader(bytes, header, pixels, alpha, rows);
  await forEachSlice(header, (fromRow, toRow) => {
    assertTimeLeft(limit);
    readRows(fromRow, toRow);
  });
  return { bytes: pixels.data, isTruncated };
}
