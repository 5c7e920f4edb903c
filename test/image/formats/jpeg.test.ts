import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { parseJpeg } from '../../../src/image/formats/jpeg.ts';

const fixtures = new URL('../../fixtures/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, fixtures));
const noise = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 9, g: 99, b: 199 } } });

const headerOf = (bytes: Buffer) => parseJpeg(bytes, 32).header;
const scansOf = (bytes: Buffer, maxScans = 32) => {
  const { scans, hasEoi } = parseJpeg(bytes, maxScans);
  return { scans, hasEoi };
};

describe('scans and end marker', () => {
  test.each([
    ['sequential', noise(64, 64).jpeg(), 1],
    ['progressive', noise(64, 64).jpeg({ progressive: true }), 10],
    ['with restart markers', noise(64, 64).jpeg({ optimiseCoding: false }), 1],
  ])('%s', async (_name, image, scans) =>
    expect(scansOf(await image.toBuffer(), 100)).toEqual({ scans, hasEoi: true }),
  );

  test('scans of a thumbnail in EXIF data are not counted', async () => {
    const bytes = read('cases/files/std-photo.jpg');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length + 2);
    const exif = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1]), length, bytes, bytes.subarray(2)]);
    expect(scansOf(exif, 100)).toEqual({ scans: 1, hasEoi: true });
  });
  test('counting ends above the maximum', () =>
    expect(scansOf(read('hostile/images/jpeg-scan-bomb-6300sq.jpg'), 32)).toEqual({ scans: 33, hasEoi: false }));
  test('all scans of a sequential file without interleaving are counted', () => {
    // Three components, of which each scan has one.
    const frame = [0xff, 0xc0, 0, 17, 8, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
    const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x2a, 0x2a];
    const bytes = Buffer.from([0xff, 0xd8, ...frame, ...scan, ...scan, ...scan, 0xff, 0xd9]);
    expect(scansOf(bytes, 100)).toEqual({ scans: 3, hasEoi: true });
    expect(scansOf(bytes, 2)).toEqual({ scans: 3, hasEoi: false });
  });
  test('scans after a reserved marker are counted', () => {
    const frame = [0xff, 0xc2, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0];
    const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x2a];
    const hidden = [...scan, ...scan, ...scan];
    const bytes = Buffer.from([0xff, 0xd8, ...frame, ...scan, 0xff, 0x02, 0, hidden.length, ...hidden, 0xff, 0xd9]);
    expect(scansOf(bytes, 100)).toEqual({ scans: 4, hasEoi: true });
  });
  test('a missing end marker', () => {
    expect(scansOf(read('cases/files/B02-no-eoi.jpg'), 32).hasEoi).toBe(false);
    expect(scansOf(read('cases/files/B01-cut60.jpg'), 32).hasEoi).toBe(false);
  });
  test.each([
    [[]],
    [[0xff]],
    [[0xff, 0xd8]],
    [[0xff, 0xd8, 0xff, 0xe0]],
    [[0xff, 0xd8, 0xff, 0xe0, 0]],
    [[0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff]],
  ])('%j has no end marker', (bytes) => expect(scansOf(Buffer.from(bytes), 32).hasEoi).toBe(false));
});

