/** Fetches a source over HTTP or from S3: checked against SSRF, limited in bytes and time, in memory only. */
import type { IncomingMessage } from 'node:http';
import { ImageError } from '../errors.ts';
import type { Source } from '../image/job.ts';
import { type CacheHeaders, type FetchedSource, type NotModified, readBody, type SourceLimits } from './body.ts';
import { connectionErrorReason } from './connection-error.ts';
import { sourceTimeout, sourceUnavailable, unexpectedStatus, unreachable } from './errors.ts';
import { parseContentEncoding } from './gzip.ts';
import { describeHops, type Hop, messageWithRedirect } from './hops.ts';
import { cacheHeadersOf, type FetchOptions, fetchWithRetry, userAgent, validatorsOf } from './redirects.ts';
import type { Validators } from './request.ts';
import { ResponseError, withMessage } from './response-error.ts';
import { readS3, type S3Settings } from './s3.ts';
import { assertBucketAllowed, isPublicIp, type SourcePolicy } from './ssrf.ts';

/** Endpoint, region and credentials of the environment. */
const DEFAULT_S3: S3Settings = {};

/** Maps an error of the socket or the HTTP parser to an error for the caller. @param ips that were connected to */
function fromSocketError(error: unknown, signal: AbortSignal, ips: readonly string[]): ImageError {
  if (signal.aborted) return sourceTimeout(error);
  const { code = '' } = error as { code?: string };
  if (code.startsWith('HPE_')) return sourceUnavailable('The origin did not send a valid HTTP response.', error);
  return unreachable(error, ips.length > 0 && ips.every(isPublicIp) ? connectionErrorReason(error) : undefined);
}

/** Maps any error of a fetch to one for the caller. Its cause has the requests, for the log. */
function toSourceError(error: unknown, signal: AbortSignal, trace: readonly Hop[]): ImageError {
  const known = error instanceof ImageError ? error : fromSocketError(error, signal, trace.at(-1)?.ips ?? []);
  if (!trace.length) return known;
  const { code } = (known.cause ?? {}) as { code?: unknown };
  const cause = Object.assign(new Error(describeHops(trace), { cause: known.cause }), { code });
  return withMessage(known, messageWithRedirect(known, trace), cause);
}

/** Whether the range of a 206 is the whole image: some servers send one although no range was requested. */
function isWholeRange(contentRange = ''): boolean {
  const [, last, length] = /^bytes 0-(\d+)\/(\d+)$/.exec(contentRange.trim()) ?? [];
  return last !== undefined && Number(last) + 1 === Number(length);
}

/**
 * Whether a status says that the body is the image: 203 is a 200 that a proxy has changed (RFC 9110, 15.3.4). Other statuses of
 * success have an image only by chance: browsers show it.
 */
const isComplete = ({ statusCode = 0, headers }: IncomingMessage): boolean =>
  statusCode === 200 || statusCode === 203 || (statusCode === 206 && isWholeRange(headers['content-range']));

/** @throws ImageError SOURCE_NOT_FOUND for 404 and 410, SOURCE_UNAVAILABLE for others that have no image */
function assertHasBody(message: IncomingMessage, { policy }: FetchOptions): void {
  const { statusCode = 0 } = message;
  const hasBody = statusCode >= 200 && statusCode < 300 && ![204, 205, 206].includes(statusCode);
  // The advice is wrong where the deployment sends headers of its own.
  const agent = policy.headers ? undefined : userAgent(policy);
  if (!hasBody && !isComplete(message)) throw unexpectedStatus(statusCode, agent);
}

/** Returns the headers that caching depends on. Without a lifetime, 201 or 202 is not cached (RFC 9110, 15.1). */
function cacheHeadersOfImage(message: IncomingMessage): CacheHeaders {
  const headers = cacheHeadersOf(message.headers);
  const { statusCode = 0 } = message;
  const hasDefault = statusCode >= 300 || isComplete(message) || headers['cache-control'] || headers.expires;
  return hasDefault ? headers : { ...headers, 'cache-control': 'no-store' };
}

