import { describe, expect, test } from 'vitest';
import { plan } from '../../src/image/plan.ts';
import type { SourceInfo } from '../../src/image/source-info.ts';
import type { ImageOptions } from '../../src/options.ts';
import { optionsOf, testConfig } from '../requests.ts';

const source: SourceInfo = {
  format: 'jpeg',
  decodedFrom: 'file',
  width: 400,
  height: 300,
  hasAlpha: false,
  pages: 1,
  orientation: 1,
  channels: 3,
  scans: 1,
};
const formatOf = (more: Partial<ImageOptions>, from: Partial<SourceInfo> = {}) =>
  plan({ ...source, ...from }, optionsOf({ w: 200, ...more }), ['jpg', 'png'], testConfig()).format;

const square = { h: 200, fit: 'contain' } as const;
const sameRatio = { h: 150, fit: 'contain' } as const;
const OPAQUE = 'ff0000ff';
const TRANSLUCENT = '800000ff';
const TRANSPARENT = '00ffffff';
const clear = { ...square, cbg: TRANSPARENT } as const;

describe('auto chooses PNG for an opaque source where something is transparent', () => {
  test.each<[Partial<ImageOptions>, 'jpg' | 'png']>([
    [{}, 'jpg'],
    // Padding of no colour is white.
    [square, 'jpg'],
    [{ ...square, r: 20 }, 'png'],
    [{ pad: '1,1,1,1' }, 'jpg'],
    [{ pad: '1,1,1,1', cbg: TRANSPARENT }, 'png'],
    [{ pad: '1,1,1,1', cbg: 'auto' }, 'jpg'],
    [{ ...square, cbg: 'blur' }, 'jpg'],
    [{ ...square, cbg: OPAQUE }, 'jpg'],
    [{ ...square, cbg: TRANSLUCENT }, 'png'],
    [{ ...square, cbg: TRANSPARENT }, 'png'],
    [{ ...square, bg: OPAQUE }, 'jpg'],
    [{ ...square, bg: TRANSLUCENT }, 'png'],
    [{ ...square, cbg: OPAQUE, bg: TRANSLUCENT }, 'jpg'],
    // Nothing is padded.
    [sameRatio, 'jpg'],
    [{ ...sameRatio, cbg: TRANSPARENT }, 'jpg'],
    [{ h: 151, fit: 'contain', cbg: TRANSPARENT }, 'png'],
    [{ ...clear, we: true, ar: '1:1' }, 'png'],
    [{ fit: 'contain' }, 'jpg'],
    // Of 200 × 200, the image has rows 25 to 175; or 0 to 150, flipped or not.
    [{ ...clear, cy: 25, ch: 150 }, 'jpg'],
    [{ ...clear, cy: 24, ch: 150 }, 'png'],
    [{ ...clear, a: 'top', ch: 150 }, 'jpg'],
    [{ ...clear, a: 'top', ch: 150, flip: true }, 'jpg'],
    [{ ...clear, a: 'top', cy: 50, flip: true }, 'png'],
    [{ ...clear, cy: 50, ch: 125, flip: true }, 'jpg'],
    [{ ro: 45 }, 'png'],
    [{ ro: 180 }, 'jpg'],
    [{ ro: 45, rbg: OPAQUE }, 'jpg'],
    [{ ro: 45, rbg: TRANSLUCENT }, 'png'],
    [{ ro: 45, rbg: TRANSPARENT }, 'png'],
    [{ ro: 45, rbg: TRANSPARENT, bg: OPAQUE }, 'jpg'],
    [{ mask: 'circle' }, 'png'],
    [{ mask: 'circle', mbg: OPAQUE }, 'jpg'],
    [{ mask: 'circle', mbg: TRANSLUCENT }, 'png'],
    [{ mask: 'circle', mbg: TRANSPARENT }, 'png'],
    [{ r: 20, mbg: TRANSPARENT }, 'png'],
    // The background lies behind the image, not outside of the mask.
    [{ mask: 'circle', bg: OPAQUE }, 'png'],
  ])('%j: %s', (more, format) => expect(formatOf(more)).toBe(format));

  test.each<[Partial<ImageOptions>, 'jpg' | 'png']>([
    [{}, 'png'],
    [{ bg: OPAQUE }, 'jpg'],
    [{ bg: TRANSLUCENT }, 'png'],
    [{ bg: TRANSPARENT }, 'png'],
    [{ mask: 'circle', mbg: OPAQUE }, 'png'],
  ])('a source with alpha, %j: %s', (more, format) => expect(formatOf(more, { hasAlpha: true })).toBe(format));
});
