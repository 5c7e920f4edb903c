import { describe, expect, test } from 'vitest';
import { checkSource } from '../../src/image/limits.ts';
import { plan } from '../../src/image/plan.ts';
import type { SourceInfo } from '../../src/image/source-info.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const options = optionsOf;
const source = (more: Partial<SourceInfo> = {}): SourceInfo => ({
  format: 'jpeg',
  decodedFrom: 'file',
  width: 400,
  height: 300,
  hasAlpha: false,
  pages: 1,
  orientation: 1,
  channels: 3,
  scans: 1,
  ...more,
});

describe('plan', () => {
  test('format, size, frames', () =>
    expect(plan(source(), options({ w: 200 }), ['webp', 'jpg', 'png'], limits)).toEqual({
      width: 200,
      height: 150,
      format: 'webp',
      page: 0,
      pages: 1,
      readPages: 1,
      quarterTurns: 0,
      preCrop: undefined,
      scaled: { width: 200, height: 150 },
      cover: undefined,
      contain: undefined,
      postCrop: undefined,
      angle: 0,
      border: undefined,
      opaque: false,
      hasAlpha: false,
    }));

  test.each([
    // 400 × 300 in 90 × 90: scaled to 120 × 90 and cropped to its centre, or as requested.
    ['cover', { fit: 'cover' }, { scaled: [120, 90], cover: [15, 0, 90, 90] }],
    ['cover, left', { fit: 'cover', a: 'left' }, { scaled: [120, 90], cover: [0, 0, 90, 90] }],
    ['cover, bottom right', { fit: 'cover', a: 'bottom-right' }, { scaled: [120, 90], cover: [30, 0, 90, 90] }],
    ['cover, focal', { fit: 'cover', fpx: 0.5 }, { scaled: [120, 90], cover: [15, 0, 90, 90] }],
    ['cover, focal at a third', { fit: 'cover', fpx: 0.4, fpy: 0.9 }, { scaled: [120, 90], cover: [3, 0, 90, 90] }],
    ['cover, focal at the edge', { fit: 'cover', fpx: 1 }, { scaled: [120, 90], cover: [30, 0, 90, 90] }],
    ['contain', { fit: 'contain' }, { scaled: [90, 68], contain: [0, 11, 90, 90] }],
    ['contain, top', { fit: 'contain', a: 'top' }, { scaled: [90, 68], contain: [0, 0, 90, 90] }],
    ['contain, focal', { fit: 'contain', a: 'focal', fpy: 0.25 }, { scaled: [90, 68], contain: [0, 6, 90, 90] }],
    ['contain, focal, flipped', { fit: 'contain', fpy: 0, flip: true }, { scaled: [90, 68], contain: [0, 22, 90, 90] }],
    ['inside', {}, { scaled: [90, 68] }],
  ] as const)(
    '90 × 90 %s',
    (_what, more, expected: { scaled: readonly number[]; cover?: readonly number[]; contain?: readonly number[] }) => {
      const { scaled, cover, contain } = plan(source(), options({ w: 90, h: 90, ...more }), ['png'], limits);
      const list = (rect: object | undefined) =>
        rect && ['left', 'top', 'width', 'height'].map((key) => (rect as Record<string, number>)[key]);
      expect({ scaled: [scaled.width, scaled.height], cover: list(cover), contain: list(contain) }).toEqual({
        cover: undefined,
        contain: undefined,
        ...expected,
      });
    },
  );

  test('an animation is cropped to its centre where a still gets a smart crop', () => {
    const requested = options({ w: 90, h: 90, fit: 'cover', a: 'attention' });
    expect(plan(source(), requested, ['webp'], limits).cover).toMatchObject({ strategy: 'attention' });
    expect(plan(source({ format: 'gif', pages: 2 }), requested, ['webp'], limits).cover).toMatchObject({ left: 15 });
  });

  test('a thin source is not scaled to gigapixels for a smart crop', () => {
    const { cover } = plan(
      source({ width: 10_000, height: 1 }),
      options({ w: 7, h: 900, fit: 'cover', a: 'attention' }),
      ['png'],
      limits,
    );
    expect(cover).not.toHaveProperty('strategy');
  });

  test('upscaled frames count with the size of the output', () => {
    const small = source({ format: 'gif', pages: 100, width: 10, height: 10 });
    expect(plan(small, options({ w: 5000 }), ['webp'], limits).pages).toBe(1);
    expect(plan(small, options({ w: 2000 }), ['webp'], limits).pages).toBe(12);
    expect(plan(small, options({ w: 700 }), ['webp'], limits).pages).toBe(100);
  });

  test.each([
    [{ ro: 90, w: 30 }, [30, 40], 1, 0],
    [{ ro: -90, w: 30 }, [30, 40], 3, 0],
    [{ ro: 540, w: 40 }, [40, 30], 2, 0],
    [{ ro: 45, w: 40 }, [49, 49], 0, 45],
    [{ ro: -30, w: 40 }, [50, 46], 0, 330],
  ] as const)('%j', (more, [width, height], quarters, angle) =>
    expect(plan(source(), options(more), ['png'], limits)).toMatchObject({
      width,
      height,
      quarterTurns: quarters,
      angle,
    }),
  );

  test.each([
    [{ w: 200, cx: 10, cy: 20, cw: 50, ch: 60 }, [50, 60]],
    [{ w: 200, cx: 180, cy: 140, cw: 50, ch: 60 }, [20, 10]],
    [{ w: 200, cx: '50%', cw: '25%' }, [50, 150]],
    [{ w: 200, cx: 100, cw: 200, precrop: true }, [200, 300]],
    [{ w: 100, cx: 100, cw: 200, precrop: true }, [100, 150]],
    [{ w: 200, cx: 9999, cy: 9999 }, [200, 150]],
  ] as const)('%j', (more, [width, height]) =>
    expect(plan(source(), options(more), ['png'], limits)).toMatchObject({ width, height }),
  );

  test.each([
    [{ n: 1 }, 0, 1],
    [{ n: 3 }, 0, 3],
    [{ page: 2 }, 2, 1],
    [{ page: 2, n: 2 }, 2, 2],
    [{ page: 99 }, 6, 1],
    [{ page: 5, n: 9 }, 5, 2],
    [{ trim: 10 }, 0, 1],
  ] as const)('seven frames, %j', (more, page, pages) =>
    expect(plan(source({ format: 'gif', pages: 7 }), options({ w: 9, ...more }), ['gif'], limits)).toMatchObject({
      page,
      pages,
    }),
  );

  test('auto chooses AVIF for small stills only', () => {
    const all = ['avif', 'webp', 'jpg', 'png'] as const;
    expect(plan(source({ width: 2000, height: 1000 }), options({ w: 2000 }), all, limits).format).toBe('avif');
    expect(plan(source({ width: 2000, height: 1500 }), options({ w: 2000 }), all, limits).format).toBe('webp');
    expect(plan(source({ format: 'gif', pages: 2 }), options({ w: 200 }), all, limits).format).toBe('webp');
    expect(plan(source({ width: 2000, height: 1500 }), options({ w: 2000 }), ['avif'], limits).format).toBe('avif');
  });

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
    [source({ format: 'svg', width: 216_958, height: 116_416 }), 'no error'],
    [source({ scans: 32 }), 'no error'],
    [source({ scans: 33 }), 'IMAGE_TOO_LARGE'],
    [source({ channels: 5 }), 'no error'],
    [source({ channels: 6 }), 'IMAGE_TOO_LARGE'],
    [source({ width: 100_000, height: 10, channels: 4 }), 'no error'],
    [source({ width: 10, height: 100_001, channels: 3 }), 'IMAGE_TOO_LARGE'],
    [source({ width: 50_000, height: 10, channels: 4, bytesPerSample: 2 }), 'no error'],
    [source({ width: 10, height: 50_001, channels: 4, bytesPerSample: 2 }), 'IMAGE_TOO_LARGE'],
    [source({ width: 10_000, height: 5_000, channels: 4, bytesPerSample: 2 }), 'no error'],
    [source({ width: 5_000, height: 5_000, channels: 4, bytesPerSample: 4 }), 'no error'],
    [source({ width: 5_001, height: 5_000, channels: 4, bytesPerSample: 4 }), 'IMAGE_TOO_LARGE'],
  ])('checkSource %#', (from, expected) => expect(code(() => checkSource(from, limits))).toBe(expected));

  test.each([
    [{ w: 5000 }, source({ width: 1, height: 1 }), 'no error'],
    [{ w: 5001 }, source({ width: 1, height: 1 }), 'IMAGE_TOO_LARGE'],
    [{ w: 8192 }, source({ width: 8192, height: 1 }), 'no error'],
    [{ w: 100 }, source({ width: 100, height: 20_000 }), 'no error'],
  ])('output %j', (more, from, expected) =>
    expect(code(() => plan(from, options(more), ['png'], limits))).toBe(expected),
  );

  test('a deployment may lower the maximum side', () => {
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
    // WebP has at most 16,383 per side; under auto another format is used.
    const tall = source({ width: 10, height: 3000 });
    expect(plan(tall, options({ w: 10, dpr: 8 }), ['webp'], limits)).toMatchObject({ width: 55, height: 16_383 });
    expect(plan(tall, options({ w: 10, dpr: 8 }), ['webp', 'jpg'], limits)).toMatchObject({
      format: 'jpg',
      height: 24_000,
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

  test('a side too long for the requested format is an error', () => {
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

  test('auto never chooses JPEG for an image with alpha; a requested JPEG is opaque', () => {
    const transparent = source({ width: 100, height: 16_384, hasAlpha: true });
    expect(plan(transparent, options({ w: 100 }), ['webp', 'jpg', 'png'], limits)).toMatchObject({
      format: 'png',
      opaque: false,
      hasAlpha: true,
    });
    expect(plan(transparent, options({ w: 100 }), ['jpg'], limits)).toMatchObject({ format: 'jpg', opaque: true });
  });

  const animation = source({ format: 'gif', pages: 120, width: 100, height: 100 });
  test.each([
    ['webp', animation, 100],
    ['gif', { ...animation, pages: 7 }, 7],
    ['png', animation, 1],
    ['avif', animation, 1],
    ['webp', { ...animation, width: 5000, height: 2000 }, 15],
    ['webp', { ...animation, width: 10_000, height: 5_000 }, 3],
    ['webp', { ...animation, format: 'webp', orientation: 6 }, 1],
    ['webp', { ...animation, format: 'tiff' }, 1],
  ] as const)('%s from %j keeps %i frames', (format, from, pages) =>
    expect(plan(from, options({ w: 10 }), [format], limits).pages).toBe(pages),
  );

  test('an SVG of any size is rendered; it is cropped first only if it can be rendered at its own size', () => {
    const crop = { w: 100, cx: 0, cy: 0, cw: 50, ch: 50, precrop: true };
    const [large, larger] = [32_767, 32_768].map((width) => source({ format: 'svg', width, height: 10_000 }));
    if (!large || !larger) throw new Error('two sources');
    expect(plan(larger, options({ w: 100 }), ['png'], limits).width).toBe(100);
    expect(plan(large, options(crop), ['png'], limits).width).toBe(100);
    expect(() => plan(larger, options(crop), ['png'], limits)).toThrowError(
      expect.objectContaining({ code: 'IMAGE_TOO_LARGE' }),
    );
  });

  test('an SVG is rendered at the requested size, with we too', () => {
    const svg = source({ format: 'svg', width: 10, height: 10 });
    expect(plan(svg, options({ w: 100, we: true }), ['png'], limits).width).toBe(100);
  });
});
