import type { MiddlewareObj, Request } from '@middy/core';
import { ImageError } from '../errors.ts';
import { type HttpEvent, type ImageResponse, maxPayloadBytes as limitOf } from '../http/event.ts';

/** Bytes that base64 and the JSON around it make of a body, with room for the headers of every answer. */
const replyBytes = ({ body, headers }: ImageResponse) =>
  (typeof body === 'string' ? Buffer.byteLength(JSON.stringify(body)) : Math.ceil(body.length / 3) * 4) +
  2 * JSON.stringify(headers).length +
  1000;

/** Bytes of a picture that surely make a reply within the event's limit. */
export const maxImageBytes = (event: HttpEvent): number => Math.floor((limitOf(event) - 8000) / 4) * 3;

/**
 * A reply too large for the event's front door becomes a 413, where the platform would make it a 502 without a word. It
 * stands inside of what logs and serialises, so that both see the answer that leaves.
 *
 * @param options.elsewhere the address of a front door without this limit, told to the caller
 * @throws ImageError RESULT_TOO_LARGE
 * @example middy().use(responseSerializer()).use(httpErrorHandler()).use(errorMapper()).use(replyLimit()).handler(…)
 */
export function replyLimit({ elsewhere }: { elsewhere?: string | undefined } = {}): MiddlewareObj<HttpEvent> {
  const instead = elsewhere ? ` Larger ones are sent by ${elsewhere}` : '';
  const replyLimitAfter = (request: Request<HttpEvent>) => {
    const limit = limitOf(request.event);
    const response = request.response as ImageResponse;
    const bytes = replyBytes(response);
    if (bytes > limit)
      throw new ImageError(
        'RESULT_TOO_LARGE',
        `The result makes a reply of ${bytes} bytes; at most ${limit} can be sent. Ask for fewer pixels, a lower q, or f=webp.${instead}`,
        // Another format, for another Accept, might have held it.
        { headers: response.headers.Vary ? { Vary: response.headers.Vary } : {} },
      );
  };
  return { after: replyLimitAfter };
}
