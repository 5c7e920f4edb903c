/** HEIC from the file to the output: what phones write, and what they could. */
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type TransformOptions, transform } from '../../src/transform.ts';
import { decodePixels, near } from '../pixels.ts';
import { auxC, clap, coded, fixture, grid, heif, image, imir, irot, nclx, profile } from './heif-file.ts';

const ON = { sourceHeic: 'on' } as const;
const render = async (bytes: Buffer, options: TransformOptions = {}) => {
  const { data, info } = await transform(bytes, { w: 256, f: 'png', ...options }, ON);
  return { ...(await decodePixels(data as Buffer)), info };
};

const [RED, GREEN, BLUE, YELLOW, WHITE, BLACK] = [
  [220, 30, 30],
  [30, 200, 40],
  [30, 60, 220],
  [230, 220, 40],
  [240, 240, 240],
  [20, 20, 20],
] as const;
type Colour = readonly number[];
type Rows = readonly (readonly Colour[])[];
const PATCHES: Rows = [
  [RED, GREEN, BLUE],
  [YELLOW, WHITE, BLACK],
];

/** Compares a pixel channel by channel. */
const expectNear = (actual: Colour, expected: Colour, tolerance: number) =>
  expect(near(actual, expected, tolerance), `${actual} should be ${expected}`).toBe(true);

/** Compares the middle of each patch. */
function expectPatches({ at }: Awaited<ReturnType<typeof decodePixels>>, rows: Rows, tolerance = 8): void {
  rows.forEach((row, y) => {
    row.forEach((colour, x) => {
      expectNear(at((x + 0.5) / row.length, (y + 0.5) / rows.length), [...colour, 255], tolerance);
    });
  });
}
const turned = (rows: Rows): Rows => (rows[0] ?? []).map((_, x) => rows.map((row) => row[x] ?? [])).reverse();

test('8 bits: size and colours, JPEG by default', async () => {
  const output = await render(fixture('patches.heic'));
  expect(output).toMatchObject({ width: 256, height: 192, channels: 3, hasMetadata: false });
  expectPatches(output, PATCHES);
  const { info } = await transform(fixture('patches.heic'), { w: 100 }, ON);
  expect(info).toMatchObject({ type: 'image/jpeg', width: 100, height: 75 });
});

test.each([0, 1, 2, 3])('irot %i, then imir 0 and 1', async (turns) => {
  let rows = PATCHES;
  for (let i = 0; i < turns; i++) rows = turned(rows);
  const size = turns % 2 ? { width: 192, height: 256 } : { width: 256, height: 192 };
  const file = (...more: Buffer[]) => heif([image('patches.heic', 256, 192, irot(turns), ...more)]);
  const output = await render(file(), { w: size.width });
  expect(output).toMatchObject(size);
  expectPatches(output, rows);
  expectPatches(await render(file(imir(0))), rows.toReversed());
  expectPatches(
    await render(file(imir(1))),
    rows.map((row) => row.toReversed()),
  );
});

test('clap, irot and imir in any order crop the same part', async () => {
  // The right column, whose middle is 85 pixels right of that of the image.
  const right = clap(86, 1, 192, 1, 85, 1, 0, 1);
  const [column, row] = [[[BLUE], [BLACK]], [[BLUE, BLACK]]];
  const file = (...properties: Buffer[]) => render(heif([image('patches.heic', 256, 192, ...properties)]), { w: 80 });
  expectPatches(await file(right), column);
  expectPatches(await file(right, imir(1)), column);
  expectPatches(await file(right, imir(0)), column.toReversed());
  expectPatches(await file(right, irot(1)), row);
  expectPatches(await file(right, irot(2)), column.toReversed());
  expectPatches(await file(right, irot(1), imir(0)), row);
  // Of the rotated image, the top row: what was right.
  expectPatches(await file(irot(1), clap(192, 1, 86, 1, 0, 1, -85, 1)), row);
});

test('clap crops, before irot', async () => {
  // The middle column of both rows.
  const middle = clap(86, 1, 192, 1, 0, 1, 0, 1);
  expectPatches(await render(heif([image('patches.heic', 256, 192, middle)]), { w: 86 }), [[GREEN], [WHITE]]);
  const output = await render(heif([image('patches.heic', 256, 192, middle, irot(1))]), { w: 192 });
  expect(output).toMatchObject({ width: 192, height: 86 });
  expectPatches(output, [[GREEN, WHITE]]);
});

test.each([
  ['odd sizes', [85, 1, 191, 1, 0, 1, 0, 1]],
  ['halves', [171, 2, 301, 2, 1, 2, -3, 2]],
  ['an offset to the corner', [100, 1, 100, 1, -78, 1, -46, 1]],
  ['beyond the image', [256, 1, 192, 1, 40, 1, -30, 1]],
])('clap with %s has the size that libheif crops to', async (_title, fractions) => {
  await render(heif([image('patches.heic', 256, 192, clap(...fractions))]), { w: 20 });
});

