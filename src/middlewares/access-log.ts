import type { MiddlewareObj, Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import { getMethod, type HttpEvent, type ImageResponse } from '../event.ts';

export type LoggedRequest = Request<
  HttpEvent,
  ImageResponse,
  Error,
  Context,
  { apiKeyId?: string; startedAt?: number }
>;

/** One line of the log. Fields that a request does not have are left out. */
export type LogLine = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Writes one JSON line a request, whatever its end: request id, key id, method, status, error code, bytes out,
 * milliseconds, what they were spent on where the answer tells it, and what `fields` adds. A bug's stack goes into the same line. No query, no key, no header of the request.
 *
 * @param options.write takes the finished line
 * @param options.fields more fields, of the request as the last middleware left it
 * @throws TypeError in the factory, when write or fields is no function
 * @example middy().use(accessLog({ write: console.log })).handler(…)
 */
export function accessLog({
  write,
  fields = () => ({}),
}: {
  write: (line: string) => void;
  fields?: (request: LoggedRequest) => LogLine;
}): MiddlewareObj<HttpEvent> {
  if (typeof write !== 'function') throw new TypeError('accessLog: write must be a function');
  if (typeof fields !== 'function') throw new TypeError('accessLog: fields must be a function');

  const accessLogBefore = (request: LoggedRequest) => {
    request.internal.startedAt = performance.now();
  };

  const log = (request: LoggedRequest) => {
    const { event, context, internal, error, response } = request;
    const { code, statusCode = 500 } = (error ?? {}) as { code?: string; statusCode?: number };
    const status = response?.statusCode ?? statusCode;
    const cause = error?.cause;
    write(
      JSON.stringify({
        requestId: context.awsRequestId,
        keyId: internal.apiKeyId,
        method: getMethod(event),
        status,
        code,
        ...fields(request),
        ...rounded(response?.timings),
        bytesOut: response?.body === undefined ? undefined : Buffer.byteLength(response.body),
        ms: Math.round((performance.now() - Number(internal.startedAt)) * 10) / 10,
        cause: status >= 500 && cause instanceof Error ? explain(cause, code === 'INTERNAL') : undefined,
      }),
    );
  };

  return { before: accessLogBefore, after: log, onError: log };
}

/** Milliseconds to a tenth. */
const rounded = (timings: Readonly<Record<string, number | string>> = {}) =>
  Object.fromEntries(
    Object.entries(timings).map(([name, time]) => [name, typeof time === 'number' ? Math.round(time * 10) / 10 : time]),
  );

/** Messages only, down the chain of causes; an error object can carry the whole address in a property. */
function explain(error: Error, withStack: boolean): string {
  const own = (withStack && error.stack) || `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own} <- ${explain(error.cause, withStack)}` : own;
}
