/** Every parameter on a picture whose colours are known: red | green over blue | yellow, 120 × 80. */
import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { sniff } from '../../src/image/formats/sniff.ts';
import { resize } from '../../src/image/resize.ts';
import type { ImageOptions } from '../../src/options.ts';
import { look, near } from '../pixels.ts';
import { optionsOf, testConfig } from '../requests.ts';

const limits = testConfig();
const RED = [220, 30, 30, 255];
const GREEN = [30, 180, 30, 255];
const BLUE = [30, 30, 220, 255];
const YELLOW = [230, 220, 40, 255];
const CLEAR = 'clear';

function quadrants(width = 120, height = 80, channels: 3 | 4 = 3) {
  const pixels = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const colour = [RED, GREEN, BLUE, YELLOW][(y * 2 >= height ? 2 : 0) + (x * 2 >= width ? 1 : 0)] ?? [];
      pixels.set(colour.slice(0, channels), (y * width + x) * channels);
    }
  return sharp(pixels, { raw: { width, height, channels } });
}
const source = await quadrants().png().toBuffer();
const moving = await sharp(
  Buffer.concat(
    [0, 1, 2].map((frame) =>
      Buffer.from(
        Array.from(
          { length: 30 * 20 * 3 },
          (_, i) => ([RED, GREEN, BLUE][(frame + (Math.floor(i / 3) % 30 >= 15 ? 1 : 0)) % 3] ?? [])[i % 3] ?? 0,
        ),
      ),
    ),
  ),
  { raw: { width: 30, height: 60, channels: 3, pageHeight: 20 } },
)
  .gif({ delay: [100, 200, 300] })
  .toBuffer();

const run = (bytes: Buffer, more: Partial<ImageOptions>, accept?: string) =>
  resize({ source: { bytes, format: sniff(bytes, true) }, options: optionsOf({ f: 'png', ...more }), accept, limits });
async function make(bytes: Buffer, more: Partial<ImageOptions>) {
  const { data, width, height } = await run(bytes, more);
  const picture = await look(data as Buffer);
  expect([picture.width, picture.height]).toEqual([width, height]);
  return picture;
}

type Points = readonly (readonly [number, number, readonly number[] | 'clear'])[];
const check = (picture: Awaited<ReturnType<typeof look>>, points: Points, tolerance = 6) => {
  for (const [x, y, want] of points) {
    const got = picture.at(x, y);
    if (want === CLEAR) expect(got[3], `${got} at ${x},${y}`).toBe(0);
    else expect(near(got, want as number[], tolerance), `${got} at ${x},${y}, want ${want}`).toBe(true);
  }
};
const corners = (a: number[], b: number[], c: number[], d: number[]): Points => [
  [0.1, 0.1, a],
  [0.9, 0.1, b],
  [0.1, 0.9, c],
  [0.9, 0.9, d],
];

