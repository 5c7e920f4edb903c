/** What goes wrong at an origin, as the caller is told it. */
import { ImageError } from '../errors.ts';

export const tooSlow = (cause?: unknown) => new ImageError('SOURCE_TIMEOUT', 'The origin was too slow.', { cause });

export const unavailable = (why: string, cause?: unknown) => new ImageError('SOURCE_UNAVAILABLE', why, { cause });

/** @param most bytes */
export const tooLarge = (most: number) =>
  new ImageError('SOURCE_TOO_LARGE', `The source is larger than ${most} bytes.`);
