/** Writes the header of an uncompressed TIFF (TIFF 6.0), in which decoded pixels and their profile pass to libvips. Pure. */
import type { Size } from '../image/size.ts';

/** Pixels with 8 or 16 bits a channel: RGB, or RGB and alpha. */
export interface PixelLayout extends Size {
  readonly channels: 3 | 4;
  readonly bytesPerSample: 1 | 2;
}

/** Rows of a strip: libtiff reads strips one by one. */
const STRIP_ROWS = 64;
const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;
/** Bytes of a value by its type. */
const TYPE_BYTES: Readonly<Record<number, number>> = { [SHORT]: 2, [LONG]: 4, [UNDEFINED]: 1 };

type Entry = readonly [tag: number, type: number, values: readonly number[] | Uint8Array];

/** Returns the tags, in their order. @param dataAt offset of the pixels */
function entriesOf(layout: PixelLayout, icc: Uint8Array | undefined, dataAt: number): Entry[] {
  const { width, height, channels, bytesPerSample } = layout;
  const rowBytes = width * channels * bytesPerSample;
  const strips = Array.from({ length: Math.ceil(height / STRIP_ROWS) }, (_, i) => i * STRIP_ROWS);
  return [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, Array<number>(channels).fill(bytesPerSample * 8)],
    // No compression; RGB.
    [259, SHORT, [1]],
    [262, SHORT, [2]],
    [273, LONG, strips.map((row) => dataAt + row * rowBytes)],
    [277, SHORT, [channels]],
    [278, LONG, [STRIP_ROWS]],
    [279, LONG, strips.map((row) => Math.min(STRIP_ROWS, height - row) * rowBytes)],
    // Samples of a pixel one after another; alpha that is not multiplied.
    [284, SHORT, [1]],
    ...(channels === 4 ? [[338, SHORT, [2]] as const] : []),
    ...(icc ? [[34_675, UNDEFINED, icc] as const] : []),
  ];
}

/**
 * Returns the bytes before the pixels, which follow row by row without gaps; samples of 16 bits are little-endian.
 *
 * @param icc a profile that describes the colours
 */
export function tiffHeader(layout: PixelLayout, icc?: Uint8Array): Buffer {
  const sizeOf = (entries: readonly Entry[]) => {
    const external = entries.map(([, type, values]) => values.length * (TYPE_BYTES[type] ?? 1));
    return entries.length * 12 + 14 + external.reduce((sum, bytes) => sum + (bytes > 4 ? bytes + (bytes % 2) : 0), 0);
  };
  const length = sizeOf(entriesOf(layout, icc, 0));
  const entries = entriesOf(layout, icc, length);
  const header = Buffer.alloc(length);
  header.write('II*\0', 'latin1');
  header.writeUInt32LE(8, 4);
  header.writeUInt16LE(entries.length, 8);
  let externalAt = entries.length * 12 + 14;
  entries.forEach(([tag, type, values], index) => {
    const at = 10 + index * 12;
    const bytes = TYPE_BYTES[type] ?? 1;
    header.writeUInt16LE(tag, at);
    header.writeUInt16LE(type, at + 2);
    header.writeUInt32LE(values.length, at + 4);
    const isExternal = values.length * bytes > 4;
    const valuesAt = isExternal ? externalAt : at + 8;
    if (isExternal) header.writeUInt32LE(externalAt, at + 8);
    if (isExternal) externalAt += values.length * bytes + ((values.length * bytes) % 2);
    values.forEach((value, i) => {
      header.writeUIntLE(value, valuesAt + i * bytes, bytes);
    });
  });
  return header;
}
