/** Property tests: the CloudFront Function and the handler agree on which requests are equal. */
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { startOrigin } from '../origin.ts';
import { anyValueOf } from '../queries.ts';
import { codeOf, context, KEY, testHandler, toReply } from '../requests.ts';
import { edge, eventOf, normalizeQuery, queryOf } from './edge-runtime.ts';

describe('edge and origin have the same cache key', () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  const handler = testHandler({ PRESETS: 'thumb=w=20&h=20&fit=cover&f=webp&we=1' });
  beforeAll(async () => {
    const body = await sharp({ create: { width: 40, height: 30, channels: 4, background: '#8080' } })
      .png()
      .toBuffer();
    origin = await startOrigin({ '/a.png': { body, headers: { etag: '"a"' } } });
  });
  afterAll(() => origin.close());

  const requestImage = async (rawQueryString: string, accept: string) =>
    toReply(
      await handler({ rawQueryString, headers: { accept }, requestContext: { http: { method: 'GET' } } }, context()),
    );
  const names = Object.keys(querySchema.properties).filter((name) => !['k', 's', 'u'].includes(name));
  const anyValue = (name: string) =>
    name === 'p' ? fc.constant('thumb') : anyValueOf(querySchema.properties[name as 'w'], name);
  const anyQuery = fc
    .uniqueArray(fc.constantFrom(...names), { maxLength: 6 })
    .chain((selected) =>
      fc.record(Object.fromEntries([...new Set(['w', ...selected])].map((name) => [name, anyValue(name)]))),
    );
  const accepts = fc.constantFrom('image/webp,*/*', 'image/avif,image/webp', 'image/png', '');
  const runs = Number(process.env.FUZZ_RUNS ?? 200);

  test('a query and its normalized form give the same response', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery, accepts, async (query, accept) => {
        const pairs = { k: KEY, u: `${origin.url}/a.png`, ...query };
        const raw = Object.entries(pairs)
          .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
          .join('&');
        const forwarded = await edge(eventOf(raw, { accept }));
        const [before, after] = [
          await requestImage(raw, accept),
          await requestImage(queryOf(forwarded), forwarded.headers.accept?.value ?? ''),
        ];
        expect(after.status).toBe(before.status);
        expect(after.headers.etag).toBe(before.headers.etag);
        if (before.status !== 200) expect(codeOf(after)).toBe(codeOf(before));
      }),
      { numRuns: runs },
    );
  });

  test('aliases and value aliases of one request give the same query', { timeout: 300_000 }, async () => {
    const anySpelling = (name: string, value: string) => {
      const property = querySchema.properties[name as 'a'] as {
        aliases?: string[];
        enumAliases?: Record<string, string>;
        type: unknown;
      };
      const values = [
        value,
        ...Object.entries(property.enumAliases ?? {}).flatMap(([alias, name]) => (name === value ? [alias] : [])),
      ];
      if (property.type === 'boolean') values.push(...(value === '1' ? ['true', ''] : ['false']));
      return fc.tuple(fc.constantFrom(name, ...(property.aliases ?? [])), fc.constantFrom(...values));
    };
    await fc.assert(
      fc.asyncProperty(
        anyQuery.chain((query) =>
          fc.tuple(
            fc.constant(query),
            fc
              .tuple(...Object.entries(query).map(([name, value]) => anySpelling(name, String(value))))
              .chain((pairs) => fc.shuffledSubarray(pairs, { minLength: pairs.length })),
          ),
        ),
        async ([query, pairs]) => {
          const raw = (list: readonly (readonly [string, unknown])[]) =>
            list.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
          expect(await normalizeQuery(`u=x&${raw(pairs)}`)).toBe(
            await normalizeQuery(`u=x&${raw(Object.entries(query))}`),
          );
        },
      ),
      { numRuns: runs },
    );
  });
});
