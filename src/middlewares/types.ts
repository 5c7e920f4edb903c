/** Types that several middlewares and their generated options share. */
import type { Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { HttpEvent, ImageResponse } from '../http/event.ts';

/** A request as the access log sees it. */
export type LoggedRequest = Request<
  HttpEvent,
  ImageResponse,
  Error,
  Context,
  { apiKeyId?: string; startedAt?: number }
>;

/** One line of the access log. Fields that are undefined are left out. */
export type LogLine = Readonly<Record<string, string | number | boolean | undefined>>;

/** An API key: its id, which is logged, and one of `key`, `sha256` and `secret`. Times in milliseconds since 1970. */
export interface ApiKey {
  readonly id: string;
  /** The key in plain text. */
  readonly key?: string;
  /** SHA-256 hash of the key, in hexadecimal digits. */
  readonly sha256?: string;
  /** Signing secret: URLs carry the id, and are signed with it. */
  readonly secret?: Uint8Array;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly disabled?: boolean;
}

/** A secret that URLs are signed with. Several may have one id, which allows rotation. Times in milliseconds since 1970. */
export interface UrlSecret {
  readonly id: string;
  /** At least 16 bytes; as a string base64url, with or without `pxg_`. */
  readonly secret: string | Uint8Array;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly disabled?: boolean;
}

/** The fields of an Ajv error that are read. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The sentence for the client, where it does not follow from the schema; none of Ajv's has it. */
  readonly detail?: string;
}

/** A validation function that Ajv compiled from a JSON Schema. It may write defaults into the data. */
export type Validate = ((data: unknown) => unknown) & { errors?: readonly SchemaError[] | null | undefined };

/** What `transpileSchema` of `@middy/validator` returns: a `Validate`, which its types declare to be an instance of Ajv. */
export interface TranspiledSchema {
  readonly compile: (...schema: never[]) => unknown;
}

/** A schema of zod, valibot, arktype or others, as far as it is read. Source: standardschema.dev, version 1. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
  };
}

/** An error of a Standard Schema. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** Converts the string of one parameter to its value: a pure function. An `ImageError` that it throws is reported as that parameter's error, its message to the client. */
export type Parser<Value = unknown> = (text: string) => Value;

/** Presets by name, each as a query string. With `only`, no other parameters are allowed beside `p`. */
export interface Presets {
  readonly queries: Readonly<Record<string, string>>;
  readonly only?: readonly string[] | undefined;
}

/** The problem of an error that `map` of the error mapper knows (RFC 9457, 3.1). */
export interface ProblemDetails {
  readonly status: number;
  /** What went wrong, for the client. */
  readonly detail: string;
  /** For programs, in capitals; by default `HTTP_` with the status. */
  readonly code?: string;
  /** The same for each problem of this code; by default the reason phrase of the status. */
  readonly title?: string;
  /** A URI, in the place of what the option `types` gives. */
  readonly type?: string;
  /** More members of the document. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Headers of the response, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}
