import type { MiddlewareObj, Request } from '@middy/core';
import { type MappedError, mapError, type Problem, problem, toMappedError } from '../errors.ts';
import { checkOptions } from './check-options.ts';
import type { ErrorMapperOptions } from './options.ts';

export type { ProblemDetails } from './types.ts';

/** Returns a new error whose text is public. */
const exposedError = (message: string, statusCode: number, { code, headers }: { code?: unknown; headers?: unknown }) =>
  Object.assign(new Error(message), { statusCode, code, headers, expose: true });

/** Returns an error as a public one, if `expose` says so and it does not say so itself. */
function applyExpose(error: unknown, expose: ErrorMapperOptions['expose']): unknown {
  if (!(error instanceof Error) || (error as { expose?: unknown }).expose === true || !expose?.(error)) return error;
  const { statusCode = 500, ...rest } = error as Error & { statusCode?: number; code?: unknown; headers?: unknown };
  return exposedError(error.message, statusCode, rest);
}

/**
 * Maps any error to a response with status, headers and a problem document (RFC 9457): alone, or with
 * `@middy/http-error-handler` above it, which turns a 502 or 504 into a 500 without a body otherwise. The message of an error
 * that is not exposed is not sent; it stays in `cause`. `instance` is the id of the request, if the context has one.
 *
 * Takes no time without an error, and 5 µs with one (medians of `npm run bench:middlewares`).
 *
 * @param options see `schemas/middlewares.json`
 * @throws TypeError in the factory, when an option is invalid; nothing at a request
 * @example
 * import middy from '@middy/core';
 * import { ImageError } from 'pixgate/errors';
 * import { errorMapper } from 'pixgate/middlewares/error-mapper';
 * const handler = middy()
 *   .use(errorMapper())
 *   .handler(() => { throw new ImageError('SOURCE_TIMEOUT', 'Too slow.'); });
 * console.log((await handler({}, {})).statusCode); // → 504
 */
export function errorMapper(options: ErrorMapperOptions = {}): MiddlewareObj<unknown> {
  const { types, instance, map, expose, respond } = checkOptions<ErrorMapperOptions, 'respond'>('errorMapper', options);
  const typeOf = typeof types === 'string' ? (code: string) => types + code.toLowerCase() : types;

  const isDefault = !typeOf && !instance && !map && !expose;

  function toProblem(request: Request): Problem {
    if (isDefault) return problem(request.error, request.context.awsRequestId);
    const details = map?.(request.error);
    const error = details ? exposedError(details.detail, details.status, details) : applyExpose(request.error, expose);
    const { document, ...response } = problem(error, request.context.awsRequestId);
    const { extensions, title = document.title, type = typeOf?.(document.code) ?? 'about:blank' } = details ?? {};
    const members = { title, ...((typeOf || details) && { type }), ...(instance && { instance: instance(request) }) };
    return { ...response, document: { ...extensions, ...document, ...members } };
  }

  const errorMapperOnError = (request: Request) => {
    const cause = request.error;
    try {
      request.error = toMappedError(toProblem(request), cause);
    } catch (error) {
      // A function among the options failed: without this the client would get an error of Lambda.
      request.error = mapError(new Error(`errorMapper: ${error}`, { cause }), request.context.awsRequestId);
    }
    if (!respond) return;
    const { statusCode, headers, message } = request.error as MappedError;
    request.response ??= { statusCode, headers, body: message };
  };
  return { onError: errorMapperOnError };
}
