import type { MiddlewareObj, Request } from '@middy/core';
import { mapError } from '../errors.ts';
import { checkOptions } from './check-options.ts';
import type { ErrorMapperOptions } from './options.ts';

/**
 * Maps any error to one with status, headers and a problem document (RFC 9457), for `@middy/http-error-handler`, which must
 * be placed before it: without this, a 502 or 504 would become a 500 without a body. The message of an error that is not
 * exposed is not sent; it stays in `cause`. `instance` is the id of the request, if the context has one.
 *
 * Takes no time without an error, and 5 µs with one (medians of `npm run bench:middlewares`).
 *
 * @throws TypeError in the factory, when an option is given: there are none; nothing at a request
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
    request.error = mapError(request.error, request.context?.awsRequestId);
  };
  return { onError: errorMapperOnError };
}
