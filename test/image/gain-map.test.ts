import { execFileSync } from 'node:child_process';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/config.ts';
import { findGainMap, withoutGainMapXmp } from '../../src/image/formats/gain-map.ts';
import { parseJpeg } from '../../src/image/formats/jpeg.ts';
import { resize } from '../../src/image/resize.ts';
import { GAINS, HEIGHT, hdrJpeg, segment, WIDTH, XMP_NAME } from '../gain-maps.ts';
import { optionsOf } from '../requests.ts';

const limits = resolveConfig({});
const render = (bytes: Buffer, options: object, { accept = '', maxResponseBytes = 6e6 } = {}) =>
  resize({
    source: { bytes, format: 'jpeg' },
    options: optionsOf({ hdr: 'keep', f: 'jpg', ...options }),
    accept,
    limits,
    maxResponseBytes,
  });

const mapOf = (bytes: Buffer) => findGainMap(bytes, parseJpeg(bytes, 32));

/** Values of an image at points, from 0 to 1, by its first channel. */
async function valuesAt(bytes: Buffer, points: readonly (readonly [number, number])[]): Promise<number[]> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return points.map(([x, y]) => {
    const pixel = Math.floor(y * info.height) * info.width + Math.floor(x * info.width);
    return data[pixel * info.channels] ?? 0;
  });
}
const CENTRES = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
  [0.75, 0.75],
] as const;
const REDS = [200, 40, 40, 220];

/** Names the quadrant of each centre by its colour and by its gain: they must be the same. */
async function quadrantsOf(
  image: Awaited<ReturnType<typeof render>>,
  points = CENTRES as readonly (readonly [number, number])[],
) {
  expect(image.hdr).toBe('gain-map');
  const map = mapOf(image.data as Buffer);
  expect(map).toBeDefined();
  const nearest = (value: number, of: readonly number[]) =>
    of.reduce((best, one, i) => (Math.abs(one - value) < Math.abs((of[best] ?? 0) - value) ? i : best), 0);
  const gains = await valuesAt(map?.bytes ?? Buffer.alloc(0), points);
  const reds = await valuesAt(image.data as Buffer, points);
  return { byGain: gains.map((value) => nearest(value, GAINS)), reds, gains };
}

describe('the gain map follows the image', () => {
  test.each([
    ['scaled', { w: 200 }, [0, 1, 2, 3]],
    ['upscaled', { w: 700 }, [0, 1, 2, 3]],
    ['mirrored', { w: 200, flop: true }, [1, 0, 3, 2]],
    ['upside down', { w: 200, flip: true }, [2, 3, 0, 1]],
    ['rotated', { w: 200, ro: 90 }, [2, 0, 3, 1]],
    ['turned', { w: 200, ro: 180 }, [3, 2, 1, 0]],
    ['cropped to a square', { w: 150, h: 150, fit: 'cover' }, [0, 1, 2, 3]],
    ['cropped at the right', { w: 100, h: 150, fit: 'cover', a: 'right' }, [1, 1, 3, 3]],
    ['cropped before', { w: 100, precrop: true, cx: 200, cy: 0, cw: 200, ch: 300 }, [1, 1, 3, 3]],
    ['cropped after', { w: 200, cx: 0, cy: 75, cw: 200, ch: 75 }, [2, 3, 2, 3]],
    ['stretched', { w: 100, h: 300, fit: 'fill' }, [0, 1, 2, 3]],
    ['on a background, which an opaque image does not show', { w: 200, bg: 'ff0000' }, [0, 1, 2, 3]],
    ['progressive', { w: 200, il: true }, [0, 1, 2, 3]],
  ])('%s', async (_name, options, order) => {
    const { byGain, reds } = await quadrantsOf(await render(await hdrJpeg(), options));
    expect(byGain).toEqual(order);
    for (const [i, quadrant] of order.entries())
      expect(Math.abs((reds[i] ?? 0) - (REDS[quadrant] ?? 0))).toBeLessThan(20);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i', async (orientation) => {
    const { byGain, reds } = await quadrantsOf(await render(await hdrJpeg({ orientation }), { w: 200 }));
    for (const [i, quadrant] of byGain.entries())
      expect(Math.abs((reds[i] ?? 0) - (REDS[quadrant] ?? 0))).toBeLessThan(20);
    expect(new Set(byGain).size).toBe(4);
  });

  test('an edge of the crop is at the same place in both', async () => {
    // The border between the quadrants is at 0.2 of the width.
    const image = await render(await hdrJpeg(), { w: 250, precrop: true, cx: 150, cy: 10, cw: 250, ch: 130 });
    const { gains } = await quadrantsOf(image, [
      [0.17, 0.5],
      [0.23, 0.5],
    ]);
    expect(gains[0]).toBeGreaterThan(200);
    expect(gains[1]).toBeLessThan(180);
  });

  test('a map of three channels, in sRGB', async () => {
    const image = await render(await hdrJpeg({ isGrey: false }), { w: 200 });
    expect([image.hdr, mapOf(image.data as Buffer)?.channels]).toEqual(['gain-map', 3]);
  });

  test('values and metadata of the map stay', async () => {
    const source = await hdrJpeg();
    const { gains } = await quadrantsOf(await render(source, { w: WIDTH }));
    for (const [i, gain] of gains.entries()) expect(Math.abs(gain - (GAINS[i] ?? 0))).toBeLessThan(4);
    expect(mapOf((await render(source, { w: 200 })).data as Buffer)?.metadata).toEqual(mapOf(source)?.metadata);
  });
});

