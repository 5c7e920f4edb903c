import type { MiddlewareObj, Request } from '@middy/core';
import { mapError } from '../errors.ts';
import { type HttpEvent, type ImageResponse, toResult, toStreamed } from '../event.ts';

/**
 * The outermost middleware: puts `{ statusCode, headers, body }`, of the handler or of an error, into the shape that
 * the event's front door wants, with headers that every answer carries. A Buffer leaves as base64, a string as text.
 *
 * @param options.headers put on every answer, errors included
 * @param options.streaming for a front door that streams: a Buffer leaves as it is
 * @throws TypeError in the factory, when a header's value is not a text
 * @example middy().use(responseSerializer({ headers: { 'X-Content-Type-Options': 'nosniff' } })).handler(…)
 */
export function responseSerializer({
  headers = {},
  streaming = false,
}: {
  headers?: Readonly<Record<string, string>>;
  streaming?: boolean;
} = {}): MiddlewareObj<HttpEvent> {
  for (const [name, value] of Object.entries(headers))
    if (typeof value !== 'string') throw new TypeError(`responseSerializer: header ${name} must be a text`);

  const serialize = (request: Request<HttpEvent>) => {
    const response = request.response as ImageResponse;
    request.response = (streaming ? toStreamed : toResult)(request.event, {
      ...response,
      headers: { ...headers, ...response.headers },
      body: response.body ?? '',
    });
  };

  const responseSerializerAfter = serialize;

  const responseSerializerOnError = (request: Request<HttpEvent>) => {
    // Without an error handler inside, the answer is made here rather than lost.
    if (request.response === undefined) {
      const { statusCode, headers: own, message } = mapError(request.error);
      request.response = { statusCode, headers: own, body: message };
    }
    serialize(request);
  };

  return { after: responseSerializerAfter, onError: responseSerializerOnError };
}
