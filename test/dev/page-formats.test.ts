/** The comparison of formats in the playground: what is compared, and the measure of similarity. */
import { describe, expect, test } from 'vitest';
import { formatChoices, isChosen, losslessChoice } from '../../src/dev/page/format-choices.ts';
import { type Pixels, ssim } from '../../src/dev/page/ssim.ts';
import type { State } from '../../src/dev/page/state.ts';

const stateOf = (options: Record<string, string>): State => ({
  base: 'https://img.example.com/',
  u: 'https://example.com/cat.jpg',
  options,
});

describe('choices', () => {
  test('JPEG, WebP and AVIF at three qualities, with all other parameters', () => {
    const state = stateOf({ w: '640', fit: 'cover', f: 'png', q: '9', mb: '5000', ll: '1', blur: '2' });
    const choices = formatChoices(state, 'KEY', { format: 'jpeg', alpha: false });
    expect(choices.map(({ label }) => label)).toEqual(
      ['JPEG', 'WebP', 'AVIF'].flatMap((name) => [45, 65, 85].map((q) => `${name} q=${q}`)),
    );
    expect(choices[4]?.options).toEqual({ w: '640', fit: 'cover', blur: '2', f: 'webp', q: '65' });
    expect(choices[4]?.url).toContain('&f=webp&fit=cover&k=KEY&q=65&');
    expect(losslessChoice(state, 'KEY').options).toEqual({ w: '640', fit: 'cover', blur: '2', f: 'png' });
  });

  test.each([
    [{ format: 'webp', alpha: true }, true],
    [{ format: 'svg' }, true],
    [{ format: 'webp' }, false],
    [{}, false],
  ])('of %j: PNG too is %j', (source, hasPng) =>
    expect(formatChoices(stateOf({ w: '9' }), '', source).some(({ label }) => label === 'PNG')).toBe(hasPng),
  );

  test('one is chosen if the parameters are its own, in any order', () => {
    const [choice] = formatChoices(stateOf({ w: '9' }), '', {});
    if (!choice) throw new Error('no choice');
    expect(isChosen(stateOf({ q: '45', f: 'jpg', w: '9' }), choice)).toBe(true);
    expect(isChosen(stateOf({ q: '45', f: 'jpg', w: '9', blur: '1' }), choice)).toBe(false);
    expect(isChosen(stateOf({ q: '65', f: 'jpg', w: '9' }), choice)).toBe(false);
  });
});

describe('ssim', () => {
  /** A texture, with noise of an amplitude, in RGBA or RGB. */
  function textured(noise: number, channels = 4, alpha = 255): Pixels {
    const [width, height] = [37, 22];
    const data = new Uint8ClampedArray(width * height * channels);
    for (let i = 0; i < width * height; i++) {
      const value = 128 + 90 * Math.sin(i * 0.7) + noise * Math.sin(i * 12.9898);
      data.set([value, value, value, alpha].slice(0, channels), i * channels);
    }
    return { data, width, height, channels };
  }

  /** By the definition: the mean over all blocks of 8 × 8 pixels at multiples of 4, without sums that blocks share. */
  function byDefinition(one: Pixels, other: Pixels): number {
    const values: number[] = [];
    const at = ({ data, width }: Pixels, x: number, y: number) => data[(y * width + x) * 4] ?? 0;
    for (let top = 0; top + 8 <= one.height; top += 4)
      for (let left = 0; left + 8 <= one.width; left += 4) {
        const places = Array.from({ length: 64 }, (_, i) => [left + (i % 8), top + (i >> 3)] as const);
        const [a, b] = [one, other].map((image) => places.map(([x, y]) => at(image, x, y))) as [number[], number[]];
        const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / 64;
        const [ma, mb] = [mean(a), mean(b)];
        const covariance = (p: number[], mp: number, q: number[], mq: number) =>
          mean(p.map((value, i) => (value - mp) * ((q[i] ?? 0) - mq)));
        const [c1, c2] = [2.55 ** 2, 7.65 ** 2];
        const numerator = (2 * ma * mb + c1) * (2 * covariance(a, ma, b, mb) + c2);
        values.push(
          numerator / ((ma ** 2 + mb ** 2 + c1) * (covariance(a, ma, a, ma) + covariance(b, mb, b, mb) + c2)),
        );
      }
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  test('is 1 for equal images, and less the more they differ, as defined', () => {
    expect(ssim(textured(0), textured(0))).toBeCloseTo(1, 12);
    const values = [5, 20, 60].map((noise) => ssim(textured(0), textured(noise)));
    expect(values).toEqual([...values].sort((a, b) => b - a));
    for (const [i, noise] of [5, 20, 60].entries())
      expect(values[i]).toBeCloseTo(byDefinition(textured(0), textured(noise)), 9);
    expect(values[2]).toBeLessThan(0.9);
  });

  test.each([
    [3, 3],
    [3, 100],
    [7, 100],
    [100, 7],
  ])('is not a number for %d × %d pixels, which have no block', (width, height) => {
    const image = { data: new Uint8Array(width * height * 4), width, height };
    expect(ssim(image, image)).toBeNaN();
  });

  test('reads RGB as RGBA, and transparent pixels over white', () => {
    expect(ssim(textured(0, 3), textured(0, 4))).toBeCloseTo(1, 12);
    const white = { data: new Uint8Array(37 * 22 * 3).fill(255), width: 37, height: 22, channels: 3 };
    expect(ssim(textured(0, 4, 0), white)).toBeCloseTo(1, 12);
  });

  test('is unknown below a block', () =>
    expect(
      ssim({ data: new Uint8Array(28), width: 7, height: 1 }, { data: new Uint8Array(28), width: 7, height: 1 }),
    ).toBeNaN());
});
