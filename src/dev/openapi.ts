/** openapi.json, made from the schemas: what the door takes and answers, for programs. */
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { ERRORS } from '../errors.ts';
import { MEDIA_TYPES } from '../image/encode.ts';

interface Property {
  readonly description: string;
  readonly [keyword: string]: unknown;
}

/** Keywords that people and our own code read, and no validator. */
export const OURS = ['title', 'description', 'group', 'aliases', 'unit', 'values', 'bare', 'needs', 'format'];

function parameter([name, property]: [string, Property]) {
  const schema = Object.fromEntries(Object.entries(property).filter(([keyword]) => !OURS.includes(keyword)));
  const aliases = property.aliases as readonly string[] | undefined;
  return {
    name,
    in: 'query',
    required: name === 'u',
    description: `${property.description}${aliases ? ` Also: ${aliases.join(', ')}.` : ''}`,
    schema,
  };
}

const text = { schema: { type: 'string' } };
const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(ERRORS) },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['parameter', 'detail'],
        properties: { parameter: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
};

function responses() {
  const pictures = Object.values(MEDIA_TYPES).map((type) => [type, { schema: { type: 'string', format: 'binary' } }]);
  const found = {
    ...Object.fromEntries(pictures),
    'text/plain': text,
    'application/json': { schema: { type: 'object' } },
  };
  const byStatus = Object.groupBy(Object.entries(ERRORS), ([, { status }]) => String(status));
  const problems = Object.entries(byStatus).map(([status, rows = []]) => [
    status,
    {
      description: rows.map(([code, { when }]) => `${code}: ${when}`).join(' '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]);
  return { 200: { description: 'The picture, or a fact about it.', content: found }, ...Object.fromEntries(problems) };
}

/** @param server where the door is */
export function openapi(server = '/') {
  const parameters = (Object.entries(querySchema.properties) as [string, Property][]).map(parameter);
  const operation = (summary: string) => ({ summary, parameters, responses: responses() });
  return {
    openapi: '3.1.0',
    info: {
      title: 'pixgate',
      version: '0.1.0',
      license: { name: 'MIT', identifier: 'MIT' },
      description: querySchema.description,
    },
    servers: [{ url: server }],
    security: [{ query: [] }, { header: [] }, { bearer: [] }],
    paths: {
      '/': { get: operation('The picture as asked for'), head: operation('Its headers') },
    },
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: {
        query: { type: 'apiKey', in: 'query', name: 'k' },
        header: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}
