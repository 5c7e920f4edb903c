import { expect, test } from 'vitest';
import schema from '../../schemas/query.json' with { type: 'json' };
import { canonicalQuery } from '../../src/image/canonical.ts';
import { optionsOf } from '../requests.ts';

/** The part of a property's schema that is read here. */
type Property = { readonly type: string | readonly string[]; readonly default?: unknown; readonly minimum?: number };
const properties: [string, Property][] = Object.entries(schema.properties);
/** Parameters that do not change the image. */
const NON_KEY_PARAMS = ['k', 'u', 's', 'exp', 'maxage', 'filename', 'dl', 'default', 'defaultfor', 'p'];
const keyParams = properties.filter(([name]) => !NON_KEY_PARAMS.includes(name));

test.each(keyParams.filter(([, { default: defaultValue }]) => defaultValue !== undefined))(
  '%s at its default gives the same canonical query',
  (name, { default: defaultValue }) => {
    expect(canonicalQuery(optionsOf({ w: 9, [name]: defaultValue }))).toBe(canonicalQuery(optionsOf({ w: 9 })));
  },
);

test.each(
  keyParams.filter(
    ([, { default: defaultValue, type }]) => defaultValue === undefined && /integer|number|boolean/.test(`${type}`),
  ),
)('%s has no default: every value gives another canonical query', (name, { type, minimum = 1 }) => {
  for (const value of `${type}`.includes('boolean') ? [false, true] : [minimum, 6])
    expect(canonicalQuery(optionsOf({ ar: '1:2', [name]: value }))).not.toBe(canonicalQuery(optionsOf({ ar: '1:2' })));
});
