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
  const handler = testHandler({ PRESETS: 'thumb=w=20&h=20&fit=cover&f=webp&we=1', SAVE_DATA_QUALITY: '40' });
  beforeAll(async () => {
    const body = await sharp({ create: { width: 40, height: 30, channels: 4, background: '#8080' } })
      .png()
      .toBuffer();
    origin = await startOrigin({ '/a.png': { body, headers: { etag: '"a"' } } });
  });
  afterAll(() => origin.close());

  const requestImage = async (rawQueryString: string, accept: string, saveData?: string) => {
    const headers = { accept, ...(saveData && { 'save-data': saveData }) };
    return toReply(await handler({ rawQueryString, headers, requestContext: { http: { method: 'GET' } } }, context()));
  };
  const names = Object.keys(querySchema.properties).filter((name) => !['k', 's', 'u'].includes(name));
  const anyValue = (name: string) =>
    name === 'p' ? fc.constant('thumb') : anyValueOf(querySchema.properties[name as 'w'], name);
  const anyQuery = fc
    .uniqueArray(fc.constantFrom(...names), { maxLength: 6 })
    .chain((selected) =>
      fc.record(Object.fromEntries([...new Set(['w', ...selected])].map((name) => [name, anyValue(name)]))),
    );
  const accepts = fc.constantFrom('image/webp,*/*', 'image/avif,image/webp', 'image/png', '');
  const anyTracking = fc.subarray(['utm_source=%ff', '_=1', 'fbclid', 'gclid=a%26b']);
  const saveDatas = fc.constantFrom('on', 'ON ', 'off', '');
  const runs = Number(process.env.FUZZ_RUNS ?? 200);

  test('a query and its normalized form give the same response', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery, accepts, anyTracking, saveDatas, async (query, accept, tracking, saveData) => {
        const pairs = { k: KEY, u: `${origin.url}/a.png`, ...query };
        const given = Object.entries(pairs).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
        const raw = [...tracking, ...given].join('&');
        const { headers, ...forwarded } = await edge(eventOf(raw, { accept, 'save-data': saveData }));
        const [before, after] = [
          await requestImage(raw, accept, saveData),
          await requestImage(
            queryOf({ headers, ...forwarded }),
            headers.accept?.value ?? '',
            headers['save-data']?.value,
          ),
        ];
        expect(after.status).toBe(before.status);
        expect(after.headers.etag).toBe(before.headers.etag);
        if (before.status !== 200) expect(codeOf(after)).toBe(codeOf(before));
      }),
      { numRuns: runs },
    );
  });

  const knownNames = Object.entries(querySchema.properties).flatMap(([name, property]) => [
    name,
    ...('aliases' in property ? property.aliases : []),
  ]);
  /** A known name with up to three letters changed: some of them are known names again. */
  const anyMisspelt = fc
    .tuple(
      fc.constantFrom(...knownNames),
      fc.array(fc.tuple(fc.nat(12), fc.constantFrom('', 'x', 'e', 'T', '_', 'swap'))),
    )
    .map(([name, edits]) =>
      edits.slice(0, 3).reduce((text, [at, letter]) => {
        if (letter === 'swap') return text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2);
        return text.slice(0, at) + letter + text.slice(letter ? at : at + 1);
      }, name),
    );

  test('a misspelt name gets the same error', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyMisspelt, async (name) => {
        const raw = `k=${KEY}&u=https://x.invalid/&${name}=1`;
        const atEdge = await edge(eventOf(raw));
        if (atEdge.statusCode !== 400) return;
        const [fault] = JSON.parse(atEdge.body.data).errors;
        if (!/is not a parameter/.test(fault.detail)) return;
        const { errors } = JSON.parse((await requestImage(raw, '')).body.toString());
        expect(errors).toContainEqual(fault);
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
