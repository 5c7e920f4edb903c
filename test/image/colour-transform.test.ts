/** Colours that a file describes by numbers: as Chromium 156 shows them, on a display of sRGB. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readColourSignal } from '../../src/image/formats/colour-signal.ts';
import { sniff } from '../../src/image/formats/sniff.ts';
import { resize } from '../../src/image/resize.ts';
import type { ImageOptions } from '../../src/options.ts';
import { chrm, chunk, cicp, clli, gama, mdcv, png16 } from '../png.ts';
import { optionsOf, testConfig } from '../requests.ts';

const read = (name: string) => readFileSync(new URL(`../fixtures/wild/${name}`, import.meta.url));
const render = async (bytes: Buffer, options: Partial<ImageOptions>) => {
  const source = { bytes, format: sniff(bytes, true) };
  return (await resize({ source, options: optionsOf(options), accept: undefined, limits: testConfig() }))
    .data as Buffer;
};
/** Returns the colours in the middle of so many columns. */
async function columns(image: Buffer, count: number): Promise<number[][]> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return Array.from({ length: count }, (_, i) => {
    const x = Math.floor(((i + 0.5) * info.width) / count);
    const at = (Math.floor(info.height / 4) * info.width + x) * info.channels;
    return [...data.subarray(at, at + 3)];
  });
}
const maxDifference = (one: number[][], other: number[][]) =>
  Math.max(...one.flatMap((colour, i) => colour.map((value, k) => Math.abs(value - (other[i]?.[k] ?? 999)))));

const GREYS = [0.1, 0.3, 0.5, 0.58, 0.66, 0.75, 0.9].map((value) => [value, value, value]);
const COLOURS = [
  [0.58, 0, 0],
  [0, 0.58, 0],
  [0.58, 0.4, 0.3],
  [0.3, 0.5, 0.7],
];
const P3 = chrm(0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06);
const grey = (...values: number[]) => values.map((value) => [value, value, value]);

describe('PNG', () => {
  test.each<[string, Buffer[], number[][], number[][]]>([
    ['PQ', [cicp(9, 16)], GREYS, grey(3, 44, 131, 187, 226, 255, 255)],
    ['PQ, mastered for 4000 cd/m²', [cicp(9, 16), mdcv(4000)], GREYS, grey(3, 44, 131, 187, 209, 225, 255)],
    ['PQ, not above 400 cd/m²', [cicp(9, 16), clli(400)], GREYS, grey(4, 55, 161, 229, 255, 255, 255)],
    [
      'PQ of Rec. 2020',
      [cicp(9, 16)],
      COLOURS,
      [
        [234, 0, 0],
        [0, 198, 0],
        [228, 47, 26],
        [0, 103, 251],
      ],
    ],
    [
      'PQ of Display P3',
      [cicp(12, 16)],
      COLOURS,
      [
        [205, 0, 0],
        [0, 191, 0],
        [202, 71, 27],
        [0, 103, 250],
      ],
    ],
    ['HLG', [cicp(9, 18)], GREYS, grey(9, 54, 99, 120, 147, 188, 233)],
    [
      'HLG of Rec. 2020',
      [cicp(9, 18)],
      COLOURS,
      [
        [134, 0, 0],
        [0, 123, 0],
        [132, 72, 55],
        [0, 101, 155],
      ],
    ],
    [
      'Display P3',
      [cicp(12, 13)],
      COLOURS,
      [
        [162, 0, 0],
        [0, 151, 0],
        [156, 99, 71],
        [56, 130, 184],
      ],
    ],
    [
      'Rec. 2020 of television',
      [cicp(9, 1)],
      COLOURS,
      [
        [179, 0, 0],
        [0, 150, 0],
        [166, 85, 60],
        [0, 125, 180],
      ],
    ],
    ['linear', [cicp(1, 8)], GREYS, grey(88, 148, 188, 200, 212, 224, 244)],
    ['gamma of 1.0', [gama(1)], GREYS, grey(88, 148, 188, 200, 212, 224, 244)],
    ['gamma of 1.8', [gama(0.55556)], GREYS, grey(33, 94, 146, 165, 183, 203, 235)],
    [
      'gamma and primaries',
      [gama(0.45455), P3],
      COLOURS,
      [
        [164, 0, 0],
        [0, 152, 0],
        [158, 100, 69],
        [53, 131, 185],
      ],
    ],
    ['gamma of sRGB', [gama(0.45455)], GREYS, grey(25, 76, 128, 148, 168, 191, 230)],
    [
      'primaries alone',
      [P3],
      COLOURS,
      [
        [148, 0, 0],
        [0, 148, 0],
        [148, 102, 76],
        [76, 128, 179],
      ],
    ],
    ['sRGB before gamma', [chunk('sRGB', Buffer.from([0])), gama(1)], GREYS, grey(25, 76, 128, 148, 168, 191, 230)],
    ['unspecified', [cicp(2, 2)], GREYS, grey(25, 76, 128, 148, 168, 191, 230)],
  ])('%s', async (_what, chunks, patches, expected) => {
    const bytes = png16(patches, chunks);
    expect(
      maxDifference(await columns(await render(bytes, { w: '100%', f: 'png' }), patches.length), expected),
    ).toBeLessThanOrEqual(2);
    // Scaled, cropped, in another format, and as pixels that were trimmed before.
    for (const options of [
      { w: 32 },
      { w: 200 },
      { w: 32, trim: 1 },
      { w: 64, fit: 'contain' as const, h: 64, cbg: 'ff000000' },
    ])
      expect(await colourCount(await render(bytes, { f: 'png', ...options }))).toBeGreaterThan(1);
  });
});

