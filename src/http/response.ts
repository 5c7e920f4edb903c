/** Converts a response to the shape that the event source expects. */
import { Readable } from 'node:stream';
import {
  type GatewayResponse,
  getMethod,
  type HttpEvent,
  type ImageResponse,
  isAlb,
  type NodeResponse,
} from './event.ts';

/** The response to an event source that streams: the runtime sends status and headers first, then the body as it is. */
export interface StreamingResponse extends Omit<NodeResponse, 'body'> {
  body: string | Readable;
}

const hasNoContent = (statusCode: number) => statusCode === 304 || statusCode === 204;

/** Converts a response for the local server. HEAD gets the headers of GET without the body (RFC 9110, 9.3.2). */
export function toNodeResponse(event: HttpEvent, { statusCode, headers, body }: ImageResponse): NodeResponse {
  const noContent = hasNoContent(statusCode);
  const isEmpty = noContent || getMethod(event) === 'HEAD';
  const withLength = noContent ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
  return { statusCode, headers: withLength, body: isEmpty ? '' : body };
}

/** Converts a response for an event source that streams. The body is complete, so nothing can fail after the headers are sent. */
export function toStreamingResponse(event: HttpEvent, response: ImageResponse): StreamingResponse {
  const { body, ...head } = toNodeResponse(event, response);
  return { ...head, body: typeof body === 'string' ? body : Readable.from([body]) };
}

/**
 * Converts a response for an event source that buffers: a Buffer becomes base64, a string stays. HEAD gets the headers of
 * GET without the body (RFC 9110, 9.3.2).
 */
export function toGatewayResponse(event: HttpEvent, response: ImageResponse): GatewayResponse {
  const { statusCode, body } = response;
  const headers = { ...response.headers };
  if (!hasNoContent(statusCode)) headers['Content-Length'] ??= String(Buffer.byteLength(body));
  const isHead = getMethod(event) === 'HEAD';
  const result = {
    statusCode,
    body: isHead ? '' : typeof body === 'string' ? body : body.toString('base64'),
    isBase64Encoded: !isHead && typeof body !== 'string',
  };
  // An ALB target group with multi-value headers sends only these, and accepts only these.
  if (isAlb(event) && event.multiValueHeaders && !event.headers)
    return {
      ...result,
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    };
  return { ...result, headers };
}
