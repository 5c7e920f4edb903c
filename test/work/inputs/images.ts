/** Real images that are small files and much work, made by sharp. */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { attachGainMap } from '../../../src/image/formats/gain-map.ts';
import type { Input } from '../origin.ts';
import { EMPTY_LINES, FLOOD, png, pngChunk } from './bytes.ts';

/** Generates the same noise in each run: hashes of a counter. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0, i = 0; at < length; at += 64, i++)
    createHash('sha512')
      .update(String(i))
      .digest()
      .copy(bytes, at, 0, Math.min(64, length - at));
  return bytes;
}

const noisyJpeg = (side: number, quality: number) =>
  sharp(noise(3 * side * side), { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();

const flat = (side: number) =>
  sharp({
    create: { width: side, height: side, channels: 4, background: { r: 20, g: 120, b: 60, alpha: 0.5 } },
    limitInputPixels: false,
  });

/** A disc that fades to transparent: its alpha plane has many values. */
const logoSvg = (side: number) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="${side}" height="${side}"><radialGradient id="g"><stop stop-color="#06c"/><stop offset="1" stop-color="#06c" stop-opacity="0"/></radialGradient><circle cx="50" cy="50" r="48" fill="url(#g)"/></svg>`,
  );
const palettePng = (side: number) => sharp(logoSvg(side)).png({ palette: true }).toBuffer();

export const GOOD: Input = { name: 'photo 400', bytes: () => noisyJpeg(400, 80) };
export const NOISE_1MP: Input = { name: 'noise 1 MP', bytes: () => noisyJpeg(1000, 50) };
export const NOISE_25MP: Input = { name: 'noise 25 MP', bytes: () => noisyJpeg(5000, 50) };
export const NOISE_25MP_Q1: Input = { name: 'noise 25 MP of quality 1', bytes: () => noisyJpeg(5000, 1) };
export const FLAT_WEBP: Input = {
  name: 'one colour, 50 MP, WebP',
  bytes: () => flat(7071).webp({ lossless: true, effort: 0 }).toBuffer(),
};
export const FLAT_PNG: Input = { name: 'one colour, 50 MP, PNG', bytes: () => flat(7071).png().toBuffer() };

export const LOGO_400: Input = { name: 'logo 400', bytes: () => palettePng(400) };
export const LOGO_1600: Input = { name: 'logo 1600', bytes: () => palettePng(1600) };
export const LOGO_SVG: Input = { name: 'logo SVG', bytes: () => logoSvg(640) };
/** Masks over the whole image, one after another. At twice its size it takes 50 s: more than its limit of time on a fast machine, too. */
export const ENDLESS_SVG: Input = {
  name: 'SVG of three thousand masks',
  bytes: () =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><mask id="m"><rect width="900" height="900" fill="#fff"/></mask>${'<g mask="url(#m)"><rect width="900" height="900" fill="#06c"/></g>'.repeat(3000)}</svg>`,
    ),
};

const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);
export const HALF_JPEG: Input = { name: 'half of noise 25 MP', bytes: async () => half(await noisyJpeg(5000, 50)) };
export const HALF_PNG: Input = {
  name: 'half of one colour, 50 MP, PNG',
  bytes: async () => half(await flat(7071).png().toBuffer()),
};

/** A JPEG whose gain map is as large as itself, and progressive. */
export const HDR_25MP: Input = {
  name: 'HDR 25 MP',
  bytes: async () => {
    const [width, height] = [5000, 5000];
    const base = sharp({ create: { width, height, channels: 3, background: '#246' } });
    const bytes = await sharp(noise(width * height), { raw: { width, height, channels: 1 } })
      .jpeg({ quality: 20, progressive: true })
      .toBuffer();
    const xmp = Buffer.from('http://ns.adobe.com/xap/1.0/\0<x hdrgm:Version="1.0"/>', 'latin1');
    const metadata = [Buffer.concat([Buffer.from([0xff, 0xe1, 0, xmp.length + 2]), xmp])];
    const map = { bytes, width, height, channels: 1, metadata, isoVersion: undefined };
    return attachGainMap(await base.jpeg().toBuffer(), bytes, map);
  },
};

/** A header of an image with very long lines, of which libvips holds several, and no pixels. */
const thin = (width: number, height: number, colourType: 2 | 6): Input => ({
  name: `PNG of ${width} × ${height}${colourType === 6 ? ' with alpha' : ''}`,
  bytes: () => png(width, height, colourType, EMPTY_LINES),
});
export const THIN: readonly Input[] = [thin(4_325_386, 10, 2), thin(11_337_908, 4, 6), thin(10, 4_325_386, 2)];

/** A header, and 52 MB of a chunk that nobody needs. */
export const PADDED: Input = {
  name: 'PNG with 52 MB of padding',
  bytes: () => png(64, 64, 2, pngChunk('paDd', Buffer.alloc(FLOOD - 1000))),
  isCompressed: true,
};
/** A byte a second. */
export const SLOW: Input = {
  name: 'slow photo',
  bytes: () => noisyJpeg(100, 80),
  pieces: { first: 1, size: 1, pauseMs: 1000 },
};