describe('a grid', () => {
  const tiles = [0, 1, 2, 3].map((i) => image(`tile${i}.heic`, 128, 128));
  const file = (...properties: Buffer[]) => heif([grid([2, 2], [256, 192], [2, 3, 4, 5], ...properties), ...tiles]);

  test('of four tiles, the last row cut off, rotated', async () => {
    expectPatches(await render(file()), PATCHES);
    expectPatches(await render(file(irot(3)), { w: 192 }), turned(turned(turned(PATCHES))));
  });
  test('with a tile that is missing is refused, and not shown with a hole', async () => {
    await expect(render(heif([grid([2, 2], [256, 192], [2, 3, 4]), ...tiles]))).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
    });
  });
});

test('alpha, and colours that were multiplied by it', async () => {
  for (const name of ['alpha.heic', 'premul.heic']) {
    const { at, channels } = await render(fixture(name));
    expect(channels).toBe(4);
    expectNear(at(1 / 6, 0.25), [...RED, 255], 8);
    expectNear(at(5 / 6, 0.25).slice(3), [0], 2);
    const half = name === 'alpha.heic' ? BLACK : BLACK.map((value) => Math.min(255, (value * 255) / 128));
    expectNear(at(5 / 6, 0.75), [...half, 128], 8);
  }
  // Negotiation keeps it, and a JPEG has it on white.
  const { info } = await transform(fixture('alpha.heic'), { w: 100, f: 'auto' }, { ...ON, accept: 'image/webp' });
  expect(info.type).toBe('image/webp');
  expectNear((await render(fixture('alpha.heic'), { f: 'jpg' })).at(5 / 6, 0.25), [255, 255, 255, 255], 4);
});

test('a profile, Display P3, of the file and of a thumbnail without one', async () => {
  expectPatches(await render(fixture('p3.heic')), PATCHES);
  const { icc = Buffer.alloc(0) } = coded('p3.heic');
  const withProfile = (size: number, ...items: ReturnType<typeof image>[]) =>
    render(heif([image('patches.heic', 256, 192, profile(icc)), ...items]), { w: size });
  const plain = await withProfile(200);
  expectNear(plain.at(1 / 6, 0.25), [241, 0, 10, 255], 12);
});

describe('10 bits', () => {
  test('without loss of colour', async () => {
    const output = await render(fixture('deep.heic'));
    expectPatches(output, PATCHES);
    expect(JSON.parse((await transform(fixture('deep.heic'), { w: 9, f: 'json' }, ON)).data as string)).toMatchObject({
      format: 'heic',
      depth: 'ushort',
      width: 256,
      height: 192,
    });
  });
  test.each([
    ['PQ', 16],
    ['HLG', 18],
  ])('%s in nclx is mapped as that of an AVIF', async (_name, transfer) => {
    const heic = heif([image('deep.heic', 256, 192, nclx(9, transfer, 6))]);
    const pixels = await sharp(Buffer.from(await png16()))
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    const cicp = withCicp(pixels, transfer);
    const [fromHeic, fromPng] = [await render(heic), await render(cicp)];
    for (const x of [0.2, 0.5, 0.8]) for (const y of [0.25, 0.75]) expectNear(fromHeic.at(x, y), fromPng.at(x, y), 8);
    // Not as they are stored.
    expect(fromHeic.at(0.2, 0.25)).toEqual([255, 0, 0, 255]);
  });
});

/** The same patches as a PNG. */
async function png16(): Promise<Buffer> {
  const patch = (colour: Colour, left: number, top: number) => ({
    input: {
      create: {
        width: 86,
        height: 96,
        channels: 3 as const,
        background: { r: colour[0] ?? 0, g: colour[1] ?? 0, b: colour[2] ?? 0 },
      },
    },
    left,
    top,
  });
  const canvas = sharp({ create: { width: 258, height: 192, channels: 3, background: '#000' } });
  return canvas
    .composite(PATCHES.flatMap((row, y) => row.map((colour, x) => patch(colour, x * 86, y * 96))))
    .png()
    .toBuffer();
}

