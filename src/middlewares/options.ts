// Generated from schemas/middlewares.json by npm run generate.

import type { Request } from '@middy/core';
import type { QuerySchema } from '../schema.ts';
import type {
  ApiKey,
  LoggedRequest,
  LogLine,
  Parser,
  Presets,
  ProblemDetails,
  TranspiledSchema,
  UrlSecret,
  Validate,
} from './types.ts';

export interface AccessLogOptions {
  /** Receives each finished line, without a line break. */
  readonly write: (line: string) => void;
  /** Returns additional fields, from the request as the last middleware left it. */
  readonly fields?: ((request: LoggedRequest) => LogLine) | undefined;
  /** Minimum level: lines below it are left out, but not their metrics. `debug` also logs the causes of client errors. */
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | undefined;
  /** Service name in the line and in the metrics. */
  readonly service?: string | undefined;
  /** CloudWatch namespace of the metrics; without it there are none. */
  readonly namespace?: string | undefined;
}

export interface ApiKeyOptions<K extends ApiKey = ApiKey> {
  /** The known keys, each with an `id` and one of `key`, `sha256` and `secret`; or a function that returns them, called for each request, if they can change. */
  readonly keys: readonly K[] | (() => readonly K[]);
  /** Other host names of this service, besides the host of the request: a signature covers the host that the browser used. */
  readonly hosts?: readonly string[] | undefined;
  /** Whether requests without any key pass. */
  readonly anonymous?: boolean | undefined;
}

export interface ErrorMapperOptions {
  /** The URI of each problem type: the text before the code in lower case (`https://example.com/errors#`), or a function from the code to the URI, `about:blank` if it returns undefined. */
  readonly types?: (string | ((code: string) => string | undefined)) | undefined;
  /** Returns the URI of this occurrence of the problem; left out if it is undefined. By default the id of the request. */
  readonly instance?: ((request: Request) => string | undefined) | undefined;
  /** Returns the problem of an error of your own; undefined for all others. */
  readonly map?: ((error: unknown) => ProblemDetails | undefined) | undefined;
  /** Returns whether clients may read the message of an error. By default only with `expose: true`. */
  readonly expose?: ((error: Error) => boolean) | undefined;
  /** Whether it makes the response itself. With `false`, `@middy/http-error-handler` above it does, and logs the error. */
  readonly respond?: boolean | undefined;
}

export interface QueryValidatorOptions<S extends QuerySchema = QuerySchema, Parsed = Readonly<Record<string, unknown>>> {
  /** The JSON Schema of the query: `properties` with `type` and bounds, and with `aliases`, `enumAliases`, `emptyValue`, `dependsOn`, `patternDescription`; or a Standard Schema of zod, valibot or arktype. */
  readonly schema: S;
  /** The same JSON Schema, compiled once by Ajv or `transpileSchema`; a Standard Schema needs none. Its type coercion has no effect. */
  readonly validate?: Validate | TranspiledSchema | undefined;
  /** For values that a schema cannot describe: parameter → a pure function from the string to the value, which requests with the same query share. An `ImageError` that it throws is reported as an error of that parameter. */
  readonly parsers?: { readonly [Name in keyof Parsed]: Parser<Parsed[Name]> } | undefined;
  /** Sets of parameters that `p` selects by name: `queries`, each one a query string; with `only`, no parameters but these may be given beside `p`. */
  readonly presets?: Presets | undefined;
  /** Computes what follows from a valid query alone, such as a cache key; cached with the query, and put into `request.internal.queryDerived`. */
  readonly derive?: ((values: Readonly<Record<string, unknown>>) => unknown) | undefined;
}

export interface ResponseSerializerOptions {
  /** Headers for every response, errors included. Headers that the response sets itself win. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether the event source streams: a Buffer body is then passed on as it is. */
  readonly streaming?: boolean | undefined;
}

export interface SignedUrlOptions {
  /** The secrets, each with an `id`, the `k` of a URL; or a function that returns them or a promise of them, called for each request. */
  readonly secrets: readonly UrlSecret[] | ((request: Request) => readonly UrlSecret[] | Promise<readonly UrlSecret[]>);
  /** Other host names of this service, besides the host of the request: a signature covers the host that the browser used. */
  readonly hosts?: readonly string[] | undefined;
}
