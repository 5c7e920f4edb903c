import { describe, expect, test } from 'vitest';
import { fromLab, toLab } from '../../src/image/lab.ts';

describe('CIELAB', () => {
  test.each([
    ['white', [255, 255, 255], [100, 0, 0]],
    ['black', [0, 0, 0], [0, 0, 0]],
    ['red', [255, 0, 0], [53.24, 80.09, 67.2]],
    ['blue', [0, 0, 255], [32.3, 79.19, -107.86]],
    ['mid-grey', [128, 128, 128], [53.59, 0, 0]],
  ] as const)('%s', (_name, [r, g, b], [l, a, bAxis]) => {
    const lab = toLab({ r, g, b });
    expect(lab.l).toBeCloseTo(l, 1);
    expect(lab.a).toBeCloseTo(a, 1);
    expect(lab.b).toBeCloseTo(bAxis, 1);
  });

  test('and back to the same colour', () => {
    for (let i = 0; i < 1000; i++) {
      const [r, g, b] = [(i * 7) % 256, (i * 31) % 256, (i * 101) % 256];
      expect(fromLab(toLab({ r, g, b })).map(Math.round)).toEqual([r, g, b]);
    }
  });

  test('a colour outside of sRGB is clipped', () => {
    for (const channel of fromLab({ l: 50, a: 120, b: -120 })) {
      expect(channel).toBeGreaterThanOrEqual(0);
      expect(channel).toBeLessThanOrEqual(255);
    }
  });
});
