/** Errors of a source. The message is for the caller, the cause for the log only. */
import { ImageError } from '../errors.ts';

export const sourceTimeout = (cause?: unknown) =>
  new ImageError('SOURCE_TIMEOUT', 'The origin was too slow.', { cause });

export const sourceUnavailable = (message: string, cause?: unknown, transient?: boolean) =>
  new ImageError('SOURCE_UNAVAILABLE', message, { cause, transient });

/** Whether a stale image may be served after this status (RFC 5861, 4): after any other, the origin no longer has the image. */
export const isTransientStatus = (status = 0): boolean => [500, 502, 503, 504].includes(status);

/** @param status of the origin's response: neither 200 nor 304 */
export const unexpectedStatus = (status: number | undefined) =>
  status === 404 || status === 410
    ? new ImageError('SOURCE_NOT_FOUND', `The origin returned ${status}: there is no such image.`)
    : sourceUnavailable(`The origin returned ${status}.`, undefined, isTransientStatus(status));

/** @param maxBytes the limit that was exceeded */
export const sourceTooLarge = (maxBytes: number) =>
  new ImageError('SOURCE_TOO_LARGE', `The source is larger than ${maxBytes} bytes.`);

/**
 * The same 502 for a host name that does not exist, resolves to a private IP address, refuses the connection or does not
 * respond: a difference would reveal which names exist inside our network.
 */
export const unreachable = (cause: unknown) => sourceUnavailable('The host of this URL could not be reached.', cause);

/** @param reason a sentence's end, visible to the caller: only what the URL itself shows */
export const forbidden = (reason: string) =>
  new ImageError('SOURCE_FORBIDDEN', `This URL may not be fetched: ${reason}.`);
