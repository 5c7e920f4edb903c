/** A picture from its address, guarded, bounded in bytes and time, in memory only. */
import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ImageError } from '../errors.ts';
import { parseRedirect } from './address.ts';
import { type Ending, get } from './connect.ts';
import { peekSize } from './header.ts';
import { checkPixels, type PlanLimits } from './plan.ts';
import { type Format, sniff } from './sniff.ts';
import { allowedAddresses, checkBucket, type SourcePolicy, unreachable } from './ssrf.ts';

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
}

export const tooSlow = (cause?: unknown) => new ImageError('SOURCE_TIMEOUT', 'The origin was too slow.', { cause });
export const unavailable = (why: string, cause?: unknown) => new ImageError('SOURCE_UNAVAILABLE', why, { cause });

/** A failure of the socket or the parser, as the caller is told it. */
function toSourceError(error: unknown, signal: AbortSignal): ImageError {
  if (error instanceof ImageError) return error;
  if (signal.aborted) return tooSlow(error);
  const { code = '' } = error as { code?: string };
  if (code.startsWith('HPE_')) return unavailable('The origin did not answer in HTTP.', error);
  return unreachable(error);
}

/** Follows redirects by hand, every hop through all the checks; the bodies of redirects are dropped unread. */
async function open(
  address: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  ending: Ending,
): Promise<IncomingMessage> {
  let url = address;
  for (let hop = 0; ; hop++) {
    const budget = AbortSignal.timeout(limits.sourceConnectTimeout);
    const addresses = await allowedAddresses(url, policy, AbortSignal.any([ending.signal, budget]));
    const response = await get(url, addresses, { ...ending, budget, idle: limits.sourceIdleTimeout });
    const { statusCode = 0, headers } = response;
    const location = [301, 302, 303, 307, 308].includes(statusCode) ? headers.location : undefined;
    if (location === undefined) return response;
    response.destroy();
    if (hop >= limits.sourceMaxRedirects) throw unavailable('The origin redirects too often.');
    try {
      url = parseRedirect(location, url);
    } catch (cause) {
      throw unavailable('The origin redirects to an address that is not valid.', cause);
    }
  }
}

/** A reset before any byte of an answer says nothing of the picture: asked once more. */
async function openTwice(address: URL, policy: SourcePolicy, limits: SourceLimits, ending: Ending) {
  try {
    return await open(address, policy, limits, ending);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ECONNRESET' || ending.signal.aborted) throw error;
    return open(address, policy, limits, ending);
  }
}

/** Refuses everything but a 200. */
function checkStatus({ statusCode }: IncomingMessage): void {
  if (statusCode === 404 || statusCode === 410)
    throw new ImageError('SOURCE_NOT_FOUND', `The origin answered ${statusCode}: there is no such picture.`);
  if (statusCode !== 200) throw unavailable(`The origin answered ${statusCode}.`);
}

/** The body with at most one layer of gzip taken off: some servers send it although `identity` was asked. */
function unpacked(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity') return response;
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw unavailable('The origin sent a Content-Encoding that was not asked for.');
  // An error of either side reaches whoever reads the end of the pipeline.
  return pipeline(response, createGunzip(), () => {});
}

/**
 * Reads a body into one buffer. Bytes are counted as they arrive, and its beginning is judged as soon as it is there:
 * a page of HTML, or a picture with too many pixels, ends the download at its first chunk.
 *
 * sharp's own stream input joins all chunks before it opens them, so one buffer of the announced length saves a copy,
 * and lets an animation be opened a second time with fewer frames.
 *
 * @param announced its length, or 0 where it is not known
 * @throws ImageError SOURCE_TOO_LARGE, SOURCE_UNSUPPORTED, IMAGE_TOO_LARGE, SOURCE_UNAVAILABLE when it is empty
 */
export async function readBody(body: Readable, announced: number, limits: SourceLimits): Promise<Source> {
  const tooLarge = () =>
    new ImageError('SOURCE_TOO_LARGE', `The source is larger than ${limits.sourceMaxBytes} bytes.`);
  if (announced > limits.sourceMaxBytes) throw tooLarge();
  let bytes = Buffer.allocUnsafe(announced || 65_536);
  let length = 0;
  let format: Format | undefined;
  let judged = false;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const end = length + chunk.length;
    if (end > limits.sourceMaxBytes) throw tooLarge();
    if (end > bytes.length) bytes = Buffer.concat([bytes.subarray(0, length)], Math.max(end, bytes.length * 2));
    chunk.copy(bytes, length);
    length = end;
    format ??= sniff(bytes.subarray(0, length), false);
    if (!judged && format) judged = judge(bytes.subarray(0, length), format, limits);
  }
  if (length === 0) throw unavailable('The origin sent an empty body.');
  bytes = bytes.subarray(0, length);
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

/**
 * Fetches a picture.
 *
 * @param address from `parseAddress`
 * @param signal the caller's deadline; it ends the look-up, the connection and the transfer
 * @throws ImageError SOURCE_FORBIDDEN, SOURCE_NOT_FOUND, SOURCE_TOO_LARGE, IMAGE_TOO_LARGE, SOURCE_UNSUPPORTED,
 *   SOURCE_UNAVAILABLE, SOURCE_TIMEOUT
 */
export async function fetchSource(
  address: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  signal: AbortSignal,
): Promise<Source> {
  const stop = new AbortController();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(limits.sourceTimeout), stop.signal]);
  let response: IncomingMessage | undefined;
  try {
    if (address.protocol === 's3:') {
      checkBucket(address, policy);
      const { readS3 } = await import('./s3.ts');
      return await readS3(address, limits, deadline);
    }
    response = await openTwice(address, policy, limits, { signal: deadline, stop });
    checkStatus(response);
    const body = unpacked(response);
    return await readBody(body, body === response ? Number(response.headers['content-length'] ?? 0) : 0, limits);
  } catch (error) {
    if (response && !(error instanceof ImageError) && !deadline.aborted)
      throw unavailable('The origin cut its answer short.', error);
    throw toSourceError(error, deadline);
  } finally {
    response?.destroy();
  }
}
