/** A picture from its address, guarded, bounded in bytes and time, in memory only. */
import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ImageError } from '../errors.ts';
import { parseRedirect } from './address.ts';
import { type Ending, get, type Validators } from './connect.ts';
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

/** The fields of an answer that caching goes by (RFC 9111), names in lower case. */
const CACHE_FIELDS = ['etag', 'last-modified', 'cache-control', 'expires', 'date', 'age', 'pragma', 'vary'] as const;
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

const cacheFields = (headers: IncomingMessage['headers']): CacheFields =>
  Object.fromEntries(CACHE_FIELDS.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));

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
  ending: Ending & { validators: Validators },
  timings: { dns: number; connect: number },
): Promise<IncomingMessage> {
  let url = address;
  for (let hop = 0; ; hop++) {
    const budget = AbortSignal.timeout(limits.sourceConnectTimeout);
    const started = performance.now();
    const addresses = await allowedAddresses(url, policy, AbortSignal.any([ending.signal, budget]));
    const found = performance.now();
    timings.dns += found - started;
    const onConnect = () => {
      timings.connect += performance.now() - found;
    };
    const response = await get(url, addresses, { ...ending, budget, idle: limits.sourceIdleTimeout, onConnect });
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
async function openTwice(...[address, policy, limits, ending, timings]: Parameters<typeof open>) {
  try {
    return await open(address, policy, limits, ending, timings);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ECONNRESET' || ending.signal.aborted) throw error;
    return open(address, policy, limits, ending, timings);
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
  // Not of Node's shared pool: what is remembered would keep all of it.
  let bytes = Buffer.allocUnsafeSlow(announced || 65_536);
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

/** Whether the origin was asked, and says, that its picture is the same. */
const isUnchanged = ({ statusCode }: IncomingMessage, { etag, lastModified }: Validators) =>
  statusCode === 304 && (etag ?? lastModified) !== undefined;

/** One fetch over HTTP; what it throws is not yet an answer. */
async function fetchHttp(
  address: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  ending: Ending & { validators: Validators },
): Promise<Fetched | Unchanged> {
  const timings = { dns: 0, connect: 0 };
  const started = performance.now();
  const response = await openTwice(address, policy, limits, ending, timings);
  try {
    const answered = { fields: cacheFields(response.headers), receivedAt: Date.now() };
    if (isUnchanged(response, ending.validators)) return { bytes: undefined, ...answered };
    checkStatus(response);
    const body = unpacked(response);
    const length = body === response ? Number(response.headers['content-length'] ?? 0) : 0;
    const source = await readBody(body, length, limits);
    const download = performance.now() - started - timings.dns - timings.connect;
    return { ...source, ...answered, timings: { ...timings, download } };
  } catch (error) {
    if (!(error instanceof ImageError) && !ending.signal.aborted)
      throw unavailable('The origin cut its answer short.', error);
    throw error;
  } finally {
    response.destroy();
  }
}

/**
 * Fetches a picture.
 *
 * @param address from `parseAddress`
 * @param signal the caller's deadline; it ends the look-up, the connection and the transfer
 * @param validators of an earlier answer: with them the origin may say that nothing has changed
 * @throws ImageError SOURCE_FORBIDDEN, SOURCE_NOT_FOUND, SOURCE_TOO_LARGE, IMAGE_TOO_LARGE, SOURCE_UNSUPPORTED,
 *   SOURCE_UNAVAILABLE, SOURCE_TIMEOUT
 */
export function fetchSource(
  address: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  signal: AbortSignal,
): Promise<Fetched>;
export function fetchSource(
  address: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  signal: AbortSignal,
  validators: Validators,
): Promise<Fetched | Unchanged>;
export async function fetchSource(
  address: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  signal: AbortSignal,
  validators: Validators = {},
): Promise<Fetched | Unchanged> {
  const stop = new AbortController();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(limits.sourceTimeout), stop.signal]);
  try {
    if (address.protocol === 's3:') {
      checkBucket(address, policy);
      const { readS3 } = await import('./s3.ts');
      return await readS3(address, limits, deadline, validators);
    }
    return await fetchHttp(address, policy, limits, { signal: deadline, stop, validators });
  } catch (error) {
    throw toSourceError(error, deadline);
  }
}
