/** What a picture's origin sends: read into one buffer, counted, and judged by its beginning. */
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, gunzipSync, gunzip as gunzipWithCallback } from 'node:zlib';
import { ImageError } from '../errors.ts';
import { peekSize } from './header.ts';
import { checkPixels, type PlanLimits } from './plan.ts';
import type { Size } from './size.ts';
import { type Format, sniff } from './sniff.ts';

const gunzip = promisify(gunzipWithCallback);

/** Bounds of one fetch; times in milliseconds. */
export interface SourceLimits extends PlanLimits {
  readonly sourceMaxBytes: number;
  readonly sourceMaxRedirects: number;
  readonly sourceConnectTimeout: number;
  readonly sourceIdleTimeout: number;
  readonly sourceTimeout: number;
  readonly sourceSvg: 'on' | 'off';
}

/** A picture as the origin sent it, unpacked, whole, and known by its first bytes. */
export interface Source {
  readonly bytes: Buffer;
  readonly format: Format;
  /** Of a drawing, where it is known already. */
  readonly size?: Size | undefined;
}

/** The fields of an answer that caching goes by (RFC 9111), names in lower case. */
export const CACHE_FIELDS = [
  'etag',
  'last-modified',
  'cache-control',
  'expires',
  'date',
  'age',
  'pragma',
  'vary',
] as const;
export type CacheFields = Readonly<Partial<Record<(typeof CACHE_FIELDS)[number], string>>>;

/** When an origin answered, and what it said of keeping the answer. */
export interface Answered {
  readonly fields: CacheFields;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** A picture, fresh from its origin. Times in milliseconds. */
export interface Fetched extends Source, Answered {
  readonly timings: { readonly dns: number; readonly connect: number; readonly download: number };
}

/** The answer that nothing has changed since the validators were given out. */
export interface Unchanged extends Answered {
  readonly bytes: undefined;
}

export const tooSlow = (cause?: unknown) => new ImageError('SOURCE_TIMEOUT', 'The origin was too slow.', { cause });
export const unavailable = (why: string, cause?: unknown) => new ImageError('SOURCE_UNAVAILABLE', why, { cause });

const tooLarge = ({ sourceMaxBytes }: SourceLimits) =>
  new ImageError('SOURCE_TOO_LARGE', `The source is larger than ${sourceMaxBytes} bytes.`);

/** Gives memory back at once: left to the garbage collector, megabytes that nobody wants make it stop everything for them. */
const letGo = (bytes: Buffer<ArrayBuffer>): void => void bytes.buffer.transfer(0);

/** A body in one buffer. @param look is shown what has arrived, as it arrives */
async function collect(
  body: Readable,
  announced: number,
  limits: SourceLimits,
  look: (head: Buffer) => void,
): Promise<Buffer> {
  if (announced > limits.sourceMaxBytes) throw tooLarge(limits);
  // Not of Node's shared pool: what is remembered would keep all of it.
  let bytes = Buffer.allocUnsafeSlow(announced || 65_536);
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const end = length + chunk.length;
      if (end > limits.sourceMaxBytes) throw tooLarge(limits);
      if (end > bytes.length) {
        // Not by Buffer.concat, which fills the rest with zeros: of 64 MB that holds everybody up for 20 ms.
        const larger = Buffer.allocUnsafeSlow(Math.min(limits.sourceMaxBytes, Math.max(end, bytes.length * 2)));
        bytes.copy(larger, 0, 0, length);
        letGo(bytes);
        bytes = larger;
      }
      chunk.copy(bytes, length);
      length = end;
      look(bytes.subarray(0, length));
    }
  } catch (error) {
    letGo(bytes);
    throw error;
  }
  return bytes.subarray(0, length);
}

/** What the first bytes of gzip hold, half a megabyte at most; nothing where they are none. */
function beginningOf(packed: Buffer): Buffer {
  try {
    return gunzipSync(packed.subarray(0, 512), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

/**
 * Takes off one layer of gzip, in one go and into one buffer. Chunk by chunk, as it arrives, 50 MB are 800 turns of the event
 * loop and twice 50 MB of garbage: under bombs everybody else's pictures took a third longer.
 *
 * @throws ImageError SOURCE_TOO_LARGE, SOURCE_UNAVAILABLE
 */
async function unpack(packed: Buffer, limits: SourceLimits): Promise<Buffer> {
  const most = limits.sourceMaxBytes;
  // Its last four bytes are its length (RFC 1952), or a lie, which costs chunks or memory that is not touched.
  const told = packed.length < 18 ? 0 : packed.readUInt32LE(packed.length - 4);
  const chunkSize = Math.max(65_536, Math.min(told, most) + 1);
  try {
    return await gunzip(packed, { chunkSize, maxOutputLength: most });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limits);
    // Not zlib's own error: errors are held for a while, and by its stack it would hold all that was unpacked.
    throw unavailable('The origin sent gzip that is broken or cut short.', new Error(message));
  }
}

/**
 * Reads a body into one buffer. Bytes are counted as they arrive, and its beginning is judged as soon as it is there:
 * a page of HTML, or a picture with too many pixels, ends the download at its first chunk.
 *
 * sharp's own stream input joins all chunks before it opens them, so one buffer of the announced length saves a copy,
 * and lets an animation be opened a second time with fewer frames.
 *
 * @param announced its length, or 0 where it is not known
 * @param packed whether it comes in gzip; it is judged by its beginning once all of it is there
 * @throws ImageError SOURCE_TOO_LARGE, SOURCE_UNSUPPORTED, IMAGE_TOO_LARGE, SOURCE_UNAVAILABLE when it is empty
 */
export async function readBody(
  body: Readable,
  announced: number,
  limits: SourceLimits,
  packed = false,
): Promise<Source> {
  let format: Format | undefined;
  let judged = false;
  const look = (head: Buffer) => {
    format ??= sniff(head, false);
    if (!judged && format) judged = judge(head, format, limits);
  };
  const sent = await collect(body, announced, limits, packed ? () => {} : look);
  if (packed) look(beginningOf(sent));
  const bytes = packed ? await unpack(sent, limits) : sent;
  if (bytes.length === 0) throw unavailable('The origin sent an empty body.');
  format ??= sniff(bytes, true);
  judge(bytes, format, limits);
  return { bytes, format };
}

/** Whether the beginning of a picture was enough to judge it by. A long search for it is given up: the decoder finds it. */
function judge(head: Buffer, format: Format, limits: SourceLimits): boolean {
  if (format === 'svg' && limits.sourceSvg === 'off')
    throw new ImageError('SOURCE_UNSUPPORTED', 'The source is SVG, which this deployment does not draw.');
  const size = peekSize(head, format);
  if (size) checkPixels(format, size, limits);
  return size !== undefined || head.length > 1_048_576;
}
