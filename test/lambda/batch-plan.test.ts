/** The images that the batch function plans: those of the cache entries that requests read. */
import { describe, expect, test } from 'vitest';
import { cacheKey } from '../../src/cache/key.ts';
import { MAX_STREAMED_BYTES } from '../../src/http/event.ts';
import { MARK_DEFAULTS } from '../../src/image/mark.ts';
import { planImages, planSettings } from '../../src/lambda/batch-plan.ts';
import { testConfig } from '../requests.ts';

const PRESETS = 'thumb=w=200&h=200&fit=cover;hero=w=1600;jpg=w=100&f=jpg';
const plan = (env: Record<string, string> = {}, job: object = {}) =>
  planImages({ u: 'https://example.com/a.jpg', isNew: false, ...job }, planSettings(testConfig({ PRESETS, ...env })));
const rows = (...all: Parameters<typeof plan>) =>
  plan(...all).map(({ query: { options }, accept }) => [options.w, options.dpr, accept]);

describe('by default', () => {
  test('every preset, for each image that auto may choose', () =>
    expect(rows()).toEqual([
      [200, 1, ''],
      [200, 1, 'image/webp'],
      [1600, 1, ''],
      [1600, 1, 'image/webp'],
      [100, 1, ''],
    ]));

  test('AVIF where auto may choose it', () =>
    expect(rows({ AVIF_AUTO: 'on', BATCH_PRESETS: 'thumb' }).map(([, , accept]) => accept)).toEqual([
      '',
      'image/webp',
      'image/avif,image/webp',
    ]));

  test('each image has a key of its own', () => {
    const keys = plan({ BATCH_RESPONSES: 'both', BATCH_PRESETS: 'thumb,thumb@2x,jpg' }).map(
      ({ query, accept, maxResponseBytes }) => cacheKey('1', query, accept, { maxResponseBytes, avif: false }),
    );
    expect(keys).toHaveLength(2 * (2 + 2 + 1));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test('a preset without a size, where a deployment takes such requests', () =>
  expect(rows({ SIZE_REQUIRED: 'off', PRESETS: 'small=q=50&f=webp' })).toEqual([[undefined, 1, '']]));

test('a preset with a mark has the key of a request with it', () => {
  const config = testConfig({ PRESETS: 'marked=w=100&f=jpg&mark=logo' });
  const mark = { name: 'logo', version: 'v1', width: 1, height: 1, pixels: Buffer.alloc(0), options: MARK_DEFAULTS };
  const [image] = planImages({ u: 'https://example.com/a.jpg', isNew: false }, planSettings(config, [mark]));
  expect(image?.query.mark).toBe(mark);
  expect(image?.query.canonical).toMatch(/\nv1$/);
  expect(() => planSettings(config)).toThrow('mark must be one of the marks of this deployment');
});

test('the presets of the function, and those of a message', () => {
  expect(rows({ BATCH_PRESETS: 'jpg, jpg@2x' })).toEqual([
    [100, 1, ''],
    [100, 2, ''],
  ]);
  expect(rows({ BATCH_PRESETS: 'thumb' }, { presets: 'jpg@1.5x' })).toEqual([[100, 1.5, '']]);
});

test('entry points by their limit of a response', () => {
  const limits = (BATCH_RESPONSES: string) => [
    ...new Set(plan({ BATCH_RESPONSES }).map(({ maxResponseBytes }) => maxResponseBytes)),
  ];
  expect(limits('streamed')).toEqual([MAX_STREAMED_BYTES]);
  expect(limits('both')).toEqual([MAX_STREAMED_BYTES, ...limits('buffered')]);
  expect(limits('buffered')[0]).toBeLessThan(6_291_556);
});

test('a version and a short source are those of a request', () => {
  const [image] = plan({ SOURCE_BASES: 'shop=https://cdn.example.com/images/' }, { u: 'shop:a b.jpg', v: '3' });
  expect(image?.query.options).toMatchObject({ u: 'https://cdn.example.com/images/a%20b.jpg', v: '3' });
});

test.each([
  [{ u: 'ftp://example.com/a.jpg' }, 'u '],
  [{ presets: 'nope' }, 'p must be one of the presets of this deployment: thumb, hero, jpg'],
  [{ presets: 'thumb@9x' }, 'dpr must be'],
  [{ presets: ', ' }, 'There are no presets'],
])('%j is refused', (job, reason) => expect(() => plan({}, job)).toThrow(reason));

test('presets that no request could use alone stop the start', () => {
  const start = (env: Record<string, string>) => () => planSettings(testConfig(env));
  expect(start({ PRESETS, BATCH_PRESETS: 'thumb,nope' })).toThrow(
    /^BATCH_PRESETS may not have nope: .*p must be one of the presets of this deployment: thumb, hero, jpg/,
  );
  expect(start({ PRESETS: 'thumb=w=200;round=mask=circle' })).toThrow(
    'BATCH_PRESETS may not have round: w is required',
  );
  expect(start({})).toThrow('needs PRESETS');
});
