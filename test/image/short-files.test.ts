/** Files that end within their headers, and whose first lengths are other ones: an error that names the reason, or an image; never a bug. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import { transform } from '../../src/transform.ts';

const fixture = (path: string) => readFileSync(new URL(`../fixtures/${path}`, import.meta.url));
const FILES = {
  jpeg: 'cases/files/L05-145x205.jpg',
  png: 'cases/files/C15-palette-alpha.png',
  apng: 'cases/files/A14-two.apng.png',
  gif: 'cases/files/A01-three.gif',
  webp: 'cases/files/O13-exif-6.webp',
  avif: 'cases/files/O12-irot.avif',
  'avif with a sequence': 'wild/W59-moving.avif',
  tiff: 'cases/files/F06-two-page.tif',
  bmp: 'cases/files/F03-plain.bmp',
  ico: 'cases/files/F01-bmp.ico',
} as const;
const HEADER_BYTES = 96;

async function outcome(bytes: Buffer): Promise<unknown> {
  try {
    await transform(bytes, { w: 8, f: 'png' });
    return undefined;
  } catch (error) {
    return error instanceof ImageError ? undefined : error;
  }
}

test.each(Object.entries(FILES))('a %s that is cut after each of its first bytes', async (_format, path) => {
  const bytes = fixture(path);
  for (let length = 0; length <= HEADER_BYTES; length++)
    expect(await outcome(bytes.subarray(0, length)), `${length} bytes`).toBeUndefined();
});

// 1 is a box whose length has 64 bits; the others are beyond the file, and negative as a signed integer.
test.each(Object.entries(FILES))('a %s of few bytes, with other lengths', async (_format, path) => {
  for (const length of [13, 24, 40])
    for (const value of [0, 1, 0x7fff_ffff, 0xffff_ffff])
      for (let at = 0; at + 4 <= length; at += 4) {
        const bytes = Buffer.from(fixture(path).subarray(0, length));
        bytes.writeUInt32BE(value, at);
        expect(await outcome(bytes), `${value} at ${at} of ${length}`).toBeUndefined();
      }
});