describe('size, crop, orientation', () => {
  test.each<[string, Partial<ImageOptions>, [number, number], Points]>([
    ['w', { w: 60 }, [60, 40], corners(RED, GREEN, BLUE, YELLOW)],
    ['w in percent', { w: '25%' }, [30, 20], corners(RED, GREEN, BLUE, YELLOW)],
    ['ar', { w: 60, ar: '1:1' }, [60, 60], corners(RED, GREEN, BLUE, YELLOW)],
    ['cover a=left', { w: 40, h: 80, fit: 'cover', a: 'left' }, [40, 80], corners(RED, RED, BLUE, BLUE)],
    ['cover a=right', { w: 40, h: 80, fit: 'cover', a: 'right' }, [40, 80], corners(GREEN, GREEN, YELLOW, YELLOW)],
    ['cover a=top', { w: 120, h: 30, fit: 'cover', a: 'top' }, [120, 30], corners(RED, GREEN, RED, GREEN)],
    [
      'cover a=bottom-right',
      { w: 120, h: 30, fit: 'cover', a: 'bottom-right' },
      [120, 30],
      corners(BLUE, YELLOW, BLUE, YELLOW),
    ],
    ['focal point', { w: 40, h: 80, fit: 'cover', fpx: 0 }, [40, 80], corners(RED, RED, BLUE, BLUE)],
    [
      'focal point, mirrored first',
      { w: 40, h: 80, fit: 'cover', fpx: 0, flop: true },
      [40, 80],
      corners(GREEN, GREEN, YELLOW, YELLOW),
    ],
    ['attention', { w: 40, h: 40, fit: 'cover', a: 'attention' }, [40, 40], []],
    ['entropy', { w: 40, h: 40, fit: 'cover', a: 'entropy' }, [40, 40], []],
    [
      'contain',
      { w: 60, h: 60, fit: 'contain' },
      [60, 60],
      [
        [0.5, 0.05, CLEAR],
        [0.1, 0.3, RED],
        [0.5, 0.95, CLEAR],
      ],
    ],
    [
      'contain a=top cbg',
      { w: 60, h: 60, fit: 'contain', a: 'top', cbg: 'ff000000' },
      [60, 60],
      [
        [0.1, 0.1, RED],
        [0.5, 0.9, [0, 0, 0, 255]],
      ],
    ],
    [
      'contain a=top, mirrored first',
      { w: 60, h: 60, fit: 'contain', a: 'top', flip: true },
      [60, 60],
      [
        [0.1, 0.1, BLUE],
        [0.5, 0.9, CLEAR],
      ],
    ],
    ['crop', { w: 120, cx: 60, cy: 0, cw: 60, ch: 40 }, [60, 40], corners(GREEN, GREEN, GREEN, GREEN)],
    ['crop in percent', { w: 60, cx: '50%', cy: '50%' }, [30, 20], corners(YELLOW, YELLOW, YELLOW, YELLOW)],
    ['crop without a size', { cx: 0, cy: 40, cw: 60, ch: 40 }, [60, 40], corners(BLUE, BLUE, BLUE, BLUE)],
    ['precrop', { w: 30, cx: 60, cw: 60, ch: 40, precrop: true }, [30, 20], corners(GREEN, GREEN, GREEN, GREEN)],
    [
      'precrop, turned first',
      { w: 20, cx: 40, cw: 40, ch: 60, precrop: true, ro: 90 },
      [20, 30],
      corners(RED, RED, RED, RED),
    ],
    [
      'precrop, mirrored first',
      { w: 30, cx: 60, cw: 60, ch: 40, precrop: true, flop: true },
      [30, 20],
      corners(RED, RED, RED, RED),
    ],
    ['ro=90', { w: 40, ro: 90 }, [40, 60], corners(BLUE, RED, YELLOW, GREEN)],
    ['ro=180', { w: 60, ro: 180 }, [60, 40], corners(YELLOW, BLUE, GREEN, RED)],
    ['ro=-90', { w: 40, ro: -90 }, [40, 60], corners(GREEN, YELLOW, RED, BLUE)],
    [
      'ro=45',
      { w: 60, ro: 45 },
      [71, 71],
      [
        [0.02, 0.02, CLEAR],
        [0.5, 0.25, RED],
        [0.75, 0.5, GREEN],
      ],
    ],
    ['ro=45 rbg', { w: 60, ro: 45, rbg: 'ff0000ff' }, [71, 71], [[0.02, 0.02, [0, 0, 255, 255]]]],
    ['flip', { w: 60, flip: true }, [60, 40], corners(BLUE, YELLOW, RED, GREEN)],
    ['flop', { w: 60, flop: true }, [60, 40], corners(GREEN, RED, YELLOW, BLUE)],
    ['flip after ro', { w: 40, ro: 90, flip: true }, [40, 60], corners(YELLOW, GREEN, BLUE, RED)],
  ])('%s', async (_what, more, size, points) => {
    const picture = await make(source, more);
    expect([picture.width, picture.height]).toEqual(size);
    check(picture, points);
  });

  test.each([
    [1, 1],
    [500, 2],
    [2, 500],
  ])('a picture of %i × %i is trimmed of nothing', async (width, height) => {
    expect((await run(await quadrants(width, height).png().toBuffer(), { w: 30, trim: 10 })).width).toBe(30);
  });

  test('trim takes edges of one colour off, before the size is applied', async () => {
    const framed = await quadrants()
      .extend({ top: 10, bottom: 20, left: 30, right: 40, background: '#fff' })
      .png()
      .toBuffer();
    const picture = await make(framed, { w: 60, trim: 10 });
    expect([picture.width, picture.height]).toEqual([60, 40]);
    check(picture, corners(RED, GREEN, BLUE, YELLOW));
    expect((await make(framed, { w: 60, trim: 10, ro: 90 })).height).toBe(90);
  });
});

