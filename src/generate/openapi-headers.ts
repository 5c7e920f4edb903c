/** The headers of answers as openapi.json tells them: what each may hold, and which are on every answer. */
import { ERRORS, type ErrorCode, ImageError } from '../errors.ts';
import { hasFallback } from '../fallback.ts';
import { COMMON_HEADERS, OPTIONS_HEADERS } from '../http/headers.ts';
import type { ImageOptions } from '../options.ts';

/** Errors in whose place `default` can stand: their status then comes with a picture. */
export const FALLBACK_CODES = (Object.keys(ERRORS) as ErrorCode[]).filter((code) =>
  hasFallback({ default: '1', f: 'auto' } as ImageOptions, new ImageError(code, '')),
);

const text = (description: string, pattern: string) => ({ description, schema: { type: 'string', pattern } });
const count = (description: string, minimum: number, maximum?: number) => ({
  description,
  schema: { type: 'integer', minimum, ...(maximum && { maximum }) },
});
const oneOf = (description: string, members: readonly string[]) => ({
  description,
  schema: { type: 'string', enum: members },
});
const fixed = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      { required: true, schema: { type: 'string', const: value } },
    ]),
  );

/** By name; those that are `required` stand on every answer that lists them. */
export const HEADERS: Readonly<Record<string, object>> = {
  ...fixed(COMMON_HEADERS),
  ...fixed(OPTIONS_HEADERS),
  'Content-Length': count('Bytes of the body; of a HEAD, those that a GET would have.', 0),
  'Cache-Control': {
    required: true,
    ...text(
      'How long, and by whom, the answer may be kept (RFC 9111, RFC 5861).',
      '^(?:no-store|(?:public|private), (?:max-age=[0-9]+|no-cache)(?:, s-maxage=[0-9]+)?(?:, stale-while-revalidate=[0-9]+)?(?:, stale-if-error=[0-9]+)?)$',
    ),
  },
  Age: count('Seconds since the picture came from its origin.', 1),
  ETag: text('Of this version of the result.', '^W/"[A-Za-z0-9_-]{22}(?:\\.[A-Za-z0-9_-]+)?"$'),
  'Last-Modified': text('When the source last changed, as its origin says.', '^[A-Za-z0-9 ,:]{20,40}$'),
  Vary: oneOf('Where the `Accept` header took part in the choice of the format.', ['Accept']),
  'Cache-Tag': text(
    'By which a CDN can forget all pictures of one source, host or key.',
    '^u-[A-Za-z0-9_-]{16},h-[^,\\s]+(?:,k-[A-Za-z0-9_.-]+)?$',
  ),
  'Server-Timing': text(
    'Milliseconds by what they were spent on, and where the answer came from.',
    '^[a-zA-Z]+;(?:dur=[0-9]+\\.[0-9]|desc=[a-z]+)(?:, [a-zA-Z]+;(?:dur=[0-9]+\\.[0-9]|desc=[a-z]+))*$',
  ),
  'Content-Disposition': text(
    'With `dl` or `filename`: the name to save under.',
    '^(?:inline|attachment); filename="[A-Za-z0-9._-]+"$',
  ),
  'Pixgate-Frames-Of': count('Frames of the source, where a limit left some out.', 2),
  'Pixgate-Encoder': oneOf('How the bytes came about, where they would have been more than the source has.', [
    'palette',
    'effort',
    'quality',
    'source',
  ]),
  'Pixgate-Quality': count('The quality that was taken, where it was not the asked one.', 1, 100),
  'Pixgate-Degraded': text('What was left out for want of time.', '^(?:format|effort|frames)(?:, (?:effort|frames))*$'),
  'Pixgate-Fallback': oneOf('The error in whose place this picture stands, asked for by `default`.', FALLBACK_CODES),
  'WWW-Authenticate': {
    required: true,
    ...oneOf('RFC 9110, 11.6.1.', [ERRORS.UNAUTHORIZED.headers['WWW-Authenticate']]),
  },
  'Retry-After': { required: true, ...count('Seconds until it is worth to try again.', 1) },
};

const CONTENT = [
  'Content-Length',
  'Content-Disposition',
  'Pixgate-Frames-Of',
  'Pixgate-Encoder',
  'Pixgate-Quality',
  'Pixgate-Degraded',
];
const VERSION = ['Cache-Control', 'Age', 'ETag', 'Last-Modified', 'Vary', 'Cache-Tag', 'Server-Timing'];

/** Names of the headers of each kind of answer, beside those of every answer. */
export const KINDS = {
  picture: [...CONTENT, ...VERSION, 'Pixgate-Fallback'],
  unchanged: VERSION,
  /** A picture in the place of one, under the status of the error. */
  fallback: [...CONTENT, 'Cache-Control', 'Vary', 'Pixgate-Fallback'],
  problem: ['Content-Length'],
  options: Object.keys(OPTIONS_HEADERS),
} as const;

/** References to headers, and to those of every answer. */
export const refer = (names: readonly string[]): Record<string, object> =>
  Object.fromEntries(
    [...Object.keys(COMMON_HEADERS), ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
