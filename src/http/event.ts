/**
 * The event shapes of the front doors, read and answered: REST API (v1), HTTP API and Function URL (v2), and an
 * Application Load Balancer in single- and multi-value mode. What differs between them is known here only.
 */

import { Readable } from 'node:stream';

type SingleValueMap = Readonly<Record<string, string | undefined>> | null;
type MultiValueMap = Readonly<Record<string, readonly string[] | undefined>> | null;

/** The fields of the four event types that are read; AWS's own types can be assigned to it. */
export interface HttpEvent {
  readonly httpMethod?: string | undefined;
  readonly headers?: SingleValueMap | undefined;
  readonly multiValueHeaders?: MultiValueMap | undefined;
  readonly queryStringParameters?: SingleValueMap | undefined;
  readonly multiValueQueryStringParameters?: MultiValueMap | undefined;
  readonly path?: string | undefined;
  readonly rawPath?: string | undefined;
  readonly rawQueryString?: string | undefined;
  readonly requestContext?:
    | {
        readonly stage?: unknown;
        readonly path?: string | undefined;
        readonly domainName?: string | undefined;
        readonly elb?: unknown;
        readonly http?: { readonly method?: string };
        /** Of the local server only. */
        readonly isLocal?: boolean;
      }
    | undefined;
}

/** One parameter as it came; `value` is null when its percent-encoding is broken. */
export interface Parameter {
  readonly name: string;
  readonly value: string | null;
}

/** The handler's answer, before a front door's shape is put on it. A Buffer is a picture, a string is text. */
export interface ImageResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Buffer | string;
  /** For the log. */
  timings?: Readonly<Record<string, number | string>>;
}

/** What a front door takes. */
export interface GatewayResponse {
  statusCode: number;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  body: string;
  isBase64Encoded: boolean;
}

/** Payload v2 is told by `requestContext.http`: a v1 event behind a custom domain has a `rawPath` too. */
const isV2 = (event: HttpEvent) => event.requestContext?.http !== undefined;
const isAlb = (event: HttpEvent) => event.requestContext?.elb !== undefined;
export const isLocal = (event: HttpEvent) => event.requestContext?.isLocal === true;

export function getMethod(event: HttpEvent): string {
  return (event.requestContext?.http?.method ?? event.httpMethod ?? 'GET').toUpperCase();
}

/** The value of a header, its name compared without case (RFC 9110, 5.1); repeated ones joined by commas (5.3). */
export function getHeader(event: HttpEvent, name: string): string | undefined {
  const wanted = name.toLowerCase();
  // Most names are told by their length, and most requests lack most of the headers that are asked for.
  const isIt = (key: string) => key.length === wanted.length && key.toLowerCase() === wanted;
  const { headers, multiValueHeaders } = event;
  for (const key in multiValueHeaders) {
    const values = multiValueHeaders[key];
    if (isIt(key) && values?.length) return values.join(', ');
  }
  for (const key in headers) if (isIt(key)) return headers[key];
  return undefined;
}

/** The names under which the request reached us, as they stand in a URL: the Host header, and the front door's own name. */
export function getHosts(event: HttpEvent): string[] {
  const names = [getHeader(event, 'host'), event.requestContext?.domainName];
  return names
    .filter((name): name is string => Boolean(name))
    .map((name) => name.toLowerCase().replace(/:(?:80|443)$/, ''));
}

/** The paths under which the request may have been sent: a REST API leaves its stage out of one of them. */
export function getPaths({ path, rawPath, requestContext }: HttpEvent): string[] {
  return [...new Set([rawPath, path, requestContext?.path].filter((one): one is string => Boolean(one)))];
}

/** Form decoding (WHATWG URL, 5.1), but a broken sequence is null: URLSearchParams would ask the origin for another address. */
function decode(text: string): string | null {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/**
 * The query in the order it came, repeated names kept, each value decoded exactly once: v1 values arrive decoded;
 * v2 is read from `rawQueryString`, since its map joins repeated values by commas; an ALB decodes nothing.
 */
export function getQuery(event: HttpEvent): Parameter[] {
  if (isV2(event) || typeof event.rawQueryString === 'string') {
    return (event.rawQueryString ?? '')
      .split('&')
      .filter(Boolean)
      .map((pair) => {
        const cut = pair.indexOf('=');
        const name = cut < 0 ? pair : pair.slice(0, cut);
        return { name: decode(name) ?? name, value: decode(cut < 0 ? '' : pair.slice(cut + 1)) };
      });
  }
  const single = Object.entries(event.queryStringParameters ?? {}).map(
    ([name, value]) => [name, [value ?? '']] as const,
  );
  const multi = Object.entries(event.multiValueQueryStringParameters ?? {});
  // `@middy/http-event-normalizer` adds an empty map of lists to an event that has none.
  return (multi.length ? multi : single).flatMap(([name, values]) =>
    (values ?? []).map((value) =>
      isAlb(event) ? { name: decode(name) ?? name, value: decode(value) } : { name, value },
    ),
  );
}

/** The most bytes that the JSON of a buffered reply may have: Lambda's 6 MiB and 100 bytes, an ALB's 1 MiB. */
export function maxPayloadBytes(event: HttpEvent): number {
  return isAlb(event) ? 1_048_576 : 6_291_556;
}

/** What the local server takes: the body as it is. */
export interface NodeResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** What a streaming front door takes: the runtime sends status and headers first, and then the body as it is. */
export interface StreamingResponse extends Omit<NodeResponse, 'body'> {
  body: string | Readable;
}

/** The most bytes that a streamed reply may have. */
export const MAX_STREAMED_BYTES = 209_715_200;

/** An answer for the local server. */
export function toNodeResponse(event: HttpEvent, { statusCode, headers, body }: ImageResponse): NodeResponse {
  const bodiless = statusCode === 304 || statusCode === 204;
  const empty = bodiless || getMethod(event) === 'HEAD';
  const sized = bodiless ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
  return { statusCode, headers: sized, body: empty ? '' : body };
}

/** An answer for a streaming front door. It is finished: nothing can fail once its headers have gone. */
export function toStreamingResponse(event: HttpEvent, response: ImageResponse): StreamingResponse {
  const { body, ...head } = toNodeResponse(event, response);
  return { ...head, body: typeof body === 'string' ? body : Readable.from([body]) };
}

/** Puts an answer into the shape that the event's front door wants. A HEAD gets the headers of the GET only (RFC 9110, 9.3.2). */
export function toGatewayResponse(event: HttpEvent, response: ImageResponse): GatewayResponse {
  const { statusCode, body } = response;
  const headers = { ...response.headers };
  if (statusCode !== 204 && statusCode !== 304) headers['Content-Length'] ??= String(Buffer.byteLength(body));
  const empty = getMethod(event) === 'HEAD';
  const picture = !empty && typeof body !== 'string';
  const result = {
    statusCode,
    body: empty ? '' : typeof body === 'string' ? body : body.toString('base64'),
    isBase64Encoded: picture,
  };
  // An ALB target group with multi-value headers sends only these, and takes only these.
  if (isAlb(event) && event.multiValueHeaders && !event.headers)
    return {
      ...result,
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, [v]])),
    };
  return { ...result, headers };
}
