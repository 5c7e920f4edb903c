import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ImageOptions } from '../../../src/options.ts';
import { decodePixels } from '../../pixels.ts';
import { BLUE, check, corners, GREEN, make, quadrants, RED, run, source, YELLOW } from './quadrants.ts';

describe('output', () => {
  const photo = readFileSync(new URL('../../../src/dev/samples/landscape.jpg', import.meta.url));
  const meta = async (more: Partial<ImageOptions>) =>
    sharp((await run(photo, { w: 300, ...more })).data as Buffer).metadata();

  test('il is progressive JPEG and interlaced PNG', async () => {
    expect((await meta({ f: 'jpg', il: true })).isProgressive).toBe(true);
    expect((await meta({ f: 'jpg' })).isProgressive).toBe(false);
    expect((await meta({ f: 'png', il: true })).isProgressive).toBe(true);
  });
  test('l: a higher level gives fewer bytes', async () => {
    const bytes = async (l: number) => (await run(photo, { w: 300, l })).data.length;
    expect(await bytes(9)).toBeLessThan(await bytes(0));
  });
  test('ll is lossless', async () => {
    for (const f of ['webp', 'avif'] as const)
      check(await make(source, { w: 120, f, ll: true }), corners(RED, GREEN, BLUE, YELLOW), 0);
  });
  test('tiff', async () => expect((await meta({ f: 'tiff' })).format).toBe('tiff'));
  test('mb lowers the quality until the output fits, and the quality is reported', async () => {
    const unbounded = await run(photo, { w: 300, f: 'jpg' });
    expect(unbounded.quality).toBeUndefined();
    const bounded = await run(photo, { w: 300, f: 'jpg', mb: 12_000 });
    expect(bounded.data.length).toBeLessThanOrEqual(12_000);
    expect(bounded.quality).toBeLessThan(80);
    const impossible = await run(photo, { w: 300, f: 'jpg', mb: 1000 });
    expect(impossible.quality).toBe(30);
    expect((await run(photo, { w: 300, f: 'jpg', mb: 1_000_000 })).quality).toBe(80);
  });
  test('meta chooses the metadata that stays', async () => {
    const tagged = await quadrants()
      .withExif({
        IFD0: { Copyright: 'someone', Artist: 'somebody', Software: 'x' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
      })
      .jpeg()
      .toBuffer();
    const exif = async (m: 'none' | 'copyright' | 'keep') =>
      (await sharp((await run(tagged, { w: 60, f: 'jpg', meta: m })).data as Buffer).metadata()).exif?.toString(
        'latin1',
      );
    expect(await exif('none')).toBeUndefined();
    expect(await exif('copyright')).toMatch(/someone/);
    expect(await exif('copyright')).toMatch(/somebody/);
    expect(await exif('copyright')).not.toMatch(/GPS|Software/);
    const withMetadata = await sharp((await run(tagged, { w: 60, f: 'jpg', meta: 'keep' })).data as Buffer).metadata();
    expect(withMetadata.exif?.toString('latin1')).toMatch(/someone/);
    expect(withMetadata.orientation ?? 1).toBe(1);
    const sideways = await quadrants().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    for (const f of ['jpg', 'png', 'webp', 'tiff'] as const) {
      const { data } = await run(sideways, { w: 60, f, meta: 'keep' });
      expect(await sharp(data as Buffer).metadata(), f).toMatchObject({ orientation: 1, channels: 3 });
    }
    // Pixel operations do not lose metadata, and keeping it does not change the pixels.
    for (const more of [{ flop: true }, { ro: 30 }, { mask: 'circle', f: 'png' }, { trim: 10, f: 'webp' }] as const) {
      const [kept, plain] = [
        await run(tagged, { w: 60, ...more, meta: 'keep' }),
        await run(tagged, { w: 60, ...more }),
      ];
      expect((await sharp(kept.data as Buffer).metadata()).exif?.toString('latin1')).toMatch(/someone/);
      const [a, b] = [await decodePixels(kept.data as Buffer), await decodePixels(plain.data as Buffer)];
      expect([a.width, a.height]).toEqual([b.width, b.height]);
      // Translucent edges are premultiplied on the way, which rounds.
      const differences = a.pixels.map((value, i) =>
        (b.pixels[i | 3] ?? 0) > 100 ? Math.abs(value - (b.pixels[i] ?? 0)) : 0,
      );
      expect(Math.max(...differences)).toBeLessThan(3);
    }
  });
  test('encoding=base64 is a data URL as text', async () => {
    const { data, type } = await run(source, { w: 12, encoding: 'base64' });
    expect(type).toBe('text/plain; charset=utf-8');
    expect(data).toMatch(/^data:image\/png;base64,/);
    const image = await decodePixels(Buffer.from(String(data).split(',')[1] ?? '', 'base64'));
    expect([image.width, image.height]).toEqual([12, 8]);
  });
});

describe('never larger than the source, unless the request changes the pixels', () => {
  const photo = readFileSync(new URL('../../../src/dev/samples/landscape.jpg', import.meta.url));
  test('a JPEG of low quality is returned as it is, without its metadata', async () => {
    const small = await sharp(photo)
      .jpeg({ quality: 30 })
      .withExif({ IFD0: { Copyright: 'someone' } })
      .toBuffer();
    const { data, encoder, type } = await run(small, { f: 'auto', w: 600 });
    expect([encoder, type]).toEqual(['source', 'image/jpeg']);
    expect(data.length).toBeLessThan(small.length);
    expect((data as Buffer).includes('someone')).toBe(false);
    const [before, after] = await Promise.all([decodePixels(small), decodePixels(data as Buffer)]);
    expect(after.pixels.equals(before.pixels)).toBe(true);
  });
  test('a JPEG with a profile is encoded again: its colours are not sRGB', async () => {
    const wide = await sharp(photo).resize(300).withIccProfile('p3').jpeg({ quality: 20 }).toBuffer();
    const { data, encoder, quality } = await run(wide, { f: 'auto', w: 300 });
    // At the quality of the source: a higher one would spend bytes on the artefacts of the first encoder.
    expect([encoder, quality]).toEqual(['quality', 20]);
    expect(data.length).toBeLessThan(wide.length);
    const after = await decodePixels(data as Buffer);
    expect(after.hasMetadata).toBe(false);
  });
  test('a requested change is made, even if the output is larger', async () => {
    const small = await sharp(photo).jpeg({ quality: 30 }).toBuffer();
    for (const more of [{ w: 599 }, { w: 600, sharp: 1 }, { w: 600, q: 90 }, { w: 600, flop: true }])
      expect((await run(small, { f: 'auto', ...more })).encoder).toBeUndefined();
  });
  test.each(['png', 'webp'] as const)('%s: the pixels stay the same', async (format) => {
    const small = await quadrants()
      [format](format === 'png' ? { palette: true, colours: 4 } : { quality: 1 })
      .toBuffer();
    const { data } = await run(small, { f: 'auto', w: 120 }, 'image/webp');
    expect(data.length).toBeLessThanOrEqual(small.length);
    check(await decodePixels(data as Buffer), corners(RED, GREEN, BLUE, YELLOW), 40);
  });
  test('not if the requested format is another one', async () => {
    const small = await quadrants().webp({ quality: 1 }).toBuffer();
    expect((await run(small, { f: 'jpg', w: 120 })).type).toBe('image/jpeg');
  });
});
