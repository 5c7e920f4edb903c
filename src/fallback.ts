/** Decides what is shown instead of an image that failed (`default`, `defaultfor`), and makes the response of it. */
import { type DerivedQuery, deriveQuery, variesOnAccept, varyOf } from './cache/key.ts';
import type { CachedResponse, ImageRequest } from './cache/response.ts';
import { type ErrorCode, ImageError, MAX_ERROR_AGE } from './errors.ts';
import type { ImageResponse } from './http/event.ts';
import { type Freshness, strictestScope } from './http/freshness.ts';
import { contentHeaders } from './http/headers.ts';
import { type Colour, toColour } from './image/colour.ts';
import { MARK_PARAMS } from './image/mark.ts';
import { DEFAULTS, type ImageOptions } from './options.ts';

/** Values of `defaultfor` by error code. An invalid request and an internal error have no fallback. */
const CAUSES: Readonly<Partial<Record<ErrorCode, string>>> = {
  SOURCE_NOT_FOUND: 'not-found',
  SOURCE_TIMEOUT: 'timeout',
  SOURCE_UNAVAILABLE: 'timeout',
  SOURCE_UNSUPPORTED: 'unsupported',
  SOURCE_TOO_LARGE: 'unsupported',
  IMAGE_CORRUPT: 'unsupported',
  IMAGE_TOO_LARGE: 'unsupported',
};

/**
 * Whether the request has a fallback for this error. Metadata (`f=json`) is for programs, which need the error.
 *
 * @param options a validated query
 */
export function hasFallback({ default: fallback, defaultfor, f }: ImageOptions, { code }: ImageError): boolean {
  const cause = CAUSES[code];
  if (fallback === undefined || cause === undefined || f === 'json') return false;
  return defaultfor === undefined || defaultfor.split(',').includes(cause);
}

/** The same query for the image that `default` names, without a fallback of its own. */
export function fallbackOptions(options: ImageOptions): ImageOptions {
  const { default: u = '', defaultfor: _, ...rest } = options;
  return { ...rest, u };
}

/**
 * Caching of a fallback: as that of the error; ten seconds if the origin failed, since it may recover at any moment. Never
 * longer or in more caches than the image that is shown allows.
 *
 * @param now milliseconds since 1970
 */
export function fallbackHeaders(
  { code, statusCode, lifetime }: ImageError,
  image: Pick<Freshness, 'scope' | 'maxAge' | 'age'>,
  vary: string | undefined,
  now: number,
): Record<string, string> {
  const isTransient = statusCode >= 500;
  const { scope: errorScope = 'public', expiresAt = now + (isTransient ? 10 : MAX_ERROR_AGE) * 1000 } =
    isTransient || !lifetime ? {} : lifetime;
  const scope = strictestScope(image.scope, errorScope);
  const maxAge = Math.max(0, Math.min(Math.ceil((expiresAt - now) / 1000), image.maxAge - image.age));
  return {
    'Cache-Control': scope === 'none' ? 'no-store' : `${scope}, ${maxAge ? `max-age=${maxAge}` : 'no-cache'}`,
    'Pixgate-Fallback': code,
    ...(vary && { Vary: vary }),
  };
}

const LIGHT_GREY = 'ffe0e0e0';
/** CSS 2.2, 10.3.2: the size of replaced content without one. */
const DEFAULT_SIZE = { w: 300, h: 150 };

const pixels = (length: number | string | undefined) => (typeof length === 'number' ? length : undefined);

/** Parameters that the box takes over, beside its size: format, quality, shape, padding and mark. */
const INHERITED_PARAMS: readonly string[] = [
  ...['dpr', 'f', 'q', 'll', 'il', 'l', 'af', 'r', 'mask', 'mbg', 'mtrim', 'pad', 'cbg', 'encoding', 'mark'],
  ...MARK_PARAMS,
];

/** Returns the box for `default=1`: its colour, and the query that enlarges a pixel of that colour to it. */
export function placeholder(options: ImageOptions): { pixel: Colour; options: ImageOptions } {
  const { ar = '1:1', bg = LIGHT_GREY } = options;
  const [x = 1, y = 1] = ar.split(':').map(Number);
  const [w, h] = [pixels(options.w), pixels(options.h)];
  const side = (length: number) => Math.max(1, Math.round(length));
  const size =
    w === undefined && h === undefined
      ? DEFAULT_SIZE
      : { w: w ?? side((Number(h) * x) / y), h: h ?? side((Number(w) * y) / x) };
  const inherited: Partial<ImageOptions> = Object.fromEntries(
    Object.entries(options).filter(([name]) => INHERITED_PARAMS.includes(name)),
  );
  return { pixel: toColour(bg), options: { ...DEFAULTS, ...inherited, ...size, u: '', fit: 'fill' } };
}

/** Where fallbacks come from: the image service. */
interface Images {
  readonly get: (request: ImageRequest, signal: AbortSignal) => Promise<CachedResponse>;
  readonly getPlaceholder: (request: ImageRequest, signal: AbortSignal) => Promise<CachedResponse>;
}

/**
 * Returns the response with the fallback of a request.
 *
 * @param status `source`: that of the error; `200`
 * @throws the error, if the request has no fallback for it or that fails too
 */
export async function respondWithFallback(
  error: unknown,
  request: ImageRequest,
  images: Images,
  { signal, status }: { readonly signal: AbortSignal; readonly status: string },
): Promise<ImageResponse> {
  const { options } = request.query;
  if (!(error instanceof ImageError)) throw error;
  if (!hasFallback(options, error) || signal.aborted) throw withVary(error, options);
  // The client's conditional headers are about the requested image.
  const unconditional = { ...request, ifNoneMatch: undefined, ifModifiedSince: undefined };
  const response = await getFallback(unconditional, images, signal).catch((second: unknown) => {
    if (second instanceof ImageError) return undefined;
    throw second;
  });
  if (!response?.image) throw withVary(error, options);
  const { image, freshness } = response;
  return {
    statusCode: status === '200' ? 200 : error.statusCode,
    headers: {
      ...contentHeaders(image, { filename: options.filename, download: options.dl }),
      ...fallbackHeaders(error, freshness, varyOf(request.query), Date.now()),
    },
    body: image.data,
  };
}

function getFallback(request: ImageRequest, images: Images, signal: AbortSignal): Promise<CachedResponse> {
  const { options, mark } = request.query;
  if (options.default === '1') return images.getPlaceholder(request, signal);
  const query: DerivedQuery = deriveQuery(fallbackOptions(options), mark);
  return images.get({ ...request, query }, signal);
}

/** Adds `Vary` where whether the image is too large can depend on its format, and so on `Accept`. */
const withVary = (error: ImageError, options: ImageOptions): ImageError =>
  error.code === 'IMAGE_TOO_LARGE' && variesOnAccept(options)
    ? new ImageError(error.code, error.message, { cause: error.cause, headers: { Vary: 'Accept' } })
    : error;
