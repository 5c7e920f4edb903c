import type { MiddlewareObj, Request } from '@middy/core';
import { ImageError } from '../errors.ts';
import { type HttpEvent, type ImageResponse, replyLimit as limitOf } from '../event.ts';

/** Bytes that base64 and the JSON around it make of a body, with room for the headers of every answer. */
const replyBytes = ({ body, headers }: ImageResponse) =>
  (typeof body === 'string' ? Buffer.byteLength(JSON.stringify(body)) : Math.ceil(body.length / 3) * 4) +
  2 * JSON.stringify(headers).length +
  1000;

/**
 * A reply too large for the event's front door becomes a 413, where the platform would make it a 502 without a word. It
 * stands inside of what logs and serialises, so that both see the answer that leaves.
 *
 * @throws ImageError RESULT_TOO_LARGE
 * @example middy().use(responseSerializer()).use(httpErrorHandler()).use(errorMapper()).use(replyLimit()).handler(…)
 */
export function replyLimit(): MiddlewareObj<HttpEvent> {
  const replyLimitAfter = (request: Request<HttpEvent>) => {
    const limit = limitOf(request.event);
    const bytes = replyBytes(request.response as ImageResponse);
    if (bytes > limit)
      throw new ImageError(
        'RESULT_TOO_LARGE',
        `The result makes a reply of ${bytes} bytes; at most ${limit} can be sent. Ask for fewer pixels, a lower q, or f=webp.`,
      );
  };
  return { after: replyLimitAfter };
}
