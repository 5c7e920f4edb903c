/** Errors of a source. The message is for the caller, the cause for the log only. */
import { ImageError } from '../errors.ts';

export const sourceTimeout = (cause?: unknown) =>
  new ImageError('SOURCE_TIMEOUT', 'The origin was too slow.', { cause });

export const sourceUnavailable = (message: string, cause?: unknown) =>
  new ImageError('SOURCE_UNAVAILABLE', message, { cause });

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
