import { describe, expect, test } from 'vitest';
import { plan, resultSize, type SourceInfo } from '../../src/image/plan.ts';
import type { ImageOptions } from '../../src/options.ts';
import { testConfig } from '../requests.ts';

const limits = testConfig();
const options = (more: Partial<ImageOptions>): ImageOptions => ({
  u: '',
  fit: 'inside',
  dpr: 1,
  we: false,
  f: 'auto',
  q: 80,
  ...more,
});
const source = (more: Partial<SourceInfo> = {}): SourceInfo => ({
  format: 'jpeg',
  width: 400,
  height: 300,
  hasAlpha: false,
  pages: 1,
  orientation: 1,
  channels: 3,
  scans: 1,
  ...more,
});

describe('resultSize, from the rule on paper', () => {
  const all = ['inside', 'outside', 'cover', 'contain', 'fill'] as const;
  const size = (from: readonly [number, number], more: Partial<ImageOptions>, dpr = 1) => {
    const { width, height } = resultSize({ width: from[0], height: from[1] }, options(more), dpr);
    return [width, height];
  };

  // One side: the other follows the ratio, rounded once, to nearest, at least 1.
  test.each([
    [[400, 300], { w: 200 }, 1, [200, 150]],
    [[400, 300], { h: 150 }, 1, [200, 150]],
    [[500, 399], { w: 100 }, 1, [100, 80]],
    [[1500, 735], { w: 300 }, 1, [300, 147]],
    [[400, 300], { w: 101 }, 1.5, [152, 114]],
    [[900, 1], { w: 100 }, 1, [100, 1]],
    [[1, 512], { h: 256 }, 1, [1, 256]],
    [[400, 300], { w: 1 }, 1, [1, 1]],
    [[400, 300], { w: 800 }, 1, [800, 600]],
    [[400, 300], { w: 800, we: true }, 1, [400, 300]],
    [[50, 50], { w: 40, we: true }, 2, [50, 50]],
  ] as const)('%j %j × %d → %j', (from, more, dpr, expected) => expect(size(from, more, dpr)).toEqual(expected));

  test.each([
    ['inside', [200, 150], [150, 200]],
    ['outside', [267, 200], [200, 267]],
    ['cover', [200, 200], [200, 200]],
    ['contain', [200, 200], [200, 200]],
    ['fill', [200, 200], [200, 200]],
  ] as const)('200 × 200 %s', (fit, landscape, portrait) => {
    expect(size([400, 300], { w: 200, h: 200, fit })).toEqual(landscape);
    expect(size([300, 400], { w: 200, h: 200, fit })).toEqual(portrait);
  });

  test.each([
    // Asked 800 × 200 of 400 × 300: the requested ratio (4:1) stays, nothing is enlarged.
    ['inside', [267, 200]],
    ['outside', [400, 300]],
    ['cover', [400, 100]],
    ['contain', [800, 200]],
    ['fill', [400, 200]],
  ] as const)('800 × 200 %s without enlargement', (fit, expected) =>
    expect(size([400, 300], { w: 800, h: 200, fit, we: true })).toEqual(expected),
  );

  test('contain without enlargement makes the box smaller where the picture would grow', () =>
    expect(size([400, 300], { w: 1600, h: 1200, fit: 'contain', we: true })).toEqual([400, 300]));

  test('fill with one side keeps the other', () => {
    expect(size([400, 300], { w: 200, fit: 'fill' })).toEqual([200, 300]);
    expect(size([400, 300], { h: 100, fit: 'fill' })).toEqual([400, 100]);
  });

  test('with one side, the other fits make no difference', () => {
    for (const fit of all.filter((one) => one !== 'fill'))
      expect(size([400, 300], { w: 200, fit })).toEqual([200, 150]);
  });
});

