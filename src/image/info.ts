/** Metadata of a source as JSON, and placeholders of it as text. */
import { encode as encodeBlurhash } from 'blurhash';
import sharp, { type Sharp } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { canonicalQuery } from './canonical.ts';
import { WHITE } from './colour.ts';
import { openDecoder, withSrgbColours } from './decode.ts';
import { drawMark } from './draw-mark.ts';
import { normalizeDelay } from './encode.ts';
import { readIcon } from './formats/ico.ts';
import { describeFormats, readFormats } from './formats/source-formats.ts';
import { frameToSharp, toFrame } from './frames.ts';
import { gainMapOf } from './gain-map.ts';
import type { Job, RenderedImage } from './job.ts';
import { type OpenedSource, withPixels } from './open.ts';
import { firstFrame, type Plan } from './plan.ts';
import { forRatio } from './shrink-on-load.ts';
import { runPipeline, type TimeLimit } from './time-limit.ts';

/** Pixels per side of the largest thumbnail that a placeholder is made of. */
const MAX_SIDE = 100;
const TEXT = 'text/plain; charset=utf-8';

/** What a placeholder depends on beside its source. */
type PlaceholderJob = Pick<Job, 'options' | 'mark'>;

/** Opens the requested frame, upright, scaled to fit a square, and with its mark. */
async function thumbnail(
  opened: OpenedSource,
  { options, mark }: PlaceholderJob,
  side: number,
  limit: TimeLimit,
): Promise<Sharp> {
  const frame = firstFrame(opened.info, options);
  const ratio = frame.quarterTurns ? 1 : Math.max(opened.info.width, opened.info.height) / side;
  const image = openDecoder(forRatio(opened, ratio), frame).resize({ width: side, height: side, fit: 'inside' });
  const srgb = (await withSrgbColours(image, opened, limit)).toColourspace('srgb');
  if (options.mark === undefined) return srgb;
  const marked = await toFrame(srgb, limit);
  await drawMark(marked, 1, mark, options, limit);
  return frameToSharp(marked);
}

async function pixels(image: Sharp, limit: TimeLimit) {
  const { data, info } = await runPipeline(image.ensureAlpha().raw(), limit);
  return { data, width: info.width, height: info.height };
}

/** Returns a BlurHash of 4 × 3 components for landscape, 3 × 4 for portrait, as its authors recommend. */
async function blurhash(opened: OpenedSource, job: PlaceholderJob, limit: TimeLimit): Promise<string> {
  const { data, width, height } = await pixels(await thumbnail(opened, job, 64, limit), limit);
  const [x, y] = width >= height ? [4, 3] : [3, 4];
  return encodeBlurhash(new Uint8ClampedArray(data), width, height, x, y);
}

/** Returns a ThumbHash in base64. */
async function thumbhash(opened: OpenedSource, job: PlaceholderJob, limit: TimeLimit): Promise<string> {
  const { data, width, height } = await pixels(await thumbnail(opened, job, MAX_SIDE, limit), limit);
  return Buffer.from(rgbaToThumbHash(width, height, data)).toString('base64');
}

/** Returns a low-quality image placeholder: a WebP as a data URL under 1000 characters, at the largest side that fits. */
async function lqip(opened: OpenedSource, job: PlaceholderJob, limit: TimeLimit): Promise<string> {
  let url = '';
  for (const side of [24, 16, 8]) {
    const { data } = await runPipeline((await thumbnail(opened, job, side, limit)).webp({ quality: 40 }), limit);
    url = `data:image/webp;base64,${data.toString('base64')}`;
    if (url.length < 1000) break;
  }
  return url;
}

/** Returns the dominant colour as `#rrggbb`. */
async function color(opened: OpenedSource, job: PlaceholderJob, limit: TimeLimit): Promise<string> {
  const image = (await thumbnail(opened, job, 64, limit)).flatten({ background: WHITE });
  const { data, info } = await runPipeline(image.raw(), limit);
  const { dominant } = await sharp(data, {
    raw: { width: info.width, height: info.height, channels: info.channels },
  }).stats();
  return `#${[dominant.r, dominant.g, dominant.b].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * Returns the metadata of a source as JSON, and the formats that the deployment reads. EXIF, which may hold a location, only with `meta=keep`.
 *
 * @param plan with `explain`: the plan of the image that the request would get without `f=json`
 */
export function describeSource(job: Job, opened: OpenedSource, plan: Plan | undefined): RenderedImage {
  const { source, options, limits } = job;
  const { metadata, info, isTruncated, sequenceFrames } = opened;
  const gainMap = gainMapOf(opened, job);
  const { delay, loop, space, depth, density, isProgressive, hasProfile } = metadata;
  const description = {
    format: source.format,
    bytes: source.fileSize ?? source.bytes.length,
    width: Math.round(info.width),
    height: Math.round(info.height),
    orientation: info.orientation,
    pages: source.format === 'ico' ? readIcon(source.bytes).length : Math.max(info.pages, sequenceFrames),
    primaryPage: metadata.pagePrimary,
    ...(delay && { delay: delay.map(normalizeDelay), loop }),
    alpha: info.hasAlpha,
    channels: info.channels,
    space,
    depth,
    density,
    progressive: isProgressive,
    subsampling: metadata.chromaSubsampling,
    ...(metadata.isPalette && { paletteBits: metadata.bitsPerSample }),
    profile: hasProfile,
    ...(gainMap && { gainMap: { width: gainMap.width, height: gainMap.height } }),
    ...(isTruncated && { truncated: true }),
    ...(options.meta === 'keep' && { exif: metadata.exif?.toString('base64') }),
    supported: readFormats(limits),
    ...(plan && {
      formats: describeFormats(limits),
      plan: { ...planFields(plan), query: canonicalQuery({ ...options, f: 'auto', explain: false }) },
    }),
  };
  return { data: JSON.stringify(description), type: 'application/json', ...(isTruncated && { isTruncated }) };
}

/** Names the fields of a plan as `explain` documents them. */
const planFields = ({ format, page, pages, quarterTurns, preCrop, scaled, cover, contain, ...plan }: Plan) => ({
  width: plan.width,
  height: plan.height,
  format,
  page,
  pages,
  quarters: quarterTurns,
  before: preCrop,
  scaled,
  cover,
  contain,
  after: plan.postCrop,
  angle: plan.angle,
  border: plan.border,
  opaque: plan.opaque,
});

const PLACEHOLDERS = { blurhash, thumbhash, lqip, color };

/** Returns a placeholder of the requested frame as text. */
export async function makePlaceholder(
  format: keyof typeof PLACEHOLDERS,
  opened: OpenedSource,
  job: PlaceholderJob,
  limit: TimeLimit,
): Promise<RenderedImage> {
  const source = await withPixels(opened, { width: MAX_SIDE, height: MAX_SIDE }, limit);
  const data = await PLACEHOLDERS[format](source, job, limit);
  return { data, type: TEXT, ...(opened.isTruncated && { isTruncated: true }) };
}
