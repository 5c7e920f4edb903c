/** Fetches a source over HTTP or from S3: checked against SSRF, limited in bytes and time, in memory only. */
import type { IncomingMessage } from 'node:http';
import { ImageError } from '../errors.ts';
import { type FetchedSource, type NotModified, readBody, type SourceLimits } from './body.ts';
import { sourceTimeout, sourceUnavailable, unexpectedStatus, unreachable } from './errors.ts';
import { isGzipped } from './gzip.ts';
import { cacheHeadersOf, type FetchOptions, fetchWithRetry, validatorsOf } from './redirects.ts';
import type { Validators } from './request.ts';
import { ResponseError } from './response-error.ts';
import { readS3 } from './s3.ts';
import { assertBucketAllowed, type SourcePolicy } from './ssrf.ts';

/** Maps an error of the socket or the HTTP parser to an error for the caller. */
function toSourceError(error: unknown, signal: AbortSignal): ImageError {
  if (error instanceof ImageError) return error;
  if (signal.aborted) return sourceTimeout(error);
  const { code = '' } = error as { code?: string };
  if (code.startsWith('HPE_')) return sourceUnavailable('The origin did not send a valid HTTP response.', error);
  return unreachable(error);
}

/** Rejects every status but 200. @throws ImageError SOURCE_NOT_FOUND for 404 and 410, SOURCE_UNAVAILABLE for others */
function assertOk({ statusCode }: IncomingMessage): void {
  if (statusCode !== 200) throw unexpectedStatus(statusCode);
}

/** Whether the response is a 304 to a conditional request. */
const isNotModified = ({ statusCode }: IncomingMessage, { etag, lastModified }: Validators) =>
  statusCode === 304 && (etag ?? lastModified) !== undefined;

/** Fetches a source over HTTP. @throws ImageError; an error of the socket or the parser, for `toSourceError` */
async function fetchHttp(url: URL, options: FetchOptions): Promise<FetchedSource | NotModified> {
  const { limits, signal, validators } = options;
  const timings = { dns: 0, connect: 0 };
  const startedAt = performance.now();
  const requestedAt = Date.now();
  const { message, redirects, hops, finalUrl } = await fetchWithRetry(url, options, timings);
  const received = { headers: cacheHeadersOf(message.headers), hops, requestedAt, receivedAt: Date.now() };
  try {
    const response = { ...received, redirects, finalUrl };
    if (isNotModified(message, validatorsOf(validators, finalUrl))) {
      // Read to its end, which is here, so that its connection can be reused.
      await message.toArray();
      return { bytes: undefined, ...response };
    }
    assertOk(message);
    const contentLength = Number(message.headers['content-length'] ?? 0);
    const encoding = isGzipped(message.headers['content-encoding']) ? 'gzip' : 'identity';
    const source = await readBody(message, { contentLength, encoding, signal, limits });
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
  try {
    if (url.protocol === 's3:') {
      assertBucketAllowed(url, policy);
      return await readS3(url, limits, anySignal, validators);
    }
    return await fetchHttp(url, { policy, limits, signal: anySignal, controller, validators });
  } catch (error) {
    throw toSourceError(error, anySignal);
  }
}