test('libultrahdr reads the output as Ultra HDR, and a plain decoder reads the SDR image', async () => {
  const { data } = await render(await hdrJpeg(), { w: 200 });
  const sdr = await render(await hdrJpeg(), { w: 200, hdr: 'sdr' });
  // In another process: here libvips' loader of it is blocked.
  const script = `
    const sharp = require('sharp');
    const bytes = Buffer.from(require('node:fs').readFileSync(0, 'utf8'), 'base64');
    (async () => {
      const { gainMap, width } = await sharp(bytes).metadata();
      const map = await sharp(gainMap.image).metadata();
      const again = await sharp(await sharp(bytes).keepGainMap().resize(100).toBuffer()).metadata();
      console.log(JSON.stringify([width, map.width, again.gainMap !== undefined]));
    })();`;
  const input = (data as Buffer).toString('base64');
  const output = execFileSync(process.execPath, ['-e', script], {
    input,
    encoding: 'utf8',
    cwd: new URL('../..', import.meta.url),
  });
  expect(JSON.parse(output)).toEqual([200, 50, true]);
  const [one, two] = await Promise.all(
    [data, sdr.data].map((bytes) =>
      sharp(bytes as Buffer)
        .raw()
        .toBuffer(),
    ),
  );
  expect(one?.equals(two as Buffer)).toBe(true);
});

describe('falls back to SDR, with the reason', () => {
  test.each([
    ['sdr=format', { w: 200, f: 'webp' }],
    ['sdr=format', { w: 200, f: 'png' }],
    ['sdr=operation', { w: 200, blur: 2 }],
    ['sdr=operation', { w: 200, con: 10 }],
    ['sdr=operation', { w: 200, trim: 10 }],
    ['sdr=operation', { w: 200, ro: 10 }],
    ['sdr=operation', { w: 200, h: 200, fit: 'contain' }],
    ['sdr=operation', { w: 200, h: 100, fit: 'cover', a: 'attention' }],
    ['sdr=operation', { w: 200, r: 20 }],
    ['sdr=bytes', { w: 200, mb: 5000 }],
  ])('%s: %j', async (reason, options) => {
    const image = await render(await hdrJpeg(), options);
    expect(image.hdr).toBe(reason);
    if (image.type === 'image/jpeg') expect(mapOf(image.data as Buffer)).toBeUndefined();
  });

  test('colours of a map of three channels for Display P3', async () => {
    expect((await render(await hdrJpeg({ isGrey: false, icc: 'p3' }), { w: 200 })).hdr).toBe('sdr=colours');
    expect((await render(await hdrJpeg({ icc: 'p3' }), { w: 200 })).hdr).toBe('gain-map');
  });

  test('a response that would be too large', async () => {
    const sdr = await render(await hdrJpeg(), { w: 200, hdr: 'sdr' });
    const image = await render(await hdrJpeg(), { w: 200 }, { maxResponseBytes: sdr.data.length + 100 });
    expect([image.hdr, image.data.length]).toEqual(['sdr=bytes', sdr.data.length]);
  });

  test('a source without a map, or one that is cut off', async () => {
    const source = await hdrJpeg();
    const plain = await sharp(source).jpeg().toBuffer();
    expect((await render(plain, { w: 200 })).hdr).toBe('sdr=source');
    expect((await render(source.subarray(0, -50), { w: 200 })).hdr).toBe('sdr=source');
  });

  test('without hdr=keep there is no header', async () => {
    expect((await render(await hdrJpeg(), { w: 200, hdr: 'sdr' })).hdr).toBeUndefined();
  });
});

