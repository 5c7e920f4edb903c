/** Generates the responses of openapi.json from the table of errors. */
import { STATUS_CODES } from 'node:http';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { MEDIA_TYPES } from '../image/encode.ts';
import { SOURCE_FORMATS } from '../image/formats/source-formats.ts';
import { FALLBACK_CODES, HEADERS_BY_RESPONSE, headerRefs } from './openapi-headers.ts';

const integer = (minimum: number) => ({ type: 'integer', minimum });
const string = { type: 'string' };
const boolean = { type: 'boolean' };
const object = (properties: Record<string, object>, optional: readonly string[] = []) => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});
const size = { width: integer(1), height: integer(1) };
const rect = { left: { type: 'integer' }, top: { type: 'integer' }, ...size };

const PLAN = object(
  {
    ...size,
    format: { type: 'string', enum: Object.keys(MEDIA_TYPES) },
    page: integer(0),
    pages: integer(1),
    quarters: { type: 'integer', minimum: 0, maximum: 3 },
    before: object(rect),
    scaled: object(size),
    cover: object({ ...rect, strategy: { type: 'string', enum: ['entropy', 'attention'] } }, [
      'left',
      'top',
      'strategy',
    ]),
    contain: object(rect),
    after: object(rect),
    angle: { type: 'number' },
    border: object(rect),
    opaque: boolean,
    query: { ...string, description: 'The normalized query, part of the cache key.' },
  },
  ['before', 'cover', 'contain', 'after', 'border'],
);

const SOURCE_FORMAT = { type: 'string', enum: Object.keys(SOURCE_FORMATS) };
const FORMAT = object(
  {
    format: SOURCE_FORMAT,
    types: { type: 'array', minItems: 1, items: string, description: 'Media types.' },
    enabled: boolean,
    setting: { ...string, description: 'The setting that switches it; absent: it is always read.' },
    decoder: string,
    licence: { ...string, description: 'The licence of the decoder.' },
    msPerMegapixel: { ...integer(1), description: 'Maximum CPU milliseconds per megapixel to decode.' },
  },
  ['setting', 'msPerMegapixel'],
);

const INFO = object(
  {
    format: SOURCE_FORMAT,
    bytes: integer(1),
    ...size,
    orientation: {
      type: 'integer',
      minimum: 1,
      maximum: 8,
      description: 'The EXIF orientation. Width and height are those of the upright image.',
    },
    pages: integer(1),
    primaryPage: { ...integer(0), description: 'Of an AVIF: the index of the image that is shown without `page`.' },
    delay: { type: 'array', items: integer(0), description: 'Duration of each frame in milliseconds.' },
    loop: integer(0),
    alpha: boolean,
    channels: integer(1),
    space: string,
    depth: string,
    density: { type: 'number', minimum: 0 },
    progressive: boolean,
    subsampling: { ...string, description: 'Of the chroma, such as `4:2:0`.' },
    paletteBits: { ...integer(1), description: 'Bits of each index, of an image with a palette.' },
    profile: boolean,
    gainMap: { ...object(size), description: 'The HDR gain map of a JPEG, as it is stored.' },
    truncated: { ...boolean, description: 'Present if the file ends early.' },
    exif: { ...string, contentEncoding: 'base64', description: 'The EXIF block, with `meta=keep`.' },
    supported: { type: 'array', items: SOURCE_FORMAT, description: 'The formats that this deployment reads.' },
    formats: { type: 'array', items: FORMAT, description: 'With `explain`: all formats.' },
    plan: { $ref: '#/components/schemas/Plan' },
  },
  [
    'primaryPage',
    'delay',
    'loop',
    'space',
    'depth',
    'density',
    'progressive',
    'subsampling',
    'paletteBits',
    'profile',
    'gainMap',
    'truncated',
    'exif',
    'formats',
    'plan',
  ],
);

const INVALID_PARAMETER = object({ parameter: string, detail: string });
const PROBLEM = object(
  {
    type: {
      type: 'string',
      format: 'uri-reference',
      description: 'The page that explains `code`; the local server serves it.',
    },
    title: string,
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: {
      type: 'string',
      enum: Object.keys(ERRORS),
      description: 'The error code, for programs. It is stable; `title` and `detail` are not.',
    },
    detail: { ...string, description: 'A sentence for people.' },
    instance: { type: 'string', format: 'uri-reference', description: 'The id of the request, as the log has it.' },
    errors: {
      type: 'array',
      minItems: 1,
      items: { $ref: '#/components/schemas/Fault' },
      description: 'Each invalid parameter, once.',
    },
  },
  ['instance', 'errors'],
);

