/** Pictures that come in gzip, although that was not asked for. */
import { promisify } from 'node:util';
import { constants, gunzipSync, gunzip as gunzipWithCallback } from 'node:zlib';
import pLimit from 'p-limit';
import { shrinkToFit } from './buffers.ts';
import { sourceTimeout, sourceTooLarge, sourceUnavailable } from './errors.ts';

const GZIP = ['gzip', 'x-gzip'];
/** The others that change a body (IANA's registry of content codings). They are not taken off: they were not asked for. */
const OTHERS = ['aes128gcm', 'br', 'compress', 'x-compress', 'dcb', 'dcz', 'deflate', 'exi', 'pack200-gzip', 'zstd'];

/**
 * Whether a body comes in one layer of gzip: some servers send it although `identity` was asked, and objects of S3 can lie
 * there in it. Words that are no coding, such as `base64` or `aws-chunked`, are stored with many objects and change nothing:
 * browsers show such a picture, too.
 *
 * @param encoding the field `Content-Encoding`
 * @throws ImageError SOURCE_UNAVAILABLE where it is in anything else, or in more
 */
export function isGzipped(encoding = ''): boolean {
  const words = encoding.split(',').map((word) => word.trim().toLowerCase());
  const layers = words.filter((word) => GZIP.includes(word)).length;
  if (layers > 1 || words.some((word) => OTHERS.includes(word)))
    throw sourceUnavailable('The origin sent a Content-Encoding that was not asked for.');
  return layers === 1;
}

/** Bytes by which a picture in gzip is judged while it arrives: they hold half a megabyte at most. */
export const GZIP_PEEK_BYTES = 512;

/** What the first bytes of gzip hold; nothing where they are none. */
export function peekGzip(packed: Buffer): Buffer {
  try {
    return gunzipSync(packed.subarray(0, GZIP_PEEK_BYTES), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

const gunzipBuffer = promisify(gunzipWithCallback);
/** 50 MB hold a thread for 100 ms and cannot be stopped: several at once would leave none for pictures. */
const gunzipQueue = pLimit(1);
/** Bytes that come out at a time where the length is a lie. */
const CHUNK = 65_536;
/** Bytes that one byte of deflate can become (zlib's technical details). */
const MAX_RATIO = 1032;

/**
 * Takes off one layer of gzip, in one go and into one buffer. Chunk by chunk, as it arrives, 50 MB are 800 turns of the event
 * loop and twice 50 MB of garbage: under bombs everybody else's pictures took a third longer.
 *
 * @param most bytes of what comes out
 * @param signal checked when its turn comes
 * @throws ImageError SOURCE_TOO_LARGE, SOURCE_UNAVAILABLE, SOURCE_TIMEOUT
 */
export async function gunzip(packed: Buffer, most: number, signal: AbortSignal): Promise<Buffer> {
  // Its last four bytes are its length (RFC 1952), or a lie. A bomb that tells it is refused by it: unpacked up to the limit,
  // each would make the garbage collector stop everything.
  const declaredSize = packed.length < 18 ? 0 : packed.readUInt32LE(packed.length - 4);
  const isPossible = declaredSize <= packed.length * MAX_RATIO;
  if (isPossible && declaredSize > most) throw sourceTooLarge(most);
  const chunkSize = isPossible ? Math.max(CHUNK, declaredSize + 1) : CHUNK;
  try {
    return await gunzipQueue(async () => {
      signal.throwIfAborted();
      return shrinkToFit(await gunzipBuffer(packed, { chunkSize, maxOutputLength: most }));
    });
  } catch (error) {
    if (signal.aborted) throw sourceTimeout(signal.reason);
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ERR_BUFFER_TOO_LARGE') throw sourceTooLarge(most);
    // Not zlib's own error: errors are held for a while, and by its stack it would hold all that was unpacked.
    throw sourceUnavailable('The origin sent gzip that is broken or cut short.', new Error(message));
  }
}
