/** Maximum counts of an SVG, with those of the SVGs embedded in it, and how much of them is left. */
import { MAX as MAX_COUNTS } from '../image/formats/bounds.ts';
import { svgTooComplex } from './errors.ts';

/**
 * Elements and filter effects are counted as often as they are rendered: after `use` and references to filters are resolved.
 * Real ones: a map of 900 kB has 12,000 elements.
 */
export const MAX = {
  attributes: MAX_COUNTS.svgAttributes,
  elements: 50_000,
  /** Elements of the file, those that are not drawn included. */
  parsed: 100_000,
  depth: 128,
  /** Filter effects, and those of one filter: each of them works on the pixels of the one before. */
  filters: 500,
  filterLength: 32,
  /** Filter effects times pixels of the output: 32 of them over the largest output. */
  filterPixels: 800_000_000,
  /** Characters of text that is drawn. */
  characters: 10_000,
  /** Pixels of embedded images: the decoder in librsvg has no limit. */
  imagePixels: 25_000_000,
  images: 1000,
} as const;

const NAMES = {
  parsed: 'elements',
  elements: 'elements, repetitions by use included',
  filters: 'filter effects',
  characters: 'characters of text',
  imagePixels: 'pixels in its embedded images',
  images: 'embedded images',
} as const;

/** What has been counted so far. */
export type Counts = Record<keyof typeof NAMES, number>;

export const noCounts = (): Counts => ({
  parsed: 0,
  elements: 0,
  filters: 0,
  characters: 0,
  imagePixels: 0,
  images: 0,
});

/** Adds to a count. @throws ImageError IMAGE_TOO_LARGE above its maximum */
export function count(counts: Counts, what: keyof Counts, number = 1): void {
  counts[what] += number;
  if (counts[what] > MAX[what]) throw svgTooComplex(`more than ${MAX[what]} ${NAMES[what]}`);
}
