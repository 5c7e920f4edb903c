/**
 * The examples of wsrv.nl's documentation, on a synthetic image of 1200 × 800: four quadrants within a white frame of 60 px.
 * Expected colours follow from the geometry and from the formulas of the documentation; where that is a colour space or a filter
 * of libvips, sharp is asked directly.
 */
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ImageOptions } from '../../../src/options.ts';
import { decodePixels } from '../../pixels.ts';
import { BLUE, check, corners, GREEN, make, type Points, quadrants, RED, YELLOW } from './quadrants.ts';

const WHITE = [255, 255, 255, 255];
const BLACK = [0, 0, 0, 255];
const framed = (background: string) =>
  quadrants(1080, 680).extend({ top: 60, bottom: 60, left: 60, right: 60, background });
const photo = await framed('#fff').jpeg({ chromaSubsampling: '4:4:4' }).toBuffer();
const transparent = await framed('#0000').png().toBuffer();

/** The middle of each quadrant, far from the edges. */
const inside = (a: number[], b: number[], c: number[], d: number[]): Points => [
  [0.25, 0.25, a],
  [0.75, 0.25, b],
  [0.25, 0.75, c],
  [0.75, 0.75, d],
];
/** The frame on all four sides: nothing was cropped. */
const frame = (colour: number[]): Points => [
  [0.5, 0.02, colour],
  [0.98, 0.5, colour],
  [0.5, 0.98, colour],
  [0.02, 0.5, colour],
];
const WHOLE: Points = [...inside(RED, GREEN, BLUE, YELLOW), ...frame(WHITE)];
/** The 300 × 300 in the centre of 450 × 300: the frame is left at the top and the bottom only. */
const MIDDLE: Points = [
  [0.02, 0.25, RED],
  [0.47, 0.25, RED],
  [0.53, 0.25, GREEN],
  [0.98, 0.25, GREEN],
  [0.02, 0.75, BLUE],
  [0.98, 0.75, YELLOW],
  [0.5, 0.02, WHITE],
  [0.5, 0.98, WHITE],
];

const each = (change: (colour: number[]) => number[]): Points =>
  inside(change(RED), change(GREEN), change(BLUE), change(YELLOW));
const channelwise = (change: (value: number) => number) =>
  each(([r = 0, g = 0, b = 0]) => [...[r, g, b].map((value) => Math.min(255, Math.max(0, change(value)))), 255]);

/** Applies an operation of libvips to an image of one colour. */
async function flat([r = 0, g = 0, b = 0]: number[], change: (image: Sharp) => Sharp) {
  const image = sharp({ create: { width: 8, height: 8, channels: 3, background: { r, g, b } } });
  return (await decodePixels(await change(image).png().toBuffer())).at(0.5, 0.5);
}
const libvips = async (change: (image: Sharp) => Sharp): Promise<Points> => {
  const [a = [], b = [], c = [], d = []] = await Promise.all(
    [RED, GREEN, BLUE, YELLOW].map((one) => flat(one, change)),
  );
  return inside(a, b, c, d);
};
/** Reads sharp's own colours at a grid of points. */
const grid = async (image: Sharp): Promise<Points> => {
  const expected = await decodePixels(await image.png().toBuffer());
  const at = Array.from({ length: 15 }, (_, i) => (i + 0.5) / 15);
  return at.flatMap((y) => at.map((x) => [x, y, expected.at(x, y)] as const));
};

/** Contrast of 25: a sigmoid around mid-grey with β = 7.5. */
const contrast = (value: number) => {
  const sigmoid = (level: number) => 1 / (1 + Math.exp(7.5 * (0.5 - level)));
  return (255 * (sigmoid(value / 255) - sigmoid(0))) / (sigmoid(1) - sigmoid(0));
};