/** Reads the image of a response. */
async function readImage(message: IncomingMessage, options: FetchOptions): Promise<Source> {
  const { signal, limits } = options;
  assertHasBody(message, options);
  const contentLength = Number(message.headers['content-length'] ?? 0);
  const coding = parseContentEncoding(message.headers['content-encoding']);
  try {
    return await readBody(message, { contentLength, coding, signal, limits });
  } catch (error) {
    if (!isComplete(message) && error instanceof ImageError && error.code === 'SOURCE_UNSUPPORTED')
      throw unexpectedStatus(message.statusCode);
    throw error;
  }
}

/** Whether the response is a 304 to a conditional request. */
const isNotModified = ({ statusCode }: IncomingMessage, { etag, lastModified }: Validators) =>
  statusCode === 304 && (etag ?? lastModified) !== undefined;

/** Fetches a source over HTTP. @throws ImageError; an error of the socket or the parser, for `toSourceError` */
async function fetchHttp(url: URL, options: FetchOptions): Promise<FetchedSource | NotModified> {
  const { signal, validators } = options;
  const timings = { dns: 0, connect: 0 };
  const startedAt = performance.now();
  const requestedAt = Date.now();
  const { message, redirects, hops, finalUrl } = await fetchWithRetry(url, options, timings);
  const received = { headers: cacheHeadersOfImage(message), hops, requestedAt, receivedAt: Date.now() };
  try {
    const response = { ...received, redirects, finalUrl };
    if (isNotModified(message, validatorsOf(validators, finalUrl))) {
      // Read to its end, which is here, so that its connection can be reused.
      await message.toArray();
      return { bytes: undefined, ...response };
    }
    const source = await readImage(message, options);
    const download = performance.now() - startedAt - timings.dns - timings.connect;
    return { ...source, ...response, timings: { ...timings, download } };
  } catch (error) {
    if (error instanceof ImageError)
      throw new ResponseError(error, { ...received, retryAfter: message.headers['retry-after'] });
    throw signal.aborted ? error : sourceUnavailable("The origin's response was cut short.", error);
  } finally {
    message.destroy();
  }
}

/**
 * Fetches a source.
 *
 * @param url from `parseSourceUrl`
 * @param policy of the deployment, and of the client: which hosts and buckets may be fetched
 * @param limits bytes, pixels, redirects, and times in milliseconds
 * @param signal the caller's deadline: ends the look-up, the connection and the transfer
 * @param validators of an earlier response: with them the origin may respond that nothing has changed (304)
 * @returns the source; or no bytes, where the origin returned 304
 * @throws ImageError SOURCE_FORBIDDEN, POLICY_FORBIDDEN, SOURCE_NOT_FOUND, SOURCE_TOO_LARGE, IMAGE_TOO_LARGE,
 *   SOURCE_UNSUPPORTED, SOURCE_UNAVAILABLE, SOURCE_TIMEOUT
 */
export function fetchSource(
  url: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  signal: AbortSignal,
): Promise<FetchedSource>;
export function fetchSource(
  url: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  signal: AbortSignal,
  validators: Validators,
): Promise<FetchedSource | NotModified>;
export async function fetchSource(
  url: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  signal: AbortSignal,
  validators: Validators = {},
): Promise<FetchedSource | NotModified> {
  const controller = new AbortController();
  const anySignal = AbortSignal.any([signal, AbortSignal.timeout(limits.sourceTimeout), controller.signal]);
  const trace: Hop[] = [];
  try {
    if (url.protocol === 's3:') {
      assertBucketAllowed(url, policy);
      return await readS3(url, policy.s3 ?? DEFAULT_S3, limits, anySignal, validators);
    }
    return await fetchHttp(url, { policy, limits, signal: anySignal, controller, validators, trace });
  } catch (error) {
    throw toSourceError(error, anySignal, trace);
  } finally {
    if (trace.length) policy.onRequests?.(describeHops(trace));
  }
}
