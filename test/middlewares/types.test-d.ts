/** Type tests of the middlewares: compiled by `npm run check`, never run. */
import middy from '@middy/core';
import { transpileSchema } from '@middy/validator/transpile';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type } from 'arktype';
import * as v from 'valibot';
import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import schemas from '../../schemas/middlewares.json' with { type: 'json' };
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { query as standalone } from '../../schemas/validators.js';
import { accessLog } from '../../src/middlewares/access-log.ts';
import { apiKey } from '../../src/middlewares/api-key.ts';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';
import type {
  AccessLogOptions,
  ApiKeyOptions,
  ErrorMapperOptions,
  QueryValidatorOptions,
  ResponseSerializerOptions,
  SignedUrlOptions,
} from '../../src/middlewares/options.ts';
import { queryReader } from '../../src/middlewares/query-reader.ts';
import { queryValidator } from '../../src/middlewares/query-validator.ts';
import { responseSerializer } from '../../src/middlewares/response-serializer.ts';
import { signedUrl } from '../../src/middlewares/signed-url.ts';
import type { ImageOptions } from '../../src/options.ts';

type Named<Name extends keyof typeof schemas> = keyof (typeof schemas)[Name]['properties'];
expectTypeOf<keyof AccessLogOptions>().toEqualTypeOf<Named<'accessLog'>>();
expectTypeOf<keyof ApiKeyOptions>().toEqualTypeOf<Named<'apiKey'>>();
expectTypeOf<keyof ErrorMapperOptions>().toEqualTypeOf<Named<'errorMapper'>>();
expectTypeOf<keyof SignedUrlOptions>().toEqualTypeOf<Named<'signedUrl'>>();
expectTypeOf<keyof QueryValidatorOptions>().toEqualTypeOf<Named<'queryValidator'>>();
expectTypeOf<keyof ResponseSerializerOptions>().toEqualTypeOf<Named<'responseSerializer'>>();

const write = (_line: string) => {};
const keys = [{ id: 'acme', key: 'x', plan: 'gold' as 'gold' | 'free' }];

accessLog({ write, level: 'debug', namespace: undefined });
// @ts-expect-error write is required
accessLog({});
// @ts-expect-error no such level
accessLog({ write, level: 'INFO' });
// @ts-expect-error a line is a string
accessLog({ write: (_line: number) => {} });
// @ts-expect-error no such option
accessLog({ write, name: 'x' });

apiKey({ keys, hosts: ['example.com'] });
apiKey({ keys: () => keys, anonymous: true });
// @ts-expect-error keys is required
apiKey({});
// @ts-expect-error each has an id
apiKey({ keys: [{ key: 'x' }] });
// @ts-expect-error a string is not a list
apiKey({ keys, hosts: 'example.com' });

errorMapper();
errorMapper({});
errorMapper({ types: 'https://example.com/#', instance: ({ context }) => context.awsRequestId });
errorMapper({ map: (error) => (error instanceof RangeError ? { status: 422, detail: error.message } : undefined) });
// @ts-expect-error a problem has a detail
errorMapper({ map: () => ({ status: 422 }) });
// @ts-expect-error no such option
errorMapper({ logger: false });

responseSerializer();
// @ts-expect-error a header is a string
responseSerializer({ headers: { 'X-Count': 1 } });
// @ts-expect-error a boolean is required
responseSerializer({ streaming: 'yes' });

signedUrl({ secrets: [{ id: 'acme', secret: 'x'.repeat(43) }], hosts: ['example.com'] });
signedUrl({ secrets: async ({ context }) => [{ id: context.functionName, secret: new Uint8Array(32) }] });
// @ts-expect-error each has a secret
signedUrl({ secrets: [{ id: 'acme' }] });

