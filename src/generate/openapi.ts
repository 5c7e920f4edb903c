/** Generates openapi.json from the schemas: every parameter, response and header of the API. */
import manifest from '../../package.json' with { type: 'json' };
import querySchema from '../../schemas/query.json' with { type: 'json' };
import type { DocumentedProperty } from '../schema.ts';
import { HEADERS } from './openapi-headers.ts';
import { getResponses, headResponses, optionsResponses, RESPONSE_SCHEMAS } from './openapi-responses.ts';

/** Schema keywords that no validator reads: documentation, and extensions that our own code reads. */
export const SCHEMA_EXTENSIONS = [
  'deprecatedName',
  'title',
  'description',
  'group',
  'example',
  'aliases',
  'unit',
  'enumAliases',
  'emptyValue',
  'dependsOn',
  'patternDescription',
  'keywords',
  'missingHint',
  'synonyms',
  'format',
];

const inCode = (text: string) => `\`${text}\``;
const isFreeText = ({ type, enum: members, pattern }: DocumentedProperty) => type === 'string' && !members && !pattern;

/** Returns a parameter's description, with facts that JSON Schema has no keyword for: unit, empty value, dependency, aliases. */
function describe({
  description,
  type,
  aliases = [],
  unit,
  enumAliases = {},
  dependsOn,
  emptyValue,
}: DocumentedProperty): string {
  const valueAliases = Object.entries(enumAliases).map(([alias, value]) => `${inCode(alias)} for ${inCode(value)}`);
  const sentences = [
    description,
    unit && unit !== '×' && `In ${unit}.`,
    type === 'boolean' && '`true` or `1`, `false` or `0`; without a value: true.',
    emptyValue !== undefined && !description.includes('Without a value') && `Without a value: ${emptyValue}.`,
    dependsOn && `Needs ${dependsOn.split(' or ').map(inCode).join(' or ')}.`,
    valueAliases.length > 0 && `Aliases of values: ${valueAliases.join(', ')}.`,
    aliases.length > 0 && `Aliases: ${aliases.map(inCode).join(', ')}.`,
  ];
  return sentences.filter(Boolean).join(' ');
}

const EXAMPLES: Readonly<Record<string, unknown>> = { u: 'https://example.com/cat.jpg', w: 640 };

function parameter(name: string, property: DocumentedProperty) {
  const schema = Object.fromEntries(
    Object.entries(property).filter(([keyword]) => !SCHEMA_EXTENSIONS.includes(keyword)),
  );
  const members = property.enum && { enum: [...property.enum, ...Object.keys(property.enumAliases ?? {})] };
  return {
    name,
    in: 'query',
    required: querySchema.required.includes(name),
    description: describe(property),
    ...((property.type === 'boolean' || property.emptyValue !== undefined) && { allowEmptyValue: true }),
    schema: { title: property.title, ...schema, ...members, ...(isFreeText(property) && { minLength: 1 }) },
    ...(name in EXAMPLES && { example: EXAMPLES[name] }),
  };
}

const CONDITIONAL_HEADERS = {
  'If-None-Match':
    'Entity tags of the stored responses of the client, or `*`. The response is 304 if one of them matches (RFC 9110, 13.1.2).',
  'If-Modified-Since':
    'The `Last-Modified` of the stored response of the client; ignored with `If-None-Match` (RFC 9110, 13.1.3).',
};

const PARAMETERS: Readonly<Record<string, object>> = {
  ...Object.fromEntries(
    Object.entries<DocumentedProperty>(querySchema.properties).map(([name, property]) => [
      name,
      parameter(name, property),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(CONDITIONAL_HEADERS).map(([name, description]) => [
      name,
      { name, in: 'header', description, schema: { type: 'string' } },
    ]),
  ),
};

const SECURITY = {
  query: {
    type: 'apiKey',
    in: 'query',
    name: 'k',
    description: 'The API key; or the id of a signed key, together with `signature` and `expiry`.',
  },
  header: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The API key.' },
  bearer: { type: 'http', scheme: 'bearer', description: 'The API key.' },
  signature: { type: 'apiKey', in: 'query', name: 's', description: querySchema.properties.s.description },
  expiry: { type: 'apiKey', in: 'query', name: 'exp', description: querySchema.properties.exp.description },
};

const DESCRIPTION = `An image resizer for \`<img src>\`. ${querySchema.description}

A repeated or unknown parameter is a 400. Numbers are decimal digits, without an exponent. With \`f=auto\` the output format is negotiated by the \`Accept\` header.
The path is ignored. A deployment may need no API key (\`ALLOW_ANONYMOUS\`), allow presets only, and set lower limits.`;

/** Returns the OpenAPI 3.1 document. It has one path, `/`. */
export function openapi() {
  const parameters = Object.keys(PARAMETERS).map((name) => ({ $ref: `#/components/parameters/${name}` }));
  return {
    openapi: '3.1.0',
    info: {
      title: manifest.name,
      version: manifest.version,
      license: { name: manifest.license, identifier: manifest.license },
      description: DESCRIPTION,
    },
    servers: [{ url: '/' }],
    security: [{ query: [] }, { header: [] }, { bearer: [] }, { query: [], signature: [], expiry: [] }],
    paths: {
      '/': {
        get: {
          operationId: 'getPicture',
          summary: 'Returns the image as requested, its metadata, or a placeholder',
          parameters,
          responses: getResponses(),
        },
        head: {
          operationId: 'headPicture',
          summary: 'Returns the headers of GET',
          parameters,
          responses: headResponses(),
        },
        options: {
          operationId: 'optionsPicture',
          summary: 'Returns the allowed methods; also the response to a CORS preflight, which needs no API key',
          security: [],
          responses: optionsResponses(),
        },
      },
    },
    components: {
      parameters: PARAMETERS,
      headers: HEADERS,
      schemas: RESPONSE_SCHEMAS,
      securitySchemes: SECURITY,
    },
  };
}
