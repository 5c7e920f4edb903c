/** Bytes and options in, encoded picture out: header, plan, decode, resize, encode. All in memory. */
import sharp, { type Metadata } from 'sharp';
import { ImageError } from '../errors.ts';
import type { ImageOptions } from '../options.ts';
import { browserDelay, encode, MEDIA_TYPES } from './encode.ts';
import { candidates, type OutputFormat } from './negotiate.ts';
import { type Plan, type PlanLimits, plan, type SourceInfo } from './plan.ts';
import type { Format } from './sniff.ts';
import type { Source } from './source.ts';

// One picture is in work at a time, so libvips' cache of operations would only hold memory.
sharp.cache(false);

/** A finished picture. */
export interface Result {
  readonly data: Buffer;
  readonly type: string;
  readonly format: OutputFormat;
  readonly width: number;
  readonly height: number;
}

/** The plan has checked the pixels; `error` reads what browsers show, and refuses what is cut off. */
const INPUT = { limitInputPixels: false, failOn: 'error' } as const;

const corrupt = (cause: unknown) =>
  new ImageError('IMAGE_CORRUPT', 'The source begins like a picture but does not decode.', { cause });

const canMove = (format: Format) => format === 'gif' || format === 'webp';

async function readHeader({ bytes, format }: Source): Promise<Metadata> {
  try {
    return await sharp(bytes, { ...INPUT, pages: canMove(format) ? -1 : 1 }).metadata();
  } catch (cause) {
    throw corrupt(cause);
  }
}

function sourceInfo(format: Format, metadata: Metadata): SourceInfo {
  const { width, pageHeight, pages = 1, hasAlpha, orientation = 1, autoOrient } = metadata;
  const height = pageHeight ?? metadata.height;
  const turned = orientation >= 5 && autoOrient.width !== width;
  const upright = turned ? { width: height, height: width } : { width, height };
  return { format, ...upright, hasAlpha, orientation, pages: canMove(format) ? pages : 1 };
}

/** The sharp pipeline of a plan. Throws for a mistake of ours only: nothing is decoded yet. */
function pipeline(
  { bytes }: Source,
  { width, height, fit, flatten, pages, format }: Plan,
  q: number,
  metadata: Metadata,
) {
  const white = { r: 255, g: 255, b: 255, alpha: 1 };
  const image = sharp(bytes, { ...INPUT, pages, autoOrient: pages === 1 });
  image.resize({ width, height, fit, background: format === 'jpg' ? white : { ...white, alpha: 0 } });
  if (flatten) image.flatten({ background: white });
  const delay = (metadata.delay ?? []).slice(0, pages).map(browserDelay);
  return encode(image, format, q, pages > 1 ? { delay, loop: metadata.loop ?? 0 } : undefined);
}

/**
 * Makes the picture that was asked for. Upright, without metadata, in sRGB; transparency stays where the format has it
 * and goes on white where not.
 *
 * @param accept the request's Accept header, for `f=auto`
 * @throws ImageError IMAGE_TOO_LARGE, IMAGE_CORRUPT
 */
export async function resize(
  source: Source,
  options: ImageOptions,
  accept: string | undefined,
  limits: PlanLimits,
): Promise<Result> {
  const metadata = await readHeader(source);
  const info = sourceInfo(source.format, metadata);
  const todo = plan(info, options, candidates(options.f, source.format, accept), limits);
  const image = pipeline(source, todo, options.q, metadata);
  try {
    const { width, height, format } = todo;
    return { data: await image.toBuffer(), type: MEDIA_TYPES[format], format, width, height };
  } catch (cause) {
    throw corrupt(cause);
  }
}
