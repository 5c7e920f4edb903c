import { expect, test } from 'vitest';
import schema from '../../schemas/query.json' with { type: 'json' };
import { canonicalQuery } from '../../src/image/canonical.ts';
import { optionsOf } from '../requests.ts';

/** As far as it is read here. */
type Property = { readonly type: string | readonly string[]; readonly default?: unknown; readonly minimum?: number };
const properties: [string, Property][] = Object.entries(schema.properties);
/** What says who asks, or how the answer is to be kept. */
const BESIDE = ['k', 'u', 's', 'exp', 'maxage', 'filename', 'dl', 'default', 'defaultfor', 'p'];
const shaping = properties.filter(([name]) => !BESIDE.includes(name));

test.each(shaping.filter(([, { default: usual }]) => usual !== undefined))(
  '%s at its default is no other request',
  (name, { default: usual }) => {
    expect(canonicalQuery(optionsOf({ w: 9, [name]: usual }))).toBe(canonicalQuery(optionsOf({ w: 9 })));
  },
);

test.each(
  shaping.filter(([, { default: usual, type }]) => usual === undefined && /integer|number|boolean/.test(`${type}`)),
)('%s has no default: whatever it is, it is another request', (name, { type, minimum = 1 }) => {
  for (const value of `${type}`.includes('boolean') ? [false, true] : [minimum, 6])
    expect(canonicalQuery(optionsOf({ ar: '1:2', [name]: value }))).not.toBe(canonicalQuery(optionsOf({ ar: '1:2' })));
});
