import type { MiddlewareObj, Request } from '@middy/core';
import { mapError } from '../errors.ts';

/**
 * Turns any error into one that `@middy/http-error-handler` (placed before it) answers as it is: without this a 502 or
 * 504 would leave as a bare 500. The text of an error that is not marked as public never leaves; it stays in `cause`.
 *
 * @example middy().use(httpErrorHandler()).use(errorMapper()).handler(…)
 */
export function errorMapper(): MiddlewareObj<unknown> {
  const errorMapperOnError = (request: Request) => {
    request.error = mapError(request.error);
  };
  return { onError: errorMapperOnError };
}
