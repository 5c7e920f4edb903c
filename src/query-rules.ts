/** The rules of a deployment's query: one place for the handler and the batch function, whose cache keys must be the same. */
import querySchema from '../schemas/query.json' with { type: 'json' };
import { query as validate } from '../schemas/validators.js';
import { type DerivedQuery, deriveQuery } from './cache/key.ts';
import type { Config } from './config.ts';
import type { Mark } from './image/mark.ts';
import { withoutAlternatives } from './middlewares/schema-errors.ts';
import type { ImageOptions } from './options.ts';
import { createParsers } from './parsers.ts';

/** @param marks of the deployment, by name */
export const queryRules = ({ sizeRequired, sourceBases, presets }: Config, marks: ReadonlyMap<string, Mark>) => ({
  schema: querySchema,
  validate: sizeRequired === 'off' ? withoutAlternatives(validate) : validate,
  parsers: createParsers(sourceBases, [...marks.keys()]),
  presets: { queries: presets },
  /** Returns what follows from the values of a valid query. */
  derive: (values: unknown): DerivedQuery => {
    const options = values as ImageOptions;
    return deriveQuery(options, marks.get(options.mark ?? ''));
  },
});