const schema = {
  type: 'object',
  required: ['year', 'when'],
  properties: {
    year: { type: 'integer', minimum: 2000 },
    sort: { type: 'string', enum: ['up', 'down'], default: 'up' },
    size: { type: ['number', 'string'] },
    full: { type: 'boolean' },
    when: { type: 'string' },
    ids: { type: 'array', items: { type: 'integer' } },
    words: { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, default: [] },
  },
} as const;
const validate = new Ajv2020().compile(schema);
queryValidator({ schema, validate });
queryValidator({ schema: querySchema, validate: standalone });
// @ts-expect-error validate is required
queryValidator({ schema });
// @ts-expect-error a schema needs properties
queryValidator({ schema: { type: 'object' }, validate });
// @ts-expect-error a parser takes a string
queryValidator({ schema, validate, parsers: { year: (value: number) => value } });

// The key's entry with all its members, for inner middlewares.
middy()
  .use(apiKey({ keys }))
  .before(({ internal }) => {
    expectTypeOf(internal.apiKeyId).toEqualTypeOf<string | undefined>();
    expectTypeOf(internal.apiKey?.plan).toEqualTypeOf<'gold' | 'free' | undefined>();
  });

// The query by the schema, with other middlewares that take any event.
middy()
  .use(responseSerializer())
  .use(apiKey({ keys }))
  .use(queryValidator({ schema, validate, parsers: { when: (text) => new Date(text) } }))
  .handler(({ queryStringParameters: query }) => {
    expectTypeOf(query.year).toEqualTypeOf<number>();
    expectTypeOf(query.sort).toEqualTypeOf<'up' | 'down'>();
    expectTypeOf(query.size).toEqualTypeOf<number | string | undefined>();
    expectTypeOf(query.full).toEqualTypeOf<boolean | undefined>();
    expectTypeOf(query.when).toEqualTypeOf<Date>();
    expectTypeOf(query.ids).toEqualTypeOf<readonly number[] | undefined>();
    expectTypeOf(query.words).toEqualTypeOf<readonly ('a' | 'b')[]>();
  });

middy()
  .use(queryReader())
  .handler((event) => {
    expectTypeOf(event.multiValueQueryStringParameters.id).toExtend<readonly string[] | undefined>();
    expectTypeOf(event.rawQueryString).toEqualTypeOf<string>();
  });

// The query by a Standard Schema: its output.
const zod = z.object({ year: z.int(), day: z.string().transform((text) => new Date(text)), x: z.number().optional() });
middy()
  .use(queryValidator({ schema: zod, derive: () => 1 }))
  .handler(({ queryStringParameters: query }) => {
    expectTypeOf(query).toExtend<{ year: number; day: Date; x?: number | undefined }>();
  });
middy()
  .use(queryValidator({ schema: type({ year: 'number.integer' }) }))
  .handler(({ queryStringParameters: query }) => {
    expectTypeOf(query.year).toEqualTypeOf<number>();
  });
middy()
  .use(queryValidator({ schema: toStandardJsonSchema(v.object({ sort: v.picklist(['up', 'down']) })) }))
  .handler(({ queryStringParameters: query }) => {
    expectTypeOf(query.sort).toEqualTypeOf<'up' | 'down'>();
  });
queryValidator({ schema, validate: transpileSchema(schema) });

// An inline schema needs no `as const`.
middy()
  .use(queryValidator({ schema: { required: ['a'], properties: { a: { type: 'integer' } } }, validate }))
  .handler(({ queryStringParameters }) => {
    expectTypeOf(queryStringParameters.a).toEqualTypeOf<number>();
  });

// For a JSON file the compiler knows only the names; the type can be given.
middy()
  .use(queryValidator({ schema: querySchema, validate: standalone }))
  .handler(({ queryStringParameters }) => {
    expectTypeOf(queryStringParameters.w).toEqualTypeOf<number | string | boolean | undefined>();
  });
middy()
  .use(queryValidator<typeof querySchema, ImageOptions>({ schema: querySchema, validate: standalone }))
  .handler(({ queryStringParameters }) => {
    expectTypeOf(queryStringParameters.we).toEqualTypeOf<boolean>();
  });
