/** Fallback images and placeholders, without a socket or a pixel. */
import { describe, expect, test } from 'vitest';
import { ERRORS, type ErrorCode, type ErrorLifetime, ImageError } from '../src/errors.ts';
import { fallbackHeaders, fallbackOptions, hasFallback, placeholder } from '../src/fallback.ts';
import type { ImageOptions } from '../src/options.ts';

/** A validated query, as far as fallbacks read it. */
const optionsWith = (options: Partial<ImageOptions>) =>
  ({ u: 'https://example.com/a.jpg', dpr: 1, f: 'auto', q: 80, ...options }) as ImageOptions;
const error = (code: ErrorCode) => new ImageError(code, 'x');

describe('hasFallback', () => {
  /** The cause in `defaultfor` of each code that has a fallback. */
  const CAUSES: Partial<Record<ErrorCode, string>> = {
    SOURCE_NOT_FOUND: 'not-found',
    SOURCE_TIMEOUT: 'timeout',
    SOURCE_UNAVAILABLE: 'timeout',
    SOURCE_UNSUPPORTED: 'unsupported',
    SOURCE_TOO_LARGE: 'unsupported',
    IMAGE_CORRUPT: 'unsupported',
    IMAGE_TOO_LARGE: 'unsupported',
  };
  test.each(Object.keys(ERRORS) as ErrorCode[])('%s', (code) => {
    const has = (options: Partial<ImageOptions>) => hasFallback(optionsWith(options), error(code));
    const cause = CAUSES[code];
    expect(has({})).toBe(false);
    expect(has({ default: '1' })).toBe(cause !== undefined);
    for (const defaultfor of ['not-found', 'timeout', 'unsupported'])
      expect(has({ default: '1', defaultfor })).toBe(cause === defaultfor);
    expect(has({ default: '1', defaultfor: 'not-found,timeout,unsupported' })).toBe(cause !== undefined);
    expect(has({ default: '1', f: 'json' })).toBe(false);
  });
  test.each(['blurhash', 'lqip'] as const)('f=%s has one', (f) =>
    expect(hasFallback(optionsWith({ default: '1', f }), error('SOURCE_NOT_FOUND'))).toBe(true),
  );
});

test('fallbackOptions: the same output of another source, which has no fallback', () => {
  const options = optionsWith({ default: 'https://example.com/b.jpg', defaultfor: 'timeout', w: 80, f: 'webp' });
  expect(fallbackOptions(options)).toEqual(optionsWith({ u: 'https://example.com/b.jpg', w: 80, f: 'webp' }));
});

describe('fallbackHeaders', () => {
  const NOW = Date.UTC(2026, 10, 30);
  const longLived = { scope: 'public', maxAge: 86_400, age: 0 } as const;
  const missing = (lifetime: Omit<ErrorLifetime, 'expiresAt'>, seconds: number) =>
    new ImageError('SOURCE_NOT_FOUND', '', { lifetime: { ...lifetime, expiresAt: NOW + seconds * 1000 } });
  const failed = new ImageError('SOURCE_UNAVAILABLE', '', { lifetime: { scope: 'none' } });
  test.each<[string, ImageError, Parameters<typeof fallbackHeaders>[1], string]>([
    ['a missing image', error('SOURCE_NOT_FOUND'), longLived, 'public, max-age=60'],
    ['a corrupt one', error('IMAGE_CORRUPT'), longLived, 'public, max-age=60'],
    ['a failed origin', error('SOURCE_UNAVAILABLE'), longLived, 'public, max-age=10'],
    ['one that says no-store', failed, longLived, 'public, max-age=10'],
    ['a slow one', error('SOURCE_TIMEOUT'), longLived, 'public, max-age=10'],
    ['a short fallback', error('SOURCE_NOT_FOUND'), { ...longLived, maxAge: 30 }, 'public, max-age=30'],
    ['an old fallback', error('SOURCE_NOT_FOUND'), { ...longLived, maxAge: 30, age: 10 }, 'public, max-age=20'],
    ['a stale fallback', error('SOURCE_NOT_FOUND'), { ...longLived, maxAge: 30, age: 31 }, 'public, no-cache'],
    ['a private fallback', error('SOURCE_NOT_FOUND'), { ...longLived, scope: 'private' }, 'private, max-age=60'],
    ['one not to store', error('SOURCE_NOT_FOUND'), { ...longLived, scope: 'none' }, 'no-store'],
    ['a private 404', missing({ scope: 'private' }, 60), longLived, 'private, max-age=60'],
    ['a 404 not to store', missing({ scope: 'none' }, 60), longLived, 'no-store'],
    ['a 404 of another lifetime', missing({ scope: 'public' }, 5), longLived, 'public, max-age=5'],
  ])('%s', (_, failure, image, expected) =>
    expect(fallbackHeaders(failure, image, undefined, NOW)).toEqual({
      'Cache-Control': expected,
      'Pixgate-Fallback': failure.code,
    }),
  );
  test('Vary, where the format was negotiated', () =>
    expect(fallbackHeaders(error('SOURCE_TIMEOUT'), longLived, 'Accept', NOW)).toHaveProperty('Vary', 'Accept'));
});

describe('placeholder', () => {
  test.each<[string, Partial<ImageOptions>, number, number]>([
    ['both sides', { w: 80, h: 60 }, 80, 60],
    ['width: a square', { w: 80 }, 80, 80],
    ['height: a square', { h: 60 }, 60, 60],
    ['width and ratio', { w: 80, ar: '16:9' }, 80, 45],
    ['height and ratio', { h: 90, ar: '16:9' }, 160, 90],
    ['rounded to nearest', { w: 100, ar: '3:2' }, 100, 67],
    ['at least one pixel', { w: 10, ar: '100:1' }, 10, 1],
    ['no side: 300 × 150 (CSS 2.2, 10.3.2)', {}, 300, 150],
    ['percentages, which have no source', { w: '50%', h: '50%' }, 300, 150],
    ['pixels and a percentage', { w: 80, h: '50%' }, 80, 80],
  ])('size by %s', (_what, options, w, h) =>
    expect(placeholder(optionsWith(options)).options).toMatchObject({ w, h, fit: 'fill' }),
  );

  test.each([
    [undefined, { r: 224, g: 224, b: 224 }],
    ['ffff0000', { r: 255, g: 0, b: 0 }],
  ])('colour by bg=%s', (bg, pixel) =>
    expect(placeholder(optionsWith(bg === undefined ? {} : { bg })).pixel).toMatchObject(pixel),
  );

  test('format, quality and shape are inherited; source and effects are not', () => {
    const inherited = { dpr: 2, f: 'webp', q: 60, r: 10, mask: 'circle' } as const;
    const dropped = { ro: 90, flip: true, blur: 5, default: '1', filename: 'a', exp: 4_000_000_000 };
    const { options } = placeholder(optionsWith({ ...inherited, ...dropped, w: 80 }));
    expect(options).toMatchObject({ ...inherited, u: '', ro: 0, flip: false });
    for (const name of ['blur', 'default', 'filename', 'exp']) expect(options).not.toHaveProperty(name);
  });
});
