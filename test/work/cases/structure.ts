/** Files whose structure or sides are the work: they are refused by their header, or read from one bounded walk. */
import { JPEG_FLOODS, LATE_SIZES, MANY_PAGES, OTHER_FLOODS } from '../inputs/floods.ts';
import { HEIC_FLOODS } from '../inputs/heic.ts';
import { THIN } from '../inputs/images.ts';
import { HEADER, REFUSED, type WorkCase } from './work-case.ts';

export const STRUCTURE: readonly WorkCase[] = [...JPEG_FLOODS, ...OTHER_FLOODS].map((input) => ({
  title: input.name,
  input,
  query: 'w=32',
  statuses: REFUSED,
  bounds: HEADER,
}));

export const HEIC_STRUCTURE: readonly WorkCase[] = HEIC_FLOODS.map((input) => ({
  title: input.name,
  input,
  env: { SOURCE_HEIC: 'on' },
  query: 'w=32',
  statuses: REFUSED,
  bounds: HEADER,
}));

export const DRIPPING: readonly WorkCase[] = LATE_SIZES.map((input) => ({
  title: input.name,
  input,
  query: 'w=32',
  // A small TIFF that is valid is an image; without its size, the others are not.
  statuses: [200, ...REFUSED, 504],
  bounds: HEADER,
}));

export const PAGES: readonly WorkCase[] = ['page=-1', 'page=-2', 'page=19999', 'f=json'].map((query) => ({
  title: `${MANY_PAGES.name}, ${query}`,
  input: MANY_PAGES,
  query: `w=1&${query}`,
  statuses: [200, ...REFUSED],
  bounds: HEADER,
}));

export const THIN_IMAGES: readonly WorkCase[] = THIN.flatMap((input) =>
  ['w=80&h=80&fit=fill', 'w=80&ro=33&mask=star', 'f=blurhash'].map((query) => ({
    title: `${input.name}, ${query}`,
    input,
    query,
    statuses: REFUSED,
    bounds: { ...HEADER, peak: 400 },
  })),
);
