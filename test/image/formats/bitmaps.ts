/** BMP and ICO of every kind, by a name: to compare with what Chromium shows, and to mutate. */
import sharp from 'sharp';
import { type BmpOptions, encodeBmp, encodeIcon, type TestImage } from './encode-bmp.ts';

/** Stripes of 8 px in so many colours, on a shape that is half and fully transparent at its left. */
const stripes = (count: number, side = 48, height = side): TestImage => ({
  width: side,
  height,
  at: (x, y) => {
    const i = (Math.floor(x / 8) + Math.floor(y / 8)) % count;
    return [(i * 70) % 256, 255 - ((i * 90) % 256), (i * 120) % 256, x < side / 4 ? 0 : x < side / 2 ? 128 : 255];
  },
});
const RGBA = [0xff0000, 0xff00, 0xff, 0xff000000];

const p3 = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
  .withIccProfile('p3')
  .png()
  .toBuffer();
const { icc = Buffer.alloc(0) } = await sharp(p3).metadata();

const BMP: Readonly<Record<string, BmpOptions>> = {
  '1 bit': { bits: 1 },
  '2 bits': { bits: 2 },
  '4 bits': { bits: 4 },
  '8 bits': { bits: 8 },
  '8 bits, few colours': { bits: 8, coloursUsed: 4 },
  '8 bits, OS2': { header: 12, bits: 8 },
  '8 bits, OS2 2': { header: 64, bits: 8 },
  '8 bits, top-down': { bits: 8, isTopDown: true },
  'RLE4, runs': { bits: 4, rle: 'runs' },
  'RLE4, absolute': { bits: 4, rle: 'absolute' },
  'RLE8, runs': { bits: 8, rle: 'runs' },
  'RLE8, absolute': { bits: 8, rle: 'absolute' },
  'RLE8, deltas': { bits: 8, rle: 'deltas' },
  RLE24: { header: 64, bits: 24, rle: 'runs' },
  '555': { bits: 16 },
  '565': { bits: 16, masks: [0xf800, 0x7e0, 0x1f] },
  '4444': { header: 56, bits: 16, masks: [0xf00, 0xf0, 0xf, 0xf000] },
  '4444 without a place for alpha': { bits: 16, masks: [0xf00, 0xf0, 0xf, 0xf000] },
  '4444, alpha after the header': { bits: 16, masks: [0xf00, 0xf0, 0xf, 0xf000], compression: 6 },
  '1555': { header: 124, bits: 16, masks: [0x7c00, 0x3e0, 0x1f, 0x8000] },
  '10 bits a colour': { header: 108, bits: 32, masks: [0x3ff00000, 0xffc00, 0x3ff] },
  '24 bits': { bits: 24 },
  '32 bits': { bits: 32 },
  '32 bits, V4, alpha without masks': { header: 108, bits: 32, masks: RGBA, compression: 0 },
  '32 bits, V5, alpha': { header: 124, bits: 32, masks: RGBA },
  'Display P3': { header: 124, bits: 24, icc },
};

const icon = (bits: number, options: Partial<BmpOptions> = {}, side = 48) => ({
  bytes: encodeBmp(stripes(Math.min(8, 2 ** bits), side), { bits, isIcon: true, ...options }),
  width: side,
  height: side,
  bits,
});
const png = { bytes: await sharp(p3).resize(64, 64).png().toBuffer(), width: 64, height: 64 };

const ICONS: Readonly<Record<string, Buffer>> = {
  ...Object.fromEntries([1, 2, 4, 8, 16, 24, 32].map((bits) => [`icon, ${bits} bits`, encodeIcon([icon(bits)])])),
  'icon, 32 bits of alpha 0': encodeIcon([icon(32, { fourth: () => 0 })]),
  'icon, 32 bits without a mask': encodeIcon([icon(32, { hasMask: false })]),
  'icon, PNG': encodeIcon([png]),
  'icon of several sizes': encodeIcon([icon(8, {}, 16), icon(32, {}, 64), icon(24, {}, 32)]),
  cursor: encodeIcon([icon(1, {}, 32)], 2),
};

export const BITMAPS: ReadonlyMap<string, Buffer> = new Map([
  ...Object.entries(BMP).map(([name, options]): [string, Buffer] => [
    `${name}.bmp`,
    encodeBmp(stripes(options.bits > 8 ? 8 : Math.min(8, 2 ** options.bits)), options),
  ]),
  ...Object.entries(ICONS).map(([name, bytes]): [string, Buffer] => [`${name}.ico`, bytes]),
]);
