/** Checks real responses against openapi.json. */
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { openapi } from '../src/generate/openapi.ts';
import type { Reply } from './requests.ts';

interface DocumentedResponse {
  readonly headers: Readonly<
    Record<string, { readonly required?: boolean; readonly schema: { readonly type: string } }>
  >;
  readonly content?: Readonly<Record<string, { readonly schema: AnySchema }>>;
}

/** Headers that the document does not list: those of the connection, and `Content-Type`, which it has beside the content. */
const UNLISTED_HEADERS = ['content-type', 'date', 'connection', 'keep-alive', 'transfer-encoding'];

/** Resolves references, and closes every object: a field that is not documented is a violation. */
function resolveRefs(node: unknown, document: object, isPart = false): unknown {
  if (Array.isArray(node)) return node.map((one) => resolveRefs(one, document, isPart));
  if (typeof node !== 'object' || node === null) return node;
  const { $ref } = node as { $ref?: string };
  if ($ref) {
    const names = $ref.slice(2).split('/');
    return resolveRefs(
      names.reduce((at, name) => at[name] as never, document as Record<string, never>),
      document,
      isPart,
    );
  }
  const isObject = 'allOf' in node || ('properties' in node && 'type' in node);
  const entries = Object.entries(node).map(([key, value]) => [key, resolveRefs(value, document, key === 'allOf')]);
  return { ...Object.fromEntries(entries), ...(isObject && !isPart && { unevaluatedProperties: false }) };
}

/** All documented responses, by method in lower case and by status. */
export const RESPONSES = Object.fromEntries(
  Object.entries(openapi().paths['/']).map(([method, { responses }]) => [
    method,
    resolveRefs(responses, openapi()) as Readonly<Record<string, DocumentedResponse>>,
  ]),
);

const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
const schemaViolations = (schema: AnySchema, value: unknown) =>
  ajv.validate(schema, value)
    ? []
    : (ajv.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);

/** Lists where a response differs from the document. @returns empty if it is as documented */
export function violations({ status, headers, body }: Reply, method = 'GET'): string[] {
  const response = RESPONSES[method.toLowerCase()]?.[status];
  if (!response) return [`${status} is not documented`];
  const documented = Object.entries(response.headers).map(([name, header]) => [name.toLowerCase(), header] as const);
  const names = documented.map(([name]) => name);
  const differences = Object.keys(headers)
    .filter((name) => !names.includes(name) && !UNLISTED_HEADERS.includes(name))
    .map((name) => `${name} is not documented`);
  for (const [name, { required, schema }] of documented) {
    const value = headers[name];
    if (value === undefined && required) differences.push(`${name} is missing`);
    if (value === undefined) continue;
    differences.push(
      ...schemaViolations(schema, schema.type === 'integer' ? Number(value) : value).map(
        (violation) => `${name}${violation}`,
      ),
    );
  }
  if (!response.content) return body.length ? [...differences, 'there is a body'] : differences;
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  const media = response.content[type];
  if (!media) return [...differences, `${type} is not documented`];
  return type.endsWith('json')
    ? [...differences, ...schemaViolations(media.schema, JSON.parse(body.toString()))]
    : differences;
}
