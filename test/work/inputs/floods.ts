/** Files of millions of parts, for those who walk over a file's structure: small when compressed. */
import type { Input } from '../origin.ts';
import { box, FLOOD, frameHeader, jpeg, png, pngChunk, repeated, webp } from './bytes.ts';
import { directories, pages } from './tiff.ts';

const flood = (name: string, bytes: () => Buffer): Input => ({ name, bytes, isCompressed: true });
const ascii = (text: string) => [...Buffer.from(text, 'latin1')];
const SIZE = frameHeader(16, 16);

/** One small segment of JPEG, or bytes that may stand between two. */
const SEGMENTS: Readonly<Record<string, readonly number[]>> = {
  comments: [0xff, 0xfe, 0, 2],
  'quantization tables': [0xff, 0xdb, 0, 2],
  'Huffman tables': [0xff, 0xc4, 0, 2],
  'EXIF blocks': [0xff, 0xe1, 0, 8, ...ascii('Exif\0\0')],
  'ICC chunks': [0xff, 0xe2, 0, 14, ...ascii('ICC_PROFILE\0')],
  'Adobe markers': [0xff, 0xee, 0, 14, ...ascii('Adobe'), 0, 100, 0, 0, 0, 0, 1],
  'frame headers': [...SIZE],
  'restart markers': [0xff, 0xd0],
  'scan headers': [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
};

export const JPEG_FLOODS: readonly Input[] = Object.entries(SEGMENTS).map(([name, unit]) =>
  flood(`JPEG of ${name}`, () => jpeg(SIZE, repeated(unit, FLOOD))),
);

export const OTHER_FLOODS: readonly Input[] = [
  flood('PNG of empty text chunks', () => png(16, 16, 2, repeated(pngChunk('tEXt'), FLOOD))),
  flood('WebP of empty chunks', () =>
    webp(
      Buffer.from([...ascii('VP8X'), 10, 0, 0, 0, 0, 0, 0, 0, 15, 0, 0, 15, 0, 0]),
      repeated([...ascii('free'), 0, 0, 0, 0], FLOOD),
    ),
  ),
  flood('AVIF of empty boxes', () =>
    Buffer.concat([box('ftyp', Buffer.from('avif\0\0\0\0avifmif1', 'latin1')), repeated(box('free'), FLOOD)]),
  ),
  flood('GIF of empty comments', () =>
    Buffer.concat([
      Buffer.from([...ascii('GIF89a'), 16, 0, 16, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]),
      repeated([0x21, 0xfe, 0], FLOOD),
      Buffer.from([0x3b]),
    ]),
  ),
  flood('TIFF of empty directories', () => directories(8_000_000)),
  flood('TIFF of one directory with 65,535 entries, in a chain', () => directories(65, 65_535)),
  flood('SVG after 50 MB of comments', () =>
    Buffer.concat([
      repeated(Buffer.from('<!---->'), 7 * 7_000_000),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ]),
  ),
  flood('SVG of two million attributes', () =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" ${Array.from({ length: 2_000_000 }, (_, i) => `a${i.toString(36)}=""`).join(' ')}/>`,
    ),
  ),
];

/** The size comes last, after a megabyte that arrives in small pieces: who starts again at each piece walks 350 MB. */
export const LATE_SIZES: readonly Input[] = (
  [
    ['JPEG whose size comes late, dripping', jpeg(repeated([0xff, 0xfe, 0, 2], 1_000_000), SIZE)],
    [
      'AVIF whose size comes late, dripping',
      Buffer.concat([box('ftyp', Buffer.from('avif\0\0\0\0avifmif1', 'latin1')), repeated(box('free'), 1_000_000)]),
    ],
    ['TIFF whose first directory comes last, dripping', pages(1, 1_000_000)],
  ] as const
).map(([name, bytes]) => ({ name, bytes: () => bytes, pieces: { first: 600_000, size: 600, pauseMs: 10 } }));

/** 20,000 pages of one pixel. */
export const MANY_PAGES: Input = flood('TIFF of 20,000 pages', () => pages(20_000));
