/** Repairs a truncated PNG (PNG 1.2): finds the rows that its data have, and ends it after them. */
import { crc32, type Deflate, type Inflate } from 'node:zlib';
import { PNG_SAMPLES, pngChunk, pngChunks, pngHeader } from './png.ts';

// Not by import, see fetch/request.ts.
const zlib = process.getBuiltinModule('node:zlib');

/** A PNG whose image data end early. */
export interface TruncatedPng {
  readonly width: number;
  readonly height: number;
  /** Bytes of a row with its filter byte; of one of seven passes, of an interlaced image, there are fewer. */
  readonly rowBytes: number;
  readonly isInterlaced: boolean;
  /** Offset of the first `IDAT` chunk: what comes before it stays. */
  readonly dataStart: number;
  /** The compressed data, as far as they go. */
  readonly data: readonly Buffer[];
}

/** Length of the signature and the header chunk. */
const HEADER_END = 33;
/** Compressed bytes that are unpacked at once, to at most 4 MB. */
const PIECE_BYTES = 4096;

/**
 * Finds the image data of a truncated PNG. Checksums are not looked at, but for that of the header.
 *
 * @returns undefined if it ends before its image data, or its header is damaged
 * @throws ImageError IMAGE_TOO_LARGE above 65,536 chunks
 */
export function truncatedPng(bytes: Buffer): TruncatedPng | undefined {
  if (bytes.length < HEADER_END || crc32(bytes.subarray(12, 29)) !== bytes.readUInt32BE(29)) return undefined;
  const samples = PNG_SAMPLES[bytes[25] ?? -1];
  const data: Buffer[] = [];
  let dataStart: number | undefined;
  let at = 8;
  for (const { name, start, end } of pngChunks(bytes)) {
    if (name === 'IDAT') {
      dataStart ??= start;
      data.push(bytes.subarray(start + 8, Math.min(end - 4, bytes.length)));
    }
    at = end;
  }
  // A last chunk that is too short for the walk.
  if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT' && at + 12 > bytes.length) {
    dataStart ??= at;
    data.push(bytes.subarray(at + 8));
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (!samples || dataStart === undefined || !width || !height) return undefined;
  const rowBytes = 1 + Math.ceil((width * samples * (bytes[24] ?? 8)) / 8);
  return { width, height, rowBytes, isInterlaced: bytes[28] === 1, dataStart, data };
}

/** Returns whether a PNG has no end chunk (`IEND`). */
export function lacksIend(bytes: Buffer): boolean {
  for (const { name } of pngChunks(bytes)) if (name === 'IEND') return false;
  return true;
}

function* pieces(data: readonly Buffer[]): Generator<Buffer> {
  for (const part of data)
    for (let at = 0; at < part.length; at += PIECE_BYTES) yield part.subarray(at, at + PIECE_BYTES);
}

/** Returns how many bytes of unpacked data are rows with a valid filter (PNG 1.2, 6.1). @param at offset of the first byte in all data */
function validLength(unpacked: Buffer, at: number, rowBytes: number): number {
  for (let i = (rowBytes - (at % rowBytes)) % rowBytes; i < unpacked.length; i += rowBytes)
    if ((unpacked[i] ?? 0) > 4) return i;
  return unpacked.length;
}

/** A stream of zlib with its output, which ends at its first error. */
function collectOutput(stream: Inflate | Deflate, onData: (chunk: Buffer) => void) {
  stream.on('data', onData);
  const ended = new Promise<void>((resolve) => {
    stream.once('error', () => resolve()).once('end', resolve);
  });
  return {
    write: (piece: Buffer) =>
      Promise.race([new Promise<void>((resolve) => void stream.write(piece, () => resolve())), ended]),
    end: () => {
      stream.end();
      return ended;
    },
    isFailed: () => stream.errored !== null,
    destroy: () => stream.destroy(),
  };
}

/**
 * Unpacks the rows that the data have before they end or are damaged, and packs them again: libpng refuses data that do not end as
 * they should. No more is unpacked than the image has.
 *
 * @param checkTime called before each step; what it throws ends the work
 * @returns the number of whole rows, and their data
 */
export async function repackRows(
  { rowBytes, height, data }: TruncatedPng,
  checkTime: () => void,
): Promise<{ readonly rows: number; readonly packed: Buffer }> {
  const total = rowBytes * height;
  const output: Buffer[] = [];
  let unpacked: Buffer[] = [];
  let length = 0;
  let isValid = true;
  const deflate = collectOutput(zlib.createDeflate({ level: 1 }), (piece) => output.push(piece));
  const inflate = collectOutput(zlib.createInflate({ finishFlush: zlib.constants.Z_SYNC_FLUSH }), (piece) => {
    const valid = Math.min(validLength(piece, length, rowBytes), total - length);
    if (isValid) unpacked.push(piece.subarray(0, valid));
    if (isValid) length += valid;
    isValid = isValid && valid === piece.length;
  });
  const repack = async () => {
    const pieces = unpacked;
    unpacked = [];
    for (const piece of pieces) await deflate.write(piece);
  };
  try {
    for (const piece of pieces(data)) {
      checkTime();
      await inflate.write(piece);
      await repack();
      if (inflate.isFailed() || !isValid || length >= total) break;
    }
    if (!inflate.isFailed()) await inflate.end();
    await repack();
    await deflate.end();
  } finally {
    inflate.destroy();
    deflate.destroy();
  }
  return { rows: Math.floor(length / rowBytes), packed: Buffer.concat(output) };
}

/** Returns the PNG with so many rows, from `repackRows`: a decoder reads no further than these. */
export function withRows(bytes: Buffer, { dataStart, width }: TruncatedPng, rows: number, packed: Buffer): Buffer {
  return Buffer.concat([
    bytes.subarray(0, 8),
    ...pngHeader(bytes, { width, height: rows }),
    bytes.subarray(HEADER_END, dataStart),
    ...pngChunk('IDAT', [packed]),
    ...pngChunk('IEND', []),
  ]);
}
