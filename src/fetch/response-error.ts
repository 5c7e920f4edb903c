/** An error with the response in which it was found. */
import { ImageError } from '../errors.ts';
import type { OriginResponse } from './body.ts';

/** The response of an origin that turned out to be an error: its headers bound how long the error may be cached. */
export interface ErrorResponse extends Pick<OriginResponse, 'headers' | 'hops' | 'requestedAt' | 'receivedAt'> {
  /** RFC 9110, 10.2.3. */
  readonly retryAfter?: string | undefined;
}

/** An error that was found in a response of the origin. */
export class ResponseError extends ImageError {
  readonly response: ErrorResponse;

  constructor(error: ImageError, response: ErrorResponse) {
    super(error.code, error.message, error);
    this.response = response;
  }
}

/** Returns the same error with another message and cause. */
export function withMessage(error: ImageError, message: string, cause: unknown): ImageError {
  const { code, errors, headers, transient, lifetime } = error;
  const copy = new ImageError(code, message, { cause, errors, headers, transient, lifetime });
  return error instanceof ResponseError ? new ResponseError(copy, error.response) : copy;
}
