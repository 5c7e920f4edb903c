/** Reads the body of a source into one buffer: bytes are counted, and the header of the image is checked as it arrives. */
import type { Readable } from 'node:stream';
import { ImageError } from '../errors.ts';
import { peekSize } from '../image/formats/size.ts';
import { type Format, imageStart, isGzipFile, sniff } from '../image/formats/sniff.ts';
import { assertEnabled } from '../image/formats/source-formats.ts';
import type { Source } from '../image/job.ts';
import { checkPixels, type PlanLimits } from '../image/limits.ts';
import { type ReserveMemory, release, shrinkToFit } from './buffers.ts';
import { sourceTooLarge, sourceUnavailable } from './errors.ts';
import { type Coding, GZIP_PEEK_BYTES, peekGzip, unpack } from './gzip.ts';

/** Limits of one fetch; times in milliseconds. */
export interface SourceLimits extends PlanLimits {
  readonly sourceMaxBytes: number;
  readonly sourceMaxRedirects: number;
  readonly sourceConnectTimeout: number;
  readonly sourceIdleTimeout: number;
  readonly sourceTimeout: number;
  /** Waits until further bytes of this source fit into the memory of the process; unset if it is not limited. */
  readonly reserve?: ReserveMemory | undefined;
}

/** The headers of a response that caching depends on (RFC 9111), in lower case. */
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

/** A redirect on the way to a source: its caching headers count as well. */
export interface RedirectHop {
  readonly headers: CacheHeaders;
  /** 301 or 308: without a lifetime of its own it counts as its target. */
  readonly isPermanent: boolean;
}

/** The caching headers of an origin's response, and when it was received. */
export interface OriginResponse {
  readonly headers: CacheHeaders;
  readonly hops: readonly RedirectHop[];
  /** Digest of the URL that the source was redirected to: its validators belong to that URL. Undefined without a redirect. */
  readonly finalUrl: string | undefined;
  /** Milliseconds since 1970: the time between the two is part of the age (RFC 9111, 4.2.3). */
  readonly requestedAt: number;
  readonly receivedAt: number;
  /** Origins of the URLs that the source was redirected to, each once: `https://cdn.example.com`. Empty for S3. */
  readonly redirects: readonly string[];
}

/** A source as its origin sent it. Times in milliseconds. */
export interface FetchedSource extends Source, OriginResponse {
  readonly timings: { readonly dns: number; readonly connect: number; readonly download: number };
}

/** A 304: the source has not changed since the origin sent the validators. */
export interface NotModified extends OriginResponse {
  readonly bytes: undefined;
}

/** How to read one body. */
export interface ReadBodyOptions {
  /** Bytes that the sender declared; 0 when unknown. Compressed bytes where there is a coding. */
  readonly contentLength: number;
  /** The content coding of the body, which is unpacked when it is complete. gzip is checked by its first 512 bytes. */
  readonly coding: Coding;
  /** Ends the wait for other bodies that are unpacked. It does not end the body: that is the caller's to do. */
  readonly signal: AbortSignal;
  readonly limits: SourceLimits;
}

/** Maximum bytes in which the size of an image is looked for while it downloads; after that the decoder finds it. */
const MAX_HEADER_BYTES = 1_048_576;

/** Bytes that are reserved when a body begins; then as many again each time. */
const FIRST_RESERVE_BYTES = 65_536;

/**
 * Returns a function that reserves memory for a body as it arrives, not when it is declared: pages of a buffer take memory
 * once they are written to, and a slow origin that declares 50 MB must not hold them.
 */
function reserveByGrowth({ limits: { reserve, sourceMaxBytes }, contentLength, signal }: ReadBodyOptions) {
  let reserved = 0;
  return async (length: number): Promise<void> => {
    if (!reserve || length <= reserved) return;
    const doubled = Math.max(FIRST_RESERVE_BYTES, reserved * 2);
    const next = Math.max(length, Math.min(doubled, contentLength || sourceMaxBytes));
    await reserve(next - reserved, signal);
    reserved = next;
  };
}

/**
 * Calls a function with the bytes so far whenever they have doubled: a body that drips in is looked at 20 times in its first
 * megabyte, and not once per chunk.
 */
function atEachDoubling(onData: (head: Buffer) => void) {
  let next = 1;
  return (head: Buffer) => {
    if (head.length < next) return;
    next = head.length * 2;
    onData(head);
  };
}

