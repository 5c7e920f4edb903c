/** The error of a source that cannot be decoded. */
import { ImageError } from '../../errors.ts';

/** @param cause what is wrong, for the log */
export const decodeError = (cause: unknown) =>
  new ImageError('IMAGE_CORRUPT', 'The source could not be decoded: it is damaged or incomplete.', { cause });
