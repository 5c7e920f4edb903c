/** What a picture is, and small things that stand for it: answered as text. */
import { encode as encodeBlurhash } from 'blurhash';
import sharp, { type Sharp } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { canonicalQuery } from './canonical.ts';
import { type Opened, openSource } from './decode.ts';
import { browserDelay } from './encode.ts';
import { candidates, type Fact } from './negotiate.ts';
import { type Plan, plan } from './plan.ts';
import type { Job, Result } from './resize.ts';

const TEXT = 'text/plain; charset=utf-8';

/** The upright first frame, within a square. */
function small({ bytes, input, info }: Opened, { page }: Plan, side: number): Sharp {
  const image = sharp(
    bytes,
    input.raw ? input : { ...input, page: info.format === 'tiff' ? 0 : page, autoOrient: true },
  );
  return image.resize({ width: side, height: side, fit: 'inside' }).toColourspace('srgb');
}

async function pixels(image: Sharp) {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Four by three components for a landscape, as its authors advise. */
async function blurhash(opened: Opened, todo: Plan): Promise<string> {
  const { data, width, height } = await pixels(small(opened, todo, 64));
  const [x, y] = width >= height ? [4, 3] : [3, 4];
  return encodeBlurhash(new Uint8ClampedArray(data), width, height, x, y);
}

async function thumbhash(opened: Opened, todo: Plan): Promise<string> {
  const { data, width, height } = await pixels(small(opened, todo, 100));
  return Buffer.from(rgbaToThumbHash(width, height, data)).toString('base64');
}

/** A WebP that fits into a page: under 1 kB as a data URL, smaller until it does. */
async function lqip(opened: Opened, todo: Plan): Promise<string> {
  let url = '';
  for (const side of [24, 16, 8]) {
    const data = await small(opened, todo, side).webp({ quality: 40 }).toBuffer();
    url = `data:image/webp;base64,${data.toString('base64')}`;
    if (url.length < 1000) break;
  }
  return url;
}

async function color(opened: Opened, todo: Plan): Promise<string> {
  const { data, info } = await small(opened, todo, 64)
    .flatten({ background: '#fff' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { dominant } = await sharp(data, {
    raw: { width: info.width, height: info.height, channels: info.channels },
  }).stats();
  return `#${[dominant.r, dominant.g, dominant.b].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** The source in words; where it was taken is told only to who asks for all metadata. */
async function json({ source, options, accept, limits }: Job, { metadata, info }: Opened): Promise<string> {
  const { delay, loop, space, depth, density, isProgressive, hasProfile } = metadata;
  const facts = {
    format: source.format,
    bytes: source.bytes.length,
    width: Math.round(info.width),
    height: Math.round(info.height),
    orientation: info.orientation,
    pages: info.pages,
    ...(delay && { delay: delay.map(browserDelay), loop }),
    alpha: info.hasAlpha,
    channels: info.channels,
    space,
    depth,
    density,
    progressive: isProgressive,
    profile: hasProfile,
    ...(options.meta === 'keep' && { exif: metadata.exif?.toString('base64') }),
  };
  if (!options.explain) return JSON.stringify(facts);
  // What would be done, were a picture asked for.
  const asked = { ...options, f: 'auto' as const, explain: false };
  const { info: again } = await openSource(source, options.page, limits);
  const todo = plan(again, asked, candidates('auto', source.format, accept, limits.avifAuto === 'on'), limits);
  return JSON.stringify({ ...facts, plan: { ...todo, query: canonicalQuery(asked) } });
}

export async function makeFact(fact: Fact, job: Job, opened: Opened, todo: Plan): Promise<Result> {
  switch (fact) {
    case 'json':
      return { data: await json(job, opened), type: 'application/json' };
    case 'blurhash':
      return { data: await blurhash(opened, todo), type: TEXT };
    case 'thumbhash':
      return { data: await thumbhash(opened, todo), type: TEXT };
    case 'lqip':
      return { data: await lqip(opened, todo), type: TEXT };
    case 'color':
      return { data: await color(opened, todo), type: TEXT };
  }
}