describe('adjustments', () => {
  test.each<[string, Partial<ImageOptions>, Points, number]>([
    [
      'greyscale',
      { filt: 'greyscale' },
      [
        [0.1, 0.1, [70, 70, 70, 255]],
        [0.9, 0.1, [137, 137, 137, 255]],
      ],
      4,
    ],
    ['negate', { filt: 'negate' }, [[0.1, 0.1, [35, 225, 225, 255]]], 2],
    ['sepia', { filt: 'sepia' }, [[0.1, 0.1, [115, 103, 80, 255]]], 3],
    [
      'duotone',
      { filt: 'duotone', start: 'ff000000', stop: 'ff0000ff' },
      [
        [0.1, 0.1, [0, 0, 70, 255]],
        [0.9, 0.1, [0, 0, 137, 255]],
      ],
      4,
    ],
    [
      'con=-100',
      { con: -100 },
      [
        [0.1, 0.1, [128, 128, 128, 255]],
        [0.9, 0.9, [128, 128, 128, 255]],
      ],
      1,
    ],
    ['con=100', { con: 100 }, [[0.1, 0.1, [255, 0, 0, 255]]], 1],
    ['con=50', { con: 50 }, [[0.9, 0.1, [0, 206, 0, 255]]], 2],
    ['mod=1,1,0', { mod: '1,1,0' }, corners(RED, GREEN, BLUE, YELLOW), 2],
    ['sat=0', { sat: 0 }, [[0.1, 0.1, [114, 114, 114, 255]]], 25],
    ['hue=360', { hue: 360 }, corners(RED, GREEN, BLUE, YELLOW), 4],
    ['gam', { gam: 2.2 }, [[0.1, 0.1, [238, 96, 96, 255]]], 6],
    ['gam=1', { gam: 1 }, corners(RED, GREEN, BLUE, YELLOW), 1],
    ['blur', { blur: 1000 }, [[0.5, 0.5, [128, 115, 80, 255]]], 30],
    ['sharp keeps flat areas', { sharp: 1 }, corners(RED, GREEN, BLUE, YELLOW), 3],
    ['nothing', {}, corners(RED, GREEN, BLUE, YELLOW), 0],
  ])('%s', async (_what, more, points, tolerance) => check(await make(source, { w: 120, ...more }), points, tolerance));

  test('mod is brightness first', async () => {
    const [dark = 0] = (await make(source, { w: 120, mod: '0.5' })).at(0.9, 0.9);
    const [light = 0] = (await make(source, { w: 120, mod: '1.2' })).at(0.9, 0.1);
    expect(dark).toBeLessThan(160);
    expect(light).toBeGreaterThan(30);
  });

  test('tint keeps what is dark dark', async () => {
    const [r = 0, g = 0, b = 0] = (await make(source, { w: 120, tint: 'ffff0000' })).at(0.1, 0.9);
    expect(r).toBeGreaterThan(g + 20);
    expect(g).toBe(b);
  });

  test('weserv order: contrast before blur, blur before tint', async () => {
    const both = await make(source, { w: 120, con: -100, blur: 5 });
    check(both, [[0.5, 0.5, [128, 128, 128, 255]]], 2);
  });
});

