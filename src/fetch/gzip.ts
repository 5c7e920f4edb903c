/** Sources with a `Content-Encoding`, although `identity` was requested: unpacked within bounds. */
import { promisify } from 'node:util';
import zlib, { type BrotliOptions, type ZlibOptions } from 'node:zlib';
import pLimit from 'p-limit';
import { ImageError } from '../errors.ts';
import { type ReserveMemory, shrinkToFit } from './buffers.ts';
import { sourceTimeout, sourceTooLarge, sourceUnavailable } from './errors.ts';

/** A content coding that is unpacked (RFC 9110, 8.4.1), or none. */
export type Coding = 'gzip' | 'deflate' | 'br' | 'identity';

const CODINGS: Readonly<Record<string, Coding>> = { gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate', br: 'br' };
/** The other codings of IANA's registry that change a body. They are not decoded, because they were not requested. */
const UNSUPPORTED_CODINGS = ['aes128gcm', 'compress', 'x-compress', 'dcb', 'dcz', 'exi', 'pack200-gzip', 'zstd'];

/**
 * Returns the coding of a body: some servers send one although `identity` was requested, and objects in S3 may be stored with
 * it. Words that are no coding, such as `base64` or `aws-chunked`, are stored with many objects and change nothing: browsers
 * show such an image, too.
 *
 * @param contentEncoding the field value of `Content-Encoding`
 * @throws ImageError SOURCE_UNAVAILABLE for any other coding, or for two layers
 */
export function parseContentEncoding(contentEncoding = ''): Coding {
  const names = contentEncoding.split(',').map((coding) => coding.trim().toLowerCase());
  const layers = names.flatMap((name) => (Object.hasOwn(CODINGS, name) ? [CODINGS[name]] : []));
  if (layers.length > 1 || names.some((name) => UNSUPPORTED_CODINGS.includes(name)))
    throw sourceUnavailable('The origin sent a Content-Encoding that was not requested.');
  return layers[0] ?? 'identity';
}

/** Bytes of gzip that are unpacked to check an image while it downloads: they expand to at most half a megabyte. */
export const GZIP_PEEK_BYTES = 512;

/** Unpacks the first bytes of a gzip stream. Empty when they are not gzip. */
export function peekGzip(packed: Buffer): Buffer {
  try {
    return zlib.gunzipSync(packed.subarray(0, GZIP_PEEK_BYTES), { finishFlush: zlib.constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

/** The source arrived in time; this process is late. */
const tooManyUnpacked = () =>
  new ImageError('OVERLOADED', 'Too many compressed sources are being unpacked. Try again in a second.');

/** Whether deflate has the header of zlib, as it should: some servers send it without (RFC 9110, 8.4.1.2). */
const hasZlibHeader = (packed: Buffer) =>
  packed.length > 1 && ((packed[0] ?? 0) & 15) === 8 && packed.readUInt16BE(0) % 31 === 0;

const [gunzipBuffer, inflateBuffer, inflateRawBuffer, brotliBuffer] = [
  promisify<Buffer, ZlibOptions, Buffer<ArrayBuffer>>(zlib.gunzip),
  promisify<Buffer, ZlibOptions, Buffer<ArrayBuffer>>(zlib.inflate),
  promisify<Buffer, ZlibOptions, Buffer<ArrayBuffer>>(zlib.inflateRaw),
  promisify<Buffer, BrotliOptions, Buffer<ArrayBuffer>>(zlib.brotliDecompress),
];
const UNPACKERS = {
  gzip: gunzipBuffer,
  deflate: (packed: Buffer, options: ZlibOptions) =>
    (hasZlibHeader(packed) ? inflateBuffer : inflateRawBuffer)(packed, options),
  br: brotliBuffer,
};

/** One at a time: 50 MB occupy a thread for 100 ms and cannot be cancelled, so several would leave none for images. */
const unpackQueue = pLimit(1);
/** Bytes of output at a time where the declared size is wrong. */
const CHUNK_BYTES = 65_536;
/** Maximum bytes of output for one byte of deflate (zlib's technical details). Brotli has none. */
const MAX_RATIO = 1032;
/** Expected bytes of output for one byte, where no size is declared. */
const USUAL_RATIO = 4;

/** Unpacks into at most `maxBytes`. @returns undefined if there are more */
async function unpackInto(
  coding: keyof typeof UNPACKERS,
  packed: Buffer,
  chunkSize: number,
  maxBytes: number,
): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    return shrinkToFit(await UNPACKERS[coding](packed, { chunkSize, maxOutputLength: maxBytes }));
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    // A new error in place of zlib's: errors are cached, and zlib's stack would retain all the unpacked bytes.
    throw sourceUnavailable(`The origin sent ${coding} data that is corrupt or cut short.`, new Error(message));
  }
}

/**
 * Decodes one content coding in one step into one buffer. Decoded chunk by chunk as it arrives, 50 MB take 800 turns of the
 * event loop and produce 100 MB of garbage: under gzip bombs the images of all other requests took a third longer.
 *
 * @param maxBytes of the output
 * @param signal checked before the decoding starts, after the wait for other sources
 * @param reserve waits for the memory of the output, before it is unpacked
 * @throws ImageError SOURCE_TOO_LARGE, SOURCE_UNAVAILABLE (not valid), SOURCE_TIMEOUT (aborted), OVERLOADED (aborted while
 *   others are unpacked, or no memory)
 */
export async function unpack(
  coding: keyof typeof UNPACKERS,
  packed: Buffer,
  maxBytes: number,
  signal: AbortSignal,
  reserve: ReserveMemory = async () => {},
): Promise<Buffer> {
  if (signal.aborted) throw sourceTimeout(signal.reason);
  // ISIZE, the last 4 bytes (RFC 1952, 2.3.1), is the declared size mod 2^32. A bomb that declares its true size is rejected
  // before it is unpacked: its garbage would stop every request. It may be wrong, so the output is limited as well.
  const isDeclared = coding === 'gzip' && packed.length >= 18;
  const expected = isDeclared ? packed.readUInt32LE(packed.length - 4) : packed.length * USUAL_RATIO;
  const maxPossible = coding === 'br' ? maxBytes : packed.length * MAX_RATIO;
  const isPossible = expected <= maxPossible;
  if (isDeclared && isPossible && expected > maxBytes) throw sourceTooLarge(maxBytes);
  return unpackQueue(async () => {
    if (signal.aborted) throw tooManyUnpacked();
    const reserved = isPossible ? Math.min(Math.max(CHUNK_BYTES, expected), maxBytes) : CHUNK_BYTES;
    await reserve(reserved, signal);
    const unpacked = await unpackInto(coding, packed, reserved + 1, reserved);
    if (unpacked) return unpacked;
    // Several members, of which the last declares its own size, or a wrong one: chunks, and the buffer that joins them.
    const largest = Math.min(maxBytes, maxPossible);
    if (reserved < largest) {
      await reserve(2 * largest - reserved, signal);
      const larger = await unpackInto(coding, packed, CHUNK_BYTES, largest);
      if (larger) return larger;
    }
    throw sourceTooLarge(maxBytes);
  });
}
