/** What a picture's origin sends: read into one buffer, counted, and judged by its beginning. */
import type { Readable } from 'node:stream';
import { ImageError } from '../errors.ts';
import { peekSize } from '../image/formats/size.ts';
import { type Format, sniff } from '../image/formats/sniff.ts';
import type { Source } from '../image/job.ts';
import { checkPixels, type PlanLimits } from '../image/plan.ts';
import { release, shrinkToFit } from './buffers.ts';
import { sourceTooLarge, sourceUnavailable } from './errors.ts';
import { GZIP_PEEK_BYTES, gunzip, peekGzip } from './gzip.ts';

/** Bounds of one fetch; times in milliseconds. */
export interface SourceLimits extends PlanLimits {
  readonly sourceMaxBytes: number;
  readonly sourceMaxRedirects: number;
  readonly sourceConnectTimeout: number;
  readonly sourceIdleTimeout: number;
  readonly sourceTimeout: number;
  readonly sourceSvg: 'on' | 'off';
}

/** The fields of an answer that caching goes by (RFC 9111), names in lower case. */
export const CACHE_HEADERS = [
  'etag',
  'last-modified',
  'cache-control',
  'expires',
  'date',
  'age',
  'pragma',
  'vary',
] as const;
export type CacheHeaders = Readonly<Partial<Record<(typeof CACHE_HEADERS)[number], string>>>;

/** When an origin answered, and what it said of keeping the answer. */
export interface OriginResponse {
  readonly headers: CacheHeaders;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** A picture, fresh from its origin. Times in milliseconds. */
export interface FetchedSource extends Source, OriginResponse {
  readonly timings: { readonly dns: number; readonly connect: number; readonly download: number };
}

/** The answer that nothing has changed since the validators were given out. */
export interface NotModified extends OriginResponse {
  readonly bytes: undefined;
}

/** A body in one buffer. @param look is shown what has arrived, as it arrives */
async function collect(
  body: Readable,
  contentLength: number,
  limits: SourceLimits,
  look: (head: Buffer) => void,
): Promise<Buffer<ArrayBuffer>> {
  if (contentLength > limits.sourceMaxBytes) throw sourceTooLarge(limits.sourceMaxBytes);
  // Not of Node's shared pool: what is remembered would keep all of it.
  let bytes = Buffer.allocUnsafeSlow(contentLength || 65_536);
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const end = length + chunk.length;
      if (end > limits.sourceMaxBytes) throw sourceTooLarge(limits.sourceMaxBytes);
      if (end > bytes.length) {
        // Not by Buffer.concat, which fills the rest with zeros: of 64 MB that holds everybody up for 20 ms.
        const larger = Buffer.allocUnsafeSlow(Math.min(limits.sourceMaxBytes, Math.max(end, bytes.length * 2)));
        bytes.copy(larger, 0, 0, length);
        release(bytes);
        bytes = larger;
      }
      chunk.copy(bytes, length);
      length = end;
      look(bytes.subarray(0, length));
    }
  } catch (error) {
    release(bytes);
    throw error;
  }
  return bytes.subarray(0, length);
}

/**
 * Reads a body into one buffer. Bytes are counted as they arrive, and its beginning is judged as soon as it is there:
 * a page of HTML, or a picture with too many pixels, ends the download at its first chunk.
 *
 * sharp's own stream input joins all chunks before it opens them, so one buffer of the announced length saves a copy,
 * and lets an animation be opened a second time with fewer frames.
 *
 * @param announced its length, or 0 where it is not known
 * @param packed for a body in gzip, which is judged by its first bytes; its signal ends the wait for its turn to be unpacked
 * @throws ImageError SOURCE_TOO_LARGE, SOURCE_UNSUPPORTED, IMAGE_TOO_LARGE, SOURCE_UNAVAILABLE when it is empty or no gzip
 */
export async function readBody(
  body: Readable,
  announced: number,
  limits: SourceLimits,
  packed?: AbortSignal,
): Promise<Source> {
  let format: Format | undefined;
  let judged = false;
  const look = (head: Buffer) => {
    format ??= sniff(head, false);
    if (!judged && format) judged = judge(head, format, limits);
  };
  let peeked = false;
  const peek = (head: Buffer) => {
    if (peeked || head.length < GZIP_PEEK_BYTES) return;
    peeked = true;
    look(peekGzip(head));
  };
  const sent = await collect(body, announced, limits, packed ? peek : look);
  const bytes = packed ? await gunzip(sent, limits.sourceMaxBytes, packed) : shrinkToFit(sent);
  if (bytes.buffer !== sent.buffer) release(sent);
  if (bytes.length === 0) throw sourceUnavailable('The origin sent an empty body.');
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
