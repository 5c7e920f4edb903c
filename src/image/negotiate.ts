/** Which formats an answer may have, in order of preference. Pure. */
import type { ImageOptions } from '../options.ts';
import type { Format } from './formats/sniff.ts';

/** What `f` may ask for beside a picture: facts about it, as text. */
export const METADATA_FORMATS = ['json', 'blurhash', 'thumbhash', 'lqip', 'color'] as const;
export type MetadataFormat = (typeof METADATA_FORMATS)[number];
export const isMetadataFormat = (f: ImageOptions['f']): f is MetadataFormat =>
  (METADATA_FORMATS as readonly string[]).includes(f);

/** The formats that are written. */
export type OutputFormat = Exclude<ImageOptions['f'], 'auto' | MetadataFormat>;

/** The picture's own format, where a browser can show it. A drawing is drawn, and TIFF is shown by Safari only. */
const SOURCE_TO_OUTPUT: Readonly<Record<Format, OutputFormat>> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  avif: 'avif',
  svg: 'png',
  tiff: 'png',
};

/**
 * Whether an Accept header names a media type with a quality above 0 (RFC 9110, 12.5.1). A wildcard does not count:
 * every client sends one, also those that cannot show a WebP.
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

/** All that `auto` takes from an Accept header, in one spelling: the formats beside the picture's own. */
export const acceptToken = (accept: string | undefined, avif: boolean): string =>
  [...(avif && accepts(accept, 'image/avif') ? ['avif'] : []), ...(accepts(accept, 'image/webp') ? ['webp'] : [])].join(
    '+',
  );

/**
 * The formats to try in turn: the next is taken where a side is too long for the one before. A named format has no
 * alternative. JPEG stands only where nothing is transparent; the plan leaves it out otherwise.
 *
 * @param avif whether the deployment lets `auto` choose AVIF
 */
export function candidateFormats(
  f: ImageOptions['f'],
  source: Format,
  accept: string | undefined,
  avif: boolean,
): OutputFormat[] {
  if (f !== 'auto') return isMetadataFormat(f) ? [] : [f];
  const order: OutputFormat[] = [];
  if (avif && accepts(accept, 'image/avif')) order.push('avif');
  if (accepts(accept, 'image/webp')) order.push('webp');
  return [...new Set<OutputFormat>([...order, SOURCE_TO_OUTPUT[source], 'jpg', 'png'])];
}