/** Collects a body in one buffer. @param onData called with all bytes that have arrived, at each chunk */
async function collect(
  body: Readable,
  options: ReadBodyOptions,
  onData: (head: Buffer) => void,
): Promise<Buffer<ArrayBuffer>> {
  const { contentLength } = options;
  const maxBytes = options.limits.sourceMaxBytes;
  if (contentLength > maxBytes) throw sourceTooLarge(maxBytes);
  const reserveUpTo = reserveByGrowth(options);
  // Not from Node's shared pool: a cached source would retain the whole pool.
  let bytes = Buffer.allocUnsafeSlow(contentLength || 65_536);
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const end = length + chunk.length;
      if (end > maxBytes) throw sourceTooLarge(maxBytes);
      await reserveUpTo(end);
      if (end > bytes.length) {
        // Not Buffer.concat, which fills the rest with zeros: for 64 MB that blocks the event loop for 20 ms.
        const larger = Buffer.allocUnsafeSlow(Math.min(maxBytes, Math.max(end, bytes.length * 2)));
        bytes.copy(larger, 0, 0, length);
        release(bytes);
        bytes = larger;
      }
      chunk.copy(bytes, length);
      length = end;
      onData(bytes.subarray(0, length));
    }
  } catch (error) {
    release(bytes);
    throw error;
  }
  return bytes.subarray(0, length);
}

/**
 * Checks the limits by the first bytes of an image.
 *
 * @returns whether the check is final: the size was found, or more than 1 MB has been searched
 */
function checkHeader(head: Buffer, format: Format, limits: SourceLimits): boolean {
  assertEnabled(format, limits);
  const size = peekSize(head.subarray(imageStart(head)), format);
  if (size) checkPixels(format, size, limits);
  return size !== undefined || head.length > MAX_HEADER_BYTES;
}

/** Unpacks the first bytes of gzip once, when enough of them have arrived. */
function peekOnce(onData: (head: Buffer) => void) {
  let isPeeked = false;
  return (packed: Buffer) => {
    if (isPeeked || packed.length < GZIP_PEEK_BYTES) return;
    isPeeked = true;
    onData(peekGzip(packed));
  };
}

/**
 * Reads a body into one buffer. Bytes are counted as they arrive, and the header is checked as it arrives: a page
 * of HTML, or an image with too many pixels, ends the download at its first chunk.
 *
 * sharp's own stream input joins all chunks before it opens them, so one buffer of the declared length saves a copy, and
 * allows an animation to be opened a second time with fewer frames.
 *
 * An SVG may be a file in gzip (`.svgz`): that is unpacked as a body in gzip is. White space and a byte order mark before an
 * image are dropped.
 *
 * @throws ImageError SOURCE_TOO_LARGE, SOURCE_UNSUPPORTED, IMAGE_TOO_LARGE; SOURCE_UNAVAILABLE when it is empty, or its
 *   coding is not valid; SOURCE_TIMEOUT; OVERLOADED if there is no memory for it
 */
export async function readBody(body: Readable, options: ReadBodyOptions): Promise<Source> {
  const { signal, limits } = options;
  let format: Format | undefined;
  let isChecked = false;
  const onData = (head: Buffer) => {
    format ??= sniff(head, false);
    if (!isChecked && format) isChecked = checkHeader(head, format, limits);
  };
  let { coding } = options;
  const [onPacked, onPlain] = [peekOnce(onData), atEachDoubling(onData)];
  const received = await collect(body, options, (head) => {
    if (coding === 'identity' && isGzipFile(head)) coding = 'gzip';
    // Of deflate and Brotli a part says nothing, or costs too much.
    if (coding === 'identity') onPlain(head);
    else if (coding === 'gzip') onPacked(head);
  });
  const bytes =
    coding === 'identity'
      ? shrinkToFit(received)
      : await unpack(coding, received, limits.sourceMaxBytes, signal, limits.reserve);
  if (bytes.buffer !== received.buffer) release(received);
  if (bytes.length === 0) throw sourceUnavailable('The origin sent an empty body.');
  format ??= sniff(bytes, true);
  if (coding !== options.coding && format !== 'svg')
    throw new ImageError('SOURCE_UNSUPPORTED', 'A file in gzip is supported only if it is an SVG.');
  checkHeader(bytes, format, limits);
  const start = imageStart(bytes);
  return { bytes: start ? bytes.subarray(start) : bytes, format };
}
