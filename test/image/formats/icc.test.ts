/** Detection of sRGB profiles by their numbers, and images with profiles. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { isRgb, isSrgb } from '../../../src/image/formats/icc.ts';
import { resize } from '../../../src/image/resize.ts';
import { optionsOf, testConfig } from '../../requests.ts';

const profile = (name: string) => readFileSync(new URL(`../../fixtures/icc/${name}.icc`, import.meta.url));
const profileOf = async (name: string) => {
  const create = { width: 2, height: 2, channels: 3, background: '#808080' } as const;
  const { icc } = await sharp(await sharp({ create }).withIccProfile(name).png().toBuffer()).metadata();
  return icc as Buffer;
};
const table = profile('srgb-table');
const parametric = profile('srgb-parametric');
/** Returns a profile with one 16.16 number of a tag changed. */
function changed(icc: Buffer, tag: string, offset: number, value: number): Buffer {
  const copy = Buffer.from(icc);
  for (let entry = 132; entry < 132 + copy.readUInt32BE(128) * 12; entry += 12)
    if (copy.toString('latin1', entry, entry + 4) === tag)
      copy.writeInt32BE(Math.round(value * 65_536), copy.readUInt32BE(entry + 4) + offset);
  return copy;
}

describe('isSrgb', () => {
  test.each([
    ['a table of 1024 steps', table],
    ['a formula', parametric],
  ])('%s', (_, icc) => expect([isSrgb(icc), isRgb(icc)]).toEqual([true, true]));

  test('not Display P3, nor a CMYK profile', async () => {
    expect([isSrgb(await profileOf('p3')), isRgb(await profileOf('p3'))]).toEqual([false, true]);
    const cmyk = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
      .toColourspace('cmyk')
      .withIccProfile('cmyk')
      .jpeg()
      .toBuffer();
    const { icc } = await sharp(cmyk).metadata();
    expect([isSrgb(icc), isRgb(icc)]).toEqual([false, false]);
  });

  test('a profile with the name but not the numbers of sRGB is not', () => {
    expect(table.toString('latin1')).toContain('sRGB');
    expect(isSrgb(changed(table, 'rXYZ', 8, 0.51))).toBe(false);
    expect(isSrgb(changed(table, 'gXYZ', 12, 0.69))).toBe(false);
    expect(isSrgb(changed(parametric, 'rTRC', 12, 1.8))).toBe(false);
    expect(isSrgb(changed(table, 'bXYZ', 8, 0.1432))).toBe(true);
    // With a look-up table, which takes precedence over the matrix.
    const renamed = Buffer.from(table);
    renamed.write('D2B0', renamed.indexOf('desc'));
    expect(isSrgb(renamed)).toBe(false);
  });

  test('truncated anywhere, or missing: false, and no error', () => {
    for (let length = 0; length < parametric.length; length += 7)
      expect(isSrgb(parametric.subarray(0, length))).toBe(false);
    expect(isSrgb(undefined)).toBe(false);
  });
});

describe('images', () => {
  const photo = readFileSync(new URL('../../../src/dev/samples/landscape.jpg', import.meta.url));
  const toRaw = async (bytes: Buffer, w: number) => {
    const job = { source: { bytes, format: 'png' as const }, accept: undefined, limits: testConfig() };
    const { data } = await resize({ ...job, options: optionsOf({ w, f: 'png' }) });
    return sharp(data as Buffer)
      .raw()
      .toBuffer();
  };
  /** Returns a PNG with an iCCP chunk. */
  const withProfile = async (icc: Buffer) => {
    const { deflateSync, crc32 } = await import('node:zlib');
    const png = await sharp(photo).png().toBuffer();
    const body = Buffer.concat([Buffer.from('iCCPx\0\0', 'latin1'), deflateSync(icc)]);
    const chunk = Buffer.alloc(body.length + 8);
    chunk.writeUInt32BE(body.length - 4, 0);
    body.copy(chunk, 4);
    chunk.writeUInt32BE(crc32(body), body.length + 4);
    return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
  };

  test.each([
    ['a table', table],
    ['a formula', parametric],
  ])('sRGB by %s: the pixels are those of libvips’ own transform, to the last bit', async (_, icc) => {
    const bytes = await withProfile(icc);
    const expected = await sharp(bytes).resize(200, 150, { fit: 'fill' }).raw().toBuffer();
    expect((await toRaw(bytes, 200)).equals(expected)).toBe(true);
  });

  test('Display P3: transformed after scaling, within two steps of the transform before scaling', async () => {
    const bytes = await withProfile(await profileOf('p3'));
    const expected = await sharp(bytes).resize(200, 150, { fit: 'fill' }).raw().toBuffer();
    const actual = await toRaw(bytes, 200);
    const differences = actual.map((value, i) => Math.abs(value - (expected[i] ?? 0)));
    const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
    expect(mean).toBeLessThan(0.5);
    expect(differences.filter((value) => value > 8).length / differences.length).toBeLessThan(0.001);
    // And another image than without the transform.
    const ignored = await sharp(bytes, { ignoreIcc: true }).resize(200, 150, { fit: 'fill' }).raw().toBuffer();
    expect(
      actual.reduce((sum, value, i) => sum + Math.abs(value - (ignored[i] ?? 0)), 0) / actual.length,
    ).toBeGreaterThan(1);
  });
});
