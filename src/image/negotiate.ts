/** Negotiates the output format by `f` and `Accept`. Pure. */
import type { ImageOptions } from '../options.ts';
import type { Format } from './formats/sniff.ts';

/** Values of `f` that return metadata or a placeholder as text, not an image. */
export const METADATA_FORMATS = ['json', 'blurhash', 'thumbhash', 'lqip', 'color'] as const;
export type MetadataFormat = (typeof METADATA_FORMATS)[number];
export const isMetadataFormat = (f: ImageOptions['f']): f is MetadataFormat =>
  (METADATA_FORMATS as readonly string[]).includes(f);

/** Values of `f` that leave the format to the source: `auto` also to the `Accept` header. */
type ChosenFormat = 'auto' | 'origin';
export const isChosenFormat = (f: ImageOptions['f']): f is ChosenFormat => f === 'auto' || f === 'origin';

/** Formats that can be encoded. */
export type OutputFormat = Exclude<ImageOptions['f'], ChosenFormat | MetadataFormat>;

/** Returns whether a format, of a source or of an output, supports animation. PNG does as a source only; AVIF sequences are stills here. */
export const supportsAnimation = (format: Format | OutputFormat) => format === 'gif' || format === 'webp';

/** Source format → output format without a better match. Only Safari shows HEIC and TIFF, SVG is rasterized, and BMP and icons are not encoded. */
const SOURCE_TO_OUTPUT: Readonly<Record<Format, OutputFormat>> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  avif: 'avif',
  heic: 'jpg',
  svg: 'png',
  tiff: 'png',
  bmp: 'png',
  ico: 'png',
};

/**
 * Returns whether an Accept header names a media type with a quality above 0 (RFC 9110, 12.5.1). Wildcards do not count:
 * every client sends one, even those that cannot show WebP.
 */
export function accepts(accept: string | undefined, type: string): boolean {
  for (const range of (accept ?? '').split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (name !== type) continue;
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    return q === undefined || Number(q.slice(2)) > 0;
  }
  return false;
}

/** Normalizes an Accept header for cache keys: the formats that `auto` may choose beside the source's own, as `avif+webp`. */
export const acceptToken = (accept: string | undefined, avif: boolean): string =>
  [...(avif && accepts(accept, 'image/avif') ? ['avif'] : []), ...(accepts(accept, 'image/webp') ? ['webp'] : [])].join(
    '+',
  );

/**
 * Returns the output formats in order of preference: the next is used if a side is too long for the one before. A
 * requested format has no alternative. `plan` skips JPEG under `auto` for images with alpha.
 *
 * @param avif whether `auto` may choose AVIF on this deployment
 * @returns none for metadata and placeholders
 */
export function candidateFormats(
  f: ImageOptions['f'],
  source: Format,
  accept: string | undefined,
  avif: boolean,
): OutputFormat[] {
  if (!isChosenFormat(f)) return isMetadataFormat(f) ? [] : [f];
  const order: OutputFormat[] = [];
  const wanted = f === 'auto' ? accept : undefined;
  if (avif && accepts(wanted, 'image/avif')) order.push('avif');
  if (accepts(wanted, 'image/webp')) order.push('webp');
  const own = f === 'origin' && source === 'tiff' ? source : SOURCE_TO_OUTPUT[source];
  return [...new Set<OutputFormat>([...order, own, 'jpg', 'png'])];
}