async function colourCount(image: Buffer): Promise<number> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return new Set(Array.from({ length: info.width * info.height }, (_, i) => data.readUIntBE(i * 3, 3))).size;
}

describe('AVIF', () => {
  const nclx = (primaries: number, transfer: number) => {
    const bytes = Buffer.from(read('W69-nclx-8.avif'));
    const at = bytes.indexOf('nclx');
    bytes.writeUInt16BE(primaries, at + 4);
    bytes.writeUInt16BE(transfer, at + 6);
    return bytes;
  };
  test.each<[number, number, number[][]]>([
    [
      1,
      13,
      [
        [184, 50, 49],
        [85, 177, 78],
      ],
    ],
    [
      1,
      1,
      [
        [184, 50, 49],
        [85, 177, 78],
      ],
    ],
    [
      2,
      2,
      [
        [184, 50, 49],
        [85, 177, 78],
      ],
    ],
    [
      1,
      8,
      [
        [221, 122, 121],
        [156, 217, 150],
      ],
    ],
    [
      12,
      13,
      [
        [200, 30, 41],
        [29, 180, 61],
      ],
    ],
    [
      11,
      13,
      [
        [196, 31, 41],
        [54, 180, 61],
      ],
    ],
    [
      9,
      1,
      [
        [228, 0, 41],
        [0, 185, 56],
      ],
    ],
    [
      9,
      16,
      [
        [255, 0, 0],
        [0, 251, 0],
      ],
    ],
    [
      9,
      18,
      [
        [194, 0, 29],
        [0, 164, 43],
      ],
    ],
    [
      5,
      6,
      [
        [187, 50, 49],
        [78, 177, 80],
      ],
    ],
  ])('primaries %i, transfer %i', async (primaries, transfer, expected) =>
    expect(
      maxDifference(await columns(await render(nclx(primaries, transfer), { w: 96, f: 'png' }), 2), expected),
    ).toBeLessThanOrEqual(2),
  );
  test('of 10 bits', async () => {
    const image = await render(read('W68-nclx-10.avif'), { w: 48, f: 'png' });
    expect(
      maxDifference(await columns(image, 2), [
        [200, 30, 40],
        [30, 180, 60],
      ]),
    ).toBeLessThanOrEqual(4);
  });
  test('PQ of 10 bits', async () => {
    const image = await render(read('W72-pq.avif'), { w: 48, f: 'png' });
    expect(maxDifference(await columns(image, 1), grey(187))).toBeLessThanOrEqual(12);
  });
  test.each([
    ['limited-8.avif', true],
    ['limited-10.avif', true],
    ['full-8.avif', false],
  ])('4:0:0, %s: from black to white, as in Chromium', async (name, isLimitedRange) => {
    const bytes = readFileSync(new URL(`../fixtures/avif-grey/${name}`, import.meta.url));
    expect(readColourSignal(bytes, 'avif', false)?.isLimitedRange ?? false).toBe(isLimitedRange);
    const expected = grey(...Array.from({ length: 16 }, (_, i) => 17 * i));
    expect(maxDifference(await columns(await render(bytes, { w: 256, f: 'png' }), 16), expected)).toBeLessThan(3);
  });

  test('premultiplied alpha', async () => {
    const image = await render(read('W61-premultiplied.avif'), { w: 48, f: 'png' });
    expect(
      maxDifference(await columns(image, 2), [
        [200, 30, 40],
        [30, 180, 60],
      ]),
    ).toBeLessThanOrEqual(16);
  });
  test('an animation is shown as its still', async () => {
    const image = await render(read('W59-moving.avif'), { w: 32, f: 'png' });
    expect(maxDifference(await columns(image, 1), [[255, 0, 0]])).toBeLessThanOrEqual(12);
  });
});

test('the dominant colour, in steps of 16', async () => {
  const bytes = png16([[0.5, 0.5, 0.5]], [gama(1)]);
  expect(`${await render(bytes, { f: 'color' })}`).toBe('#b8b8b8');
});

describe('readColourSignal', () => {
  test('of no file that is cut short or wrong it throws', () => {
    for (const bytes of [
      png16(GREYS, [cicp(9, 16), gama(1), P3]),
      read('W69-nclx-8.avif'),
      read('W61-premultiplied.avif'),
    ]) {
      const format = sniff(bytes, true);
      for (let i = 0; i < Math.min(bytes.length, 600); i++) {
        expect(() => readColourSignal(bytes.subarray(0, i), format, false)).not.toThrow();
        for (const value of [0, 1, 255]) {
          const wrong = Buffer.from(bytes);
          wrong[i] = value;
          expect(() => readColourSignal(wrong, format, false)).not.toThrow();
        }
      }
    }
  });
  test.each([
    ['no area', chrm(0.3127, 0.329, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3)],
    ['zeros', chrm(0, 0, 0, 0, 0, 0, 0, 0)],
    ['huge numbers', chrm(9999, 9999, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)],
  ])('primaries of %s are ignored', (_what, primaries) =>
    expect(readColourSignal(png16(GREYS, [gama(1), primaries]), 'png', false)).toBeUndefined(),
  );
});
