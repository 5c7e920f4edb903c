/** A picture from its address, guarded, bounded in bytes and time, in memory only. */
import type { IncomingMessage } from 'node:http';
import { ImageError } from '../errors.ts';
import {
  CACHE_HEADERS,
  type CacheHeaders,
  type FetchedSource,
  type NotModified,
  readBody,
  type SourceLimits,
} from './body.ts';
import { sourceTimeout, sourceUnavailable } from './errors.ts';
import { isGzipped } from './gzip.ts';
import { type AbortOptions, get, type Validators } from './request.ts';
import { readS3 } from './s3.ts';
import { parseRedirect } from './source-url.ts';
import { assertBucketAllowed, resolvePublicIps, type SourcePolicy, unreachable } from './ssrf.ts';

const cacheHeadersOf = (headers: IncomingMessage['headers']): CacheHeaders =>
  Object.fromEntries(CACHE_HEADERS.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));

/** A failure of the socket or the parser, as the caller is told it. */
function toSourceError(error: unknown, signal: AbortSignal): ImageError {
  if (error instanceof ImageError) return error;
  if (signal.aborted) return sourceTimeout(error);
  const { code = '' } = error as { code?: string };
  if (code.startsWith('HPE_')) return sourceUnavailable('The origin did not answer in HTTP.', error);
  return unreachable(error);
}

/** Follows redirects by hand, every hop through all the checks; the bodies of redirects are dropped unread. */
async function followRedirects(
  address: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  ending: AbortOptions & { validators: Validators; fresh: boolean },
  timings: { dns: number; connect: number },
): Promise<IncomingMessage> {
  let url = address;
  for (let hop = 0; ; hop++) {
    const budget = AbortSignal.timeout(limits.sourceConnectTimeout);
    const started = performance.now();
    const addresses = await resolvePublicIps(url, policy, AbortSignal.any([ending.signal, budget]));
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
    if (hop >= limits.sourceMaxRedirects) throw sourceUnavailable('The origin redirects too often.');
    try {
      url = parseRedirect(location, url);
    } catch (cause) {
      throw sourceUnavailable('The origin redirects to an address that is not valid.', cause);
    }
  }
}

/** A reset before any byte of an answer says nothing of the picture: asked once more, by a new connection. */
async function fetchWithRetry(
  address: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  ending: AbortOptions & { validators: Validators },
  timings: { dns: number; connect: number },
) {
  try {
    return await followRedirects(address, policy, limits, { ...ending, fresh: false }, timings);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ECONNRESET' || ending.signal.aborted) throw error;
    return followRedirects(address, policy, limits, { ...ending, fresh: true }, timings);
  }
}

/** Refuses everything but a 200. */
function checkStatus({ statusCode }: IncomingMessage): void {
  if (statusCode === 404 || statusCode === 410)
    throw new ImageError('SOURCE_NOT_FOUND', `The origin answered ${statusCode}: there is no such picture.`);
  if (statusCode !== 200) throw sourceUnavailable(`The origin answered ${statusCode}.`);
}

/** Whether the origin was asked, and says, that its picture is the same. */
const isUnchanged = ({ statusCode }: IncomingMessage, { etag, lastModified }: Validators) =>
  statusCode === 304 && (etag ?? lastModified) !== undefined;

/** One fetch over HTTP; what it throws is not yet an answer. */
async function fetchHttp(
  address: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  ending: AbortOptions & { validators: Validators },
): Promise<FetchedSource | NotModified> {
  const timings = { dns: 0, connect: 0 };
  const started = performance.now();
  const response = await fetchWithRetry(address, policy, limits, ending, timings);
  try {
    const answered = { headers: cacheHeadersOf(response.headers), receivedAt: Date.now() };
    if (isUnchanged(response, ending.validators)) {
      // Read to its end, which is here, its connection can be kept.
      await response.toArray();
      return { bytes: undefined, ...answered };
    }
    checkStatus(response);
    const { 'content-length': length = 0, 'content-encoding': encoding } = response.headers;
    const source = await readBody(response, Number(length), limits, isGzipped(encoding) ? ending.signal : undefined);
    const download = performance.now() - started - timings.dns - timings.connect;
    return { ...source, ...answered, timings: { ...timings, download } };
  } catch (error) {
    if (!(error instanceof ImageError) && !ending.signal.aborted)
      throw sourceUnavailable('The origin cut its answer short.', error);
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
): Promise<FetchedSource>;
export function fetchSource(
  address: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  signal: AbortSignal,
  validators: Validators,
): Promise<FetchedSource | NotModified>;
export async function fetchSource(
  address: URL,
  policy: SourcePolicy,
  limits: SourceLimits,
  signal: AbortSignal,
  validators: Validators = {},
): Promise<FetchedSource | NotModified> {
  const stop = new AbortController();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(limits.sourceTimeout), stop.signal]);
  try {
    if (address.protocol === 's3:') {
      assertBucketAllowed(address, policy);
      return await readS3(address, limits, deadline, validators);
    }
    return await fetchHttp(address, policy, limits, { signal: deadline, controller: stop, validators });
  } catch (error) {
    throw toSourceError(error, deadline);
  }
}
