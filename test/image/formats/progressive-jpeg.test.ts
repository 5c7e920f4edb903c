/** A progressive JPEG without the scans that a decoder does not need at an eighth of the size: the pixels are the very same. */
import { readdirSync, readFileSync } from 'node:fs';
import sharp, { type JpegOptions } from 'sharp';
import { describe, expect, test } from 'vitest';
import { parseJpeg } from '../../../src/image/formats/jpeg.ts';
import { withoutUnreadScans } from '../../../src/image/formats/progressive-jpeg.ts';

const fixtures = new URL('../../fixtures/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, fixtures));
const without = (bytes: Buffer) => withoutUnreadScans(bytes, parseJpeg(bytes, 32));

/** Decodes to raw pixels, scaled down by a ratio. */
async function decode(bytes: Buffer, ratio: number, failOn: 'error' | 'warning' = 'error'): Promise<Buffer> {
  const { width, height } = await sharp(bytes).metadata();
  const size = { width: Math.max(1, Math.floor(width / ratio)), height: Math.max(1, Math.floor(height / ratio)) };
  const image = sharp(bytes, { failOn }).resize({ ...size, fit: 'fill' });
  return image.raw().toBuffer();
}

const [WIDTH, HEIGHT] = [200, 150];
const pixels = Buffer.from(
  Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    return [(x * 37 + y * 17) % 256, ((x >> 4) + (y >> 3)) % 2 ? 220 : 40, (x * 5 + y * y) % 256];
  }).flat(),
);
const jpeg = (options: JpegOptions, space = 'srgb') =>
  sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .toColourspace(space)
    .jpeg({ quality: 85, progressive: true, ...options })
    .toBuffer();

const COMPLETE: [string, Buffer][] = [
  ['4:2:0', await jpeg({})],
  ['4:4:4', await jpeg({ chromaSubsampling: '4:4:4' })],
  ['4:2:2', read('progressive/422.jpg')],
  ['4:4:0', read('progressive/440.jpg')],
  ['4:1:1', read('progressive/411.jpg')],
  ['grey', await jpeg({}, 'b-w')],
  ['grey with factors of 2', read('progressive/grey-2x2.jpg')],
  ['CMYK', await jpeg({}, 'cmyk')],
  ["mozjpeg's scans", await jpeg({ mozjpeg: true })],
  ['scans of its own', read('progressive/own-scans.jpg')],
  ['4:2:0 with restart intervals', read('progressive/restarts.jpg')],
  ['4:4:4 with restart intervals', read('progressive/restarts-444.jpg')],
];

describe.each(COMPLETE)('%s', (_name, bytes) => {
  test.each([9, 11.3, 40])('the same pixels at a ratio of %s', async (ratio) => {
    expect(without(bytes).length).toBeLessThan(bytes.length);
    // No warning either: the file is a valid one.
    expect((await decode(without(bytes), ratio, 'warning')).equals(await decode(bytes, ratio))).toBe(true);
  });
  test.each([4.5, 8.5])('other pixels at a ratio of %s, where a decoder reads more', async (ratio) =>
    expect((await decode(without(bytes), ratio)).equals(await decode(bytes, ratio))).toBe(false),
  );
});

test('more blocks than one run of empty ones has', async () => {
  const image = sharp({ create: { width: 2400, height: 1600, channels: 3, background: '#18f' } });
  const bytes = await image
    .composite([{ input: await jpeg({}), left: 2000, top: 1300 }])
    .jpeg({ progressive: true })
    .toBuffer();
  expect((await decode(without(bytes), 10, 'warning')).equals(await decode(bytes, 10))).toBe(true);
});

describe('left as it is', async () => {
  const whole = await jpeg({});
  const scans = parseJpeg(whole, 32).scanSegments;
  const at = (marker: number) => scans.find((segment) => segment.marker === marker)?.start ?? 0;
  const acScan = scans.filter(({ marker }) => marker === 0xda)[1]?.start ?? 0;
  /** Returns the file with other bytes from an offset on. */
  const patched = (offset: number, ...values: number[]) => {
    const copy = Buffer.from(whole);
    copy.set(values, offset);
    return copy;
  };
  const inserted = (offset: number, ...values: number[]) =>
    Buffer.concat([whole.subarray(0, offset), Buffer.from(values), whole.subarray(offset)]);
  const frame = whole.indexOf(Buffer.from([0xff, 0xc2]));
  test.each([
    ['sequential', await jpeg({ progressive: false })],
    ['arithmetic coding', read('progressive/arithmetic.jpg')],
    ['coefficients that were not sent', read('progressive/incomplete.jpg')],
    ['no end marker', whole.subarray(0, -2)],
    ['truncated', read('truncated/progressive-30.jpg')],
    ['12 bits', patched(frame + 4, 12)],
    ['no components', patched(frame + 9, 0)],
    ['sampling factors of 0', patched(frame + 11, 0)],
    ['an unknown component', patched(acScan + 5, 9)],
    ['an unknown table', patched(acScan + 6, 3)],
    ['a band that ends before it begins', patched(acScan + 7, 5, 1)],
    ['a band above 63', patched(acScan + 8, 64)],
    ['a bit above 13', patched(acScan + 9, 14)],
    ['a bit that was sent already', patched(acScan + 9, 0x10)],
    ['two bits at once', patched(acScan + 9, 0x31)],
    ['a reserved marker in a scan', inserted(acScan + 30, 0xff, 2)],
    ['a second image in a scan', inserted(acScan + 30, 0xff, 0xd8)],
    ['a second frame header', inserted(acScan, ...whole.subarray(frame, frame + 19))],
    ['a table that no decoder accepts', patched(at(0xc4) + 5, 9)],
    ['AC before DC', Buffer.concat([whole.subarray(0, at(0xda)), whole.subarray(acScan)])],
  ])('%s', (_name, bytes) => expect(without(bytes)).toBe(bytes));
});

describe('damaged files', () => {
  /** A generator of pseudorandom numbers below a maximum. */
  const random = (seed: number) => (max: number) => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed % max;
  };
  const outcome = (bytes: Buffer) => decode(bytes, 10).catch(() => undefined);
  const expectSame = async (name: string, bytes: Buffer) => {
    const [cut, whole] = [await outcome(without(bytes)), await outcome(bytes)];
    expect(cut && whole ? cut.equals(whole) : cut === whole, name).toBe(true);
  };
  test.each(COMPLETE)('%s: the same pixels, or the same error', async (name, bytes) => {
    const next = random(name.length * 7919 + bytes.length);
    for (let n = 0; n < 40; n++) {
      const damaged = Buffer.from(bytes);
      const start = parseJpeg(bytes, 32).firstScan ?? 0;
      for (let i = next(4); i >= 0; i--) damaged[start + next(bytes.length - start)] = n % 3 ? next(256) : 0xff;
      await expectSame(`${name} ${n}`, damaged);
    }
  });
  test('all fixtures', async () => {
    const paths = ['hostile/images/', 'truncated/', 'cases/files/', 'wild/'].flatMap((folder) =>
      readdirSync(new URL(folder, fixtures)).map((name) => folder + name),
    );
    const progressive = paths.filter((path) => {
      const bytes = read(path);
      if (!bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return false;
      const { headerSegments, scans } = parseJpeg(bytes, 32);
      // More scans take seconds, and are refused.
      return headerSegments.some(({ marker }) => marker === 0xc2) && scans <= 32;
    });
    expect(progressive.length).toBeGreaterThan(2);
    for (const path of progressive) await expectSame(path, read(path));
  });
});
