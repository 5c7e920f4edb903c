/** Sources with a `Content-Encoding` of gzip, although `identity` was requested. */
import { promisify } from 'node:util';
import { constants, gunzipSync, gunzip as gunzipWithCallback } from 'node:zlib';
import pLimit from 'p-limit';
import { ImageError } from '../errors.ts';
import { type ReserveMemory, shrinkToFit } from './buffers.ts';
import { sourceTimeout, sourceTooLarge, sourceUnavailable } from './errors.ts';

const GZIP_CODINGS = ['gzip', 'x-gzip'];
/** The other codings of IANA's registry that change a body. They are not decoded, because they were not requested. */
const UNSUPPORTED_CODINGS = [
  'aes128gcm',
  'br',
  'compress',
  'x-compress',
  'dcb',
  'dcz',
  'deflate',
  'exi',
  'pack200-gzip',
  'zstd',
];

/**
 * Whether a body has one layer of gzip: some servers send it although `identity` was requested, and objects in S3 may be
 * stored with it. Words that are no coding, such as `base64` or `aws-chunked`, are stored with many objects and change
 * nothing: browsers show such an image, too.
 *
 * @param contentEncoding the field value of `Content-Encoding`
 * @throws ImageError SOURCE_UNAVAILABLE for any other coding, or for two layers of gzip
 */
export function isGzipped(contentEncoding = ''): boolean {
  const codings = contentEncoding.split(',').map((coding) => coding.trim().toLowerCase());
  const layers = codings.filter((coding) => GZIP_CODINGS.includes(coding)).length;
  if (layers > 1 || codings.some((coding) => UNSUPPORTED_CODINGS.includes(coding)))
    throw sourceUnavailable('The origin sent a Content-Encoding that was not requested.');
  return layers === 1;
}

/** Bytes of gzip that are unpacked to check an image while it downloads: they expand to at most half a megabyte. */
export const GZIP_PEEK_BYTES = 512;

/** Unpacks the first bytes of a gzip stream. Empty when they are not gzip. */
export function peekGzip(packed: Buffer): Buffer {
  try {
    return gunzipSync(packed.subarray(0, GZIP_PEEK_BYTES), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

/** The source arrived in time; this process is late. */
const tooManyUnpacked = () =>
  new ImageError('OVERLOADED', 'Too many sources in gzip are being unpacked. Try again in a second.');

const gunzipBuffer = promisify(gunzipWithCallback);
/** One at a time: 50 MB occupy a thread for 100 ms and cannot be cancelled, so several would leave none for images. */
const gunzipQueue = pLimit(1);
/** Bytes of output at a time where the declared size is wrong. */
const CHUNK_BYTES = 65_536;
/** Maximum bytes of output for one byte of deflate (zlib's technical details). */
const MAX_RATIO = 1032;

/** Unpacks into at most `maxBytes`. @returns undefined if there are more */
async function unpack(packed: Buffer, chunkSize: number, maxBytes: number): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    return shrinkToFit(await gunzipBuffer(packed, { chunkSize, maxOutputLength: maxBytes }));
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    // A new error in place of zlib's: errors are cached, and zlib's stack would retain all the unpacked bytes.
    throw sourceUnavailable('The origin sent gzip data that is corrupt or cut short.', new Error(message));
  }
}

/**
 * Decodes one layer of gzip in one step into one buffer. Decoded chunk by chunk as it arrives, 50 MB take 800 turns of the
 * event loop and produce 100 MB of garbage: under gzip bombs the images of all other requests took a third longer.
 *
 * @param maxBytes of the output
 * @param signal checked before the decoding starts, after the wait for other sources in gzip
 * @param reserve waits for the memory of the output, before it is unpacked
 * @throws ImageError SOURCE_TOO_LARGE, SOURCE_UNAVAILABLE (not valid gzip), SOURCE_TIMEOUT (aborted), OVERLOADED (aborted while
 *   others are unpacked, or no memory)
 */
export async function gunzip(
  packed: Buffer,
  maxBytes: number,
  signal: AbortSignal,
  reserve: ReserveMemory = async () => {},
): Promise<Buffer> {
  if (signal.aborted) throw sourceTimeout(signal.reason);
  // ISIZE, the last 4 bytes (RFC 1952, 2.3.1), is the declared size mod 2^32. A bomb that declares its true size is rejected
  // before it is unpacked: its garbage would stop every request. It may be wrong, so the output is limited as well.
  const declaredSize = packed.length < 18 ? 0 : packed.readUInt32LE(packed.length - 4);
  const maxPossible = packed.length * MAX_RATIO;
  const isPossible = declaredSize <= maxPossible;
  if (isPossible && declaredSize > maxBytes) throw sourceTooLarge(maxBytes);
  return gunzipQueue(async () => {
    if (signal.aborted) throw tooManyUnpacked();
    const reserved = isPossible ? Math.max(CHUNK_BYTES, declaredSize) : CHUNK_BYTES;
    await reserve(reserved, signal);
    const declared = await unpack(packed, reserved + 1, Math.min(reserved, maxBytes));
    if (declared) return declared;
    // Several members, of which the last declares its own size, or a wrong one: chunks, and the buffer that joins them.
    const largest = Math.min(maxBytes, maxPossible);
    if (reserved < largest) {
      await reserve(2 * largest - reserved, signal);
      const unpacked = await unpack(packed, CHUNK_BYTES, largest);
      if (unpacked) return unpacked;
    }
    throw sourceTooLarge(maxBytes);
  });
}