describe("weserv's documented examples", async () => {
  const small = () => sharp(photo).resize(300);
  test.each<[Partial<ImageOptions>, [number, number], Points]>([
    [{ w: 300 }, [300, 200], WHOLE],
    [{ h: 300 }, [450, 300], WHOLE],
    [{ h: 144, dpr: 2 }, [432, 288], WHOLE],
    [{ w: 300, h: 300, fit: 'inside' }, [300, 200], WHOLE],
    [{ w: 300, h: 300, fit: 'outside' }, [450, 300], WHOLE],
    [{ w: 300, h: 300, fit: 'cover' }, [300, 300], MIDDLE],
    [{ w: 300, h: 300, fit: 'fill' }, [300, 300], WHOLE],
    // 300 × 200 in the centre: black above and below, then the frame of 15 px.
    [
      { w: 300, h: 300, fit: 'contain', cbg: 'ff000000' },
      [300, 300],
      [
        [0.5, 0.15, BLACK],
        [0.5, 0.19, WHITE],
        [0.02, 0.5, WHITE],
        ...inside(RED, GREEN, BLUE, YELLOW),
        [0.5, 0.81, WHITE],
        [0.5, 0.85, BLACK],
      ],
    ],
    [{ w: 300, h: 300, fit: 'inside', we: true }, [300, 200], WHOLE],
    // The crop is horizontal only: a vertical alignment has no effect.
    [{ w: 300, h: 300, fit: 'cover', a: 'top' }, [300, 300], MIDDLE],
    [{ w: 300, h: 300, fit: 'cover', a: 'focal', fpy: 0.45 }, [300, 300], MIDDLE],
    [
      { w: 300, h: 300, fit: 'cover', a: 'attention' },
      [300, 300],
      await grid(sharp(photo).resize({ width: 300, height: 300, position: 'attention' })),
    ],
    // In source pixels, from 680,500: the yellow quadrant, then 60 rows of the frame.
    [
      { cx: 680, cy: 500, cw: 300, ch: 300 },
      [300, 300],
      [...corners(YELLOW, YELLOW, WHITE, WHITE), [0.5, 0.78, YELLOW], [0.5, 0.83, WHITE]],
    ],
    [{ h: 300, flip: true }, [450, 300], [...inside(BLUE, YELLOW, RED, GREEN), ...frame(WHITE)]],
    [{ h: 300, flop: true }, [450, 300], [...inside(GREEN, RED, YELLOW, BLUE), ...frame(WHITE)]],
    // Clockwise about the centre: the middle of the red quadrant moves from 112 px left and 75 px above to 26 px left and 132 px above.
    [
      { h: 300, ro: 45, rbg: 'ffff0000' },
      [530, 530],
      [
        [0.45, 0.25, RED],
        [0.75, 0.55, GREEN],
        [0.25, 0.45, BLUE],
        [0.55, 0.75, YELLOW],
        ...corners([255, 0, 0, 255], [255, 0, 0, 255], [255, 0, 0, 255], [255, 0, 0, 255]),
      ],
    ],
    // An edge becomes the mean of its two sides.
    [{ w: 300, blur: 5 }, [300, 200], [...inside(RED, GREEN, BLUE, YELLOW), [0.5, 0.25, [120, 110, 30, 255]]]],
    [{ w: 300, con: 25 }, [300, 200], channelwise(contrast)],
    [{ w: 300, gam: 3 }, [300, 200], channelwise((value) => 255 * (value / 255) ** 3)],
    [{ w: 300, mod: '2' }, [300, 200], await libvips((image) => image.modulate({ brightness: 2 }))],
    [{ w: 300, sat: 0.5 }, [300, 200], await libvips((image) => image.modulate({ saturation: 0.5 }))],
    [{ w: 300, hue: 90 }, [300, 200], await libvips((image) => image.modulate({ hue: 90 }))],
    [{ w: 300, sharp: 3 }, [300, 200], await grid(small().sharpen({ sigma: 3 }))],
    // The lightness of each quadrant, with the a and b of red in CIELAB.
    [
      { w: 300, tint: 'ffff0000' },
      [300, 200],
      inside([235, 0, 0, 255], [255, 65, 35, 255], [178, 0, 0, 255], [255, 137, 92, 255]),
    ],
    // Resized to 450 × 300, and cropped 120 px from the left: 60 % of the width is then the centre.
    [
      { w: 300, h: 300, fit: 'cover', a: 'focal', fpx: 0.6, filt: 'duotone' },
      [300, 300],
      [
        // From C83658 to D8E74F in CIELAB, by the grey of each quadrant: 112, 156, 71, 215.
        [0.33, 0.25, [213, 140, 88, 255]],
        [0.37, 0.25, [216, 169, 87, 255]],
        [0.33, 0.75, [209, 112, 89, 255]],
        [0.37, 0.75, [217, 206, 83, 255]],
      ],
    ],
  ])('%j', async (more, size, points) => {
    const image = await make(photo, more);
    expect([image.width, image.height]).toEqual(size);
    check(image, points);
  });

  test('{"w":400,"bg":"ff000000"}', async () => {
    const image = await make(transparent, { w: 400, bg: 'ff000000' });
    expect([image.width, image.height]).toEqual([400, 267]);
    check(image, [...inside(RED, GREEN, BLUE, YELLOW), ...frame(BLACK)]);
  });
});
