/** Orientation, artist and copyright of EXIF blocks, in either byte order. */
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readExif } from '../../../src/image/formats/exif.ts';
import { resize } from '../../../src/image/resize.ts';
import { optionsOf, testConfig } from '../../requests.ts';

const [ORIENTATION, ARTIST, COPYRIGHT] = [0x112, 0x13b, 0x8298];
const [ASCII, SHORT, UNDEFINED] = [2, 3, 7];
type Entry = readonly [tag: number, type: number, count: number, value: Buffer];

/** An EXIF block. Values above four bytes follow the directory. */
function block(byteOrder: 'II' | 'MM', entries: readonly Entry[], count = entries.length): Buffer {
  const u16 = (value: number) => {
    const bytes = Buffer.alloc(2);
    if (byteOrder === 'II') bytes.writeUInt16LE(value);
    else bytes.writeUInt16BE(value);
    return bytes;
  };
  const u32 = (value: number) => {
    const parts = [u16(value >>> 16), u16(value & 0xffff)];
    return Buffer.concat(byteOrder === 'II' ? parts.reverse() : parts);
  };
  const values: Buffer[] = [];
  let offset = 8 + 2 + entries.length * 12 + 4;
  const directory = entries.map(([tag, type, length, value]) => {
    const inline = value.length <= 4 ? Buffer.concat([value, Buffer.alloc(4 - value.length)]) : u32(offset);
    if (value.length > 4) {
      values.push(value);
      offset += value.length;
    }
    return Buffer.concat([u16(tag), u16(type), u32(length), inline]);
  });
  const head = [Buffer.from(byteOrder), u16(42), u32(8), u16(count)];
  return Buffer.concat([...head, ...directory, Buffer.alloc(4), ...values]);
}

const text = (tag: number, value: string): Entry => {
  const bytes = Buffer.from(`${value}\0`);
  return [tag, ASCII, bytes.length, bytes];
};
const short = (byteOrder: 'II' | 'MM', value: number): Entry => [
  ORIENTATION,
  SHORT,
  1,
  Buffer.from(byteOrder === 'II' ? [value, 0] : [0, value]),
];

describe.each(['II', 'MM'] as const)('byte order %s', (byteOrder) => {
  test('all three tags', () => {
    const entries = [short(byteOrder, 6), text(ARTIST, 'somebody'), text(COPYRIGHT, 'me')];
    const expected = { orientation: 6, artist: 'somebody', copyright: 'me' };
    expect(readExif(block(byteOrder, entries))).toEqual(expected);
    expect(readExif(Buffer.concat([Buffer.from('Exif\0\0'), block(byteOrder, entries)]))).toEqual(expected);
  });

  test('an orientation that is given twice or out of range is left to the decoder', () => {
    expect(readExif(block(byteOrder, []))?.orientation).toBe(1);
    expect(readExif(block(byteOrder, [short(byteOrder, 3), short(byteOrder, 3)]))?.orientation).toBeUndefined();
    for (const value of [0, 9])
      expect(readExif(block(byteOrder, [short(byteOrder, value)]))?.orientation).toBeUndefined();
  });

  // libvips writes ASCII only: a transliteration would be another name.
  test('strings of other types, or with other bytes than ASCII, are ignored', () => {
    const entries: Entry[] = [[ARTIST, UNDEFINED, 8, Buffer.from('somebody')], text(COPYRIGHT, 'Żółć')];
    expect(readExif(block(byteOrder, entries))).toEqual({ orientation: 1, artist: undefined, copyright: undefined });
  });

  test('the first of several strings counts, up to 64 KiB', () => {
    const entries = [text(ARTIST, 'first'), text(ARTIST, 'second'), text(COPYRIGHT, 'x'.repeat(65_536))];
    expect(readExif(block(byteOrder, entries))).toMatchObject({ artist: 'first', copyright: undefined });
  });

  test('meta=copyright copies them', async () => {
    const jpeg = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#456' } })
      .jpeg()
      .toBuffer();
    const data = Buffer.concat([
      Buffer.from('Exif\0\0'),
      block(byteOrder, [short(byteOrder, 1), text(ARTIST, 'somebody'), text(COPYRIGHT, 'Some One 2024')]),
    ]);
    const head = Buffer.from([0xff, 0xe1, (data.length + 2) >> 8, (data.length + 2) & 255]);
    const bytes = Buffer.concat([jpeg.subarray(0, 2), head, data, jpeg.subarray(2)]);
    const options = optionsOf({ w: 30, f: 'jpg', meta: 'copyright' });
    const image = await resize({ source: { bytes, format: 'jpeg' }, options, accept: undefined, limits: testConfig() });
    const { exif } = await sharp(image.data as Buffer).metadata();
    expect(exif && readExif(exif)).toMatchObject({ artist: 'somebody', copyright: 'Some One 2024' });
  });
});

test('a directory of 1000 entries is read, a longer one is not', () => {
  const entries = (count: number): Entry[] => Array(count).fill(text(0x10f, 'x'));
  expect(readExif(block('MM', entries(1000)))).toBeDefined();
  expect(readExif(block('MM', entries(1001)))).toBeUndefined();
});

test('truncated anywhere: undefined or empty, no error', () => {
  const bytes = block('II', [short('II', 6), text(ARTIST, 'somebody')]);
  for (let length = 0; length < 34; length++) expect(readExif(bytes.subarray(0, length))).toBeUndefined();
  expect(readExif(block('II', [], 5))).toBeUndefined();
});
