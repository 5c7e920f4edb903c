/** openapi.json says of each parameter and each error what the schemas and the table say. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { startServer } from '../../src/dev/server.ts';
import { ERRORS } from '../../src/errors.ts';
import { openapi } from '../../src/generate/openapi.ts';
import { request, testConfig } from '../requests.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document is read here as any program would
const door: any = openapi();
const { get, head, options } = door.paths['/'];
const { parameters } = door.components;
const properties = Object.entries(querySchema.properties) as unknown as [string, Record<string, unknown>][];

test('GET and HEAD take every parameter, and the two conditions', () => {
  const all = [...properties.map(([name]) => name), 'If-None-Match', 'If-Modified-Since'];
  for (const { parameters: taken } of [get, head])
    expect(taken.map(({ $ref }: { $ref: string }) => $ref)).toEqual(
      all.map((name) => `#/components/parameters/${name}`),
    );
  expect(Object.keys(parameters)).toEqual(all);
  expect(options.parameters).toBeUndefined();
});

test.each(properties)('%s: type, bounds, default, description', (name, property) => {
  const {
    description,
    group,
    aliases = [],
    unit,
    enumAliases = {},
    emptyValue,
    dependsOn,
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
  for (const other of [...(aliases as string[]), ...String(dependsOn ?? '').split(' or ')])
    expect(parameter.description).toContain(other);
});

test('every error stands under its status, and nowhere else', () => {
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

test('each way of access', () => {
  const ways = door.security.map((way: object) =>
    Object.keys(way).map((name) => {
      const { type, in: place, name: field, scheme } = door.components.securitySchemes[name];
      return [type, place, field ?? scheme].filter(Boolean).join(' ');
    }),
  );
  expect(ways).toEqual([
    ['apiKey query k'],
    ['apiKey header x-api-key'],
    ['http bearer'],
    ['apiKey query k', 'apiKey query s', 'apiKey query exp'],
  ]);
  expect(options.security).toEqual([]);
});

test('its schemas are JSON Schema 2020-12, and what they refer to is there', () => {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, validateFormats: false });
  const { schemas, headers } = door.components;
  ajv.addKeyword('components').addSchema({ $id: 'door', components: { schemas } });
  const compile = (schema: object) => ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"door#/')));
  const all = (found: object | undefined) => Object.values(found ?? {}) as { $ref?: string; schema: object }[];
  for (const response of Object.values(get.responses) as { content?: object; headers: object }[]) {
    for (const { schema } of all(response.content)) compile(schema);
    for (const { $ref, schema } of all(response.headers))
      compile($ref ? headers[$ref.replace('#/components/headers/', '')].schema : schema);
  }
  for (const { schema } of [...all(parameters), ...all(headers)]) compile(schema);
});

test('the local server hands it out', async () => {
  const { origin, stop } = await startServer(testConfig());
  const { status, headers, body } = await request(origin, '/openapi.json');
  await stop();
  expect([status, headers['content-type']]).toEqual([200, 'application/json']);
  expect(JSON.parse(body.toString())).toEqual(JSON.parse(JSON.stringify(door)));
});
