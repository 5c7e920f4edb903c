import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ImageOptions } from '../../../src/options.ts';
import { decodePixels, near } from '../../pixels.ts';
import {
  animation,
  BLUE,
  CLEAR,
  check,
  corners,
  GREEN,
  make,
  type Points,
  quadrants,
  RED,
  run,
  source,
  YELLOW,
} from './quadrants.ts';

const BLACK = [0, 0, 0, 255];
const WHITE = [255, 255, 255, 255];

describe('a border', () => {
  test.each<[string, Partial<ImageOptions>, [number, number], Points]>([
    [
      'of no colour',
      { w: 60, pad: '10,10,10,10' },
      [80, 60],
      [
        [0.05, 0.5, CLEAR],
        [0.2, 0.3, RED],
        [0.95, 0.95, CLEAR],
      ],
    ],
    [
      'on each side of its own length',
      { w: 60, pad: '5,10,15,20', cbg: 'ff000000' },
      [90, 60],
      // The image begins at 20/90 and 5/60, and ends at 80/90 and 45/60.
      [
        [0.2, 0.5, BLACK],
        [0.24, 0.1, RED],
        [0.87, 0.73, YELLOW],
        [0.9, 0.5, BLACK],
        [0.5, 0.07, BLACK],
        [0.5, 0.77, BLACK],
      ],
    ],
    [
      'in percent',
      { w: 60, pad: '50%,25%,0,0', cbg: 'ff000000' },
      [75, 60],
      [
        [0.1, 0.3, BLACK],
        [0.1, 0.4, RED],
        [0.85, 0.5, BLACK],
      ],
    ],
    [
      'times dpr',
      { w: 30, dpr: 2, pad: '5,5,5,5', cbg: 'ff000000' },
      [80, 60],
      [
        [0.1, 0.5, BLACK],
        [0.15, 0.2, RED],
      ],
    ],
    [
      'around the padding of contain',
      { w: 60, h: 60, fit: 'contain', cbg: 'ff0000ff', pad: '10,10,10,10' },
      [80, 80],
      [
        [0.05, 0.5, [0, 0, 255, 255]],
        [0.5, 0.2, [0, 0, 255, 255]],
        [0.2, 0.4, RED],
      ],
    ],
    [
      'around the crop',
      { w: 120, cw: 60, ch: 40, pad: '10,0,0,0', cbg: 'ff000000' },
      [60, 50],
      [
        [0.5, 0.1, BLACK],
        [0.5, 0.3, RED],
      ],
    ],
    [
      'around the rotated image',
      { w: 60, ro: 45, rbg: 'ff0000ff', pad: '10,10,10,10', cbg: 'ff000000' },
      [91, 91],
      [
        [0.05, 0.05, BLACK],
        [0.15, 0.15, [0, 0, 255, 255]],
      ],
    ],
    [
      'not mirrored',
      { w: 60, flop: true, pad: '0,0,0,20', cbg: 'ff000000' },
      [80, 40],
      [
        [0.1, 0.5, BLACK],
        [0.3, 0.2, GREEN],
      ],
    ],
    [
      'after the filter',
      { w: 60, filt: 'negate', pad: '10,10,10,10', cbg: 'ffff0000' },
      [80, 60],
      [
        [0.05, 0.5, [255, 0, 0, 255]],
        [0.2, 0.3, [35, 225, 225, 255]],
      ],
    ],
    [
      'after the mask',
      { w: 60, h: 60, fit: 'fill', mask: 'circle', pad: '30,30,30,30', cbg: 'ff000000' },
      [120, 120],
      [
        [0.1, 0.1, BLACK],
        [0.27, 0.27, CLEAR],
        [0.4, 0.4, RED],
      ],
    ],
    [
      'over bg',
      { w: 60, bg: 'ffff0000', pad: '10,10,10,10', cbg: '800000ff' },
      [80, 60],
      [[0.05, 0.5, [127, 0, 128, 255]]],
    ],
    ['of bg', { w: 60, bg: 'ffff0000', pad: '10,10,10,10' }, [80, 60], [[0.05, 0.5, [255, 0, 0, 255]]]],
    [
      'of the dominant colour',
      { w: 60, pad: '0,0,10,10', cbg: 'auto', f: 'png', cx: 0, cw: 30, cy: 0 },
      [40, 50],
      [
        [0.05, 0.1, BLUE],
        [0.9, 0.95, BLUE],
      ],
    ],
  ])('%s', async (_what, more, size, points) => {
    const image = await make(source, more);
    expect([image.width, image.height]).toEqual(size);
    check(image, points);
  });

  test('of a JPEG is white, or bg', async () => {
    check(await make(source, { w: 60, pad: '10,10,10,10', f: 'jpg', q: 95 }), [[0.03, 0.5, WHITE]], 8);
    check(
      await make(source, { w: 60, pad: '10,10,10,10', bg: '80ff0000', f: 'jpg', q: 95 }),
      [[0.03, 0.5, [255, 127, 127]]],
      8,
    );
  });
  test('of every frame of an animation', async () => {
    for (const more of [{ w: 30 }, { w: 15 }, { w: 20, ro: 90 }] as const) {
      const image = await make(animation, { ...more, f: 'webp', ll: true, pad: '10,10,10,10', cbg: 'ff000000' });
      expect(image.pages).toBe(3);
      for (let frame = 0; frame < 3; frame++) expect(image.at(0.05, 0.5, frame)).toEqual(BLACK);
    }
  });
});

