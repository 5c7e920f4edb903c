/** openapi.json, made from the schemas: what the door takes and answers, for programs. */
import manifest from '../../package.json' with { type: 'json' };
import querySchema from '../../schemas/query.json' with { type: 'json' };
import type { DocumentedProperty } from '../schema.ts';
import { HEADERS } from './openapi-headers.ts';
import { getResponses, headResponses, optionsResponses, RESPONSE_SCHEMAS } from './openapi-responses.ts';

/** Keywords that people and our own code read, and no validator. */
export const SCHEMA_EXTENSIONS = [
  'title',
  'description',
  'group',
  'aliases',
  'unit',
  'enumAliases',
  'emptyValue',
  'dependsOn',
  'format',
];

const quoted = (text: string) => `\`${text}\``;
const isText = ({ type, enum: members, pattern }: DocumentedProperty) => type === 'string' && !members && !pattern;

/** What a schema cannot say, and what the description alone would hide. */
function describe({
  description,
  type,
  aliases = [],
  unit,
  enumAliases = {},
  dependsOn,
  emptyValue,
}: DocumentedProperty): string {
  const spellings = Object.entries(enumAliases).map(([spelling, value]) => `${quoted(spelling)} for ${quoted(value)}`);
  const sentences = [
    description,
    unit && unit !== '×' && `In ${unit}.`,
    type === 'boolean' && 'Written true or false, 1 or 0; without a value: true.',
    emptyValue !== undefined && !description.includes('Without a value') && `Without a value: ${emptyValue}.`,
    dependsOn && `Needs ${dependsOn.split(' or ').map(quoted).join(' or ')}.`,
    spellings.length > 0 && `Also: ${spellings.join(', ')}.`,
    aliases.length > 0 && `Other names: ${aliases.map(quoted).join(', ')}.`,
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
    schema: { title: property.title, ...schema, ...members, ...(isText(property) && { minLength: 1 }) },
    ...(name in EXAMPLES && { example: EXAMPLES[name] }),
  };
}

const CONDITIONS = {
  'If-None-Match': 'Entity tags of copies that the caller has, or `*`. Where one is still good the answer is 304.',
  'If-Modified-Since': 'The `Last-Modified` of the copy that the caller has; counts only without `If-None-Match`.',
};

const PARAMETERS: Readonly<Record<string, object>> = {
  ...Object.fromEntries(
    Object.entries(querySchema.properties as unknown as Record<string, DocumentedProperty>).map(([name, property]) => [
      name,
      parameter(name, property),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(CONDITIONS).map(([name, description]) => [
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
    description: 'The key; or the id of one whose addresses are signed, together with `signature` and `expiry`.',
  },
  header: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The key.' },
  bearer: { type: 'http', scheme: 'bearer', description: 'The key.' },
  signature: { type: 'apiKey', in: 'query', name: 's', description: querySchema.properties.s.description },
  expiry: { type: 'apiKey', in: 'query', name: 'exp', description: querySchema.properties.exp.description },
};

const DESCRIPTION = `An image resizer for \`<img src>\`. ${querySchema.description}

A repeated or unknown parameter is refused. Numbers are written in decimal digits, without an exponent. Under \`f=auto\` the \`Accept\` header takes part in the choice of the format.
The path is ignored. A deployment may answer without a key (\`PUBLIC\`), make presets only, and set lower limits.`;

/** The OpenAPI 3.1 document of the one address that there is. */
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
          summary: 'The picture as asked for, or a fact about it',
          parameters,
          responses: getResponses(),
        },
        head: {
          operationId: 'headPicture',
          summary: 'The headers that GET would answer with',
          parameters,
          responses: headResponses(),
        },
        options: {
          operationId: 'optionsPicture',
          summary: 'What may be asked; also a preflight, which carries no key',
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
