import type { MiddlewareObj, Request } from '@middy/core';
import { ImageError, mapError } from '../errors.ts';
import { type HttpEvent, type ImageResponse, replyLimit, toResult } from '../event.ts';

/** Bytes that base64 and the JSON around it make of a body and its headers. Every header character is counted twice for escapes. */
const replyBytes = ({ body, headers }: ImageResponse) =>
  (typeof body === 'string' ? Buffer.byteLength(JSON.stringify(body)) : Math.ceil(body.length / 3) * 4) +
  2 * JSON.stringify(headers).length +
  200;

/**
 * The outermost middleware: puts `{ statusCode, headers, body }`, of the handler or of an error, into the shape that
 * the event's front door wants, with headers that every answer carries. A Buffer leaves as base64, a string as text.
 * A reply too large for the front door becomes a 413 here, where the platform would make it a 502 without a word.
 *
 * @param options.headers put on every answer, errors included
 * @throws TypeError in the factory, when a header's value is not a text
 * @throws ImageError RESULT_TOO_LARGE
 * @example middy().use(responseSerializer({ headers: { 'X-Content-Type-Options': 'nosniff' } })).handler(…)
 */
export function responseSerializer({
  headers = {},
}: {
  headers?: Readonly<Record<string, string>>;
} = {}): MiddlewareObj<HttpEvent> {
  for (const [name, value] of Object.entries(headers))
    if (typeof value !== 'string') throw new TypeError(`responseSerializer: header ${name} must be a text`);

  const serialize = (request: Request<HttpEvent>) => {
    const response = request.response as ImageResponse;
    request.response = toResult(request.event, {
      ...response,
      headers: { ...headers, ...response.headers },
      body: response.body ?? '',
    });
  };

  const responseSerializerAfter = (request: Request<HttpEvent>) => {
    const limit = replyLimit(request.event);
    const bytes = replyBytes(request.response as ImageResponse);
    if (bytes > limit)
      throw new ImageError(
        'RESULT_TOO_LARGE',
        `The result makes a reply of ${bytes} bytes; at most ${limit} can be sent. Ask for fewer pixels, a lower q, or f=webp.`,
      );
    serialize(request);
  };

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