describe('cbg=auto', async () => {
  const rows = await sharp({ create: { width: 60, height: 40, channels: 3, background: { r: 20, g: 200, b: 90 } } })
    .composite([{ input: { create: { width: 60, height: 36, channels: 3, background: '#fff' } }, left: 0, top: 2 }])
    .png()
    .toBuffer();
  test('is the dominant colour of the edges that the padding touches', async () => {
    const image = await make(rows, { w: 60, h: 60, fit: 'contain', cbg: 'auto' });
    check(image, [
      [0.5, 0.05, [20, 200, 90, 255]],
      [0.5, 0.95, [20, 200, 90, 255]],
      [0.5, 0.5, WHITE],
    ]);
    // The left and right edges are white for the most part.
    check(await make(rows, { w: 90, h: 40, fit: 'contain', cbg: 'auto' }), [
      [0.05, 0.5, WHITE],
      [0.95, 0.5, WHITE],
    ]);
  });
  test('of an animation is that of the first frame', async () => {
    for (const w of [30, 15]) {
      const box = { w, h: 2 * w, fit: 'contain', cbg: 'auto' } as const;
      const image = await make(animation, { ...box, f: 'webp', ll: true, a: 'left' });
      const colours = [0, 1, 2].map((frame) => image.at(0.5, 0.05, frame));
      expect(near(colours[0] ?? [], RED, 30) || near(colours[0] ?? [], GREEN, 30), `${colours[0]}`).toBe(true);
      expect(colours).toEqual([colours[0], colours[0], colours[0]]);
    }
  });
  test('of transparent edges is transparent', async () => {
    const clear = await sharp({ create: { width: 30, height: 20, channels: 4, background: '#0000' } })
      .png()
      .toBuffer();
    check(await make(clear, { w: 60, h: 60, fit: 'contain', cbg: 'auto' }), [[0.5, 0.05, CLEAR]]);
  });
});

