/** Fewer bytes: the quality that a budget allows, and what is sent where a picture would grow by being encoded again. */
import type { Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { hasPixelSteps } from './effects.ts';
import { encode, hasQuality, MEDIA_TYPES } from './encode.ts';
import { jpegQuality } from './formats/jpeg.ts';
import { stripMetadata } from './formats/strip-metadata.ts';
import type { Job, RenderedImage } from './job.ts';
import type { OutputFormat } from './negotiate.ts';
import type { OpenedSource } from './open.ts';
import type { Plan } from './plan.ts';

/**
 * Lowers the quality until the result is within `most` bytes: at most four encodes, the last of them at 30.
 *
 * @param first what was made at `q` already
 */
export async function fitByteBudget(
  make: (q: number) => Promise<Buffer>,
  q: number,
  most: number,
  first?: Buffer,
): Promise<{ data: Buffer; quality: number }> {
  const floor = Math.min(q, 30);
  let data = first ?? (await make(q));
  let quality = q;
  for (let tries = 1; tries < 4 && data.length > most && quality > floor; tries++) {
    // Bytes go about with the quality; the last try is the floor.
    const guess = Math.round(quality * (most / data.length) ** 0.9);
    quality = tries === 3 ? floor : Math.max(floor, Math.min(quality - 5, guess));
    data = await make(quality);
  }
  return { data, quality };
}

/** An encoded picture, and how it came about. */
export type EncodedImage = Pick<RenderedImage, 'encoder' | 'type' | 'quality'> & { readonly data: Buffer };

/** Whether it is what the plain encoder made at the asked quality. */
const isPlain = ({ encoder, quality }: EncodedImage) => encoder === undefined && quality === undefined;

/**
 * The first encoding that is within `most` bytes: of the asked format with its quality lowered, and under `auto` of the
 * other formats that may be sent. Where none is, the smallest.
 *
 * @param formats to be tried, all with a quality
 */
export async function fitResponse(
  whole: EncodedImage,
  formats: readonly OutputFormat[],
  make: (format: OutputFormat, q: number) => Promise<Buffer>,
  q: number,
  most: number,
): Promise<EncodedImage> {
  let best = whole;
  for (const format of formats) {
    if (best.data.length <= most) break;
    const first = isPlain(whole) && whole.type === MEDIA_TYPES[format] ? whole.data : undefined;
    const { data, quality } = await fitByteBudget((lower) => make(format, lower), q, most, first);
    if (data.length < best.data.length) best = { data, quality, type: MEDIA_TYPES[format] };
  }
  return best;
}

/** Nothing visible was asked for: the result shows the very pixels of the source. */
function showsSourcePixels({ info }: OpenedSource, todo: Plan, options: ImageOptions): boolean {
  const { before, cover, contain, quarters } = todo;
  const plain =
    !before && !cover && !contain && !quarters && !hasPixelSteps(todo, options) && options.trim === undefined;
  const asIs =
    options.loop === undefined && options.delay === undefined && options.q === 80 && !options.ll && !options.il;
  const whole = info.pages === todo.pages && info.orientation === 1;
  return plain && asIs && whole && options.meta === 'none' && info.width === todo.width && info.height === todo.height;
}

const OWN_FORMAT: Readonly<Record<string, OutputFormat>> = { jpeg: 'jpg', png: 'png', webp: 'webp' };

/**
 * The smallest of what may be sent where the plain encoder makes a picture larger than it came.
 *
 * @param formats that may be sent
 * @param input makes the encoder's input: not needed, and not made, for most pictures
 */
export async function notLargerThanSource(
  data: Buffer,
  { source, options }: Job,
  opened: OpenedSource,
  todo: Plan,
  formats: readonly OutputFormat[],
  input: (format: OutputFormat) => Promise<Sharp>,
): Promise<EncodedImage> {
  const type = MEDIA_TYPES[todo.format];
  if (data.length < source.bytes.length || !showsSourcePixels(opened, todo, options)) return { data, type };
  const found: EncodedImage[] = [{ data, type }];
  const pixels = await input(todo.format);
  if (todo.format === 'png' && opened.metadata.isPalette)
    found.push({ data: await pixels.clone().png({ palette: true, effort: 7 }).toBuffer(), type, encoder: 'palette' });
  if (todo.format === 'webp')
    found.push({
      data: await pixels.clone().webp({ quality: options.q, effort: 6 }).toBuffer(),
      type,
      encoder: 'effort',
    });
  const own = OWN_FORMAT[source.format];
  const allowed = own !== undefined && formats.includes(own);
  // With a profile the colours would not be sRGB.
  const stripped = allowed && !opened.metadata.hasProfile ? stripMetadata(source.bytes, source.format) : undefined;
  if (stripped && own) found.push({ data: stripped, type: MEDIA_TYPES[own], encoder: 'source' });
  // More quality than the source has is bytes for its own faults. In its own format its very pixels are better still.
  const quality = source.format === 'jpeg' ? jpegQuality(source.bytes) : undefined;
  const lower = quality !== undefined && quality < options.q && hasQuality(todo.format, options);
  if (lower && !(stripped && own === todo.format)) {
    const again = encode(pixels.clone(), todo.format, { ...options, q: quality }, undefined);
    found.push({ data: await again.toBuffer(), type, encoder: 'quality', quality });
  }
  return found.reduce((best, one) => (one.data.length < best.data.length ? one : best));
}
