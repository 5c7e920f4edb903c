/** Loads the source images: one for each role, from a folder of photographs if it has a suitable one, else made from the samples. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type JpegOptions, type Metadata } from 'sharp';
import type { Role } from './classes.ts';

export interface SourceImage {
  readonly bytes: Buffer;
  /** The ending of its URL. */
  readonly extension: string;
  /** Description for the report: file name and size. */
  readonly about: string;
}

const samples = fileURLToPath(new URL('../../src/dev/samples', import.meta.url));
const sample = (name: string) => readFileSync(join(samples, name));

const sizeOf = (meta: Metadata) => {
  const height = meta.pageHeight ?? meta.height;
  return `${meta.width} × ${height}, ${((meta.width * height) / 1e6).toFixed(1)} MP`;
};

async function describeSource(bytes: Buffer, name: string): Promise<SourceImage> {
  const meta = await sharp(bytes).metadata();
  return {
    bytes,
    extension: extname(name) || `.${meta.format}`,
    about: `${name}, ${sizeOf(meta)}, ${Math.round(bytes.length / 1000)} kB`,
  };
}

/** Creates a photograph of this size by upscaling a sample. */
const upscaledSample = (width: number, height: number) =>
  sharp(sample('turned.jpg')).autoOrient().resize(width, height).jpeg({ quality: 90 });

/** Resizes an image to at most this many megapixels. */
export async function resizeTo(image: Buffer, megapixels: number, options: JpegOptions): Promise<Buffer> {
  const { width, height } = await sharp(image).metadata();
  const scale = Math.sqrt((megapixels * 1e6) / (width * height));
  return sharp(image, { limitInputPixels: false })
    .resize(Math.floor(width * scale), Math.floor(height * scale), { fit: 'fill' })
    .jpeg(options)
    .toBuffer();
}

async function withEllipse(): Promise<Buffer> {
  const shape = '<svg width="1600" height="1000"><ellipse cx="800" cy="500" rx="700" ry="420"/></svg>';
  const mask = await sharp(Buffer.from(shape)).blur(40).png().toBuffer();
  return upscaledSample(1600, 1000)
    .ensureAlpha()
    .composite([{ input: mask, blend: 'dest-in' }])
    .png()
    .toBuffer();
}

/** Sources made from the samples of the repository. */
const FROM_SAMPLES: Readonly<Record<Role, () => Promise<SourceImage>>> = {
  small: () => describeSource(sample('landscape.jpg'), 'landscape.jpg'),
  photo: async () => describeSource(await upscaledSample(2560, 1600).toBuffer(), 'made-photo.jpg'),
  turned: () => describeSource(sample('turned.jpg'), 'turned.jpg'),
  phone: async () =>
    describeSource(await upscaledSample(4032, 3024).withIccProfile('srgb').toBuffer(), 'made-phone.jpg'),
  big: async () =>
    describeSource(await upscaledSample(6000, 4000).jpeg({ progressive: true }).toBuffer(), 'made-big.jpg'),
  cutout: async () => describeSource(await withEllipse(), 'made-cutout.png'),
  screen: async () => describeSource(await upscaledSample(1440, 900).png().toBuffer(), 'made-screen.png'),
  webp: () => describeSource(sample('cat.webp'), 'cat.webp'),
  avif: async () => describeSource(await upscaledSample(1617, 1080).avif({ effort: 2 }).toBuffer(), 'made-photo.avif'),
  svg: () => describeSource(sample('logo.svg'), 'logo.svg'),
  gif: () => describeSource(sample('banana.gif'), 'banana.gif'),
};

const isPhoto = ({ format, icc, orientation = 1 }: Metadata) => format === 'jpeg' && !icc && orientation === 1;

/** Which files suit a role; the one nearest to `megapixels` is taken. */
const ROLE_FILES: Readonly<Record<Role, { megapixels: number; is: (meta: Metadata, megapixels: number) => boolean }>> =
  {
    small: { megapixels: 0.3, is: (meta, mp) => isPhoto(meta) && mp < 1 },
    photo: { megapixels: 4, is: (meta, mp) => isPhoto(meta) && mp > 2 && mp < 20 && meta.width > 1600 },
    turned: { megapixels: 2, is: ({ format, orientation = 1 }) => format === 'jpeg' && orientation > 4 },
    phone: { megapixels: 12, is: ({ format, icc }, mp) => format === 'jpeg' && icc !== undefined && mp > 6 && mp < 20 },
    big: { megapixels: 24, is: ({ format }, mp) => format === 'jpeg' && mp >= 20 },
    cutout: { megapixels: 2, is: ({ format, hasAlpha }) => format === 'png' && hasAlpha },
    screen: { megapixels: 1, is: ({ format, hasAlpha }) => format === 'png' && !hasAlpha },
    webp: { megapixels: 2, is: ({ format, pages = 1 }) => format === 'webp' && pages === 1 },
    avif: { megapixels: 2, is: ({ format }) => format === 'heif' },
    svg: { megapixels: 16, is: ({ format }) => format === 'svg' },
    gif: { megapixels: 1, is: ({ format, pages = 1 }) => format === 'gif' && pages > 1 },
  };

/** @param folder of photographs; roles without a suitable file are made from the samples */
export async function loadSources(folder?: string): Promise<Readonly<Record<Role, SourceImage>>> {
  const files: { name: string; bytes: Buffer; meta: Metadata; mp: number }[] = [];
  for (const name of folder ? readdirSync(folder) : []) {
    const bytes = readFileSync(join(folder ?? '', name));
    const meta = await sharp(bytes)
      .metadata()
      .catch(() => undefined);
    if (meta) files.push({ name, bytes, meta, mp: (meta.width * (meta.pageHeight ?? meta.height)) / 1e6 });
  }
  const images = Object.entries(ROLE_FILES).map(async ([role, { megapixels, is }]) => {
    const distance = (mp: number) => Math.abs(Math.log(mp / megapixels));
    const [best] = files.filter(({ meta, mp }) => is(meta, mp)).sort((a, b) => distance(a.mp) - distance(b.mp));
    return [role, best ? await describeSource(best.bytes, basename(best.name)) : await FROM_SAMPLES[role as Role]()];
  });
  return Object.fromEntries(await Promise.all(images));
}
