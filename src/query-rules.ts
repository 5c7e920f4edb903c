/** The rules of a deployment's query: one place for the handler and the batch function, whose cache keys must be the same. */
import querySchema from '../schemas/query.json' with { type: 'json' };
import { query as validate } from '../schemas/validators.js';
import type { Config } from './config.ts';
import { withoutAlternatives } from './middlewares/schema-errors.ts';
import { createParsers } from './parsers.ts';

/** @param marks names of the marks that there are */
export const queryRules = ({ sizeRequired, sourceBases, presets }: Config, marks: Iterable<string>) => ({
  schema: querySchema,
  validate: sizeRequired === 'off' ? withoutAlternatives(validate) : validate,
  parsers: createParsers(sourceBases, [...marks]),
  presets: { queries: presets },
});
