/** Any URL: it is read, refused with a reason, or of no resizer; and behind CloudFront, no image of a key is shown without one. */
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import querySchema from '../../schemas/query.json' with { type: 'json' };
import { DIALECT_NAMES, readUrl } from '../../src/compat/dialects.ts';
import { sha256 } from '../../src/keys/registry.ts';
import { createCdn } from '../generate/edge-cdn.ts';
import { startOrigin } from '../origin.ts';

const runs = Number(process.env.FUZZ_RUNS ?? 200);
const PARAMETERS = Object.keys(querySchema.properties).filter((name) => !['k', 's'].includes(name));

const token = fc.oneof(
  fc.constantFrom(
    ...'_next image cdn-cgi _ipx unsafe plain enc fit-in trim smart meta 300x200 -1x-1 1x2:3x4 rs:fill:1:2 c:0.5:9:soea:1 w:a s_1x1,f_webp width=1,fit=pad filters:fill(red):rotate(90) filters:( s3:b b64:YQ eyJrZXkiOiJhIn0= aHR0cHM6Ly9hLmIv %2F %ff %00 .. constructor __proto__ @png :'.split(
      ' ',
    ),
  ),
  fc.string({ maxLength: 12 }),
);
const anyPath = fc.array(token, { maxLength: 7 }).map((parts) => `/${parts.join('/')}`);
const anyParameter = fc.record({
  name: fc.oneof(
    fc.constantFrom('url', 'w', 'q', 'a', 'sharp', 'crop', 'delay', 'width', '__proto__'),
    fc.string({ maxLength: 5 }),
  ),
  value: fc.oneof(fc.string({ maxLength: 9 }), fc.constantFrom('1', '50%', '1,2,3', 'crop-1-2', null)),
});

test('any URL is read as parameters of pixgate, or refused with a reason', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...DIALECT_NAMES),
      anyPath,
      fc.array(anyParameter, { maxLength: 4 }),
      (name, path, query) => {
        for (const url of [path, '/', '/_next/image']) {
          const result = readUrl([name], { path: url, query });
          if (!result) continue;
          expect(result.problem ?? 'none').not.toMatch(/[<>"]/);
          for (const [parameter, value] of Object.entries(result.query ?? {})) {
            expect(PARAMETERS).toContain(parameter);
            expect(typeof value).toBe('string');
          }
        }
      },
    ),
    { numRuns: 10 * runs },
  );
});

let origin: Awaited<ReturnType<typeof startOrigin>>;
beforeAll(async () => {
  const body = await sharp({ create: { width: 8, height: 6, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  origin = await startOrigin({ '/a.png': { body, headers: { 'cache-control': 'public, max-age=3600' } } });
});
afterAll(() => origin.close());

test('behind CloudFront, an image that a key in a header was sent for is for that request only', {
  timeout: 120_000,
}, async () => {
  const path = fc.constantFrom(
    '/',
    '/x',
    '/_next/image',
    '/cdn-cgi/image/w=4/a.png',
    '/_/w:4/plain/a.png',
    '/_ipx/w_4/a.png',
    '/unsafe/4x3/a.png',
    '/4x3/a.png',
  );
  const parameter = fc.constantFrom(
    'u=%2Fa.png',
    'url=%2Fa.png',
    '%75=%2Fa.png',
    'w=4',
    'q=75',
    'p=hero',
    'n=1',
    'utm_source=x',
  );
  const compat = fc.subarray([...DIALECT_NAMES], { minLength: 1 }).map((names) => names.join());
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('on' as const, 'off' as const),
      compat,
      path,
      fc.uniqueArray(parameter, { maxLength: 4 }),
      async (edgeKeys, names, uri, parameters) => {
        const cdn = createCdn({ edgeKeys, compat: names });
        const settings = { SOURCE_BASES: `default=${origin.url}/`, PRESETS: `hero=w=4&u=${origin.url}/a.png` };
        cdn.push([{ id: 'open', sha256: sha256('open') }], settings);
        const query = parameters.join('&');
        await cdn.get(query, { 'x-api-key': 'open' }, uri);
        const without = await cdn.get(query, {}, uri);
        expect([400, 401]).toContain(without.status);
      },
    ),
    { numRuns: Math.ceil(runs / 4) },
  );
});
