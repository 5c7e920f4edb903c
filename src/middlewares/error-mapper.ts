import type { MiddlewareObj, Request } from '@middy/core';
import { mapError } from '../errors.ts';
import { checkOptions } from './check-options.ts';
import type { ErrorMapperOptions } from './options.ts';

/**
 * Turns any error into one that `@middy/http-error-handler` (placed before it) answers as it is: without this a 502 or
 * 504 would leave as a bare 500. The text of an error that is not marked as public never leaves; it stays in `cause`.
 *
 * Costs nothing without an error, and 5 µs with one (medians of `npm run bench:middlewares`).
 *
 * @throws TypeError in the factory, when it is given an option: it has none; nothing at a request
 * @example
 * import middy from '@middy/core';
 * import httpErrorHandler from '@middy/http-error-handler';
 * import { ImageError } from 'pixgate/errors';
 * import { errorMapper } from 'pixgate/middlewares/error-mapper';
 * const handler = middy()
 *   .use(httpErrorHandler({ logger: false }))
 *   .use(errorMapper())
 *   .handler(() => { throw new ImageError('SOURCE_TIMEOUT', 'Too slow.'); });
 * console.log((await handler({}, {})).statusCode); // → 504
 */
export function errorMapper(options: ErrorMapperOptions = {}): MiddlewareObj<unknown> {
  checkOptions('errorMapper', options);
  const errorMapperOnError = (request: Request) => {
    request.error = mapError(request.error);
  };
  return { onError: errorMapperOnError };
}