/** Adds `cICP` before the pixels of a PNG: the primaries of Rec. 2020, and a transfer function. */
function withCicp(png: Buffer, transfer: number): Buffer {
  const chunk = Buffer.from([0, 0, 0, 4, 99, 73, 67, 80, 9, transfer, 0, 1, 0, 0, 0, 0]);
  // IHDR ends at 33; the checksum of an ancillary chunk is not looked at by the reader of colours.
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

describe('a thumbnail', () => {
  // In place of a smaller version, an image that can be told from the primary one.
  const file = (...properties: Buffer[]) => {
    const primary = grid([2, 2], [256, 256], [2, 3, 4, 5], ...properties);
    const tiles = [0, 1, 2, 3].map((i) => image(`tile${i}.heic`, 128, 128));
    return heif([primary, ...tiles, { ...image('tile3.heic', 128, 128), references: [['thmb', [1]]] }]);
  };
  const isThumbnail = async (bytes: Buffer, options: TransformOptions) => {
    const { at } = await render(bytes, options);
    const [red = 0, green = 0] = at(0.2, 0.2);
    return !(red > 180 && green < 80);
  };
  test('is used where it has as many pixels as the output', async () => {
    expect(await isThumbnail(file(), { w: 128 })).toBe(true);
    expect(await isThumbnail(file(), { w: 50, h: 60, fit: 'cover' })).toBe(true);
    expect(await isThumbnail(file(), { w: 129 })).toBe(false);
    expect(await isThumbnail(file(), { w: 60, dpr: 3 })).toBe(false);
  });
  test('is not used for what depends on the pixels of the source', async () => {
    expect(await isThumbnail(file(), { w: 20, cx: 0, cy: 0, cw: 128, ch: 128, precrop: true })).toBe(false);
    expect(await isThumbnail(file(), { w: 50, trim: 1 })).toBe(false);
  });
  test('is not used if it has another shape: it was made of another image, or not rotated', async () => {
    expect(await isThumbnail(file(clap(128, 1, 256, 1, -64, 1, 0, 1)), { w: 50 })).toBe(false);
  });
  test('that is damaged is not used', async () => {
    const thumbnail = { ...image('patches.heic', 128, 128), references: [['thmb', [1]] as const] };
    const tiles = [0, 1, 2, 3].map((i) => image(`tile${i}.heic`, 128, 128));
    const bytes = heif([grid([2, 2], [256, 256], [2, 3, 4, 5]), ...tiles, thumbnail]);
    expect(await isThumbnail(bytes, { w: 100 })).toBe(false);
    const { data } = await transform(bytes, { w: 100, f: 'color' }, ON);
    expect(data).toMatch(/^#/);
  });
  test('of heif-enc', async () => expectPatches(await render(fixture('patches.heic'), { w: 100 }), PATCHES, 12));
  test('serves placeholders', async () => {
    const { data } = await transform(fixture('patches.heic'), { w: 9, f: 'blurhash' }, ON);
    expect(data).toMatch(/^\S{28}$/);
  });
});

test('rotated by the request, trimmed, with explain', async () => {
  expectPatches(await render(fixture('patches.heic'), { w: 192, ro: 270 }), turned(PATCHES));
  expect(await render(fixture('patches.heic'), { w: 100, trim: 10 })).toMatchObject({ width: 100, height: 75 });
  const { data } = await transform(fixture('patches.heic'), { w: 100, f: 'json', explain: true }, ON);
  expect(JSON.parse(data as string)).toMatchObject({ plan: { width: 100, height: 75, format: 'jpg' } });
});

test('EXIF: the copyright is kept if requested, its orientation counts no more', async () => {
  const exif = Buffer.alloc(52);
  exif.write('II*\0', 'latin1');
  exif.writeUInt32LE(8, 4);
  exif.writeUInt16LE(2, 8);
  // Orientation 6; copyright of 12 bytes at 38.
  for (const [i, [tag, type, count, value]] of [[0x112, 3, 1, 6] as const, [0x8298, 2, 12, 38] as const].entries()) {
    exif.writeUInt16LE(tag, 10 + i * 12);
    exif.writeUInt16LE(type, 12 + i * 12);
    exif.writeUInt32LE(count, 14 + i * 12);
    exif.writeUInt32LE(value, 18 + i * 12);
  }
  exif.write('Jane Doe 25\0', 38, 'latin1');
  const item = { type: 'Exif', data: Buffer.concat([Buffer.alloc(4), exif]), references: [['cdsc', [1]] as const] };
  const bytes = heif([image('patches.heic', 256, 192), item]);
  expectPatches(await render(bytes), PATCHES);
  for (const meta of ['copyright', 'keep'] as const) {
    const { data } = await transform(bytes, { w: 100, f: 'jpg', meta }, ON);
    const { exif: written, orientation } = await sharp(data as Buffer).metadata();
    expect(written?.includes('Jane Doe 25')).toBe(true);
    expect(orientation ?? 1).toBe(1);
  }
});

test('auxiliary images that are no alpha are ignored', async () => {
  const depth = image('tile0.heic', 128, 128, auxC('urn:mpeg:hevc:2015:auxid:2'));
  const bytes = heif([image('patches.heic', 256, 192), { ...depth, references: [['auxl', [1]]] }]);
  expect((await render(bytes)).channels).toBe(3);
});
