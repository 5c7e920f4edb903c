/** What a JSON Schema says of a query, as a type. Only what `readParameters` reads; json-schema-to-ts knows the rest. */
import type { PropertySchema, QuerySchema } from '../schema.ts';

interface Types {
  integer: number;
  number: number;
  string: string;
  boolean: boolean;
}

type NamesOf<Type> = Type extends readonly (infer Name)[] ? Name : Type;

/** A schema whose words are not known to the compiler, of a JSON file say, tells only that it is one of these. */
type ValueOf<P extends PropertySchema> = P extends { readonly items: infer Items extends PropertySchema }
  ? readonly ValueOf<Items>[]
  : P extends { readonly enum: readonly (infer Member)[] }
    ? Member
    : NamesOf<P['type']> extends keyof Types
      ? Types[NamesOf<P['type']>]
      : Types[keyof Types];

/** Parameters that are there after the check: required ones, and those with a default. */
type Sure<S extends QuerySchema> = {
  [Name in keyof S['properties']]: S['properties'][Name] extends { readonly default: unknown }
    ? Name
    : S extends { readonly required: readonly (infer Required)[] }
      ? string extends Required
        ? never
        : Extract<Name, Required>
      : never;
}[keyof S['properties']];

type Values<S extends QuerySchema, Parsed> = {
  readonly [Name in keyof S['properties']]: Name extends keyof Parsed ? Parsed[Name] : ValueOf<S['properties'][Name]>;
};

/** The checked query: what a schema's properties, `required`, defaults and the parsers make of it. */
export type QueryOf<S extends QuerySchema, Parsed = unknown> = Pick<Values<S, Parsed>, Sure<S>> &
  Partial<Omit<Values<S, Parsed>, Sure<S>>>;
