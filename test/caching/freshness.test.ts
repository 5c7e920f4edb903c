import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/keys/registry.ts';
import { codeOf, testHandler } from '../requests.ts';
import { BROKEN, later, photo, sourceOf, V1 } from './source.ts';

describe('freshness of a response', () => {
  const SWR = ', stale-while-revalidate=86400, stale-if-error=604800';
  test.each<[string, Record<string, string>, object, string, string | undefined]>([
    ['no caching headers', {}, {}, `public, max-age=86400${SWR}`, undefined],
    ['max-age of the origin', { 'cache-control': 'max-age=100' }, {}, `public, max-age=100${SWR}`, undefined],
    ['Age of the origin', { 'cache-control': 'max-age=100', age: '30' }, {}, `public, max-age=100${SWR}`, '30'],
    [
      's-maxage for shared caches',
      { 'cache-control': 'max-age=60, s-maxage=600' },
      {},
      // s-maxage forbids stale responses (RFC 9111, 4.2.4).
      'public, max-age=60, s-maxage=600',
      undefined,
    ],
    [
      'the stale-* directives of the origin',
      { 'cache-control': 'max-age=60, stale-while-revalidate=5, stale-if-error=7' },
      {},
      'public, max-age=60, stale-while-revalidate=5, stale-if-error=7',
      undefined,
    ],
    [
      'must-revalidate',
      { 'cache-control': 'max-age=60, must-revalidate' },
      {},
      'public, max-age=60, must-revalidate',
      undefined,
    ],
    ['no-cache', { 'cache-control': 'no-cache' }, {}, 'public, no-cache', undefined],
    ['no-store', { 'cache-control': 'no-store' }, {}, 'no-store', undefined],
    ['no-store, even with maxage', { 'cache-control': 'no-store' }, { maxage: '1d' }, 'no-store', undefined],
    [
      'max-age=0 for browsers, s-maxage for shared caches',
      { 'cache-control': 'max-age=0, s-maxage=600' },
      {},
      'public, max-age=0, s-maxage=600',
      undefined,
    ],
    ['private', { 'cache-control': 'private, max-age=60' }, {}, 'private, max-age=60', undefined],
    [
      'maxage',
      { 'cache-control': 'max-age=100', age: '30' },
      { maxage: '2h' },
      `public, max-age=7200${SWR}`,
      undefined,
    ],
    ['maxage, a year', {}, { maxage: '1y' }, `public, max-age=31536000${SWR}`, undefined],
    ['Pragma', { pragma: 'no-cache' }, {}, 'public, no-cache', undefined],
    ['Vary: *', { vary: '*', 'cache-control': 'max-age=60' }, {}, 'public, no-cache', undefined],
  ])('%s', async (_who, headers, more, control, age) => {
    const { ask } = sourceOf(testHandler(), { body: photo, headers });
    const reply = await ask(more);
    expect([reply.headers['cache-control'], reply.headers.age]).toEqual([control, age]);
  });

  test('Expires', async () => {
    const expires = new Date(Date.now() + 600_000).toUTCString();
    const { ask } = sourceOf(testHandler(), { body: photo, headers: { expires, date: new Date().toUTCString() } });
    expect((await ask()).headers['cache-control']).toMatch(/^public, max-age=(?:599|600),/);
  });

  test('bounded by the settings of the deployment', async () => {
    const bounded = testHandler({
      RESULT_MIN_AGE: '50',
      RESULT_MAX_AGE: '500',
      RESULT_STALE_IF_ERROR: '0',
      RESULT_STALE_WHILE_REVALIDATE: '0',
    });
    const control = async (value: string, more = {}) =>
      (await sourceOf(bounded, { body: photo, headers: { 'cache-control': value } }).ask(more)).headers[
        'cache-control'
      ];
    expect(await control('max-age=1')).toBe('public, max-age=50');
    expect(await control('max-age=0')).toBe('public, max-age=50');
    expect(await control('max-age=100')).toBe('public, max-age=100');
    expect(await control('max-age=1000')).toBe('public, max-age=500');
    expect(await control('max-age=1000', { maxage: '1d' })).toBe('public, max-age=500');
    expect(await control('no-store')).toBe('no-store');
  });

  test('ends at the maxAge of the key, fresh or stale', async () => {
    const handler = testHandler({
      API_KEYS: JSON.stringify([
        { id: 'short', sha256: sha256('short'), maxAge: 90 },
        { id: 'none', sha256: sha256('none'), maxAge: 0 },
        { id: 'any', sha256: sha256('any') },
      ]),
      RESULT_STALE_WHILE_REVALIDATE: '600',
    });
    const { ask, becomes } = sourceOf(handler, V1);
    const control = async (k: string, more = {}) => (await ask({ k, ...more })).headers['cache-control'];
    expect(await control('any')).toBe('public, max-age=60, stale-while-revalidate=600, stale-if-error=604800');
    expect(await control('short')).toBe('public, max-age=60, stale-while-revalidate=30, stale-if-error=30');
    expect(await control('short', { maxage: '1d' })).toBe('public, max-age=90');
    expect(await control('none')).toBe('public, no-cache');
    // Nor does pixgate itself serve it stale for longer: neither the image nor one from the cached source.
    becomes(BROKEN);
    later(89);
    expect((await ask({ k: 'short' })).status).toBe(200);
    later(2);
    expect([(await ask({ k: 'short' })).status, (await ask({ k: 'short', w: 81 })).status]).toEqual([502, 502]);
    expect([(await ask({ k: 'any' })).status, (await ask({ k: 'any', w: 82 })).status]).toEqual([200, 200]);
  });

  test('ends at exp, fresh or stale', async () => {
    const now = Math.floor(Date.now() / 1000);
    const { ask } = sourceOf(testHandler(), V1);
    expect((await ask({ exp: now + 1000, maxage: '1d' })).headers['cache-control']).toMatch(
      /^public, max-age=(?:999|1000)$/,
    );
    expect((await ask({ exp: now + 70 })).headers['cache-control']).toMatch(
      /^public, max-age=60, stale-while-revalidate=(?:9|10), stale-if-error=(?:9|10)$/,
    );
    const late = await ask({ exp: now });
    expect([late.status, codeOf(late), late.headers['cache-control']]).toEqual([401, 'SIGNATURE_EXPIRED', 'no-store']);
  });

  test.each(['5', '4m', '299s', '2y', '0d', '1D', '-1d', '1.5d', '', '999999999y'])(
    'maxage=%s is 400',
    async (maxage) => {
      const reply = await sourceOf(testHandler(), V1).ask({ maxage });
      expect([reply.status, JSON.parse(reply.body.toString()).errors[0].parameter]).toEqual([400, 'maxage']);
    },
  );
});
