/** Sources with a `Content-Encoding` of gzip, although `identity` was requested. */
import { promisify } from 'node:util';
import { constants, gunzipSync, gunzip as gunzipWithCallback } from 'node:zlib';
import pLimit from 'p-limit';
import { shrinkToFit } from './buffers.ts';
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

const gunzipBuffer = promisify(gunzipWithCallback);
/** One at a time: 50 MB occupy a thread for 100 ms and cannot be cancelled, so several would leave none for images. */
const gunzipQueue = pLimit(1);
/** Bytes of output at a time where the declared size is impossible. */
const CHUNK_BYTES = 65_536;
/** Maximum bytes of output for one byte of deflate (zlib's technical details). */
const MAX_RATIO = 1032;

/**
 * Decodes one layer of gzip in one step into one buffer. Decoded chunk by chunk as it arrives, 50 MB take 800 turns of the
 * event loop and produce 100 MB of garbage: under gzip bombs the images of all other requests took a third longer.
 *
 * @param maxBytes of the output
 * @param signal checked before the decoding starts, after the wait for other sources in gzip
 * @throws ImageError SOURCE_TOO_LARGE, SOURCE_UNAVAILABLE (not valid gzip), SOURCE_TIMEOUT (aborted)
 */
export async function gunzip(packed: Buffer, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  // ISIZE, the last 4 bytes (RFC 1952, 2.3.1), is the declared size mod 2^32. A bomb that declares its true size is rejected
  // before it is unpacked: its garbage would stop every request. It may be wrong, so the output is limited as well.
  const declaredSize = packed.length < 18 ? 0 : packed.readUInt32LE(packed.length - 4);
  const isPossible = declaredSize <= packed.length * MAX_RATIO;
  if (isPossible && declaredSize > maxBytes) throw sourceTooLarge(maxBytes);
  const chunkSize = isPossible ? Math.max(CHUNK_BYTES, declaredSize + 1) : CHUNK_BYTES;
  try {
    return await gunzipQueue(async () => {
      signal.throwIfAborted();
      return shrinkToFit(await gunzipBuffer(packed, { chunkSize, maxOutputLength: maxBytes }));
    });
  } catch (error) {
    if (signal.aborted) throw sourceTimeout(signal.reason);
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ERR_BUFFER_TOO_LARGE') throw sourceTooLarge(maxBytes);
    // A new error in place of zlib's: errors are cached, and zlib's stack would retain all the unpacked bytes.
    throw sourceUnavailable('The origin sent gzip data that is corrupt or cut short.', new Error(message));
  }
}
