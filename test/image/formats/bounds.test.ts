import { describe, expect, test } from 'vitest';
import { MAX } from '../../../src/image/formats/bounds.ts';
import { withTransparentBackground } from '../../../src/image/formats/gif.ts';
import { parseJpeg } from '../../../src/image/formats/jpeg.ts';
import { pngChunks } from '../../../src/image/formats/png.ts';
import { peekSize } from '../../../src/image/formats/size.ts';
import { checkStructure } from '../../../src/image/formats/structure.ts';
import { parseTiff } from '../../../src/image/formats/tiff.ts';

const repeat = (unit: Buffer | readonly number[], count: number) =>
  Buffer.alloc(unit.length * count).fill(Buffer.from(unit));
const file = (...parts: (Buffer | readonly number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const u32 = (value: number) => Buffer.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);

const SOF2 = [0xff, 0xc2, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0];
const SOS = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
const EOI = [0xff, 0xd9];
const jpeg = (...parts: (Buffer | readonly number[])[]) => file([0xff, 0xd8], ...parts);
const walkJpeg = (bytes: Buffer) => parseJpeg(bytes, 32);

const png = (type: string, count: number) =>
  file(Buffer.alloc(8), repeat(file(u32(0), Buffer.from(type), u32(0)), count));
const walkPng = (bytes: Buffer) => [...pngChunks(bytes)].length;

const webp = (count: number) => file(Buffer.from('RIFF\0\0\0\0WEBP'), repeat(Buffer.from('ABCD\0\0\0\0'), count));
const avif = (count: number) => repeat(file(u32(8), Buffer.from('free')), count);
const gif = (...parts: (Buffer | readonly number[])[]) =>
  file(Buffer.from('GIF89a\x01\0\x01\0\0\0\0', 'latin1'), ...parts);

/** A little-endian TIFF whose directories have so many empty entries each. */
function tiff(directories: number, entries: number) {
  const bytes = 6 + entries * 12;
  const tiffFile = Buffer.alloc(8 + directories * bytes);
  tiffFile.write('II*\0', 'latin1');
  tiffFile.writeUInt32LE(8, 4);
  for (let i = 0, at = 8; i < directories; i++, at += bytes) {
    tiffFile.writeUInt16LE(entries, at);
    tiffFile.writeUInt32LE(i + 1 < directories ? at + bytes : 0, at + bytes - 4);
  }
  return tiffFile;
}

const structure = (format: 'webp' | 'avif') => (bytes: Buffer) => checkStructure(bytes, format);

describe('a walk ends above its maximum', () => {
  const segments = (marker: number) => (count: number) => jpeg(repeat([0xff, marker, 0, 2], count - 1), EOI);
  test.each<[string, number, (count: number) => Buffer, (bytes: Buffer) => unknown]>([
    ['JPEG segments', MAX.jpegSegments, segments(0xfe), walkJpeg],
    ['JPEG segments', MAX.jpegSegments, segments(0xc0), walkJpeg],
    ['JPEG segments', MAX.jpegSegments, segments(0xc4), walkJpeg],
    ['JPEG segments', MAX.jpegSegments, segments(0xfe), (bytes) => peekSize(bytes, 'jpeg')],
    ['JPEG markers', MAX.jpegMarkers, (count) => jpeg(SOF2, SOS, repeat([0xff, 0], count), EOI), walkJpeg],
    ['JPEG markers', MAX.jpegMarkers, (count) => jpeg(repeat([0xff, 0xd0], count), EOI), walkJpeg],
    ['JPEG markers', MAX.jpegMarkers, (count) => jpeg(repeat([0xff], count), EOI), walkJpeg],
    [
      'JPEG markers',
      MAX.jpegMarkers,
      (count) => jpeg(repeat([0xff, 1], count), EOI),
      (bytes) => peekSize(bytes, 'jpeg'),
    ],
    ['PNG chunks', MAX.pngChunks, (count) => png('tEXt', count), walkPng],
    ['PNG chunks', MAX.pngChunks, (count) => png('IDAT', count), walkPng],
    ['WebP chunks', MAX.webpChunks, webp, structure('webp')],
    ['HEIF boxes', MAX.heifBoxes, avif, structure('avif')],
    ['GIF blocks', MAX.gifBlocks, (count) => gif(repeat([0x21, 0xfe, 0], count)), withTransparentBackground],
    [
      'GIF data sub-blocks',
      MAX.gifSubBlocks,
      (count) => gif([0x21, 0xfe], repeat([1, 1], count), [0]),
      withTransparentBackground,
    ],
    ['TIFF directories', MAX.tiffDirectories, (count) => tiff(count, 0), parseTiff],
    ['TIFF entries', MAX.tiffEntries, (count) => tiff(1, count), parseTiff],
  ])('%s: %i', (_parts, max, make, walk) => {
    expect(() => walk(make(max))).not.toThrow();
    expect(() => walk(make(max + 1))).toThrow(
      expect.objectContaining({ code: 'IMAGE_TOO_LARGE', message: expect.stringContaining(`more than ${max} `) }),
    );
  });
});

describe('what real files have', () => {
  test('a JPEG with a profile in 255 parts and extended XMP in 800', () => {
    const bytes = jpeg(repeat([0xff, 0xe2, 0, 2], 255), repeat([0xff, 0xe1, 0, 2], 800), SOF2, SOS, [1, 2], EOI);
    expect(parseJpeg(bytes, 32)).toMatchObject({ scans: 1, hasEoi: true, headerSegments: { length: 1056 } });
    expect(peekSize(bytes, 'jpeg')).toEqual({ width: 16, height: 16 });
  });
  test('a PNG of 50 MB in chunks of 8 kB', () => expect(walkPng(png('IDAT', 6100))).toBe(6100));
  test('a TIFF of 20,000 pages', () => expect(parseTiff(tiff(20_000, 20)).pages).toBe(20_000));
  test('a GIF of 10,000 frames with colour tables', () => {
    const frame = file(
      [0x21, 0xf9, 4, 0, 9, 0, 0, 0],
      [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0x80],
      Buffer.alloc(6),
      [2, 2, 0x44, 1, 0],
    );
    expect(() => withTransparentBackground(gif(repeat(frame, 10_000), [0x3b]))).not.toThrow();
    // The walk follows the blocks: one more block after so many frames is counted.
    expect(() => withTransparentBackground(gif(repeat(frame, 40_000), [0x3b]))).toThrow('GIF blocks');
  });
  test('truncated files and other errors are left to the decoder', () => {
    for (let n = 0; n < 40; n++)
      for (const [format, bytes] of [
        ['webp', webp(3)],
        ['avif', avif(3)],
      ] as const)
        expect(() => checkStructure(bytes.subarray(0, n), format)).not.toThrow();
    expect(() => checkStructure(Buffer.alloc(100), 'avif')).not.toThrow();
  });
});
