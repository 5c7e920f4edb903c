import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ImageOptions } from '../../../src/options.ts';
import { make } from './quadrants.ts';

type Box = [left: number, top: number, width: number, height: number, colour?: number[]];
const WHITE = [255, 255, 255, 255];
const BLACK = [0, 0, 0, 255];

/** Draws boxes on a ground of one colour. */
function drawing(width: number, height: number, boxes: Box[], ground = WHITE) {
  const pixels = Buffer.alloc(width * height * 4, Buffer.from(ground));
  for (const [left, top, columns, rows, colour = BLACK] of boxes)
    for (let y = top; y < top + rows; y++)
      for (let x = left; x < left + columns; x++) pixels.set(colour, (y * width + x) * 4);
  const image = sharp(pixels, { raw: { width, height, channels: 4 } });
  return ground === WHITE ? image.removeAlpha() : image;
}

/** Trims without any scaling. */
async function trimmed(bytes: Buffer, more: Partial<ImageOptions> = {}) {
  const { width, height } = await make(bytes, { w: 1000, we: true, trim: 10, ...more });
  return [width, height];
}

const LINE: Box = [20, 9, 40, 1];
const FRAME: Box[] = [
  [10, 10, 60, 1],
  [10, 49, 60, 1],
  [10, 10, 1, 40],
  [69, 10, 1, 40],
];

describe('trim keeps thin content', () => {
  test.each<[string, number, number, Box[], number[]]>([
    ['a single line', 100, 30, [LINE], [40, 1]],
    ['an upright line', 100, 30, [[20, 9, 1, 15]], [1, 15]],
    ['a frame', 80, 60, FRAME, [60, 40]],
    [
      'a dot of two pixels',
      90,
      40,
      [
        [10, 10, 20, 20],
        [70, 28, 2, 2],
      ],
      [62, 20],
    ],
    ['one pixel', 90, 40, [[10, 10, 1, 1]], [1, 1]],
    ['nothing', 90, 40, [], [90, 40]],
    ['in two rows', 90, 2, [[10, 0, 20, 2]], [20, 2]],
    ['in one column', 1, 50, [[0, 10, 1, 20]], [1, 20]],
  ])('%s', async (_what, width, height, boxes, size) => {
    const image = drawing(width, height, boxes);
    const files = {
      png: await image.clone().png().toBuffer(),
      palette: await image.clone().png({ palette: true }).toBuffer(),
      grey: await image.clone().toColourspace('b-w').png().toBuffer(),
      gif: await image.clone().gif().toBuffer(),
      tiff: await image.clone().tiff({ compression: 'none' }).toBuffer(),
      webp: await image.clone().webp({ lossless: true }).toBuffer(),
      transparent: await drawing(width, height, boxes, [0, 0, 0, 0]).png().toBuffer(),
    };
    for (const [name, bytes] of Object.entries(files)) expect(await trimmed(bytes), name).toEqual(size);
  });

  test('a border whose colour differs by no more than the threshold is none', async () => {
    const grey: Box = [2, 2, 90, 20, [250, 250, 250, 255]];
    const image = drawing(100, 30, [grey, LINE]);
    for (const depth of ['srgb', 'rgb16'] as const) {
      const png = await image.clone().toColourspace(depth).png().toBuffer();
      expect(await trimmed(png), depth).toEqual([40, 1]);
      expect(await trimmed(png, { trim: 4 }), depth).toEqual([90, 20]);
    }
  });

  test('in JPEG', async () => {
    const jpeg = await drawing(100, 64, [[24, 16, 40, 1]])
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    expect(await trimmed(jpeg, { trim: 60 })).toEqual([40, 1]);
  });

  test('the colour of tbg is trimmed, not that of the corner', async () => {
    const boxes: Box[] = [
      [0, 0, 100, 60],
      [0, 0, 1, 1, WHITE],
      [30, 20, 10, 1, [255, 0, 0, 255]],
    ];
    expect(await trimmed(await drawing(100, 60, boxes).png().toBuffer(), { tbg: 'ff000000' })).toEqual([40, 21]);
  });
});