describe('cbg=blur', () => {
  test('is the image itself, enlarged and blurred, around the sharp one', async () => {
    const image = await make(source, { w: 90, h: 180, fit: 'contain', cbg: 'blur' });
    // The image has rows 60 to 120.
    check(image, [
      [0.1, 0.36, RED],
      [0.9, 0.36, GREEN],
      [0.1, 0.64, BLUE],
      [0.9, 0.64, YELLOW],
    ]);
    check(
      image,
      [
        [0.02, 0.02, RED],
        [0.98, 0.02, GREEN],
        [0.02, 0.98, BLUE],
        [0.98, 0.98, YELLOW],
      ],
      12,
    );
    const middle = image.at(0.5, 0.02);
    expect(near(middle, [125, 105, 30, 255], 25), `${middle}`).toBe(true);
  });
  test('a thin image, and a thin box', async () => {
    for (const [width, height] of [
      [400, 2],
      [2, 400],
    ] as const) {
      const thin = await quadrants(width, height).png().toBuffer();
      for (const [w, h] of [
        [100, 100],
        [300, 3],
        [3, 300],
      ] as const)
        expect(await make(thin, { w, h, fit: 'contain', cbg: 'blur' })).toMatchObject({ width: w, height: h });
    }
  });
  test('has the transparency of the image', async () => {
    const half = await sharp({ create: { width: 40, height: 20, channels: 4, background: '#f008' } })
      .png()
      .toBuffer();
    const image = await make(half, { w: 60, h: 60, fit: 'contain', cbg: 'blur' });
    check(image, [
      [0.5, 0.05, [255, 0, 0, 136]],
      [0.5, 0.5, [255, 0, 0, 136]],
    ]);
  });
  test('is opaque around an opaque image, whatever the client takes', async () => {
    const photo = await quadrants().jpeg().toBuffer();
    for (const more of [
      { w: 60, h: 60, fit: 'contain' },
      { w: 60, pad: '10,10,10,10' },
    ] as const)
      for (const cbg of ['blur', 'auto'])
        expect((await run(photo, { ...more, cbg, f: 'auto' })).type).toBe('image/jpeg');
  });
  test('moves with the frames of an animation', async () => {
    for (const more of [
      { w: 30, h: 60 },
      { w: 15, h: 30 },
      { w: 30, h: 90, ro: 90 },
    ]) {
      const image = await make(animation, { ...more, fit: 'contain', cbg: 'blur', f: 'webp', ll: true });
      expect([image.width, image.height, image.pages]).toEqual([more.w, more.h, 3]);
      const top = [0, 1, 2].map((frame) => image.at(0.02, 0.02, frame).join());
      expect(new Set(top).size).toBe(3);
    }
  });
  test('is behind effects as the image is', async () => {
    const image = await make(source, { w: 60, h: 90, fit: 'contain', cbg: 'blur', filt: 'greyscale' });
    const [r = 0, g = 0, b = 0] = image.at(0.1, 0.02);
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(1);
  });
});

describe('padding of no colour under f=auto', async () => {
  const photo = await quadrants().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  const clear = await quadrants(120, 80, 4).png().toBuffer();
  const [WEBP, NONE] = ['image/webp,*/*', '*/*'];
  test.each<[string, Buffer, Partial<ImageOptions>, string, string]>([
    ['a photograph', photo, {}, NONE, 'image/jpeg'],
    ['a photograph, with a border', photo, { pad: '5,5,5,5' }, NONE, 'image/jpeg'],
    ['a photograph, for a client with WebP', photo, {}, WEBP, 'image/webp'],
    ['a photograph with HDR asked for, for a client with WebP', photo, { hdr: 'keep' }, WEBP, 'image/webp'],
    ['a photograph, in a transparent colour', photo, { cbg: '00ffffff' }, NONE, 'image/png'],
    ['a photograph, with a mask too', photo, { mask: 'circle' }, NONE, 'image/png'],
    ['a photograph, with empty corners too', photo, { ro: 10 }, NONE, 'image/png'],
    ['a graphic', source, {}, NONE, 'image/png'],
    ['a transparent image', clear, {}, NONE, 'image/png'],
  ])('%s', async (_, bytes, more, accept, type) => {
    const box = more.pad ? { w: 60 } : { w: 60, h: 60, fit: 'contain' as const };
    const rendered = await run(bytes, { ...box, ...more, f: 'auto' }, accept);
    expect(rendered.type).toBe(type);
    if (type === 'image/jpeg') check(await decodePixels(rendered.data as Buffer), [[0.5, 0.03, WHITE]], 8);
    if (type === 'image/webp') check(await decodePixels(rendered.data as Buffer), [[0.5, 0.03, CLEAR]]);
  });
});

test('corners of a plain image stay', async () =>
  check(await make(source, { w: 60, pad: '0,0,0,0' }), corners(RED, GREEN, BLUE, YELLOW)));
