/** Tests openapi.json against the schemas and the table of errors. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { startServer } from '../../src/dev/server.ts';
import { ERRORS } from '../../src/errors.ts';
import { openapi } from '../../src/generate/openapi.ts';
import { request, testConfig } from '../requests.ts';

// biome-ignore lint/suspicious/noExplicitAny: the document is read as untyped JSON
const document: any = openapi();
const { get, head, options } = document.paths['/'];
const { parameters } = document.components;
const properties = Object.entries(querySchema.properties) as unknown as [string, Record<string, unknown>][];

test('GET and HEAD have every parameter, and the two conditional headers', () => {
  const expectedNames = [...properties.map(([name]) => name), 'If-None-Match', 'If-Modified-Since'];
  for (const { parameters: references } of [get, head])
    expect(references.map(({ $ref }: { $ref: string }) => $ref)).toEqual(
      expectedNames.map((name) => `#/components/parameters/${name}`),
    );
  expect(Object.keys(parameters)).toEqual(expectedNames);
  expect(options.parameters).toBeUndefined();
});

test.each(properties)('%s: type, bounds, default, description', (name, property) => {
  const {
    description,
    group,
    example,
    aliases = [],
    unit,
    enumAliases = {},
    emptyValue,
    dependsOn,
    patternDescription,
    keywords = [],
    missingHint,
    synonyms,
    format,
    enum: members,
    ...rules
  } = property;
  const { schema, ...parameter } = parameters[name];
  expect(schema).toMatchObject(rules);
  expect(schema.enum).toEqual(members && [...(members as string[]), ...Object.keys(enumAliases as object)]);
  expect(parameter).toMatchObject({ name, in: 'query', required: name === 'u' });
  expect(parameter.allowEmptyValue ?? false).toBe(emptyValue !== undefined || rules.type === 'boolean');
  expect(parameter.description).toContain(description);
  for (const related of [...(aliases as string[]), ...(keywords as string[]), ...String(dependsOn ?? '').split(' or ')])
    expect(parameter.description).toContain(related);
});

test('every error code is documented at its status only', () => {
  const codesOf = (responses: object) =>
    Object.entries(responses).flatMap(([status, { content }]) =>
      (content?.['application/problem+json']?.schema.allOf[1].properties.code.enum ?? []).map((code: string) => [
        code,
        Number(status),
      ]),
    );
  expect(codesOf(get.responses).sort()).toEqual(
    Object.entries(ERRORS)
      .map(([code, { status }]) => [code, status])
      .sort(),
  );
  expect(codesOf(options.responses)).toEqual([['INTERNAL', 500]]);
  expect(Object.keys(head.responses)).toEqual(Object.keys(get.responses));
  for (const response of Object.values(head.responses)) expect(response).not.toHaveProperty('content');
});

test('security: every way to send credentials', () => {
  const alternatives = document.security.map((requirement: object) =>
    Object.keys(requirement).map((name) => {
      const { type, in: location, name: field, scheme } = document.components.securitySchemes[name];
      return [type, location, field ?? scheme].filter(Boolean).join(' ');
    }),
  );
  expect(alternatives).toEqual([
    ['apiKey query k'],
    ['apiKey header x-api-key'],
    ['http bearer'],
    ['apiKey query k', 'apiKey query s', 'apiKey query exp'],
  ]);
  expect(options.security).toEqual([]);
});

test('its schemas are valid JSON Schema 2020-12, and their references resolve', () => {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, validateFormats: false });
  const { schemas, headers } = document.components;
  ajv.addKeyword('components').addSchema({ $id: 'document', components: { schemas } });
  const compile = (schema: object) => ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')));
  const valuesOf = (map: object | undefined) => Object.values(map ?? {}) as { $ref?: string; schema: object }[];
  for (const response of Object.values(get.responses) as { content?: object; headers: object }[]) {
    for (const { schema } of valuesOf(response.content)) compile(schema);
    for (const { $ref, schema } of valuesOf(response.headers))
      compile($ref ? headers[$ref.replace('#/components/headers/', '')].schema : schema);
  }
  for (const { schema } of [...valuesOf(parameters), ...valuesOf(headers)]) compile(schema);
});

test('the local server serves it', async () => {
  const { origin, stop } = await startServer(testConfig());
  const { status, headers, body } = await request(origin, '/openapi.json');
  await stop();
  expect([status, headers['content-type']]).toEqual([200, 'application/json']);
  expect(JSON.parse(body.toString())).toEqual(JSON.parse(JSON.stringify(document)));
});
