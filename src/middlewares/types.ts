/** Shapes that several middlewares share, and that their generated options are made of. */
import type { Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { HttpEvent, ImageResponse } from '../http/event.ts';

export type LoggedRequest = Request<
  HttpEvent,
  ImageResponse,
  Error,
  Context,
  { apiKeyId?: string; startedAt?: number }
>;

/** One line of the log. Fields that a request does not have are left out. */
export type LogLine = Readonly<Record<string, string | number | boolean | undefined>>;

/** A key and the name under which it is logged. It has one of `key`, `sha256` and `secret`. Times in milliseconds since 1970. */
export interface ApiKey {
  readonly id: string;
  /** In plain text. */
  readonly key?: string;
  /** SHA-256 of the key, in hexadecimal digits. */
  readonly sha256?: string;
  /** Addresses name the id, and are signed with this. */
  readonly secret?: Uint8Array;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly disabled?: boolean;
}

/** The part of an Ajv error that is read. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A compiled JSON Schema, as Ajv makes it. It may write defaults into the data. */
export type Validate = ((data: unknown) => unknown) & { errors?: readonly SchemaError[] | null | undefined };

/** Turns one parameter's value into its final form, always the same of the same text; what it throws is that parameter's fault, the message for the caller. */
export type Parser<Value = unknown> = (text: string) => Value;

/** Presets by name: their parameters as a query. With `only`, nothing but those parameters may stand beside `p`. */
export interface Presets {
  readonly queries: Readonly<Record<string, string>>;
  readonly only?: readonly string[] | undefined;
}
