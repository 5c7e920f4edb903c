// Made from schemas/middlewares.json by npm run generate.

import type { QuerySchema } from '../schema.ts';
import type { ApiKey, LoggedRequest, LogLine, Parser, Presets, Validate } from './types.ts';

export interface AccessLogOptions {
  /** Takes the finished line, without its end. */
  readonly write: (line: string) => void;
  /** More fields, of the request as the last middleware left it. */
  readonly fields?: ((request: LoggedRequest) => LogLine) | undefined;
  /** Lines of a lower level are left out; their metrics are not. `debug` also tells the causes of callers' errors. */
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | undefined;
  /** What the line and the metrics call this service. */
  readonly service?: string | undefined;
  /** CloudWatch's namespace for metrics; without one there are none. */
  readonly namespace?: string | undefined;
}

export interface ApiKeyOptions<K extends ApiKey = ApiKey> {
  /** The known keys, each with an `id` and one of `key`, `sha256` and `secret`; or a function that returns them, called for each request, where they can change. */
  readonly keys: readonly K[] | (() => readonly K[]);
  /** Names of this service beside those that a request came by: a signature holds the one the browser used. */
  readonly hosts?: readonly string[] | undefined;
  /** Lets requests without any key pass. */
  readonly anonymous?: boolean | undefined;
}

export type ErrorMapperOptions = Readonly<Record<string, never>>;

export interface QueryValidatorOptions<S extends QuerySchema = QuerySchema, Parsed = Readonly<Record<string, unknown>>> {
  /** The JSON Schema of the query: `properties` with `type` and bounds, and with `aliases`, `enumAliases`, `emptyValue`, `dependsOn`. */
  readonly schema: S;
  /** The same schema, compiled once. What it coerces makes no difference. */
  readonly validate: Validate;
  /** For values that a schema cannot describe: parameter → a pure function from the text to the value, which requests with the same query share. An `ImageError` that it throws is that parameter's fault. */
  readonly parsers?: { readonly [Name in keyof Parsed]: Parser<Parsed[Name]> } | undefined;
  /** Sets of parameters that `p` names: `queries`, each as a query by its name; with `only`, nothing but those parameters may stand beside `p`. */
  readonly presets?: Presets | undefined;
  /** Computes what follows from a valid query alone, such as a cache key; cached with the query, and put into `request.internal.queryDerived`. */
  readonly derive?: ((values: Readonly<Record<string, unknown>>) => unknown) | undefined;
}

export interface ResponseSerializerOptions {
  /** Put on every answer, errors included. What an answer says itself wins. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For a front door that streams: a Buffer leaves as it is. */
  readonly streaming?: boolean | undefined;
}
