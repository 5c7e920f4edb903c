/** How near a result is to the source, and whether it is what was asked for. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { Work } from './classes.ts';
import { installSsim } from './peers/installed.ts';

interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** All frames below each other, upright, in sRGB, on white: what a browser shows on a white page. */
async function onWhite(image: Sharp): Promise<Pixels> {
  const { data, info } = await image
    .toColourspace('srgb')
    .flatten({ background: 'white' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
}

/** The source at this width by Lanczos from all of its pixels: no decoder has made it smaller, no encoder has touched it. */
export async function reference(source: Buffer, { w, role }: Work): Promise<Pixels> {
  const animated = role === 'gif';
  if (role === 'svg') {
    const { width } = await sharp(source).metadata();
    // A drawing has as many pixels as one likes: four times each side.
    return onWhite(
      sharp(
        await sharp(source, { density: (72 * 4 * w) / width })
          .png()
          .toBuffer(),
      ).resize(w),
    );
  }
  // The profile is applied and the picture turned before the resize; PNG, since a raw picture has no frames.
  const whole = await sharp(source, { animated }).autoOrient().png({ compressionLevel: 0 }).toBuffer();
  if (!animated) return onWhite(sharp(whole).resize(w));
  return onWhite(sharp(await sharp(source, { animated }).resize(w).webp({ lossless: true }).toBuffer(), { animated }));
}

type Compare = (a: Pixels, b: Pixels, options: object) => { mssim: number };

/** @throws when the library can not be installed */
export async function createSsim(): Promise<(result: Buffer, wanted: Pixels) => Promise<number>> {
  const folder = await installSsim();
  const { ssim } = createRequire(join(folder, 'package.json'))('ssim.js') as { ssim: Compare };
  return async (result, wanted) => {
    const { pages = 1 } = await sharp(result).metadata();
    const got = await onWhite(sharp(result, { animated: pages > 1 }));
    if (got.width !== wanted.width || got.height !== wanted.height) return Number.NaN;
    return ssim(got, wanted, { downsample: false }).mssim;
  };
}

const NAMES: Readonly<Record<string, string>> = { jpeg: 'jpg', heif: 'avif' };

/** Why a result is other work than what was asked for; undefined when it is that. */
export async function mismatch(result: Buffer, source: Buffer, { w, f, role }: Work, onlyPng = false) {
  if (result.equals(source)) return 'source unchanged';
  const { format, width, pages = 1 } = await sharp(result).metadata();
  const name = NAMES[format] ?? format;
  if (width !== w) return `${width} px wide`;
  if (role === 'gif' && pages === 1) return 'first frame only';
  if (name !== (onlyPng ? 'png' : f)) return `made ${name}`;
  return undefined;
}
