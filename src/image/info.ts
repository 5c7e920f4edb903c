/** What a picture is, and small things that stand for it: answered as text. */
import { encode as encodeBlurhash } from 'blurhash';
import sharp, { type Sharp } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import type { ImageOptions } from '../options.ts';
import { canonicalQuery } from './canonical.ts';
import { WHITE } from './colour.ts';
import { openDecoder } from './decode.ts';
import { normalizeDelay } from './encode.ts';
import type { Job, RenderedImage } from './job.ts';
import type { OpenedSource } from './open.ts';
import { firstFrame, type Plan } from './plan.ts';

const TEXT = 'text/plain; charset=utf-8';

/** The upright frame that was asked for, within a square. */
const thumbnail = (opened: OpenedSource, options: ImageOptions, side: number): Sharp =>
  openDecoder(opened, firstFrame(opened.info, options))
    .resize({ width: side, height: side, fit: 'inside' })
    .toColourspace('srgb');

async function pixels(image: Sharp) {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Four by three components for a landscape, as its authors advise. */
async function blurhash(opened: OpenedSource, options: ImageOptions): Promise<string> {
  const { data, width, height } = await pixels(thumbnail(opened, options, 64));
  const [x, y] = width >= height ? [4, 3] : [3, 4];
  return encodeBlurhash(new Uint8ClampedArray(data), width, height, x, y);
}

async function thumbhash(opened: OpenedSource, options: ImageOptions): Promise<string> {
  const { data, width, height } = await pixels(thumbnail(opened, options, 100));
  return Buffer.from(rgbaToThumbHash(width, height, data)).toString('base64');
}

/** A WebP that fits into a page: under 1 kB as a data URL, smaller until it does. */
async function lqip(opened: OpenedSource, options: ImageOptions): Promise<string> {
  let url = '';
  for (const side of [24, 16, 8]) {
    const data = await thumbnail(opened, options, side).webp({ quality: 40 }).toBuffer();
    url = `data:image/webp;base64,${data.toString('base64')}`;
    if (url.length < 1000) break;
  }
  return url;
}

async function color(opened: OpenedSource, options: ImageOptions): Promise<string> {
  const { data, info } = await thumbnail(opened, options, 64)
    .flatten({ background: WHITE })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { dominant } = await sharp(data, {
    raw: { width: info.width, height: info.height, channels: info.channels },
  }).stats();
  return `#${[dominant.r, dominant.g, dominant.b].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * The source in words; where it was taken is told only to who asks for all metadata.
 *
 * @param todo under `explain`: what would be done, were a picture asked for
 */
export function describeSource(
  { source, options }: Job,
  { metadata, info }: OpenedSource,
  todo: Plan | undefined,
): RenderedImage {
  const { delay, loop, space, depth, density, isProgressive, hasProfile } = metadata;
  const facts = {
    format: source.format,
    bytes: source.bytes.length,
    width: Math.round(info.width),
    height: Math.round(info.height),
    orientation: info.orientation,
    pages: info.pages,
    ...(delay && { delay: delay.map(normalizeDelay), loop }),
    alpha: info.hasAlpha,
    channels: info.channels,
    space,
    depth,
    density,
    progressive: isProgressive,
    profile: hasProfile,
    ...(options.meta === 'keep' && { exif: metadata.exif?.toString('base64') }),
    ...(todo && { plan: { ...todo, query: canonicalQuery({ ...options, f: 'auto', explain: false }) } }),
  };
  return { data: JSON.stringify(facts), type: 'application/json' };
}

const PLACEHOLDERS = { blurhash, thumbhash, lqip, color };

/** A small thing that stands for the picture, as text. */
export async function makePlaceholder(
  fact: keyof typeof PLACEHOLDERS,
  opened: OpenedSource,
  options: ImageOptions,
): Promise<RenderedImage> {
  return { data: await PLACEHOLDERS[fact](opened, options), type: TEXT };
}
