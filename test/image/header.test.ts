import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { jpegQuality, peekSize, tiffLoops, walkJpeg } from '../../src/image/header.ts';
import { sniff } from '../../src/image/sniff.ts';

const fixtures = new URL('../fixtures/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, fixtures));
const noise = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: { r: 9, g: 99, b: 199, alpha: 0.5 } } });

describe('peekSize, from the beginning alone', () => {
  const pictures = {
    png: noise(301, 207).png(),
    gif: noise(301, 207).gif(),
    'lossy webp': noise(301, 207).webp(),
    'lossless webp': noise(301, 207).webp({ lossless: true }),
    'webp with alpha': noise(301, 207, 4).webp(),
    avif: noise(301, 207).avif({ effort: 0 }),
    jpeg: noise(301, 207).jpeg(),
    'progressive jpeg': noise(301, 207).jpeg({ progressive: true }),
    'jpeg with a long profile': noise(301, 207)
      .withMetadata({ exif: { IFD0: { Copyright: 'x'.repeat(50_000) } } })
      .jpeg(),
  };
  test.each(Object.entries(pictures))('%s', async (_name, image) => {
    const bytes = await image.toBuffer();
    const format = sniff(bytes, true);
    expect(peekSize(bytes, format)).toEqual({ width: 301, height: 207 });
    // Cut anywhere, it is the same size or none, and never a throw.
    for (let n = 0; n < bytes.length; n += 7)
      expect([undefined, 301]).toContain(peekSize(bytes.subarray(0, n), format)?.width);
  });

  test.each(
    readdirSync(new URL('cases/files/', fixtures)).filter((name) =>
      /^[A-Z].*\.(?:jpe?g|png|gif|webp|avif)$/.test(name),
    ),
  )('%s', async (name) => {
    const bytes = read(`cases/files/${name}`);
    let format: ReturnType<typeof sniff>;
    try {
      format = sniff(bytes, true);
    } catch {
      return;
    }
    const peeked = peekSize(bytes, format ?? 'svg');
    const meta = await sharp(bytes, { limitInputPixels: false })
      .metadata()
      .catch(() => undefined);
    if (peeked && meta && meta.orientation === undefined)
      expect(peeked.width * peeked.height).toBe(meta.width * meta.height);
  });

  test.each(['tiff', 'svg'] as const)('%s is known by its decoder only', (format) =>
    expect(peekSize(Buffer.alloc(100), format)).toBeUndefined(),
  );
});

describe('walkJpeg', () => {
  test.each([
    ['a sequential one', noise(64, 64).jpeg(), 1],
    ['a progressive one', noise(64, 64).jpeg({ progressive: true }), 10],
    ['with restart markers', noise(64, 64).jpeg({ optimiseCoding: false }), 1],
  ])('%s', async (_name, image, scans) =>
    expect(walkJpeg(await image.toBuffer(), 100)).toEqual({ scans, ended: true }),
  );

  test('a thumbnail in its EXIF data does not count', async () => {
    const bytes = read('cases/files/std-photo.jpg');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length + 2);
    const exif = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1]), length, bytes, bytes.subarray(2)]);
    expect(walkJpeg(exif, 100)).toEqual({ scans: 1, ended: true });
  });
  test('a bomb is not counted to its end', () =>
    expect(walkJpeg(read('hostile/images/jpeg-scan-bomb-6300sq.jpg'), 32)).toEqual({ scans: 33, ended: false }));
  test('what lacks its end', () => {
    expect(walkJpeg(read('cases/files/B02-no-eoi.jpg'), 32).ended).toBe(false);
    expect(walkJpeg(read('cases/files/B01-cut60.jpg'), 32).ended).toBe(false);
  });
  test.each([
    [[]],
    [[0xff]],
    [[0xff, 0xd8]],
    [[0xff, 0xd8, 0xff, 0xe0]],
    [[0xff, 0xd8, 0xff, 0xe0, 0]],
    [[0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff]],
  ])('%j ends', (bytes) => expect(walkJpeg(Buffer.from(bytes), 32).ended).toBe(false));
});

test('tiffLoops', () => {
  expect(tiffLoops(read('hostile/images/tiff-ifd-loop.tif'))).toBe(true);
  expect(tiffLoops(read('cases/files/F06-two-page.tif'))).toBe(false);
  expect(tiffLoops(Buffer.from('II*\0'))).toBe(false);
  expect(tiffLoops(Buffer.from('II*\0\xff\xff\xff\xff', 'latin1'))).toBe(false);
});

test('the quality of a JPEG is read from its quantisation table', async () => {
  const grey = sharp({ create: { width: 8, height: 8, channels: 3, background: '#777' } });
  for (const quality of [20, 30, 49, 50, 51, 75, 80, 95, 100])
    expect(Math.abs((jpegQuality(await grey.clone().jpeg({ quality }).toBuffer()) ?? 0) - quality)).toBeLessThan(2);
  expect(jpegQuality(Buffer.from('ffd8ffda0002', 'hex'))).toBeUndefined();
  expect(jpegQuality(Buffer.from('ffd8ffdb004300', 'hex'))).toBeUndefined();
});