test('f=auto returns a JPEG to keep the map, and another format if there is none', async () => {
  const both = { accept: 'image/avif,image/webp' };
  expect((await render(await hdrJpeg(), { w: 200, f: 'auto' }, both)).type).toBe('image/jpeg');
  expect(
    (
      await render(
        await sharp(await hdrJpeg())
          .jpeg()
          .toBuffer(),
        { w: 200, f: 'auto' },
        both,
      )
    ).type,
  ).toBe('image/webp');
});

test('f=json names the size of the map', async () => {
  const { data } = await render(await hdrJpeg(), { f: 'json' });
  expect(JSON.parse(String(data))).toMatchObject({ width: WIDTH, height: HEIGHT, gainMap: { width: 100, height: 75 } });
});

test('meta=keep claims no gain map that is not there', async () => {
  const claim = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"';
  const xmp = `${XMP_NAME}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${claim} xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="Ada"/></rdf:RDF></x:xmpmeta>`;
  const source = await hdrJpeg();
  const { headerSegments } = parseJpeg(source, 32);
  const own = headerSegments.find(
    ({ marker, start }) => marker === 0xe1 && source.includes('hdrgm', start) && source.includes(XMP_NAME, start),
  );
  // The XMP of the source, with a creator.
  const withCreator = Buffer.concat([
    source.subarray(0, own?.start),
    segment(0xe1, Buffer.from(xmp, 'latin1')),
    source.subarray(own?.end),
  ]);
  const image = await render(withCreator, { w: 200, hdr: 'sdr', meta: 'keep' });
  const kept = (await sharp(image.data as Buffer).metadata()).xmp?.toString() ?? '';
  expect(kept).toContain('dc:creator="Ada"');
  expect(kept).not.toContain('hdrgm');
});

test.each([
  ['<a hdrgm:Version="1.0" b="c"/>', '<a b="c"/>'],
  ['<a xmlns:hdrgm="x"><hdrgm:Gamma>1</hdrgm:Gamma><b/></a>', '<a><b/></a>'],
  ['<a xmlns:Container="x"><Container:Directory><rdf:Seq/></Container:Directory></a>', '<a></a>'],
  ['<a HDRGainMap:HDRGainMapVersion="131072"/>', undefined],
  ['<a b="c"/>', '<a b="c"/>'],
])('XMP %s', (xmp, expected) => expect(withoutGainMapXmp(xmp)).toBe(expected));

test('a file that is cut or changed anywhere is no error', async () => {
  const source = await hdrJpeg();
  for (let length = 2; length < source.length; length += 37) {
    const cut = source.subarray(0, length);
    expect(() => findGainMap(cut, parseJpeg(cut, 32))).not.toThrow();
  }
  for (let at = 2; at < 1200; at++) {
    const changed = Buffer.from(source);
    changed[at] = (changed[at] ?? 0) ^ 0xff;
    expect(() => findGainMap(changed, parseJpeg(changed, 32))).not.toThrow();
  }
});
