/**
 * Reads the events of all supported event sources: REST API (v1), HTTP API and Function URL (v2), and an Application Load
 * Balancer (ALB) in single- and multi-value mode. Only this file and `response.ts` know how they differ.
 */

type SingleValueMap = Readonly<Record<string, string | undefined>> | null;
type MultiValueMap = Readonly<Record<string, readonly string[] | undefined>> | null;

/** The fields of the four event types that are read. AWS's own types are assignable to it. */
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
        /** Set by the servers of `src/server/` only. */
        readonly isLocal?: boolean;
      }
    | undefined;
}

/** One query parameter, decoded. `value` is null when its percent-encoding is invalid. */
export interface Parameter {
  readonly name: string;
  readonly value: string | null;
}

/** The response of the handler, before it is converted for the event source. A Buffer is an image, a string is text. */
export interface ImageResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Buffer | string;
  /** Milliseconds by step and the cache status, for the log. */
  timings?: Readonly<Record<string, number | string>>;
}

/** The response of a Lambda function to API Gateway, a Function URL or an ALB. */
export interface GatewayResponse {
  statusCode: number;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  body: string;
  isBase64Encoded: boolean;
}

/** Detects payload v2 by `requestContext.http`: a v1 event of a custom domain has a `rawPath` too. */
const isV2 = (event: HttpEvent) => event.requestContext?.http !== undefined;
export const isAlb = (event: HttpEvent) => event.requestContext?.elb !== undefined;
export const isLocal = (event: HttpEvent) => event.requestContext?.isLocal === true;

export function getMethod(event: HttpEvent): string {
  return (event.requestContext?.http?.method ?? event.httpMethod ?? 'GET').toUpperCase();
}

/** Returns the value of a header. Names are case-insensitive (RFC 9110, 5.1); repeated headers are joined by commas (5.3). */
export function getHeader(event: HttpEvent, name: string): string | undefined {
  const lowerCaseName = name.toLowerCase();
  // The length is compared first: it differs for most names, and most headers that are looked for are absent.
  const isMatch = (key: string) => key.length === lowerCaseName.length && key.toLowerCase() === lowerCaseName;
  const { headers, multiValueHeaders } = event;
  for (const key in multiValueHeaders) {
    const values = multiValueHeaders[key];
    if (isMatch(key) && values?.length) return values.join(', ');
  }
  for (const key in headers) if (isMatch(key)) return headers[key];
  return undefined;
}

/** Whether a text holds a control character, as it is or percent-encoded. A URL may hold neither in its path or in a name. */
export const hasControlCharacter = (text: string): boolean =>
  /[\u0000-\u001f\u007f-\u009f]|%(?:[01][0-9a-f]|7f)/i.test(text);

/** A host with or without a port: characters that end a host in a URL, and spaces and control characters, are not part of it. */
const HOST = /^[^\s\u0000-\u001f\u007f/?#@\\]+$/;

/**
 * Returns the hosts of the request as in its URL, in lower case, without port 80 or 443: the Host header, and the domain name
 * of the event source. A value that is not a host is left out.
 */
export function getHosts(event: HttpEvent): string[] {
  const names = [getHeader(event, 'host'), event.requestContext?.domainName];
  return names
    .filter((name): name is string => name !== undefined && HOST.test(name))
    .map((name) => name.toLowerCase().replace(/:(?:80|443)$/, ''));
}

/** Returns the paths by which the client may have sent the request: a REST API leaves its stage out of one of them. */
export function getPaths({ path, rawPath, requestContext }: HttpEvent): string[] {
  return [...new Set([rawPath, path, requestContext?.path].filter((value): value is string => Boolean(value)))];
}

/** Decodes as in WHATWG URL, 5.1, but returns null for an invalid sequence: URLSearchParams would change the image URL. */
function decode(text: string): string | null {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** Returns name and value of a pair in a query string, not decoded. */
function splitPair(pair: string): [name: string, value: string] {
  const equals = pair.indexOf('=');
  return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

/**
 * Returns the query parameters in their order, with repeated names, each value decoded exactly once: v1 values arrive
 * decoded; v2 is read from `rawQueryString`, because its map joins repeated values by commas; an ALB decodes nothing.
 */
export function getQuery(event: HttpEvent): Parameter[] {
  if (isV2(event) || typeof event.rawQueryString === 'string') {
    return (event.rawQueryString ?? '')
      .split('&')
      .filter(Boolean)
      .map((pair) => {
        const [name, value] = splitPair(pair);
        return { name: decode(name) ?? name, value: decode(value) };
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

/** Returns the names of the parameters of an event, as it has them, repeated ones too. */
function parameterNames(event: HttpEvent): string[] {
  const { rawQueryString, queryStringParameters, multiValueQueryStringParameters } = event;
  if (isV2(event) || typeof rawQueryString === 'string')
    return (rawQueryString ?? '').split('&').map((pair) => splitPair(pair)[0]);
  return [...Object.keys(queryStringParameters ?? {}), ...Object.keys(multiValueQueryStringParameters ?? {})];
}

/**
 * Removes parameters from an event, as if the client had not sent them.
 *
 * @param isDropped tells by the decoded name
 */
export function dropParameters(event: HttpEvent, isDropped: (name: string) => boolean): void {
  const { rawQueryString, queryStringParameters, multiValueQueryStringParameters } = event;
  const isRaw = isV2(event) || typeof rawQueryString === 'string';
  const isOther =
    isRaw || isAlb(event) ? (name: string) => !isDropped(decode(name) ?? name) : (name: string) => !isDropped(name);
  // Most queries have nothing to remove.
  if (parameterNames(event).every(isOther)) return;
  const others = <Values extends object | null | undefined>(values: Values) =>
    values && Object.fromEntries(Object.entries(values).filter(([name]) => isOther(name)));
  const query = isRaw
    ? {
        rawQueryString: (rawQueryString ?? '')
          .split('&')
          .filter((pair) => isOther(splitPair(pair)[0]))
          .join('&'),
      }
    : {
        queryStringParameters: others(queryStringParameters),
        multiValueQueryStringParameters: others(multiValueQueryStringParameters),
      };
  Object.assign(event, query);
}

/** Maximum bytes of the JSON of a buffered response: 6 MiB and 100 bytes for Lambda, 1 MiB for an ALB. */
export function maxPayloadBytes(event: HttpEvent): number {
  return isAlb(event) ? 1_048_576 : 6_291_556;
}

/** The response to the local server: the body as it is. */
export interface NodeResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** Maximum bytes of a streamed response. */
export const MAX_STREAMED_BYTES = 209_715_200;