describe('shapes', () => {
  const CORNERS: Points = [
    [0.01, 0.01, CLEAR],
    [0.99, 0.01, CLEAR],
    [0.01, 0.99, CLEAR],
    [0.99, 0.99, CLEAR],
  ];
  test.each<[ImageOptions['mask'], Points]>([
    [
      'circle',
      [
        [0.5, 0.5, YELLOW],
        [0.1, 0.5, CLEAR],
        [0.2, 0.6, BLUE],
      ],
    ],
    [
      'ellipse',
      [
        [0.02, 0.52, BLUE],
        [0.98, 0.48, GREEN],
      ],
    ],
    [
      'triangle',
      [
        [0.5, 0.1, GREEN],
        [0.3, 0.2, CLEAR],
        [0.4, 0.7, BLUE],
      ],
    ],
    [
      'triangle-180',
      [
        [0.51, 0.9, YELLOW],
        [0.3, 0.8, CLEAR],
      ],
    ],
    [
      'pentagon',
      [
        [0.51, 0.05, GREEN],
        [0.3, 0.85, BLUE],
      ],
    ],
    [
      'pentagon-180',
      [
        [0.51, 0.95, YELLOW],
        [0.35, 0.15, RED],
      ],
    ],
    [
      'hexagon',
      [
        [0.2, 0.52, BLUE],
        [0.8, 0.48, GREEN],
      ],
    ],
    [
      'star',
      [
        [0.51, 0.1, GREEN],
        [0.5, 0.95, CLEAR],
        [0.51, 0.52, YELLOW],
      ],
    ],
    [
      'heart',
      [
        [0.35, 0.2, RED],
        [0.5, 0.02, CLEAR],
        [0.51, 0.85, YELLOW],
      ],
    ],
  ])('%s', async (mask, points) =>
    check(await make(source, { w: 120, mask: mask as 'circle' }), [...CORNERS, ...points]),
  );

  test('square', async () =>
    check(await make(source, { w: 120, mask: 'square' }), [
      [0.05, 0.5, CLEAR],
      [0.2, 0.02, RED],
      [0.8, 0.98, YELLOW],
    ]));
  test('mbg', async () =>
    check(await make(source, { w: 120, mask: 'circle', mbg: 'ff0000ff' }), [
      [0.01, 0.01, [0, 0, 255, 255]],
      [0.4, 0.4, RED],
    ]));
  test('in JPEG, outside is white, or mbg', async () => {
    check(await make(source, { w: 120, mask: 'circle', f: 'jpg' }), [[0.01, 0.01, [255, 255, 255, 255]]], 4);
    check(await make(source, { w: 120, mask: 'circle', f: 'jpg', mbg: 'ff000000' }), [[0.01, 0.01, [0, 0, 0, 255]]], 4);
  });
  test('mtrim', async () =>
    expect(await make(source, { w: 120, mask: 'circle', mtrim: true })).toMatchObject({ width: 80, height: 80 }));
  test('r', async () => {
    check(await make(source, { w: 120, r: 20 }), [
      [0.01, 0.01, CLEAR],
      [0.17, 0.01, RED],
      [0.01, 0.26, RED],
    ]);
    check(await make(source, { w: 120, r: 'max' }), [
      [0.02, 0.2, CLEAR],
      [0.02, 0.52, BLUE],
    ]);
  });
  test('the edge of a shape is smooth, and its middle whole', async () => {
    const { pixels } = await make(source, { w: 120, mask: 'circle' });
    const alphas = Array.from({ length: pixels.length / 4 }, (_, i) => pixels[i * 4 + 3] ?? 0);
    expect(alphas.reduce((sum, alpha) => sum + alpha, 0) / 255 / (Math.PI * 40 * 40)).toBeCloseTo(1, 2);
    expect(alphas.filter((alpha) => alpha > 0 && alpha < 255).length).toBeGreaterThan(150);
  });
  test('bg goes behind transparent parts', async () => {
    const half = await sharp({
      create: { width: 20, height: 20, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    check(await make(half, { w: 20, bg: 'ff0000ff' }), [[0.5, 0.5, [127, 0, 128, 255]]], 2);
    check(await make(half, { w: 20, bg: '000000ff' }), [[0.5, 0.5, [255, 0, 0, 128]]], 2);
    check(await make(half, { w: 20, f: 'jpg', bg: 'ff0000ff' }), [[0.5, 0.5, [127, 0, 128, 255]]], 4);
  });
});

describe('animations, frame by frame', () => {
  const first = [
    [RED, GREEN],
    [GREEN, BLUE],
    [BLUE, RED],
  ] as const;
  test.each<[string, Partial<ImageOptions>, [number, number], 'left' | 'turned' | 'swapped' | 'one']>([
    ['plain', { w: 15 }, [15, 10], 'left'],
    ['contain', { w: 30, h: 30, fit: 'contain', cbg: 'ff000000' }, [30, 30], 'left'],
    ['cover', { w: 15, h: 20, fit: 'cover', a: 'left' }, [15, 20], 'one'],
    ['focal', { w: 15, h: 20, fit: 'cover', fpx: 0 }, [15, 20], 'one'],
    ['crop', { w: 30, cx: 0, cw: 15 }, [15, 20], 'one'],
    ['precrop', { w: 30, cx: 0, cw: 15, ch: 20, precrop: true }, [30, 40], 'one'],
    ['ro=90', { w: 20, ro: 90 }, [20, 30], 'turned'],
    ['flop', { w: 30, flop: true }, [30, 20], 'swapped'],
    ['mask', { w: 30, mask: 'ellipse' }, [30, 20], 'left'],
    ['sharp', { w: 30, sharp: 1 }, [30, 20], 'left'],
    ['attention falls back to the middle', { w: 15, h: 20, fit: 'cover', a: 'attention' }, [15, 20], 'left'],
  ])('%s', async (_what, more, size, where) => {
    const picture = await make(moving, { f: 'webp', ll: true, ...more });
    expect([picture.width, picture.height, picture.pages]).toEqual([...size, 3]);
    expect(picture.delay).toEqual([100, 200, 300]);
    for (const [frame, [left, right]] of first.entries()) {
      const points = {
        left: [
          [0.2, 0.5, left],
          [0.8, 0.5, right],
        ],
        swapped: [
          [0.2, 0.5, right],
          [0.8, 0.5, left],
        ],
        turned: [
          [0.5, 0.2, left],
          [0.5, 0.8, right],
        ],
        one: [
          [0.2, 0.5, left],
          [0.8, 0.5, left],
        ],
      } as const;
      for (const [x, y, want] of points[where])
        expect(near(picture.at(x, y, frame), want, 30), `${picture.at(x, y, frame)} at ${x},${y} of ${frame}`).toBe(
          true,
        );
    }
  });
  test('loop and delay', async () =>
    expect(await make(moving, { w: 9, f: 'webp', loop: 3, delay: 40 })).toMatchObject({
      loop: 3,
      delay: [40, 40, 40],
    }));
  test('n and page', async () => {
    expect((await make(moving, { w: 30, f: 'webp', n: 2 })).pages).toBe(2);
    const last = await make(moving, { w: 30, f: 'webp', page: 2 });
    expect([last.pages, near(last.at(0.2, 0.5), BLUE, 30)]).toEqual([1, true]);
  });
  test('a trimmed animation is its first frame', async () =>
    expect((await make(moving, { w: 9, f: 'webp', trim: 10 })).pages).toBe(1));
});

describe('output', () => {
  const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
  const meta = async (more: Partial<ImageOptions>) =>
    sharp((await run(photo, { w: 300, ...more })).data as Buffer).metadata();

  test('il', async () => {
    expect((await meta({ f: 'jpg', il: true })).isProgressive).toBe(true);
    expect((await meta({ f: 'jpg' })).isProgressive).toBe(false);
    expect((await meta({ f: 'png', il: true })).isProgressive).toBe(true);
  });
  test('l: more work, fewer bytes', async () => {
    const bytes = async (l: number) => (await run(photo, { w: 300, l })).data.length;
    expect(await bytes(9)).toBeLessThan(await bytes(0));
  });
  test('ll gives the very pixels', async () => {
    for (const f of ['webp', 'avif'] as const)
      check(await make(source, { w: 120, f, ll: true }), corners(RED, GREEN, BLUE, YELLOW), 0);
  });
  test('tiff', async () => expect((await meta({ f: 'tiff' })).format).toBe('tiff'));
  test('mb lowers the quality until it fits, and says so', async () => {
    const free = await run(photo, { w: 300, f: 'jpg' });
    expect(free.quality).toBeUndefined();
    const bound = await run(photo, { w: 300, f: 'jpg', mb: 12_000 });
    expect(bound.data.length).toBeLessThanOrEqual(12_000);
    expect(bound.quality).toBeLessThan(80);
    const impossible = await run(photo, { w: 300, f: 'jpg', mb: 1000 });
    expect(impossible.quality).toBe(30);
    expect((await run(photo, { w: 300, f: 'jpg', mb: 1_000_000 })).quality).toBe(80);
  });
  test('meta', async () => {
    const tagged = await quadrants()
      .withExif({
        IFD0: { Copyright: 'someone', Artist: 'somebody', Software: 'x' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
      })
      .jpeg()
      .toBuffer();
    const exif = async (m: 'none' | 'copyright' | 'keep') =>
      (await sharp((await run(tagged, { w: 60, f: 'jpg', meta: m })).data as Buffer).metadata()).exif?.toString(
        'latin1',
      );
    expect(await exif('none')).toBeUndefined();
    expect(await exif('copyright')).toMatch(/someone/);
    expect(await exif('copyright')).toMatch(/somebody/);
    expect(await exif('copyright')).not.toMatch(/GPS|Software/);
    const kept = await sharp((await run(tagged, { w: 60, f: 'jpg', meta: 'keep' })).data as Buffer).metadata();
    expect(kept.exif?.toString('latin1')).toMatch(/someone/);
    expect(kept.orientation ?? 1).toBe(1);
    const sideways = await quadrants().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    for (const f of ['jpg', 'png', 'webp', 'tiff'] as const) {
      const { data } = await run(sideways, { w: 60, f, meta: 'keep' });
      expect(await sharp(data as Buffer).metadata(), f).toMatchObject({ orientation: 1, channels: 3 });
    }
    // What is done to the pixels does not lose it, and neither does it change what is done.
    for (const more of [{ flop: true }, { ro: 30 }, { mask: 'circle', f: 'png' }, { trim: 10, f: 'webp' }] as const) {
      const [with_, without] = [
        await run(tagged, { w: 60, ...more, meta: 'keep' }),
        await run(tagged, { w: 60, ...more }),
      ];
      expect((await sharp(with_.data as Buffer).metadata()).exif?.toString('latin1')).toMatch(/someone/);
      const [a, b] = [await look(with_.data as Buffer), await look(without.data as Buffer)];
      expect([a.width, a.height]).toEqual([b.width, b.height]);
      // Half-transparent edges are multiplied and divided by their alpha on the way.
      const apart = a.pixels.map((value, i) =>
        (b.pixels[i | 3] ?? 0) > 100 ? Math.abs(value - (b.pixels[i] ?? 0)) : 0,
      );
      expect(Math.max(...apart)).toBeLessThan(3);
    }
  });
  test('encoding=base64 is a data URL, as text', async () => {
    const { data, type } = await run(source, { w: 12, encoding: 'base64' });
    expect(type).toBe('text/plain; charset=utf-8');
    expect(data).toMatch(/^data:image\/png;base64,/);
    const picture = await look(Buffer.from(String(data).split(',')[1] ?? '', 'base64'));
    expect([picture.width, picture.height]).toEqual([12, 8]);
  });
});

describe('within a reply', () => {
  const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
  const within = (maxResponseBytes: number, more: Partial<ImageOptions>, accept?: string, bytes = photo) =>
    resize({
      source: { bytes, format: sniff(bytes, true) },
      options: optionsOf({ w: 600, ...more }),
      accept,
      limits,
      maxResponseBytes,
    });
  test('as it is, where it fits', async () => {
    const { quality, type } = await within(1e6, { f: 'jpg' });
    expect([quality, type]).toEqual([undefined, 'image/jpeg']);
  });
  test('with less quality', async () => {
    const whole = (await within(1e6, { f: 'jpg' })).data.length;
    const { data, quality } = await within(whole * 0.7, { f: 'jpg' });
    expect(quality).toBeLessThan(80);
    expect(data.length).toBeLessThanOrEqual(whole * 0.7);
  });
  test('in another format, under auto', async () => {
    const png = await sharp(photo).png().toBuffer();
    const { data, type } = await within(60_000, {}, undefined, png);
    expect([type, data.length < 60_000]).toEqual(['image/jpeg', true]);
    expect((await within(60_000, {}, 'image/webp', png)).type).toBe('image/webp');
    expect((await within(60_000, { f: 'png' }, undefined, png)).type).toBe('image/png');
  });
  test('what is transparent does not become a JPEG', async () => {
    const noise = Buffer.from(Array.from({ length: 200 * 200 * 4 }, (_, i) => (i * 7919) % 251));
    const clear = await sharp(noise, { raw: { width: 200, height: 200, channels: 4 } })
      .png()
      .toBuffer();
    expect((await within(500, { w: 200 }, undefined, clear)).type).toBe('image/png');
  });
});

describe('as time runs out', () => {
  const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
  const late = (left: number, bytes: Buffer, more: Partial<ImageOptions>, accept?: string) =>
    resize({
      source: { bytes, format: sniff(bytes, true) },
      options: optionsOf(more),
      accept,
      limits: testConfig({ AVIF_AUTO: 'on' }),
      deadline: Date.now() + left,
    });
  test('with time, all is done', async () => {
    const { degraded, type } = await late(20_000, photo, { w: 600 }, 'image/avif,image/webp');
    expect([degraded, type]).toEqual([[], 'image/avif']);
  });
  test('AVIF becomes WebP, effort is low, an animation its first frame', async () => {
    expect(await late(0, photo, { w: 600 }, 'image/avif,image/webp')).toMatchObject({
      degraded: ['format', 'effort'],
      type: 'image/webp',
    });
    expect(await late(0, photo, { w: 600, f: 'avif' })).toMatchObject({ degraded: ['effort'], type: 'image/avif' });
    const still = await late(0, moving, { w: 30, f: 'webp' });
    expect(still.degraded).toEqual(['effort', 'frames']);
    expect((await look(still.data as Buffer)).pages).toBe(1);
  });
});

describe('never larger than the source, when nothing visible was asked', () => {
  const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
  test('a JPEG of low quality comes back as it is, without its metadata', async () => {
    const small = await sharp(photo)
      .jpeg({ quality: 30 })
      .withExif({ IFD0: { Copyright: 'someone' } })
      .toBuffer();
    const { data, encoder, type } = await run(small, { f: 'auto', w: 600 });
    expect([encoder, type]).toEqual(['source', 'image/jpeg']);
    expect(data.length).toBeLessThan(small.length);
    expect((data as Buffer).includes('someone')).toBe(false);
    const [before, after] = await Promise.all([look(small), look(data as Buffer)]);
    expect(after.pixels.equals(before.pixels)).toBe(true);
  });
  test('not with a profile: the colours would not be sRGB', async () => {
    const wide = await sharp(photo).resize(300).withIccProfile('p3').jpeg({ quality: 20 }).toBuffer();
    const { data, encoder, quality } = await run(wide, { f: 'auto', w: 300 });
    // At its own quality instead: the default would spend bytes on what the first encoder spoiled.
    expect([encoder, quality]).toEqual(['quality', 20]);
    expect(data.length).toBeLessThan(wide.length);
    const after = await look(data as Buffer);
    expect(after.hasMetadata).toBe(false);
  });
  test('what was asked for is done, whatever it costs', async () => {
    const small = await sharp(photo).jpeg({ quality: 30 }).toBuffer();
    for (const more of [{ w: 599 }, { w: 600, sharp: 1 }, { w: 600, q: 90 }, { w: 600, flop: true }])
      expect((await run(small, { f: 'auto', ...more })).encoder).toBeUndefined();
  });
  test.each(['png', 'webp'] as const)('%s: the pixels stay', async (format) => {
    const small = await quadrants()
      [format](format === 'png' ? { palette: true, colours: 4 } : { quality: 1 })
      .toBuffer();
    const { data } = await run(small, { f: 'auto', w: 120 }, 'image/webp');
    expect(data.length).toBeLessThanOrEqual(small.length);
    check(await look(data as Buffer), corners(RED, GREEN, BLUE, YELLOW), 40);
  });
  test('not where the client may not get that format', async () => {
    const small = await quadrants().webp({ quality: 1 }).toBuffer();
    expect((await run(small, { f: 'jpg', w: 120 })).type).toBe('image/jpeg');
  });
});

describe('facts', () => {
  test('json, without where it was taken', async () => {
    const tagged = await quadrants()
      .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { data, type } = await run(tagged, { f: 'json' });
    expect(type).toBe('application/json');
    expect(JSON.parse(String(data))).toMatchObject({
      format: 'jpeg',
      width: 80,
      height: 120,
      orientation: 6,
      pages: 1,
      alpha: false,
      bytes: tagged.length,
    });
    expect(data).not.toContain('exif');
    expect(JSON.parse(String((await run(moving, { f: 'json' })).data))).toMatchObject({
      pages: 3,
      delay: [100, 200, 300],
      width: 30,
      height: 20,
    });
  });
  test('explain tells the plan and the canonical query', async () => {
    const { plan } = JSON.parse(
      String((await run(source, { f: 'json', w: 60, dpr: 2, explain: true }, 'image/webp')).data),
    );
    expect(plan).toMatchObject({ width: 120, height: 80, format: 'webp', query: 'u=&w=120' });
  });
  test.each([
    ['blurhash', /^[\w#$%*+,\-.:;=?@[\]^{|}~]{20,40}$/],
    ['thumbhash', /^[A-Za-z0-9+/]{20,40}=*$/],
    ['lqip', /^data:image\/webp;base64,[A-Za-z0-9+/=]{20,960}$/],
    ['color', /^#[0-9a-f]{6}$/],
  ] as const)('%s', async (f, form) => {
    const { data, type } = await run(source, { f });
    expect(type).toBe('text/plain; charset=utf-8');
    expect(data).toMatch(form);
  });
  test('of a source too large to make whole', async () => {
    const wide = await sharp({ create: { width: 6000, height: 6000, channels: 3, background: '#a00' } })
      .jpeg()
      .toBuffer();
    expect((await run(wide, { f: 'color' })).data).toMatch(/^#a/);
    expect(JSON.parse(String((await run(wide, { f: 'json' })).data))).toMatchObject({ width: 6000, height: 6000 });
  });
  test('of the page that was asked for, turned as was asked', async () => {
    const plain = (background: string) =>
      sharp({ create: { width: 60, height: 30, channels: 3, background } })
        .png()
        .toBuffer();
    const pages = await sharp([await plain('#c80000'), await plain('#0000c8')], { join: { animated: true } })
      .tiff()
      .toBuffer();
    expect((await run(pages, { f: 'color' })).data).toMatch(/^#c[0-9a-f]0[0-9a-f]0[0-9a-f]$/);
    expect((await run(pages, { f: 'color', page: 1 })).data).toMatch(/^#0[0-9a-f]0[0-9a-f]c[0-9a-f]$/);
    const url = String((await run(source, { f: 'lqip', ro: 90 })).data);
    const small = await look(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
    expect([small.width, small.height]).toEqual([16, 24]);
    // Turned a quarter: what was left is above.
    check(small, corners(BLUE, RED, YELLOW, GREEN), 60);
  });
  test('the dominant colour of one colour is that colour', async () => {
    const plain = await sharp({ create: { width: 50, height: 50, channels: 3, background: { r: 200, g: 40, b: 40 } } })
      .png()
      .toBuffer();
    expect((await run(plain, { f: 'color' })).data).toMatch(/^#c[0-9a-f]2[0-9a-f]2[0-9a-f]$/);
  });
});

describe('colour', () => {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  test('Display P3 becomes sRGB: (234, 51, 35) there is (255, 0, 0) here', async () => {
    const create = { width: 40, height: 40, channels: 3 as const, background: { r: 234, g: 51, b: 35 } };
    const { icc } = await sharp(await sharp({ create }).withIccProfile('p3').png().toBuffer()).metadata();
    const plain = await sharp({ create }).png().toBuffer();
    const profile = chunk('iCCP', Buffer.concat([Buffer.from('p3\0\0'), deflateSync(icc ?? '')]));
    // Behind IHDR, which is 25 bytes and follows the signature of 8.
    const wide = Buffer.concat([plain.subarray(0, 33), profile, plain.subarray(33)]);
    for (const f of ['png', 'webp', 'avif', 'jpg'] as const)
      check(await look((await run(wide, { f, w: 20 })).data as Buffer), [[0.5, 0.5, [255, 0, 0, 255]]], 6);
  });
  test('an edge of alpha has the colour of what is seen, not of what is hidden', async () => {
    // White in the middle; around it black, clear.
    const pixels = Buffer.alloc(300 * 300 * 4);
    for (let y = 0; y < 300; y++)
      for (let x = 0; x < 300; x++)
        if (Math.hypot(x - 150, y - 150) < 100) pixels.fill(255, (y * 300 + x) * 4, (y * 300 + x) * 4 + 4);
    const disc = await sharp(pixels, { raw: { width: 300, height: 300, channels: 4 } })
      .png()
      .toBuffer();
    for (const more of [{ w: 47 }, { w: 47, h: 60, fit: 'contain' }, { w: 47, ro: 30 }, { w: 47, blur: 2 }] as const) {
      const { pixels: seen } = await make(disc, more);
      let [edge, darkest] = [0, 255];
      for (let i = 0; i < seen.length; i += 4)
        if ((seen[i + 3] ?? 0) > 8 && (seen[i + 3] ?? 0) < 250) {
          edge++;
          darkest = Math.min(darkest, seen[i] ?? 0);
        }
      expect(edge).toBeGreaterThan(20);
      expect(darkest, JSON.stringify(more)).toBeGreaterThan(235);
    }
  });
});

/** The examples of wsrv.nl's documentation, on a picture of 1200 × 800 in the place of theirs. */
describe("weserv's documented examples", async () => {
  const lichtenstein = await quadrants(1200, 800).jpeg().toBuffer();
  test.each<[Partial<ImageOptions>, [number, number]]>([
    [{ w: 300 }, [300, 200]],
    [{ h: 300 }, [450, 300]],
    [{ h: 144, dpr: 2 }, [432, 288]],
    [{ w: 300, h: 300, fit: 'inside' }, [300, 200]],
    [{ w: 300, h: 300, fit: 'outside' }, [450, 300]],
    [{ w: 300, h: 300, fit: 'cover' }, [300, 300]],
    [{ w: 300, h: 300, fit: 'fill' }, [300, 300]],
    [{ w: 300, h: 300, fit: 'contain', cbg: 'ff000000' }, [300, 300]],
    [{ w: 300, h: 300, fit: 'inside', we: true }, [300, 200]],
    [{ w: 300, h: 300, fit: 'cover', a: 'top' }, [300, 300]],
    [{ w: 300, h: 300, fit: 'cover', a: 'focal', fpy: 0.45 }, [300, 300]],
    [{ w: 300, h: 300, fit: 'cover', a: 'attention' }, [300, 300]],
    [{ cx: 680, cy: 500, cw: 300, ch: 300 }, [300, 300]],
    [{ h: 300, flip: true }, [450, 300]],
    [{ h: 300, flop: true }, [450, 300]],
    [{ h: 300, ro: 45, rbg: 'ffff0000' }, [530, 530]],
    [{ w: 300, blur: 5 }, [300, 200]],
    [{ w: 300, con: 25 }, [300, 200]],
    [{ w: 300, gam: 3 }, [300, 200]],
    [{ w: 300, mod: '2' }, [300, 200]],
    [{ w: 300, sat: 0.5 }, [300, 200]],
    [{ w: 300, hue: 90 }, [300, 200]],
    [{ w: 300, sharp: 3 }, [300, 200]],
    [{ w: 300, tint: 'ffff0000' }, [300, 200]],
    [{ w: 300, h: 300, fit: 'cover', a: 'focal', fpx: 0.6, filt: 'duotone' }, [300, 300]],
    [{ w: 400, bg: 'ff000000' }, [400, 267]],
  ])('%j', async (more, size) => {
    const { width, height } = await make(lichtenstein, { f: 'jpg', ...more });
    expect([width, height]).toEqual(size);
  });
});
