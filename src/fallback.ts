/** What is shown in the place of a picture that cannot be had. Pure. */
import type { ErrorCode, ImageError } from './errors.ts';
import { toColour } from './image/colour.ts';
import type { ImageOptions } from './options.ts';

/** Why there is no picture. What the caller did wrong, and what is our own fault, is no cause: those stay errors. */
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
 * Whether an error's place is taken by `default`. Facts about a picture (`f=json`) are for programs, which want the error.
 *
 * @param options a validated query
 */
export function hasFallback({ default: fallback, defaultfor, f }: ImageOptions, { code }: ImageError): boolean {
  const cause = CAUSES[code];
  if (fallback === undefined || cause === undefined || f === 'json') return false;
  return defaultfor === undefined || defaultfor.split(',').includes(cause);
}

/** The same request for the other picture. It has no fallback of its own. */
export function fallbackRequest(options: ImageOptions): ImageOptions {
  const { default: u = '', defaultfor: _, ...rest } = options;
  return { ...rest, u };
}

/**
 * A minute where the origin has spoken, ten seconds where it failed: it may be back at any moment. Never longer than the
 * picture that is shown may be kept, nor by more than who may keep that.
 */
export function fallbackHeaders(
  { code, statusCode }: ImageError,
  { scope, maxAge }: { scope: string; maxAge: number },
  negotiated: boolean,
): Record<string, string> {
  const age = Math.min(statusCode < 500 ? 60 : 10, maxAge);
  return {
    'Cache-Control': scope === 'none' ? 'no-store' : `${scope}, max-age=${age}`,
    'Pixgate-Fallback': code,
    ...(negotiated && { Vary: 'Accept' }),
  };
}

const LIGHT_GREY = 'ffe0e0e0';
/** CSS 2.2, 10.3.2: the size of what has none. */
const UNKNOWN = { w: 300, h: 150 };

const pixels = (length: number | string | undefined) => (typeof length === 'number' ? length : undefined);

/** What of a query a box follows, beside its size: format, quality and shape. */
const INHERITED_PARAMS = ['dpr', 'f', 'q', 'll', 'il', 'l', 'af', 'r', 'mask', 'mbg', 'mtrim', 'encoding'] as const;

/** One pixel of the box's colour, and the query by which it becomes the box. */
export function placeholder(options: ImageOptions): {
  pixel: { r: number; g: number; b: number };
  options: ImageOptions;
} {
  const { ar = '1:1', bg = LIGHT_GREY } = options;
  const [x = 1, y = 1] = ar.split(':').map(Number);
  const [w, h] = [pixels(options.w), pixels(options.h)];
  const side = (length: number) => Math.max(1, Math.round(length));
  const size =
    w === undefined && h === undefined
      ? UNKNOWN
      : { w: w ?? side((Number(h) * x) / y), h: h ?? side((Number(w) * y) / x) };
  const followed = Object.fromEntries(
    Object.entries(options).filter(([name]) => INHERITED_PARAMS.includes(name as 'f')),
  );
  const plain = { a: 'center', we: false, precrop: false, ro: 0, flip: false, flop: false, n: -1 } as const;
  const query = { ...plain, u: '', meta: 'none', dl: false, explain: false, ...followed, ...size, fit: 'fill' };
  return { pixel: toColour(bg), options: query as unknown as ImageOptions };
}
