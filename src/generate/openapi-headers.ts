/** Defines the response headers of openapi.json: their schemas, and which responses have them. */
import { ERRORS, type ErrorCode, ImageError } from '../errors.ts';
import { hasFallback } from '../fallback.ts';
import { COMMON_HEADERS, OPTIONS_HEADERS } from '../http/headers.ts';
import type { ImageOptions } from '../options.ts';

/** Codes of the errors for which `default` gives a fallback image. */
export const FALLBACK_CODES = (Object.keys(ERRORS) as ErrorCode[]).filter((code) =>
  hasFallback({ default: '1', f: 'auto' } as ImageOptions, new ImageError(code, '')),
);

const pattern = (description: string, regex: string) => ({
  description,
  schema: { type: 'string', pattern: regex },
});
const integer = (description: string, minimum: number, maximum?: number) => ({
  description,
  schema: { type: 'integer', minimum, ...(maximum && { maximum }) },
});
const oneOf = (description: string, members: readonly string[]) => ({
  description,
  schema: { type: 'string', enum: members },
});
const constants = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      { required: true, schema: { type: 'string', const: value } },
    ]),
  );

/** Headers by name. A `required` one is on every response that lists it. */
export const HEADERS: Readonly<Record<string, object>> = {
  ...constants(COMMON_HEADERS),
  ...constants(OPTIONS_HEADERS),
  'Content-Length': integer('Bytes of the body; for HEAD, those of the GET response.', 0),
  'Cache-Control': {
    required: true,
    ...pattern(
      'The freshness lifetime, and who may store the response (RFC 9111, RFC 5861).',
      '^(?:no-store|(?:public|private), (?:max-age=[0-9]+|no-cache)(?:, s-maxage=[0-9]+)?(?:, (?:must|proxy)-revalidate)?(?:, stale-while-revalidate=[0-9]+)?(?:, stale-if-error=[0-9]+)?)$',
    ),
  },
  Age: integer('Seconds since the origin sent the source (RFC 9111, 5.1).', 1),
  Date: pattern(
    'The time at which the response was generated: with `Age`, that of the source.',
    '^[A-Za-z0-9 ,:]{29}$',
  ),
  ETag: pattern('The weak entity tag of this output.', '^W/"[A-Za-z0-9_-]{22}(?:\\.[A-Za-z0-9_-]+)?"$'),
  'Last-Modified': pattern("The origin's `Last-Modified` of the source.", '^[A-Za-z0-9 ,:]{20,40}$'),
  Vary: oneOf(
    'The request headers by which the output was negotiated: its format by `Accept`, its quality by `Save-Data`.',
    ['Accept', 'Accept, Save-Data', 'Save-Data'],
  ),
  'Cache-Tag': pattern(
    'Tags by which a CDN purges all images of a source, a host or an API key.',
    '^u-[A-Za-z0-9_-]{16},h-[^,\\s]+(?:,k-[A-Za-z0-9_.-]+)?$',
  ),
  'Server-Timing': pattern(
    'Milliseconds of each step, and the cache status.',
    '^[a-zA-Z]+;(?:dur=[0-9]+\\.[0-9]|desc=[a-z]+)(?:, [a-zA-Z]+;(?:dur=[0-9]+\\.[0-9]|desc=[a-z]+))*$',
  ),
  'Content-Disposition': pattern(
    'With `dl` or `filename`: the file name for saving.',
    '^(?:inline|attachment); filename="[A-Za-z0-9._-]+"$',
  ),
  'Pixgate-Frames-Of': integer(
    'Number of frames of the source, if the output has fewer: a limit removed some, or the decoder reads only one (AVIF).',
    2,
  ),
  'Pixgate-Encoder': oneOf('The method that kept the output no larger than the source, if it would have been larger.', [
    'quality',
    'source',
  ]),
  'Pixgate-Quality': integer('The quality used, if it is not the requested one.', 1, 100),
  'Pixgate-HDR': oneOf('With `hdr=keep`: whether the output has the gain map of its source, or why not.', [
    'gain-map',
    'sdr=source',
    'sdr=format',
    'sdr=operation',
    'sdr=colours',
    'sdr=bytes',
  ]),
  'Pixgate-Source': oneOf('Present if the source ends early: the image has what is there of it.', ['truncated']),
  'Pixgate-Degraded': pattern(
    'Steps reduced to meet the deadline.',
    '^(?:format|effort|frames|bytes)(?:, (?:effort|frames|bytes))*$',
  ),
  'Pixgate-SVG': pattern(
    'What of an SVG is not drawn: `stripped`, what a browser does not load or run in an image either; `unsupported`, what only a browser draws.',
    '^(?:stripped=[a-z-]+(?:,[a-z-]+)*)?(?:(?:; |^)unsupported=[a-z-]+(?:,[a-z-]+)*)?$',
  ),
  'Pixgate-Fallback': oneOf('The error instead of which `default` returned this fallback image.', FALLBACK_CODES),
  'WWW-Authenticate': {
    required: true,
    ...oneOf('The authentication scheme (RFC 9110, 11.6.1).', [ERRORS.UNAUTHORIZED.headers['WWW-Authenticate']]),
  },
  'Retry-After': { required: true, ...integer('Seconds until a retry may succeed (RFC 9110, 10.2.3).', 1) },
};

const CONTENT = [
  'Content-Length',
  'Content-Disposition',
  'Pixgate-Frames-Of',
  'Pixgate-Encoder',
  'Pixgate-Quality',
  'Pixgate-HDR',
  'Pixgate-Source',
  'Pixgate-Degraded',
  'Pixgate-SVG',
];
const CACHING = ['Cache-Control', 'Age', 'Date', 'ETag', 'Last-Modified', 'Vary', 'Cache-Tag', 'Server-Timing'];

/** Names of the headers of each kind of response, without those of every response. */
export const HEADERS_BY_RESPONSE = {
  image: [...CONTENT, ...CACHING, 'Pixgate-Fallback'],
  notModified: CACHING,
  /** A fallback image, with the status of the error. */
  fallback: [...CONTENT, 'Cache-Control', 'Vary', 'Pixgate-Fallback'],
  problem: ['Content-Length'],
  options: Object.keys(OPTIONS_HEADERS),
} as const;

/** Returns references to these headers, and to those of every response. */
export const headerRefs = (names: readonly string[]): Record<string, object> =>
  Object.fromEntries(
    [...Object.keys(COMMON_HEADERS), ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
