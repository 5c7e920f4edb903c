/** Writes what comes before the pixels of an uncompressed TIFF (6.0), so that a decoder reads them as a file. Pure. */
import type { Size } from '../size.ts';

/** Layout of pixels in memory. */
export interface PixelLayout extends Size {
  /** 3 for RGB, 4 with alpha that is not premultiplied. */
  readonly channels: 3 | 4;
  /** Samples of two bytes are little-endian. */
  readonly bytesPerSample: 1 | 2;
}

const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;
const TYPE_BYTES: Readonly<Record<number, number>> = { [SHORT]: 2, [LONG]: 4, [UNDEFINED]: 1 };
/** Bytes of a strip, at least one row: the decoder holds one at a time. */
const STRIP_BYTES = 65_536;
const HEADER_BYTES = 8;

type Entry = readonly [tag: number, type: number, values: readonly number[] | Uint8Array];

const valueBytes = ([, type, values]: Entry) => values.length * (TYPE_BYTES[type] ?? 1);

/** Writes values of one type. */
function writeValues(to: Buffer, at: number, [, type, values]: Entry): void {
  if (values instanceof Uint8Array) to.set(values, at);
  else
    for (const [i, value] of values.entries())
      to.writeUIntLE(value, at + i * (TYPE_BYTES[type] ?? 1), TYPE_BYTES[type] ?? 1);
}

/** Lays out a directory after the header: its entries, then the values that do not fit into them. */
function writeDirectory(entries: readonly Entry[], byteLength: number): Buffer {
  const bytes = Buffer.alloc(byteLength);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(HEADER_BYTES, 4);
  bytes.writeUInt16LE(entries.length, HEADER_BYTES);
  let valuesAt = HEADER_BYTES + 2 + 12 * entries.length + 4;
  for (const [i, entry] of entries.entries()) {
    const at = HEADER_BYTES + 2 + 12 * i;
    bytes.writeUInt16LE(entry[0], at);
    bytes.writeUInt16LE(entry[1], at + 2);
    bytes.writeUInt32LE(entry[2].length, at + 4);
    const length = valueBytes(entry);
    if (length > 4) bytes.writeUInt32LE(valuesAt, at + 8);
    writeValues(bytes, length > 4 ? valuesAt : at + 8, entry);
    if (length > 4) valuesAt += length + (length % 2);
  }
  return bytes;
}

/**
 * Returns the bytes of a TIFF up to its pixels, which follow from the upper row down without gaps. Their number is even.
 *
 * @param icc a profile of the pixels
 */
export function tiffHead(layout: PixelLayout, icc: Uint8Array | undefined): Buffer {
  const { width, height, channels, bytesPerSample } = layout;
  const rowBytes = width * channels * bytesPerSample;
  const rowsPerStrip = Math.max(1, Math.floor(STRIP_BYTES / rowBytes));
  const strips = Math.ceil(height / rowsPerStrip);
  const rowsOf = (strip: number) => Math.min(rowsPerStrip, height - strip * rowsPerStrip);
  const entriesFrom = (pixels: number): readonly Entry[] => [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, Array<number>(channels).fill(bytesPerSample * 8)],
    [259, SHORT, [1]],
    [262, SHORT, [2]],
    [273, LONG, Array.from({ length: strips }, (_, i) => pixels + i * rowsPerStrip * rowBytes)],
    [277, SHORT, [channels]],
    [278, LONG, [rowsPerStrip]],
    [279, LONG, Array.from({ length: strips }, (_, i) => rowsOf(i) * rowBytes)],
    ...(channels === 4 ? [[338, SHORT, [2]] as const] : []),
    ...(icc ? [[34_675, UNDEFINED, icc] as const] : []),
  ];
  const entries = entriesFrom(0);
  const outside = entries.map(valueBytes).filter((length) => length > 4);
  const byteLength =
    HEADER_BYTES + 2 + 12 * entries.length + 4 + outside.reduce((sum, length) => sum + length + (length % 2), 0);
  return writeDirectory(entriesFrom(byteLength), byteLength);
}
