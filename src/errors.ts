/**
 * The one class of errors that a caller may see, the one table of what each code means in HTTP, and the problem document.
 * Anything that is not an ImageError is a bug and leaves as INTERNAL.
 */
// Not imported: see connect.ts.
const { STATUS_CODES } = process.getBuiltinModule('node:http');

interface ErrorSpec {
  readonly status: number;
  readonly cacheControl: string;
  /** One line for the README's table. */
  readonly description: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const ONE_MINUTE = 'public, max-age=60';
const NO_STORE = 'no-store';

/** Code → status and caching. A fault of the address or the picture may be cached for a minute; a fault that can pass, not at all. */
export const ERRORS = {
  QUERY_INVALID: {
    status: 400,
    cacheControl: ONE_MINUTE,
    description: 'A parameter is missing, malformed, repeated, unknown or out of range; `u` is no http(s) address.',
  },
  UNAUTHORIZED: {
    status: 401,
    cacheControl: NO_STORE,
    description: 'The API key is missing or wrong.',
    headers: { 'WWW-Authenticate': 'Bearer realm="pixgate"' },
  },
  SIGNATURE_INVALID: {
    status: 401,
    cacheControl: NO_STORE,
    description: 'The signature does not fit the address, or `exp` is missing or too far ahead.',
    headers: { 'WWW-Authenticate': 'Bearer realm="pixgate"' },
  },
  SIGNATURE_EXPIRED: {
    status: 401,
    cacheControl: NO_STORE,
    description: 'The time in `exp` is over.',
    headers: { 'WWW-Authenticate': 'Bearer realm="pixgate"' },
  },
  SOURCE_FORBIDDEN: {
    status: 403,
    cacheControl: NO_STORE,
    description:
      '`u` is an address that may not be fetched: not public, not on the list of this deployment, or a port other than 80 and 443.',
  },
  POLICY_FORBIDDEN: {
    status: 403,
    cacheControl: NO_STORE,
    description: 'The key is good, and may not do this; `detail` names the rule.',
  },
  SOURCE_NOT_FOUND: { status: 404, cacheControl: ONE_MINUTE, description: 'The origin says 404 or 410.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    cacheControl: NO_STORE,
    description: 'A method other than GET, HEAD, OPTIONS.',
    headers: { Allow: 'GET, HEAD, OPTIONS' },
  },
  SOURCE_TOO_LARGE: { status: 413, cacheControl: ONE_MINUTE, description: 'The source has too many bytes.' },
  IMAGE_TOO_LARGE: {
    status: 413,
    cacheControl: ONE_MINUTE,
    description: 'The picture or the asked result has too many pixels, or sides too long for its format.',
  },
  RESULT_TOO_LARGE: {
    status: 413,
    cacheControl: ONE_MINUTE,
    description: 'The result has too many bytes for one reply of this API or load balancer.',
  },
  SOURCE_UNSUPPORTED: {
    status: 415,
    cacheControl: ONE_MINUTE,
    description: 'The source is not a picture that is read here.',
  },
  IMAGE_CORRUPT: { status: 422, cacheControl: ONE_MINUTE, description: 'The picture does not decode.' },
  RATE_LIMITED: {
    status: 429,
    cacheControl: NO_STORE,
    description: 'The key has been used too often; `Retry-After` tells when it may be again.',
  },
  INTERNAL: { status: 500, cacheControl: NO_STORE, description: 'A fault of ours. Nothing leaks; the log has it.' },
  SOURCE_UNAVAILABLE: {
    status: 502,
    cacheControl: NO_STORE,
    description: 'The origin failed: another status, no such name, no connection, or a body cut short.',
  },
  OVERLOADED: {
    status: 503,
    cacheControl: NO_STORE,
    description: 'Too many requests are in work at once.',
    headers: { 'Retry-After': '1' },
  },
  SOURCE_TIMEOUT: {
    status: 504,
    cacheControl: NO_STORE,
    description: 'The origin was too slow, or our own deadline came.',
  },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERRORS;

/** One fault of one parameter, as it stands in the `errors` list of a problem document. */
export interface InvalidParameter {
  readonly parameter: string;
  readonly detail: string;
}

/** @deprecated `InvalidParameter` */
export type Fault = InvalidParameter;

/**
 * An error that is an answer: `code` for programs, `message` for the caller, `cause` for the log only.
 * `statusCode` and `expose` are the names that `@middy/http-error-handler` and `http-errors` read.
 */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly expose = true;
  readonly code: ErrorCode;
  readonly statusCode: number;
  readonly errors: readonly InvalidParameter[] | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    details: { cause?: unknown; errors?: readonly InvalidParameter[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.statusCode = ERRORS[code].status;
    this.errors = details.errors;
    this.headers = details.headers;
  }
}

/** An error that says nothing of the picture: there may be one again. */
export const isTransient = (error: unknown): boolean => error instanceof ImageError && error.statusCode >= 500;
/** @deprecated `isTransient` */
export const isPassing = isTransient;

/** What `@middy/http-error-handler` reads of an error: it answers with `message` as body, and `headers` on top. */
export interface MappedError extends Error {
  code: string;
  statusCode: number;
  expose: true;
  headers: Record<string, string>;
}

/** An error of `http-errors`, `@middy/util` or another middleware that says itself that its text is public. */
function isExposed(error: unknown): error is Error & { statusCode: number } {
  const { expose, statusCode } = (error ?? {}) as { expose?: unknown; statusCode?: unknown };
  return error instanceof Error && expose === true && Number.isInteger(statusCode) && Number(statusCode) >= 400;
}

/** Any thrown value → the error that is answered: status, code, caching, and a problem document (RFC 9457) as message. */
export function mapError(error: unknown): MappedError {
  const known =
    error instanceof ImageError || isExposed(error)
      ? error
      : new ImageError('INTERNAL', 'Something went wrong here. It has been logged.');
  const ours = known instanceof ImageError ? known : undefined;
  const row: ErrorSpec | undefined = ours && ERRORS[ours.code];
  const status = known.statusCode;
  const code = ours?.code ?? `HTTP_${status}`;
  const document = {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    code,
    detail: known.message,
    ...(ours?.errors && { errors: ours.errors }),
  };
  return Object.assign(new Error(JSON.stringify(document), { cause: error }), {
    code,
    statusCode: status,
    expose: true as const,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': row?.cacheControl ?? NO_STORE,
      ...row?.headers,
      ...ours?.headers,
    },
  });
}
