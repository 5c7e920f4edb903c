/** Writes BMP and ICO files of every kind, for tests. Shares nothing with the reader. */

export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];
/** An image by its pixels. */
export interface TestImage {
  readonly width: number;
  readonly height: number;
  readonly at: (x: number, y: number) => Rgba;
}

export interface BmpOptions {
  /** Bytes of the header: 12, 16 to 64, 108 or 124. */
  readonly header?: number;
  readonly bits: number;
  readonly rle?: 'runs' | 'absolute' | 'deltas';
  /** Red, green, blue, alpha. */
  readonly masks?: readonly number[];
  /** The field `compression`, if it does not follow from the others. */
  readonly compression?: number;
  readonly isTopDown?: boolean;
  /** The field of colours that are used. */
  readonly coloursUsed?: number;
  /** Colours that the file has in the end. */
  readonly coloursStored?: number;
  /** Bytes between palette and pixels. */
  readonly gap?: number;
  readonly icc?: Buffer;
  /** Whether it is an image of an icon. */
  readonly isIcon?: boolean;
  /** Whether an icon has a mask; by default it has one. */
  readonly hasMask?: boolean;
  /** The fourth byte of 32 bits without a mask. */
  readonly fourth?: (alpha: number) => number;
}

const u16 = (value: number) => Buffer.from([value & 255, (value >> 8) & 255]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes;
};
const pad = (bytes: Buffer, multiple: number) =>
  Buffer.concat([bytes, Buffer.alloc((multiple - (bytes.length % multiple)) % multiple)]);
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** The colours of an image in the order of their first pixels. */
function coloursOf({ width, height, at }: TestImage): Rgba[] {
  const colours = new Map<string, Rgba>();
  for (const y of range(height)) for (const x of range(width)) colours.set(at(x, y).slice(0, 3).join(), at(x, y));
  return [...colours.values()];
}

/** Packs numbers of so many bits, the first one in the highest bits. */
function packBits(values: readonly number[], bits: number): Buffer {
  const bytes = Buffer.alloc(Math.ceil((values.length * bits) / 8));
  for (const [i, value] of values.entries()) {
    const at = i * bits;
    bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (value << (8 - bits - (at & 7)));
  }
  return bytes;
}

/** Scales 8 bits to those of a mask, and moves them there. */
function toMask(value: number, mask: number): number {
  if (mask === 0) return 0;
  const shift = Math.log2((mask & -mask) >>> 0);
  const max = (mask >>> 0) / 2 ** shift;
  return Math.round((value / 255) * max) * 2 ** shift;
}

function pixelBytes([red, green, blue, alpha]: Rgba, { bits, masks, fourth = (a) => a }: BmpOptions): Buffer {
  if (bits === 24) return Buffer.from([blue, green, red]);
  if (bits === 32 && !masks) return Buffer.from([blue, green, red, fourth(alpha)]);
  const all = masks ?? [0x7c00, 0x3e0, 0x1f, 0];
  const value = [red, green, blue, alpha].reduce((sum, channel, i) => sum + toMask(channel, all[i] ?? 0), 0);
  return bits === 16 ? u16(value) : u32(value);
}

/** Encodes a row of indices, or of colours of three bytes, in one of the ways of RLE. */
function rleRow(row: readonly Buffer[], bits: number, kind: NonNullable<BmpOptions['rle']>): Buffer {
  const parts: Buffer[] = [];
  const absolute = (pixels: readonly Buffer[]) => {
    const bytes =
      bits === 4
        ? packBits(
            pixels.map((pixel) => pixel[0] ?? 0),
            4,
          )
        : Buffer.concat(pixels);
    parts.push(Buffer.from([0, pixels.length]), pad(bytes, 2));
  };
  const run = (pixel: Buffer, count: number) =>
    parts.push(Buffer.from([count]), bits === 4 ? Buffer.from([(pixel[0] ?? 0) * 17]) : pixel);
  for (let x = 0; x < row.length; ) {
    const pixel = row[x] ?? Buffer.alloc(1);
    let count = 1;
    while (count < 255 && row[x + count]?.equals(pixel)) count++;
    if (kind === 'absolute' && row.length - x >= 3) {
      absolute(row.slice(x, x + 100));
      x += Math.min(100, row.length - x);
    } else if (kind === 'deltas' && pixel.every((byte) => byte === 0)) {
      parts.push(Buffer.from([0, 2, count, 0]));
      x += count;
    } else {
      run(pixel, count);
      x += count;
    }
  }
  return Buffer.concat(parts);
}

