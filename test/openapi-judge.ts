/** openapi.json as a judge of real answers. */
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { openapi } from '../src/generate/openapi.ts';
import type { Reply } from './requests.ts';

interface DocumentedResponse {
  readonly headers: Readonly<
    Record<string, { readonly required?: boolean; readonly schema: { readonly type: string } }>
  >;
  readonly content?: Readonly<Record<string, { readonly schema: AnySchema }>>;
}

/** Headers of the connection, and the one that stands beside the content in the document. */
const ELSEWHERE = ['content-type', 'date', 'connection', 'keep-alive', 'transfer-encoding'];

/** The references followed, and every object closed: a field that is not told of is a fault. */
function follow(node: unknown, document: object, part = false): unknown {
  if (Array.isArray(node)) return node.map((one) => follow(one, document, part));
  if (typeof node !== 'object' || node === null) return node;
  const { $ref } = node as { $ref?: string };
  if ($ref) {
    const names = $ref.slice(2).split('/');
    return follow(
      names.reduce((at, name) => at[name] as never, document as Record<string, never>),
      document,
      part,
    );
  }
  const isObject = 'allOf' in node || ('properties' in node && 'type' in node);
  const found = Object.entries(node).map(([key, value]) => [key, follow(value, document, key === 'allOf')]);
  return { ...Object.fromEntries(found), ...(isObject && !part && { unevaluatedProperties: false }) };
}

/** All answers of the door: by method in lower case, and by status. */
export const RESPONSES = Object.fromEntries(
  Object.entries(openapi().paths['/']).map(([method, { responses }]) => [
    method,
    follow(responses, openapi()) as Readonly<Record<string, DocumentedResponse>>,
  ]),
);

const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
const schemaViolations = (schema: AnySchema, value: unknown) =>
  ajv.validate(schema, value)
    ? []
    : (ajv.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);

/** Where an answer is not as the document says. */
export function violations({ status, headers, body }: Reply, method = 'GET'): string[] {
  const answer = RESPONSES[method.toLowerCase()]?.[status];
  if (!answer) return [`${status} is not documented`];
  const documented = Object.entries(answer.headers).map(([name, header]) => [name.toLowerCase(), header] as const);
  const names = documented.map(([name]) => name);
  const found = Object.keys(headers)
    .filter((name) => !names.includes(name) && !ELSEWHERE.includes(name))
    .map((name) => `${name} is not documented`);
  for (const [name, { required, schema }] of documented) {
    const value = headers[name];
    if (value === undefined && required) found.push(`${name} is missing`);
    if (value === undefined) continue;
    found.push(
      ...schemaViolations(schema, schema.type === 'integer' ? Number(value) : value).map((fault) => `${name}${fault}`),
    );
  }
  if (!answer.content) return body.length ? [...found, 'there is a body'] : found;
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  const media = answer.content[type];
  if (!media) return [...found, `${type} is not documented`];
  return type.endsWith('json') ? [...found, ...schemaViolations(media.schema, JSON.parse(body.toString()))] : found;
}