export const RESPONSE_SCHEMAS = { Problem: PROBLEM, Fault: INVALID_PARAMETER, Facts: INFO, Plan: PLAN };

const imageContent = {
  ...Object.fromEntries(Object.values(MEDIA_TYPES).map((type) => [type, { schema: { ...string, format: 'binary' } }])),
  'text/plain': { schema: string },
};

/** Returns the schema of a problem with this status: only its codes are allowed. */
function problemSchema(status: number, codes: readonly ErrorCode[]) {
  const properties = {
    title: { const: STATUS_CODES[status] },
    status: { const: status },
    code: { enum: codes },
  };
  const required = codes.includes('QUERY_INVALID') && { required: ['errors'] };
  return { allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', ...required, properties }] };
}

/** What the origin's response forbids or allows changes the caching of an error, if the table has it cached at all. */
const cacheControlSchema = (values: readonly string[]) =>
  values.every((value) => value === 'no-store')
    ? { type: 'string', const: 'no-store' }
    : { type: 'string', pattern: '^(?:no-store|(?:public|private), (?:max-age=[0-9]+|no-cache))$' };

const ORIGIN_RETRY_AFTER = {
  description: "The origin's `Retry-After` in seconds, at most five minutes.",
  schema: { ...integer(1), maximum: 300 },
};

const isOfOrigin = (code: ErrorCode) => code === 'SOURCE_UNAVAILABLE' || code === 'SOURCE_TIMEOUT';

function problemResponse(status: number, codes: readonly ErrorCode[]) {
  const rows = codes.map((code) => ERRORS[code]);
  const hasFallback = codes.some((code) => FALLBACK_CODES.includes(code));
  const errorHeaders = rows.flatMap((row) => ('headers' in row ? Object.keys(row.headers) : []));
  const cacheControl = { required: true, schema: cacheControlSchema(rows.map((row) => row.cacheControl)) };
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].description}`).join(' '),
    headers: {
      'Cache-Control': cacheControl,
      ...headerRefs([
        ...HEADERS_BY_RESPONSE.problem,
        ...errorHeaders,
        ...(status === 429 ? ['Retry-After'] : []),
        ...(status === 413 ? ['Vary'] : []),
      ]),
      ...(hasFallback && headerRefs(HEADERS_BY_RESPONSE.fallback)),
      ...(status > 500 && codes.some(isOfOrigin) && { 'Retry-After': ORIGIN_RETRY_AFTER }),
    },
    content: {
      'application/problem+json': { schema: problemSchema(status, codes) },
      ...(hasFallback && imageContent),
    },
  };
}

const problems = Object.entries(Object.groupBy(Object.keys(ERRORS) as ErrorCode[], (code) => ERRORS[code].status)).map(
  ([status, codes = []]) => [status, problemResponse(Number(status), codes)] as const,
);

export function getResponses(): Record<string, { description: string; headers: object; content?: object }> {
  return {
    200: {
      description:
        'The image, its metadata or a placeholder. With `encoding=base64`, and for `f=lqip`, `blurhash`, `thumbhash` and `color`, it is text.',
      headers: headerRefs(HEADERS_BY_RESPONSE.image),
      content: { ...imageContent, 'application/json': { schema: { $ref: '#/components/schemas/Facts' } } },
    },
    304: {
      description: 'The stored response of the client is still valid.',
      headers: headerRefs(HEADERS_BY_RESPONSE.notModified),
    },
    ...Object.fromEntries(problems),
  };
}

/** Returns the responses of GET, without bodies. */
export const headResponses = () =>
  Object.fromEntries(
    Object.entries(getResponses()).map(([status, { content: _, ...response }]) => [status, response] as const),
  );

export const optionsResponses = () => ({
  204: {
    description: 'The allowed methods, and the CORS headers of a preflight.',
    headers: headerRefs(HEADERS_BY_RESPONSE.options),
  },
  500: problemResponse(500, ['INTERNAL']),
});
