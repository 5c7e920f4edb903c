/** Reads the files of marks when a process starts: fetched with the guards of any source, and rendered to pixels once. */
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import sharp from 'sharp';
import { readBody, type SourceLimits } from '../fetch/body.ts';
import type { S3Settings } from '../fetch/s3.ts';
import { s3Parts } from '../fetch/s3-url.ts';
import { fetchSource } from '../fetch/source.ts';
import { parseSourceUrl } from '../fetch/source-url.ts';
import type { Network } from '../fetch/ssrf.ts';
import { toFrame } from '../image/frames.ts';
import type { Job, RenderedImage, Source } from '../image/job.ts';
import type { PlanLimits } from '../image/limits.ts';
import { MARK_DEFAULTS, type Mark } from '../image/mark.ts';
import { resize } from '../image/resize.ts';
import { createTimeLimit } from '../image/time-limit.ts';
import { DEFAULTS, type ImageOptions } from '../options.ts';
import { dataBytes } from '../svg/data-url.ts';
import { createSvgPool } from '../svg/pool.ts';
import type { MarkSetting } from './settings.ts';

/** The settings that a mark is fetched and decoded by. */
export type MarkLimits = SourceLimits &
  PlanLimits &
  S3Settings & {
    readonly sourceAllowedNetworks: readonly Network[];
    readonly svgTimeout: number;
    readonly fonts?: string | undefined;
  };

/** Maximum pixels of a mark's longer side: larger files are scaled down, and an SVG is rendered at this size. */
const MAX_SIDE = 1024;

/** A mark as an image of its own. */
const OPTIONS: ImageOptions = { ...DEFAULTS, u: '', w: MAX_SIDE, h: MAX_SIDE, fit: 'inside', we: true, n: 1, f: 'png' };

/** Reads the file. The lists of hosts and buckets are about what requests may name: the operator has named this URL. */
function readSource(source: string, config: MarkLimits, signal: AbortSignal): Promise<Source> {
  if (/^data:/i.test(source)) {
    const body = Readable.from([dataBytes(source, [])]);
    return readBody(body, { contentLength: 0, coding: 'identity', signal, limits: config });
  }
  const url = parseSourceUrl(source);
  const allowedBuckets = url.protocol === 's3:' ? [s3Parts(url).bucket] : [];
  const policy = { allowedNetworks: config.sourceAllowedNetworks, allowedBuckets, s3: config };
  return fetchSource(url, policy, config, signal);
}

/** Renders an SVG, in a process that ends with it. */
async function renderSvg(job: Job, config: MarkLimits, signal: AbortSignal): Promise<RenderedImage> {
  const pool = createSvgPool(config);
  try {
    return await pool.renderSvg(job, signal);
  } finally {
    pool.end();
  }
}

async function loadMark({ name, source, options }: MarkSetting, config: MarkLimits): Promise<Mark> {
  const { signal } = new AbortController();
  try {
    const { bytes, format } = await readSource(source, config, signal);
    const job = { source: { bytes, format }, options: OPTIONS, accept: undefined, limits: config };
    const { data } = await (format === 'svg' ? renderSvg(job, config, signal) : resize(job));
    const frame = await toFrame(sharp(data).ensureAlpha(), createTimeLimit());
    return {
      name,
      version: hash('sha256', bytes, 'base64url').slice(0, 22),
      width: frame.width,
      height: frame.height,
      pixels: await promisify(deflate)(frame.data),
      options: { ...MARK_DEFAULTS, ...options },
    };
  } catch (cause) {
    throw new Error(`The mark ${name} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Reads the marks of a deployment, before its first request: without one of them no image would be served that needs it.
 *
 * @param config the configuration: limits, allowed networks, and how buckets are read
 * @throws Error that names the mark, and not its source
 */
export const loadMarks = (settings: readonly MarkSetting[], config: MarkLimits): Promise<readonly Mark[]> =>
  Promise.all(settings.map((setting) => loadMark(setting, config)));
