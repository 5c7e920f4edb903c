/** Test images of known colours, red | green over blue | yellow, and assertions on the colours of the output. */
import sharp from 'sharp';
import { expect } from 'vitest';
import { sniff } from '../../../src/image/formats/sniff.ts';
import { resize } from '../../../src/image/resize.ts';
import type { ImageOptions } from '../../../src/options.ts';
import { type DecodedImage, decodePixels, near } from '../../pixels.ts';
import { optionsOf, testConfig } from '../../requests.ts';

export const limits = testConfig();
export const RED = [220, 30, 30, 255];
export const GREEN = [30, 180, 30, 255];
export const BLUE = [30, 30, 220, 255];
export const YELLOW = [230, 220, 40, 255];
/** A transparent point: alpha 0, of any colour. */
export const CLEAR = 'clear';

/** Draws four quadrants, each in one colour. */
export function quadrants(width = 120, height = 80, channels: 3 | 4 = 3) {
  const pixels = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const colour = [RED, GREEN, BLUE, YELLOW][(y * 2 >= height ? 2 : 0) + (x * 2 >= width ? 1 : 0)] ?? [];
      pixels.set(colour.slice(0, channels), (y * width + x) * channels);
    }
  return sharp(pixels, { raw: { width, height, channels } });
}
/** The quadrants as PNG, 120 × 80. */
export const source = await quadrants().png().toBuffer();

/** A GIF of 30 × 20: three frames of 100, 200 and 300 ms, whose halves are red | green, green | blue and blue | red. */
export const animation = await sharp(
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

/** Renders with those options, and the defaults for all others; to PNG unless they say otherwise. */
export const run = (bytes: Buffer, more: Partial<ImageOptions>, accept?: string) =>
  resize({ source: { bytes, format: sniff(bytes, true) }, options: optionsOf({ f: 'png', ...more }), accept, limits });

/** Renders and decodes. The decoded size must be the reported one. */
export async function make(bytes: Buffer, more: Partial<ImageOptions>) {
  const { data, width, height } = await run(bytes, more);
  const image = await decodePixels(data as Buffer);
  expect([image.width, image.height]).toEqual([width, height]);
  return image;
}

/** Points in fractions of the sides, and the colours expected there. */
export type Points = readonly (readonly [x: number, y: number, colour: readonly number[] | typeof CLEAR])[];

export const check = (image: DecodedImage, points: Points, tolerance = 6) => {
  for (const [x, y, expected] of points) {
    const actual = image.at(x, y);
    if (expected === CLEAR) expect(actual[3], `${actual} at ${x},${y}`).toBe(0);
    else
      expect(near(actual, expected as number[], tolerance), `${actual} at ${x},${y}, expected ${expected}`).toBe(true);
  }
};

export const corners = (
  topLeft: readonly number[],
  topRight: readonly number[],
  bottomLeft: readonly number[],
  bottomRight: readonly number[],
): Points => [
  [0.1, 0.1, topLeft],
  [0.9, 0.1, topRight],
  [0.1, 0.9, bottomLeft],
  [0.9, 0.9, bottomRight],
];
