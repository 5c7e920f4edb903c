/** Compares an output with its source, and with the request. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { Work } from './classes.ts';
import { installSsim } from './peers/installed.ts';

export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Decodes all frames, stacked vertically, in sRGB and on white, as a browser shows them on a white page. */
async function onWhite(image: Sharp): Promise<Pixels> {
  const { data, info } = await image
    .toColourspace('srgb')
    .flatten({ background: 'white' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
}

/**
 * Resizes the source by Lanczos from all of its pixels: without shrink-on-load, and without a lossy encoder.
 *
 * @param height of the output in pixels, all frames together: sides are rounded to whole pixels in more than one way
 */
export async function reference(source: Buffer, { w, role }: Work, height: number): Promise<Pixels> {
  const animated = role === 'gif';
  if (role === 'svg') {
    const { width } = await sharp(source).metadata();
    // An SVG has no pixels of its own: render it at four times each side.
    return onWhite(
      sharp(
        await sharp(source, { density: (72 * 4 * w) / width })
          .png()
          .toBuffer(),
      ).resize(w, height, { fit: 'fill' }),
    );
  }
  // Apply the profile and the orientation before the resize. PNG, since raw pixels have no frames.
  const upright = await sharp(source, { animated }).autoOrient().png({ compressionLevel: 0 }).toBuffer();
  if (!animated) return onWhite(sharp(upright).resize(w, height, { fit: 'fill' }));
  return onWhite(sharp(await sharp(source, { animated }).resize(w).webp({ lossless: true }).toBuffer(), { animated }));
}

/** Decodes an output, all frames stacked vertically. */
export async function decodeOnWhite(output: Buffer): Promise<Pixels> {
  const { pages = 1 } = await sharp(output).metadata();
  return onWhite(sharp(output, { animated: pages > 1 }));
}

type Compare = (a: Pixels, b: Pixels, options: object) => { mssim: number };

/** @throws Error if the library cannot be installed */
export async function createSsim(): Promise<(actual: Pixels, expected: Pixels) => number> {
  const folder = await installSsim();
  const { ssim } = createRequire(join(folder, 'package.json'))('ssim.js') as { ssim: Compare };
  return (actual, expected) => {
    if (actual.width !== expected.width || actual.height !== expected.height) return Number.NaN;
    return ssim(actual, expected, { downsample: false }).mssim;
  };
}

const NAMES: Readonly<Record<string, string>> = { jpeg: 'jpg', heif: 'avif' };

/** Explains why an output is not the requested work; undefined if it is. */
export async function mismatch(output: Buffer, source: Buffer, { w, f, role }: Work, onlyPng = false) {
  if (output.equals(source)) return 'source unchanged';
  const { format, width, pages = 1 } = await sharp(output).metadata();
  const name = NAMES[format] ?? format;
  if (width !== w) return `${width} px wide`;
  if (role === 'gif' && pages === 1) return 'first frame only';
  if (name !== (onlyPng ? 'png' : f)) return `returned ${name}`;
  return undefined;
}
