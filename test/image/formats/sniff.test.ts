import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { imageStart, sniff } from '../../../src/image/formats/sniff.ts';

const files = new URL('../../fixtures/cases/files/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, files));
const FORMATS: Record<string, string> = {
  jpg: 'jpeg',
  png: 'png',
  gif: 'gif',
  webp: 'webp',
  avif: 'avif',
  tif: 'tiff',
  svg: 'svg',
  bmp: 'bmp',
  ico: 'ico',
};
const MISNAMED = ['T02-xss.png', 'T08-really-png.jpg', 'B08-empty.jpg'];

test.each(readdirSync(files).filter((name) => FORMATS[name.split('.').at(-1) ?? ''] && !MISNAMED.includes(name)))(
  '%s',
  (name) => {
    const bytes = read(name);
    const format = FORMATS[name.split('.').at(-1) ?? ''];
    expect(sniff(bytes, true)).toBe(format);
    // From any number of first bytes it is the same format, or undefined.
    for (let n = 0; n < Math.min(bytes.length, 300); n++)
      expect([format, undefined]).toContain(sniff(bytes.subarray(0, n), false));
  },
);

test.each([
  ['V13-page.html', 'HTML'],
  ['T02-xss.png', 'HTML'],
])('%s is rejected as %s', (name, what) =>
  expect(() => sniff(read(name), true)).toThrowError(
    expect.objectContaining({ code: 'SOURCE_UNSUPPORTED', message: expect.stringContaining(what) }),
  ),
);

const box = (...brands: string[]) => {
  const body = Buffer.from(`ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`, 'latin1');
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length + 4);
  return Buffer.concat([size, body, Buffer.alloc(64)]);
};

describe('by magic number', () => {
  test.each([
    [box('avif', 'mif1', 'miaf'), 'avif'],
    [box('mif1', 'avif'), 'avif'],
    [box('avis', 'msf1'), 'avif'],
    [box('heic', 'mif1'), 'heic'],
    [box('mif1', 'heic'), 'heic'],
    [read('F04-phone.jpeg'), 'heic'],
    [Buffer.from('<svg/>'), 'svg'],
    [
      Buffer.from(
        '\ufeff <?xml version="1.0"?><!-- a > b --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><s:svg >',
      ),
      'svg',
    ],
    [Buffer.from('<svg/>', 'utf16le'), 'svg'],
    [Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-16"?><svg/>', 'utf16le'), 'svg'],
    [Buffer.from('\ufeff<svg/>', 'utf16le').swap16(), 'svg'],
    [Buffer.from('\r\n\ufeff<svg/>'), 'svg'],
    [Buffer.from('\n\x89PNG\r\n\x1a\n', 'latin1'), 'png'],
    [Buffer.from('\xef\xbb\xbf\xff\xd8\xff', 'latin1'), 'jpeg'],
    [Buffer.from('\r\n  GIF89a', 'latin1'), 'gif'],
    [Buffer.concat([Buffer.from('\n'), box('avif', 'mif1')]), 'avif'],
    [Buffer.from(`BM${'x'.repeat(12)}\x28\0\0\0`, 'latin1'), 'bmp'],
    [Buffer.from(`\nBM${'x'.repeat(12)}\x0c\0\0\0`, 'latin1'), 'bmp'],
    [Buffer.from('\0\0\x01\0\x01\0', 'latin1'), 'ico'],
    [Buffer.from('\0\0\x02\0\0\x01', 'latin1'), 'ico'],
  ])('%#', (bytes, format) => expect(sniff(bytes, true)).toBe(format));

  test('where an image begins', () => {
    expect(imageStart(Buffer.from('\xef\xbb\xbf\n\x89PNG\r\n\x1a\n', 'latin1'))).toBe(4);
    expect(imageStart(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))).toBe(0);
    expect(imageStart(Buffer.from('\n<svg/>'))).toBe(0);
    expect(imageStart(Buffer.from(`${' '.repeat(200)}GIF89a`))).toBe(0);
  });

  test.each([
    [box('isom', 'mp41'), 'Video'],
    ['%PDF-1.7', 'PDF'],
    ['\xff\x0a', 'JPEG XL'],
    ['\0\0\0\x0cJXL \r\n\x87\n', 'JPEG XL'],
    ['\0\0\0\x0cjP  \r\n\x87\n', 'JPEG 2000'],
    ['{"error":1}', 'JSON'],
    ['  <html>', 'HTML'],
    ['hello', 'not an image'],
    ['BMW, and more text', 'not an image'],
    ['\0\0\x01\0\0\0', 'not an image'],
    ['\0\0\x01\xba', 'Video'],
    ['<svgx>', 'not an image'],
    ['<!-- only a comment -->', 'not an image'],
    ['\x7fELF', 'not an image'],
  ])('%j is %s', (bytes, what) => {
    const head = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    expect(() => sniff(head, true)).toThrowError(what);
    // Rejected at the first chunk already: nothing more is downloaded.
    expect(() => sniff(Buffer.concat([head, Buffer.alloc(64, 'x')]), false)).toThrowError();
  });
});

test('a long preamble needs more bytes, an endless one is given up', () => {
  expect(sniff(Buffer.from(`<!-- ${'x'.repeat(50_000)}`), false)).toBeUndefined();
  expect(() => sniff(Buffer.from(`<!-- ${'x'.repeat(70_000)}`), false)).toThrow();
});
