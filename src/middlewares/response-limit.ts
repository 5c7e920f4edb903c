import type { MiddlewareObj, Request } from '@middy/core';
import { ImageError } from '../errors.ts';
import { type HttpEvent, type ImageResponse, maxPayloadBytes } from '../http/event.ts';

/** Bytes for the rest of the JSON around body and headers. */
const JSON_OVERHEAD = 1000;
/** Bytes that `maxImageBytes` leaves for headers and JSON. */
const IMAGE_OVERHEAD = 8000;

/** Estimates the bytes of the response as JSON: the body in base64 or as a JSON string, and the headers twice, because they may be sent as lists. */
const payloadBytes = ({ body, headers }: ImageResponse) =>
  (typeof body === 'string' ? Buffer.byteLength(JSON.stringify(body)) : Math.ceil(body.length / 3) * 4) +
  2 * JSON.stringify(headers).length +
  JSON_OVERHEAD;

/** Returns the maximum bytes of an image whose response surely fits into the limit of the event source. */
export const maxImageBytes = (event: HttpEvent): number =>
  Math.floor((maxPayloadBytes(event) - IMAGE_OVERHEAD) / 4) * 3;

/**
 * Replaces a response that is too large for the event source by a 413: the platform would turn it into a 502 without a
 * reason. Place it inside of the middlewares that log and serialize, so that both see the final response.
 *
 * @param options.streamingUrl URL of an event source without this limit, for the message
 * @throws ImageError RESULT_TOO_LARGE
 * @example middy().use(responseSerializer()).use(httpErrorHandler()).use(errorMapper()).use(responseLimit()).handler(…)
 */
export function responseLimit({ streamingUrl }: { streamingUrl?: string | undefined } = {}): MiddlewareObj<HttpEvent> {
  const hint = streamingUrl ? ` Larger images are served by ${streamingUrl}` : '';
  const responseLimitAfter = (request: Request<HttpEvent>) => {
    const maxBytes = maxPayloadBytes(request.event);
    const response = request.response as ImageResponse;
    const bytes = payloadBytes(response);
    if (bytes > maxBytes)
      throw new ImageError(
        'RESULT_TOO_LARGE',
        `The response would have ${bytes} bytes; the maximum is ${maxBytes}. Request fewer pixels, a lower q, or f=webp.${hint}`,
        // For another Accept, another format may fit.
        { headers: response.headers.Vary ? { Vary: response.headers.Vary } : {} },
      );
  };
  return { after: responseLimitAfter };
}