function headerBytes(image: TestImage, options: BmpOptions, compression: number, profileAt: number): Buffer {
  const { header = 40, bits, isTopDown, isIcon, coloursUsed = 0, masks = [], icc } = options;
  const height = image.height * (isIcon ? 2 : 1) * (isTopDown ? -1 : 1);
  if (header === 12) return Buffer.concat([u32(12), u16(image.width), u16(height), u16(1), u16(bits)]);
  const fields = [
    u32(header),
    u32(image.width),
    u32(height),
    u16(1),
    u16(bits),
    u32(compression),
    u32(0),
    u32(2835),
    u32(2835),
    u32(coloursUsed),
    u32(0),
  ];
  const space = icc ? 0x4d424544 : 0x73524742;
  const more =
    header === 64
      ? []
      : [
          ...range(4).map((i) => u32(masks[i] ?? 0)),
          u32(space),
          Buffer.alloc(48),
          u32(4),
          u32(icc ? profileAt : 0),
          u32(icc?.length ?? 0),
          u32(0),
        ];
  const bytes = Buffer.concat([...fields, ...more, Buffer.alloc(64)]).subarray(0, header);
  const after = header === 40 && masks.length > 0 ? masks.slice(0, compression === 6 ? 4 : 3).map(u32) : [];
  return Buffer.concat([bytes, ...after]);
}

/** Writes a BMP; of an icon without its file header. */
export function encodeBmp(image: TestImage, options: BmpOptions): Buffer {
  const { header = 40, bits, rle, masks, isTopDown, gap = 0, icc = Buffer.alloc(0), isIcon } = options;
  const compression = options.compression ?? (rle ? ({ 8: 1, 4: 2 }[bits] ?? 4) : masks ? 3 : 0);
  const colours = bits <= 8 ? coloursOf(image) : [];
  const indices = new Map(colours.map((colour, i) => [colour.slice(0, 3).join(), i]));
  const stored = options.coloursStored ?? options.coloursUsed ?? 2 ** Math.min(bits, 8);
  const palette =
    bits > 8
      ? []
      : range(stored).map((i) => {
          const [red, green, blue] = colours[i] ?? [255, 0, 255, 255];
          return Buffer.from([blue, green, red, 0].slice(0, header === 12 ? 3 : 4));
        });
  const rows = range(image.height).map((i) => {
    const y = isTopDown ? i : image.height - 1 - i;
    const pixels = range(image.width).map((x) => image.at(x, y));
    if (bits > 8 && !rle) return pad(Buffer.concat(pixels.map((pixel) => pixelBytes(pixel, options))), 4);
    const values = pixels.map((pixel) => indices.get(pixel.slice(0, 3).join()) ?? 0);
    if (!rle) return pad(packBits(values, bits), 4);
    const units =
      bits === 24 ? pixels.map((pixel) => pixelBytes(pixel, options)) : values.map((value) => Buffer.from([value]));
    return Buffer.concat([rleRow(units, bits, rle), Buffer.from([0, 0])]);
  });
  const mask = range(isIcon && options.hasMask !== false ? image.height : 0).map((i) =>
    pad(
      packBits(
        range(image.width).map((x) => (image.at(x, image.height - 1 - i)[3] < 128 ? 1 : 0)),
        1,
      ),
      4,
    ),
  );
  const data = Buffer.concat([...rows, ...(rle ? [Buffer.from([0, 1])] : []), ...mask]);
  const before = (profileAt: number) =>
    Buffer.concat([headerBytes(image, options, compression, profileAt), ...palette, Buffer.alloc(gap)]);
  const head = before(before(0).length + data.length);
  if (isIcon) return Buffer.concat([head, data]);
  const dataStart = 14 + head.length;
  const file = Buffer.concat([Buffer.from('BM'), u32(dataStart + data.length + icc.length), u32(0), u32(dataStart)]);
  return Buffer.concat([file, head, data, icc]);
}

/** Writes an ICO, or a CUR. @param images with the fields of the directory, which are written as they are */
export function encodeIcon(
  images: readonly {
    readonly bytes: Buffer;
    readonly width: number;
    readonly height: number;
    readonly bits?: number;
  }[],
  type: 1 | 2 = 1,
): Buffer {
  let offset = 6 + 16 * images.length;
  const entries = images.map(({ bytes, width, height, bits = 32 }) => {
    const entry = Buffer.concat([
      Buffer.from([width & 255, height & 255, 0, 0]),
      u16(type === 1 ? 1 : 3),
      u16(type === 1 ? bits : 4),
      u32(bytes.length),
      u32(offset),
    ]);
    offset += bytes.length;
    return entry;
  });
  return Buffer.concat([u16(0), u16(type), u16(images.length), ...entries, ...images.map(({ bytes }) => bytes)]);
}
