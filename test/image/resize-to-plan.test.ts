import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { areFramesApart } from '../../src/image/frame-plan.ts';
import type { SourceInfo } from '../../src/image/source-info.ts';
import type { ImageOptions } from '../../src/options.ts';
import { decodePixels } from '../pixels.ts';
import { run } from './vocabulary/quadrants.ts';

const gif: SourceInfo = {
  format: 'gif',
  decodedFrom: 'file',
  width: 100,
  height: 80,
  hasAlpha: false,
  pages: 4,
  orientation: 1,
  channels: 3,
  scans: 1,
};

describe('frames are scaled apart', () => {
  const size = (width: number, height: number) => ({ width, height });
  const plan = {
    page: 0,
    pages: 4,
    readPages: 4,
    quarterTurns: 0,
    preCrop: undefined,
    scaled: size(100, 80),
    cover: undefined,
  };
  const webp = { ...gif, format: 'webp' } as const;
  test.each<[string, SourceInfo, Partial<Parameters<typeof areFramesApart>[1]>, boolean]>([
    ['not at their own size', gif, {}, false],
    ['enlarged', gif, { scaled: size(200, 160) }, true],
    [
      'enlarged, however large',
      { ...gif, pages: 4000 },
      { pages: 4000, readPages: 4000, scaled: size(200, 160) },
      true,
    ],
    ['not if there is one', gif, { pages: 1, readPages: 1, scaled: size(200, 160) }, false],
    ['not if only the width changes', gif, { scaled: size(50, 80) }, false],
    ['rotated', gif, { quarterTurns: 1 }, true],
    ['shrunk', gif, { scaled: size(50, 40) }, true],
    ['shrunk, however large', { ...gif, pages: 4000 }, { pages: 4000, readPages: 4000, scaled: size(50, 40) }, true],
    ['at their own size, some of them dropped', { ...gif, pages: 9 }, { readPages: 9 }, true],
    ['a pre-crop that is enlarged', gif, { preCrop: { left: 0, top: 0, ...size(50, 40) } }, true],
    ['not WebP that the decoder shrinks', webp, { scaled: size(50, 40) }, false],
    ['WebP in another ratio', webp, { scaled: size(50, 60) }, true],
    ['WebP with a crop', webp, { scaled: size(50, 40), cover: { left: 0, top: 0, ...size(40, 40) } }, true],
    ['WebP enlarged', webp, { scaled: size(150, 120) }, true],
  ])('%s', (_what, info, more, expected) => {
    const frames = { ...plan, ...more };
    const { width, height } = frames.cover ?? frames.scaled;
    expect(areFramesApart(info, { ...frames, contain: undefined, width, height })).toBe(expected);
  });
});

describe('black and white frames in turn stay black and white to their edges', async () => {
  const [width, height, pages] = [100, 80, 4];
  const frameOf = (colour: number) => Buffer.alloc(width * height * 3, colour);
  const strip = sharp(Buffer.concat([frameOf(0), frameOf(255), frameOf(0), frameOf(255)]), {
    raw: { width, height: height * pages, channels: 3, pageHeight: height },
  });
  const sources = {
    gif: await strip.clone().gif().toBuffer(),
    webp: await strip.clone().webp({ lossless: true }).toBuffer(),
  };
  const cases: Partial<ImageOptions>[] = [
    { w: 200 },
    { w: 99 },
    { w: 37 },
    { w: 150, h: 150, fit: 'cover' },
    { w: 30, h: 30, fit: 'cover', a: 'bottom-right' },
    { w: 60, h: 90, fit: 'fill' },
    { w: 90, ro: 90 },
    { w: 200, ro: 180 },
    { w: 50, cx: 10, cy: 5, cw: 30, ch: 20, precrop: true },
    { w: 120, cx: 10, cy: 5, cw: 30, ch: 20 },
    { w: 150, flip: true, blur: 3 },
  ];
  test.each(cases.map((more) => [more] as const))('%j', async (more) => {
    for (const bytes of Object.values(sources))
      for (const f of ['webp', 'gif'] as const) {
        const { data } = await run(bytes, { ...more, f, ll: true });
        const image = await decodePixels(data as Buffer);
        expect(image.pages).toBe(pages);
        const worst = image.pixels.reduce((most, value, i) => {
          const row = Math.floor(i / 4 / image.width);
          const expected = Math.floor(row / image.height) % 2 ? 255 : 0;
          return i % 4 === 3 ? most : Math.max(most, Math.abs(value - expected));
        }, 0);
        expect(worst).toBeLessThanOrEqual(1);
      }
  });
});
