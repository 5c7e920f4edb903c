/** The answers as openapi.json tells them, made from the table of errors. */
import { STATUS_CODES } from 'node:http';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { MEDIA_TYPES } from '../image/encode.ts';
import { FALLBACK_CODES, KINDS, refer } from './openapi-headers.ts';

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
    opaque: boolean,
    query: { ...string, description: 'The one spelling of the request, by which results are remembered.' },
  },
  ['before', 'cover', 'contain', 'after'],
);

const FACTS = object(
  {
    format: { type: 'string', enum: ['jpeg', 'png', 'webp', 'gif', 'avif', 'svg', 'tiff'] },
    bytes: integer(1),
    ...size,
    orientation: { type: 'integer', minimum: 1, maximum: 8, description: 'That of EXIF; the sides are upright ones.' },
    pages: integer(1),
    delay: { type: 'array', items: integer(0), description: 'Milliseconds of each frame.' },
    loop: integer(0),
    alpha: boolean,
    channels: integer(1),
    space: string,
    depth: string,
    density: { type: 'number', minimum: 0 },
    progressive: boolean,
    profile: boolean,
    exif: { ...string, contentEncoding: 'base64', description: 'With `meta=keep`.' },
    plan: { $ref: '#/components/schemas/Plan' },
  },
  ['delay', 'loop', 'space', 'depth', 'density', 'progressive', 'profile', 'exif', 'plan'],
);

const FAULT = object({ parameter: string, detail: string });
const PROBLEM = object(
  {
    type: { type: 'string', const: 'about:blank' },
    title: string,
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', enum: Object.keys(ERRORS), description: 'What programs branch on.' },
    detail: { ...string, description: 'For people.' },
    errors: {
      type: 'array',
      minItems: 1,
      items: { $ref: '#/components/schemas/Fault' },
      description: 'Every faulty parameter, once.',
    },
  },
  ['errors'],
);

export const RESPONSE_SCHEMAS = { Problem: PROBLEM, Fault: FAULT, Facts: FACTS, Plan: PLAN };

const pictures = {
  ...Object.fromEntries(Object.values(MEDIA_TYPES).map((type) => [type, { schema: { ...string, format: 'binary' } }])),
  'text/plain': { schema: string },
};

/** The document of one status: its codes only. */
function problem(status: number, codes: readonly ErrorCode[]) {
  const own = {
    title: { const: STATUS_CODES[status] },
    status: { const: status },
    code: { enum: codes },
  };
  const listed = codes.includes('QUERY_INVALID') && { required: ['errors'] };
  return { allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', ...listed, properties: own }] };
}

function problemResponse(status: number, codes: readonly ErrorCode[]) {
  const rows = codes.map((code) => ERRORS[code]);
  const covered = codes.some((code) => FALLBACK_CODES.includes(code));
  const own = rows.flatMap((row) => ('headers' in row ? Object.keys(row.headers) : []));
  const kept = { required: true, schema: { type: 'string', enum: [...new Set(rows.map((row) => row.cacheControl))] } };
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].description}`).join(' '),
    headers: {
      'Cache-Control': kept,
      ...refer([
        ...KINDS.problem,
        ...own,
        ...(status === 429 ? ['Retry-After'] : []),
        ...(status === 413 ? ['Vary'] : []),
      ]),
      ...(covered && refer(KINDS.fallback)),
    },
    content: {
      'application/problem+json': { schema: problem(status, codes) },
      ...(covered && pictures),
    },
  };
}

const problems = Object.entries(Object.groupBy(Object.keys(ERRORS) as ErrorCode[], (code) => ERRORS[code].status)).map(
  ([status, codes = []]) => [status, problemResponse(Number(status), codes)] as const,
);

export function getResponses(): Record<string, { description: string; headers: object; content?: object }> {
  return {
    200: {
      description: 'The picture, or what was asked about it. With `encoding=base64`, `lqip` and the like it is text.',
      headers: refer(KINDS.picture),
      content: { ...pictures, 'application/json': { schema: { $ref: '#/components/schemas/Facts' } } },
    },
    304: { description: "The caller's copy is still good.", headers: refer(KINDS.unchanged) },
    ...Object.fromEntries(problems),
  };
}

/** Those of a GET, without a body. */
export const headResponses = () =>
  Object.fromEntries(
    Object.entries(getResponses()).map(([status, { content: _, ...response }]) => [status, response] as const),
  );

export const optionsResponses = () => ({
  204: { description: 'The methods, and what a preflight asks.', headers: refer(KINDS.options) },
  500: problemResponse(500, ['INTERNAL']),
});