describe('plan', () => {
  test('format, size, frames', () =>
    expect(plan(source(), options({ w: 200 }), ['webp', 'jpg', 'png'], limits)).toEqual({
      width: 200,
      height: 150,
      format: 'webp',
      pages: 1,
      fit: 'fill',
      flatten: false,
    }));

  test.each([
    ['cover', { w: 9, h: 9, fit: 'cover' }, 'cover'],
    ['contain', { w: 9, h: 9, fit: 'contain' }, 'contain'],
    ['cover with one side', { w: 9, fit: 'cover' }, 'fill'],
    ['inside', { w: 9, h: 9 }, 'fill'],
  ] as const)('%s', (_what, more, fit) => expect(plan(source(), options(more), ['png'], limits).fit).toBe(fit));

  const code = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
    return 'no error';
  };

  test.each([
    [source({ width: 10_000, height: 5_000 }), 'no error'],
    [source({ width: 10_001, height: 5_000 }), 'IMAGE_TOO_LARGE'],
    [source({ format: 'avif', width: 4_000, height: 4_000 }), 'no error'],
    [source({ format: 'avif', width: 4_001, height: 4_000 }), 'IMAGE_TOO_LARGE'],
    [source({ format: 'svg', width: 32_767, height: 32_767 }), 'no error'],
    [source({ format: 'svg', width: 32_768, height: 1 }), 'IMAGE_TOO_LARGE'],
    [source({ scans: 32 }), 'no error'],
    [source({ scans: 33 }), 'IMAGE_TOO_LARGE'],
    [source({ channels: 5 }), 'no error'],
    [source({ channels: 6 }), 'IMAGE_TOO_LARGE'],
  ])('source %#', (from, expected) =>
    expect(code(() => plan(from, options({ w: 10 }), ['png'], limits))).toBe(expected),
  );

  test.each([
    [{ w: 5000 }, source({ width: 1, height: 1 }), 'no error'],
    [{ w: 5001 }, source({ width: 1, height: 1 }), 'IMAGE_TOO_LARGE'],
    [{ w: 8192 }, source({ width: 8192, height: 1 }), 'no error'],
    [{ w: 100 }, source({ width: 100, height: 20_000 }), 'no error'],
  ])('result %j', (more, from, expected) =>
    expect(code(() => plan(from, options(more), ['png'], limits))).toBe(expected),
  );

  test('a deployment may lower the largest side', () => {
    const small = testConfig({ RESULT_MAX_SIDE: '100' });
    expect(code(() => plan(source(), options({ w: 101 }), ['png'], small))).toBe('IMAGE_TOO_LARGE');
    expect(plan(source(), options({ w: 60, dpr: 3 }), ['png'], small).width).toBe(100);
  });

  test('dpr is lowered to what the limits allow, never an error', () => {
    expect(plan(source(), options({ w: 4000, dpr: 8 }), ['png'], limits)).toMatchObject({ width: 5772, height: 4329 });
    expect(plan(source({ height: 40 }), options({ w: 4000, dpr: 8 }), ['png'], limits)).toMatchObject({
      width: 8192,
      height: 819,
    });
  });

  test.each([
    [100, 16_383, ['webp', 'jpg', 'png'], 'webp'],
    [100, 16_384, ['webp', 'jpg', 'png'], 'jpg'],
    [10, 65_535, ['webp', 'jpg', 'png'], 'jpg'],
    [10, 65_536, ['webp', 'jpg', 'png'], 'png'],
    [100, 16_384, ['avif'], 'avif'],
  ] as const)('%i × %i of %j → %s', (width, height, formats, expected) =>
    expect(plan(source({ width, height }), options({ w: width }), formats, limits).format).toBe(expected),
  );

  test('a side too long for the one format that was asked for', () => {
    for (const [format, height] of [
      ['webp', 16_384],
      ['avif', 16_385],
      ['jpg', 65_536],
      ['gif', 65_536],
    ] as const)
      expect(code(() => plan(source({ width: 10, height }), options({ w: 10 }), [format], limits))).toBe(
        'IMAGE_TOO_LARGE',
      );
  });

  test('what is transparent never becomes a JPEG by itself; asked for, it goes on white', () => {
    const clear = source({ width: 100, height: 16_384, hasAlpha: true });
    expect(plan(clear, options({ w: 100 }), ['webp', 'jpg', 'png'], limits)).toMatchObject({
      format: 'png',
      flatten: false,
    });
    expect(plan(clear, options({ w: 100 }), ['jpg'], limits)).toMatchObject({ format: 'jpg', flatten: true });
  });

  const moving = source({ format: 'gif', pages: 120, width: 100, height: 100 });
  test.each([
    ['webp', moving, 100],
    ['gif', { ...moving, pages: 7 }, 7],
    ['png', moving, 1],
    ['avif', moving, 1],
    ['webp', { ...moving, width: 5000, height: 2000 }, 5],
    ['webp', { ...moving, width: 10_000, height: 5_000 }, 1],
    ['webp', { ...moving, format: 'webp', orientation: 6 }, 1],
    ['webp', { ...moving, format: 'tiff' }, 1],
  ] as const)('%s of %j keeps %i frames', (format, from, pages) =>
    expect(plan(from, options({ w: 10 }), [format], limits).pages).toBe(pages),
  );

  test('a drawing is drawn at the asked size', () => {
    const drawing = source({ format: 'svg', width: 10, height: 10 });
    expect(plan(drawing, options({ w: 100, we: true }), ['png'], limits).width).toBe(100);
  });
});
