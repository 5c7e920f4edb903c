/** What is hopeless is refused by its estimate, before it begins. */
import { describe, expect, test } from 'vitest';
import { defaultEffort, encodeMs, maxFramePixels, unstoppableMs } from '../../src/image/cpu-cost.ts';
import type { OutputFormat } from '../../src/image/negotiate.ts';
import { plan } from '../../src/image/plan.ts';
import type { SourceInfo } from '../../src/image/source-info.ts';
import type { ImageOptions } from '../../src/options.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
/** 25 megapixels. */
const source: SourceInfo = {
  format: 'jpeg',
  decodedFrom: 'file',
  width: 5000,
  height: 5000,
  hasAlpha: false,
  pages: 1,
  orientation: 1,
  channels: 3,
  scans: 1,
};
const planFor = (options: Partial<ImageOptions>, formats: readonly OutputFormat[]) =>
  plan(source, optionsOf(options), formats, limits);

describe('own pixel limits of expensive outputs', () => {
  test.each([
    ['avif', {}, 8.8],
    ['avif', { q: 81 }, 6.9],
    ['avif', { ll: true }, 6],
    ['webp', {}, 40],
    ['webp', { ll: true }, 10],
    ['gif', {}, 12.8],
    ['png', {}, 74],
    ['png', { l: 9 }, 17.2],
    ['jpg', { ll: true }, 182],
    ['jpg', { fit: 'contain', cbg: 'blur' }, 100],
    ['jpg', { pad: '1,1,1,1' }, 166.7],
    ['jpg', { mod: '1.2', con: 10, gam: 2, sharp: 10, filt: 'sepia', blur: 1000, tint: 'red' }, 24.3],
  ] as const)('%s %j: %d megapixels', (format, options, megapixels) =>
    expect(maxFramePixels(format, optionsOf(options)) / 1e6).toBeCloseTo(megapixels, 0),
  );

  test.each([
    ['avif', {}, 'at most 8849557 are encoded as avif '],
    [
      'avif',
      { ll: true },
      'at most 5000000 are encoded as avif without loss and with these options: more would take too much memory',
    ],
    ['webp', { ll: true }, 'at most 7142857 are encoded as webp without loss '],
    ['gif', {}, 'at most 12820512 are encoded as gif '],
    ['png', { l: 9, af: true }, 'at most 17241379 are encoded as png '],
    [
      'webp',
      { mask: 'star' },
      'at most 7142857 are encoded as webp with transparency and with these options: more would take too much memory',
    ],
  ] as const)('25 MP as %s %j is 413', (format, options, message) =>
    expect(() => planFor({ w: 5000, ...options }, [format])).toThrow(
      expect.objectContaining({ code: 'IMAGE_TOO_LARGE', message: expect.stringContaining(message) }),
    ),
  );

  test('under auto, the next format is taken', () => {
    const info = { ...source, format: 'avif' as const };
    const planned = plan(info, optionsOf({ w: 5000 }), ['avif', 'webp', 'jpg', 'png'], limits);
    expect(planned.format).toBe('webp');
    expect(plan(info, optionsOf({ w: 2000 }), ['avif', 'webp', 'jpg', 'png'], limits).format).toBe('avif');
  });

  test('a device pixel ratio is lowered to them', () => {
    const { width, height } = planFor({ w: 2000, dpr: 3 }, ['avif']);
    expect(width * height).toBeLessThanOrEqual(8_849_557);
    expect(width).toBeGreaterThan(2900);
    const masked = planFor({ w: 2000, dpr: 3, mask: 'star' }, ['webp']);
    expect(masked.width * masked.height).toBeLessThanOrEqual(7_142_857);
    expect(masked.width).toBeGreaterThan(2600);
  });

  test('formats and sizes of every day are within them', () => {
    for (const format of ['jpg', 'png', 'webp'] as const) expect(planFor({ w: 5000 }, [format]).format).toBe(format);
    for (const format of ['avif', 'gif'] as const) expect(planFor({ w: 2560 }, [format]).format).toBe(format);
  });
});

test('a GIF of many pixels, all frames together, is quantized at low effort', () => {
  const gif = { width: 500, height: 500, format: 'gif' as const };
  expect(defaultEffort({ ...gif, pages: 6 }, optionsOf({}))).toBe('full');
  expect(defaultEffort({ ...gif, pages: 7 }, optionsOf({}))).toBe('low');
  expect(defaultEffort({ ...gif, pages: 7, format: 'webp' }, optionsOf({}))).toBe('full');
});

describe('a large AVIF', () => {
  const FORMATS = ['avif', 'webp', 'jpg', 'png'] as const;
  test.each([
    [{ w: 1400 }, 'avif', 'full'],
    [{ w: 1450 }, 'avif', 'low'],
    [{ w: 1540 }, 'avif', 'low'],
    [{ w: 1560 }, 'webp', 'full'],
    [{ w: 1350, q: 90 }, 'avif', 'low'],
    [{ w: 1380, q: 90 }, 'webp', 'full'],
    [{ w: 1270, ll: true }, 'avif', 'full'],
    [{ w: 1300, ll: true }, 'avif', 'low'],
    [{ w: 1970, ll: true }, 'webp', 'full'],
  ] as const)('%j is %s at %s effort under auto', (options, format, effort) => {
    const planned = planFor(options, FORMATS);
    expect([planned.format, defaultEffort(planned, optionsOf(options))]).toEqual([format, effort]);
  });
});

test('only steps that cannot be stopped count as such', () => {
  const output = { width: 1000, height: 1000, pages: 1 };
  const of = (format: OutputFormat, info?: SourceInfo) =>
    unstoppableMs({ ...output, format }, optionsOf({}), 'full', info);
  expect([of('webp'), of('jpg', source), of('avif')]).toEqual([
    0,
    0,
    encodeMs({ ...output, format: 'avif' }, optionsOf({}), 'full'),
  ]);
  expect(of('jpg', { ...source, format: 'webp' })).toBe(25 * 65);
});
