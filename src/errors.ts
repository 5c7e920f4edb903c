/**
 * Errors: the one class that a caller sees, the table of what each code means in HTTP, and the problem document.
 * Anything that is not an ImageError is a bug, and leaves as INTERNAL.
 */
// Not imported, see fetch/request.ts.
const { STATUS_CODES } = process.getBuiltinModule('node:http');

interface ErrorSpec {
  readonly status: number;
  readonly cacheControl: string;
  /** One line, for the README's table. */
  readonly description: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Seconds that an error of the request or the image is cached, unless the origin says otherwise. */
export const MAX_ERROR_AGE = 60;
const ONE_MINUTE = `public, max-age=${MAX_ERROR_AGE}`;
const NO_STORE = 'no-store';

const BEARER = { 'WWW-Authenticate': 'Bearer realm="pixgate"' };
export const METHODS = 'GET, HEAD, OPTIONS';

/** Status and caching of each code. An error of the request or the image is cached for a minute; a transient error, not at all. */
export const ERRORS = {
  QUERY_INVALID: {
    status: 400,
    cacheControl: ONE_MINUTE,
    description: 'A parameter is missing, malformed, repeated, unknown or out of range, or `u` is not an http(s) URL.',
  },
  UNAUTHORIZED: {
    status: 401,
    cacheControl: NO_STORE,
    description: 'The API key is missing or wrong.',
    headers: BEARER,
  },
  SIGNATURE_INVALID: {
    status: 401,
    cacheControl: NO_STORE,
    description: 'The signature does not match the URL, or `exp` is missing or too far ahead.',
    headers: BEARER,
  },
  SIGNATURE_EXPIRED: {
    status: 401,
    cacheControl: NO_STORE,
    description: 'The URL has expired: `exp` is in the past.',
    headers: BEARER,
  },
  SOURCE_FORBIDDEN: {
    status: 403,
    cacheControl: NO_STORE,
    description:
      '`u` must not be fetched: its host is not public or not on the allow-list, or its port is not 80 or 443.',
  },
  POLICY_FORBIDDEN: {
    status: 403,
    cacheControl: NO_STORE,
    description: 'The key is valid, but its policy forbids this request; `detail` names the rule.',
  },
  SOURCE_NOT_FOUND: { status: 404, cacheControl: ONE_MINUTE, description: 'The origin returned 404 or 410.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    cacheControl: NO_STORE,
    description: 'The method is not GET, HEAD or OPTIONS.',
    headers: { Allow: METHODS },
  },
  SOURCE_TOO_LARGE: { status: 413, cacheControl: ONE_MINUTE, description: 'The source has too many bytes.' },
  IMAGE_TOO_LARGE: {
    status: 413,
    cacheControl: ONE_MINUTE,
    description: 'The source or the requested output has too many pixels, or a side too long for its format.',
  },
  RESULT_TOO_LARGE: {
    status: 413,
    cacheControl: ONE_MINUTE,
    description: 'The output exceeds the payload limit of API Gateway or the load balancer.',
  },
  SOURCE_UNSUPPORTED: {
    status: 415,
    cacheControl: ONE_MINUTE,
    description: 'The source is not an image of a supported format.',
  },
  IMAGE_CORRUPT: {
    status: 422,
    cacheControl: ONE_MINUTE,
    description: 'The source is corrupt: nothing of it can be decoded.',
  },
  RATE_LIMITED: {
    status: 429,
    cacheControl: NO_STORE,
    description: 'The key has exceeded its rate limit; `Retry-After` says when to try again.',
  },
  INTERNAL: {
    status: 500,
    cacheControl: NO_STORE,
    description: 'Internal error. The response gives no details; the log has them.',
  },
  SOURCE_UNAVAILABLE: {
    status: 502,
    cacheControl: NO_STORE,
    description:
      'The origin failed: a status without an image, other than 404 or 410, an unknown host name, no connection, or a truncated body.',
  },
  OVERLOADED: {
    status: 503,
    cacheControl: NO_STORE,
    description: 'Too many concurrent requests.',
    headers: { 'Retry-After': '1' },
  },
  SOURCE_TIMEOUT: {
    status: 504,
    cacheControl: NO_STORE,
    description: 'The origin was too slow, or the request reached its own deadline.',
  },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERRORS;

/** How long an error may be cached by what the response of its origin says. Times are milliseconds since 1970. */
export interface ErrorLifetime {
  readonly scope: 'public' | 'private' | 'none';
  /** End of its freshness lifetime; undefined: that of the table. */
  readonly expiresAt?: number | undefined;
  /** Time at which the origin is asked again; undefined: after the cache's own TTL for errors. */
  readonly heldUntil?: number | undefined;
  /** `Retry-After` of the origin, as a time. */
  readonly retryAt?: number | undefined;
}

/** An invalid parameter, in the `errors` of a problem document. */
export interface InvalidParameter {
  readonly parameter: string;
  readonly detail: string;
}

/** @deprecated `InvalidParameter` */
export type Fault = InvalidParameter;

/**
 * An error for the caller: `code` for programs, `message` for people, `cause` for the log only.
 * `statusCode` and `expose` are the names that `@middy/http-error-handler` and `http-errors` read.
 */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly expose = true;
  readonly code: ErrorCode;
  readonly statusCode: number;
  readonly errors: readonly InvalidParameter[] | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** Whether it may pass by itself; undefined: every 5xx may. */
  readonly transient: boolean | undefined;
  /** Undefined: that of the table. */
  readonly lifetime: ErrorLifetime | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    details: {
      cause?: unknown;
      errors?: readonly InvalidParameter[] | undefined;
      headers?: Readonly<Record<string, string>> | undefined;
      transient?: boolean | undefined;
      lifetime?: ErrorLifetime | undefined;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.statusCode = ERRORS[code].status;
    this.errors = details.errors;
    this.headers = details.headers;
    this.transient = details.transient;
    this.lifetime = details.lifetime;
  }
}

/** Returns the same error with a lifetime. */
export const withLifetime = (
  { code, message, cause, errors, headers, transient }: ImageError,
  lifetime: ErrorLifetime,
) => new ImageError(code, message, { cause, errors, headers, transient, lifetime });

/**
 * Whether an error is transient: a 5xx of the origin or of ours, or no answer. A stored image may be served instead
 * (stale-if-error; RFC 5861, 4). A 403 of the origin is a 502 of ours, but not transient.
 */
export const isTransient = (error: unknown): boolean =>
  error instanceof ImageError && (error.transient ?? error.statusCode >= 500);
/** @deprecated `isTransient` */
export const isPassing = isTransient;

/** An error of `http-errors`, `@middy/util` or another program that says itself that its text is public. */
interface ExposedError extends Error {
  readonly statusCode: number;
  /** Its own code, if it has one in capitals; system errors such as ENOENT are not exposed. */
  readonly code?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

function isExposed(error: unknown): error is ExposedError {
  const { expose, statusCode } = (error ?? {}) as { expose?: unknown; statusCode?: unknown };
  return error instanceof Error && expose === true && Number.isInteger(statusCode) && Number(statusCode) >= 400;
}

/** A problem document (RFC 9457, 3.1); `code` and `errors` are ours. */
export interface ProblemDocument {
  /** Our page on the code, which the local server serves; `about:blank` for the error of another middleware. */
  readonly type: string;
  readonly title: string | undefined;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Id of the request, as the log has it. */
  readonly instance?: string | undefined;
  readonly errors?: readonly InvalidParameter[];
}

/** Returns the code of an exposed error: its own, or one of its status. */
const codeOf = ({ code, statusCode }: ExposedError): string =>
  typeof code === 'string' && /^[A-Z][A-Z\d_]*$/.test(code) ? code : `HTTP_${statusCode}`;

/** Returns the URL of the page that explains a code. It is the same in every version. */
export const errorPage = (code: ErrorCode): string => `/docs/errors#${code.toLowerCase()}`;

/** Returns the id of a request as a URI: that of Lambda is a UUID (RFC 9562, 4). */
export const requestUri = (requestId: string): string =>
  /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(requestId)
    ? `urn:uuid:${requestId}`
    : encodeURIComponent(requestId);

/** The response to an error. */
export interface Problem {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly document: ProblemDocument;
}

/** Returns whole seconds from one time to another, at least 0. */
const secondsUntil = (time: number, now: number) => Math.max(0, Math.ceil((time - now) / 1000));

/** Returns the caching headers of an error: those of the table, within what its origin allows. */
function errorCacheHeaders(spec: ErrorSpec | undefined, lifetime: ErrorLifetime | undefined, now: number) {
  const cacheControl = spec?.cacheControl ?? NO_STORE;
  if (cacheControl === NO_STORE) {
    const retryAfter = secondsUntil(lifetime?.retryAt ?? now, now);
    return { 'Cache-Control': cacheControl, ...(retryAfter && { 'Retry-After': String(retryAfter) }) };
  }
  const { scope = 'public', expiresAt } = lifetime ?? {};
  if (scope === 'none') return { 'Cache-Control': NO_STORE };
  const maxAge = expiresAt === undefined ? MAX_ERROR_AGE : secondsUntil(expiresAt, now);
  return { 'Cache-Control': `${scope}, ${maxAge ? `max-age=${maxAge}` : 'no-cache'}` };
}

/**
 * Returns the response to any thrown value: status, caching and problem document. The text of an error that is not marked
 * as public never leaves: it becomes INTERNAL.
 *
 * @param now milliseconds since 1970
 */
export function problem(error: unknown, requestId?: string, now = Date.now()): Problem {
  const known =
    error instanceof ImageError || isExposed(error)
      ? error
      : new ImageError('INTERNAL', 'An internal error occurred. It has been logged.');
  const ours = known instanceof ImageError ? known : undefined;
  const spec: ErrorSpec | undefined = ours && ERRORS[ours.code];
  const { statusCode } = known;
  return {
    statusCode,
    headers: {
      'Content-Type': 'application/problem+json',
      ...errorCacheHeaders(spec, ours?.lifetime, now),
      ...spec?.headers,
      ...known.headers,
    },
    document: {
      type: ours ? errorPage(ours.code) : 'about:blank',
      title: STATUS_CODES[statusCode],
      status: statusCode,
      code: ours?.code ?? codeOf(known),
      detail: known.message,
      ...(requestId !== undefined && { instance: requestUri(requestId) }),
      ...(ours?.errors && { errors: ours.errors }),
    },
  };
}

/** An error as `@middy/http-error-handler` reads it: `message` becomes the body, `headers` are added. */
export interface MappedError extends Error {
  code: string;
  statusCode: number;
  expose: true;
  headers: Record<string, string>;
}

/** Returns a problem as an error that `@middy/http-error-handler` turns into its response. */
export const toMappedError = ({ statusCode, headers, document }: Problem, cause: unknown): MappedError =>
  Object.assign(new Error(JSON.stringify(document), { cause }), {
    code: document.code,
    statusCode,
    expose: true as const,
    headers,
  });

/** Returns any thrown value as an error that `@middy/http-error-handler` turns into its `problem`; the value is its `cause`. */
export const mapError = (error: unknown, requestId?: string): MappedError =>
  toMappedError(problem(error, requestId), error);

/** Returns the error of an image that is not ready before the deadline of its request. */
export const deadlineError = (details: { cause?: unknown } = {}) =>
  new ImageError('SOURCE_TIMEOUT', 'The image could not be rendered before the deadline.', details);