describe('header', async () => {
  const KEYS = [
    'width',
    'height',
    'channels',
    'space',
    'depth',
    'hasAlpha',
    'hasProfile',
    'autoOrient',
    'icc',
  ] as const;

  const jpegs = ['cases/files/', 'hostile/images/'].flatMap((folder) =>
    readdirSync(new URL(folder, fixtures))
      .map((name) => folder + name)
      .filter((path) =>
        read(path)
          .subarray(0, 2)
          .equals(Buffer.from([0xff, 0xd8])),
      ),
  );
  test.each(jpegs)('%s: the same as sharp, or left to the decoder', async (path) => {
    const head = headerOf(read(path));
    const metadata = await sharp(read(path), { limitInputPixels: false })
      .metadata()
      .catch(() => undefined);
    if (!head || !metadata) return;
    for (const key of KEYS) expect([key, head[key]]).toEqual([key, metadata[key]]);
    expect(head.orientation).toBe(metadata.orientation ?? 1);
  });

  const photo = () => noise(30, 20).jpeg();
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i, in either byte order', async (orientation) => {
    const bytes = await noise(30, 20).withMetadata({ orientation }).jpeg().toBuffer();
    expect(headerOf(bytes)?.orientation).toBe(orientation);
    const at = bytes.indexOf('Exif') + 6;
    expect(bytes.toString('latin1', at, at + 2)).toBe('II');
    const { orientation: seen } = await sharp(motorola(orientation)).metadata();
    expect([headerOf(motorola(orientation))?.orientation, seen]).toEqual([orientation, orientation]);
  });

  const plain = await photo().toBuffer();
  const segment = (marker: number, data: Buffer) =>
    Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), data]);
  const withSegments = (...segments: Buffer[]) => Buffer.concat([plain.subarray(0, 2), ...segments, plain.subarray(2)]);
  const entry = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(tag, 0);
    bytes.writeUInt16BE(type, 2);
    bytes.writeUInt32BE(count, 4);
    bytes.writeUInt16BE(value, 8);
    return bytes;
  };
  const exif = (...entries: Buffer[]) =>
    segment(
      0xe1,
      Buffer.concat([
        Buffer.from('Exif\0\0MM\0*\0\0\0\x08', 'latin1'),
        Buffer.from([0, entries.length]),
        ...entries,
        Buffer.alloc(4),
      ]),
    );
  const motorola = (orientation: number) => withSegments(exif(entry(0x112, 3, 1, orientation)));

  test('without EXIF, and with an EXIF block without orientation', () => {
    expect(headerOf(plain)).toMatchObject({ width: 30, height: 20, channels: 3, orientation: 1 });
    expect(headerOf(withSegments(exif(entry(0x10f, 3, 1, 7))))?.orientation).toBe(1);
  });

  const profile = (part: number, parts: number) =>
    segment(
      0xe2,
      Buffer.concat([Buffer.from('ICC_PROFILE\0', 'latin1'), Buffer.from([part, parts]), Buffer.alloc(200)]),
    );
  test.each([
    ['CMYK', read('cases/files/C03-cmyk-nomarker.jpg')],
    ['an orientation of 9', motorola(9)],
    ['an orientation of another type', withSegments(exif(entry(0x112, 4, 1, 6)))],
    ['two orientations', withSegments(exif(entry(0x112, 3, 1, 6), entry(0x112, 3, 1, 3)))],
    ['two EXIF blocks', withSegments(exif(entry(0x112, 3, 1, 6)), exif(entry(0x112, 3, 1, 3)))],
    [
      'an EXIF block that points outside of itself',
      withSegments(segment(0xe1, Buffer.from('Exif\0\0MM\0*\0\0\x08\0', 'latin1'))),
    ],
    [
      'an EXIF block without a byte order',
      withSegments(segment(0xe1, Buffer.from('Exif\0\0XX\0*\0\0\0\x08', 'latin1'))),
    ],
    ['a profile in two parts', withSegments(profile(1, 2), profile(2, 2))],
    ['one part of a profile', withSegments(profile(1, 2))],
    ['two frames', withSegments(segment(0xc0, Buffer.from([8, 0, 1, 0, 1, 1, 1, 0x11, 0])))],
    ['no frame', Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2])],
    ['an empty file', Buffer.alloc(0)],
  ])('%s is left to the decoder', (_name, bytes) => expect(headerOf(bytes)).toBeUndefined());
  test('a file truncated anywhere in its header throws no error', () => {
    const scan = plain.indexOf(Buffer.from([0xff, 0xda]));
    for (let n = 0; n < scan; n++) headerOf(plain.subarray(0, n));
    expect(headerOf(plain.subarray(0, plain.indexOf(Buffer.from([0xff, 0xc0]))))).toBeUndefined();
  });
});

test('the quality is estimated from the quantization table', async () => {
  const grey = sharp({ create: { width: 8, height: 8, channels: 3, background: '#777' } });
  for (const quality of [20, 30, 49, 50, 51, 75, 80, 95, 100])
    expect(
      Math.abs((parseJpeg(await grey.clone().jpeg({ quality }).toBuffer(), 32).quality ?? 0) - quality),
    ).toBeLessThan(2);
  for (const quality of [50, 60, 75, 80, 95, 100]) {
    const bytes = await grey.clone().jpeg({ quality, quantisationTable: 3 }).toBuffer();
    expect(Math.abs((parseJpeg(bytes, 32).quality ?? 0) - quality)).toBeLessThan(3);
  }
  expect(parseJpeg(Buffer.from('ffd8ffda0002', 'hex'), 32).quality).toBeUndefined();
  expect(parseJpeg(Buffer.from('ffd8ffdb004300', 'hex'), 32).quality).toBeUndefined();
});

test('an end marker before the only scan, in a comment, does not count', () => {
  const frame = [0xff, 0xc0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x2a];
  expect(scansOf(Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 4, 0xff, 0xd9, ...frame, ...scan])).hasEoi).toBe(false);
});
