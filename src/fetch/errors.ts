/** What goes wrong at an origin, as the caller is told it. */
import { ImageError } from '../errors.ts';

export const sourceTimeout = (cause?: unknown) =>
  new ImageError('SOURCE_TIMEOUT', 'The origin was too slow.', { cause });

export const sourceUnavailable = (why: string, cause?: unknown) => new ImageError('SOURCE_UNAVAILABLE', why, { cause });

/** @param most bytes */
export const sourceTooLarge = (most: number) =>
  new ImageError('SOURCE_TOO_LARGE', `The source is larger than ${most} bytes.`);
