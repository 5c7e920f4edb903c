/** Errors of a source. The message is for the caller, the cause for the log only. */
import { ImageError } from '../errors.ts';

export const sourceTimeout = (cause?: unknown) =>
  new ImageError('SOURCE_TIMEOUT', 'The origin was too slow.', { cause });

export const sourceUnavailable = (message: string, cause?: unknown, transient?: boolean) =>
  new ImageError('SOURCE_UNAVAILABLE', message, { cause, transient });

/** Whether a stale image may be served after this status (RFC 5861, 4): after any other, the origin no longer has the image. */
export const isTransientStatus = (status = 0): boolean => [500, 502, 503, 504].includes(status);

/**
 * @param status of the origin's response: neither 200 nor 304
 * @param userAgent of the request, for the advice after a 401 or 403
 */
export function unexpectedStatus(status: number | undefined, userAgent?: string): ImageError {
  if (status === 404 || status === 410)
    return new ImageError('SOURCE_NOT_FOUND', `The origin returned ${status}: there is no such image.`);
  const isRefused = (status === 401 || status === 403) && userAgent !== undefined;
  const advice = isRefused
    ? ` We send no Referer and no cookies: let it allow the user agent ${userAgent}, or set SOURCE_HEADERS.`
    : '';
  return sourceUnavailable(`The origin returned ${status}.${advice}`, undefined, isTransientStatus(status));
}

/** @param maxBytes the limit that was exceeded */
export const sourceTooLarge = (maxBytes: number) =>
  new ImageError('SOURCE_TOO_LARGE', `The source is larger than ${maxBytes} bytes.`);

const UNREACHABLE = 'The host of this URL could not be reached';

/**
 * The same 502 for a host that is not public, whether it refuses the connection or does not respond: a difference would reveal
 * which hosts and ports exist inside our network.
 *
 * @param reason the end of the sentence, for a host with public IP addresses only
 */
export const unreachable = (cause: unknown, reason?: string) =>
  sourceUnavailable(reason === undefined ? `${UNREACHABLE}.` : `${UNREACHABLE}: ${reason}.`, cause);

/** The same 502 for a host name that does not exist and for one that resolves to a private IP address. */
export const unresolved = (cause: unknown) =>
  unreachable(cause, 'its name does not exist, or has no public IP address');

/** @param reason a sentence's end, visible to the caller: only what the URL itself shows */
export const forbidden = (reason: string) =>
  new ImageError('SOURCE_FORBIDDEN', `This URL may not be fetched: ${reason}.`);
