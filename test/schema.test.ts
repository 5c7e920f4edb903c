/** The schemas have words for every value that they allow: an error shows no regular expression. */
import { expect, test } from 'vitest';
import config from '../schemas/config.json' with { type: 'json' };
import keys from '../schemas/keys.json' with { type: 'json' };
import query from '../schemas/query.json' with { type: 'json' };
import { expectation, type PropertySchema } from '../src/schema.ts';

type Property = PropertySchema & { readonly items?: PropertySchema };

const properties = [query, config, keys.items].flatMap((schema) => Object.entries<Property>(schema.properties));

test.each(properties)('%s is described in words', (_, property) => {
  for (const one of [property, property.items ?? property]) expect(expectation(one)).not.toMatch(/[\^$\\[]/);
});
