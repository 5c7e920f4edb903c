/** Pictures that come in gzip, although that was not asked for. */
import { promisify } from 'node:util';
import { constants, gunzipSync, gunzip as gunzipWithCallback } from 'node:zlib';
import pLimit from 'p-limit';
import { fitted } from './buffers.ts';
import { tooLarge, tooSlow, unavailable } from './errors.ts';

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
export function isPacked(encoding = ''): boolean {
  const words = encoding.split(',').map((word) => word.trim().toLowerCase());
  const layers = words.filter((word) => GZIP.includes(word)).length;
  if (layers > 1 || words.some((word) => OTHERS.includes(word)))
    throw unavailable('The origin sent a Content-Encoding that was not asked for.');
  return layers === 1;
}

/** Bytes by which a picture in gzip is judged while it arrives: they hold half a megabyte at most. */
export const ENOUGH = 512;

/** What the first bytes of gzip hold; nothing where they are none. */
export function beginningOf(packed: Buffer): Buffer {
  try {
    return gunzipSync(packed.subarray(0, ENOUGH), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

const gunzip = promisify(gunzipWithCallback);
/** 50 MB hold a thread for 100 ms and cannot be stopped: several at once would leave none for pictures. */
const inTurn = pLimit(1);
/** Bytes that come out at a time where the length is a lie. */
const CHUNK = 65_536;
/** Bytes that one byte of deflate can become (zlib's technical details). */
const MOST_RATIO = 1032;

/**
 * Takes off one layer of gzip, in one go and into one buffer. Chunk by chunk, as it arrives, 50 MB are 800 turns of the event
 * loop and twice 50 MB of garbage: under bombs everybody else's pictures took a third longer.
 *
 * @param most bytes of what comes out
 * @param signal checked when its turn comes
 * @throws ImageError SOURCE_TOO_LARGE, SOURCE_UNAVAILABLE, SOURCE_TIMEOUT
 */
export async function unpack(packed: Buffer, most: number, signal: AbortSignal): Promise<Buffer> {
  // Its last four bytes are its length (RFC 1952), or a lie. A bomb that tells it is refused by it: unpacked up to the limit,
  // each would make the garbage collector stop everything.
  const told = packed.length < 18 ? 0 : packed.readUInt32LE(packed.length - 4);
  const isPossible = told <= packed.length * MOST_RATIO;
  if (isPossible && told > most) throw tooLarge(most);
  const chunkSize = isPossible ? Math.max(CHUNK, told + 1) : CHUNK;
  try {
    return await inTurn(async () => {
      signal.throwIfAborted();
      return fitted(await gunzip(packed, { chunkSize, maxOutputLength: most }));
    });
  } catch (error) {
    if (signal.aborted) throw tooSlow(signal.reason);
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(most);
    // Not zlib's own error: errors are held for a while, and by its stack it would hold all that was unpacked.
    throw unavailable('The origin sent gzip that is broken or cut short.', new Error(message));
  }
}
