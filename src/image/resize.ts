/** Bytes and options in, encoded picture out: header, plan, decode, resize, encode. All in memory. */
import sharp, { type Metadata } from 'sharp';
import { ImageError } from '../errors.ts';
import type { ImageOptions } from '../options.ts';
import { browserDelay, encode, MEDIA_TYPES } from './encode.ts';
import { tiffLoops, walkJpeg } from './header.ts';
import { allowLoaders } from './loaders.ts';
import { candidates, type OutputFormat } from './negotiate.ts';
import { type Plan, type PlanLimits, plan, type SourceInfo } from './plan.ts';
import type { Format } from './sniff.ts';
import type { Source } from './source.ts';

// One picture is in work at a time, so libvips' cache of operations would only hold memory.
sharp.cache(false);
await allowLoaders('raster');

/** What there is to do: `accept` is the request's Accept header, for `f=auto`. */
export interface Job {
  readonly source: Source;
  readonly options: ImageOptions;
  readonly accept: string | undefined;
  readonly limits: PlanLimits;
}

/** A finished picture. */
export interface Result {
  readonly data: Buffer;
  readonly type: string;
  readonly format: OutputFormat;
  readonly width: number;
  readonly height: number;
  /** Frames of the source, where fewer than these were kept in an animation. */
  readonly framesOf: number | undefined;
}

/** The plan has checked pixels and channels; `error` reads what browsers show, and refuses what is cut off. */
const INPUT = { limitInputPixels: false, limitInputChannels: 100, failOn: 'error' } as const;
type Input = Omit<typeof INPUT, 'failOn'> & { readonly failOn: 'error' | 'warning' };

const corrupt = (cause: unknown) =>
  new ImageError('IMAGE_CORRUPT', 'The source begins like a picture but does not decode.', { cause });

const canMove = (format: Format) => format === 'gif' || format === 'webp';

const END_OF_JPEG = Buffer.from([0xff, 0xd9]);

/**
 * The bytes as the decoder gets them. A JPEG that lacks its end marker only, as some cameras write it, is shown by every
 * browser: it gets one, and must then decode without the least complaint, so that a picture cut off does not pass.
 */
function prepare({ bytes, format }: Source, limits: PlanLimits): { bytes: Buffer; input: Input; scans: number } {
  if (format === 'tiff' && tiffLoops(bytes)) throw corrupt(new Error('its directories go in a circle'));
  if (format !== 'jpeg') return { bytes, input: INPUT, scans: 1 };
  const { scans, ended } = walkJpeg(bytes, limits.sourceMaxScans);
  if (ended || scans > limits.sourceMaxScans) return { bytes, input: INPUT, scans };
  return { bytes: Buffer.concat([bytes, END_OF_JPEG]), input: { ...INPUT, failOn: 'warning' }, scans };
}

async function readHeader(bytes: Buffer, input: Input, format: Format): Promise<Metadata> {
  try {
    return await sharp(bytes, { ...input, pages: canMove(format) ? -1 : 1 }).metadata();
  } catch (cause) {
    throw corrupt(cause);
  }
}

function sourceInfo(format: Format, metadata: Metadata, scans: number): SourceInfo {
  const { width, pageHeight, pages = 1, hasAlpha, orientation = 1, autoOrient, channels } = metadata;
  const height = pageHeight ?? metadata.height;
  const turned = orientation >= 5 && autoOrient.width !== width;
  const upright = turned ? { width: height, height: width } : { width, height };
  return { format, ...upright, hasAlpha, orientation, channels, scans, pages: canMove(format) ? pages : 1 };
}

/** The sharp pipeline of a plan. Throws for a mistake of ours only: nothing is decoded yet. */
function pipeline(bytes: Buffer, input: Input, todo: Plan, q: number, metadata: Metadata) {
  const { width, height, fit, flatten, pages, format } = todo;
  const white = { r: 255, g: 255, b: 255, alpha: 1 };
  const image = sharp(bytes, { ...input, pages, autoOrient: pages === 1 });
  image.resize({ width, height, fit, background: format === 'jpg' ? white : { ...white, alpha: 0 } });
  if (flatten) image.flatten({ background: white });
  const delay = (metadata.delay ?? []).slice(0, pages).map(browserDelay);
  return encode(image, format, q, pages > 1 ? { delay, loop: metadata.loop ?? 0 } : undefined);
}

/**
 * Makes the picture that was asked for. Upright, without metadata, in sRGB; transparency stays where the format has it
 * and goes on white where not.
 *
 * @throws ImageError IMAGE_TOO_LARGE, IMAGE_CORRUPT
 */
export async function resize({ source, options, accept, limits }: Job): Promise<Result> {
  const { bytes, input, scans } = prepare(source, limits);
  const metadata = await readHeader(bytes, input, source.format);
  const info = sourceInfo(source.format, metadata, scans);
  const todo = plan(info, options, candidates(options.f, source.format, accept), limits);
  const image = pipeline(bytes, input, todo, options.q, metadata);
  try {
    const { width, height, format, pages } = todo;
    const framesOf = pages > 1 && pages < info.pages ? info.pages : undefined;
    return { data: await image.toBuffer(), type: MEDIA_TYPES[format], format, width, height, framesOf };
  } catch (cause) {
    throw corrupt(cause);
  }
}
