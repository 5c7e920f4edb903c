/** BMP and icons, which are read on the main thread in slices. */
import { BITMAP_HEADERS, EMPTY_RLE, LARGE_BMP, RLE_FLOODS } from '../inputs/bitmaps.ts';
import { HEADER, REFUSED, WORK, type WorkCase } from './work-case.ts';

/** Of 49 megapixels, at 12 ns each, 0.5 s. */
const SLICED = { ...WORK, main: 1.2 };

export const BITMAPS: readonly WorkCase[] = [
  ...[EMPTY_RLE, LARGE_BMP].flatMap((input) =>
    ['w=320', 'w=320&ro=90', 'f=json'].map((query) => ({
      title: `${input.name}, ${query}`,
      input,
      query: `${query}&we=1`,
      statuses: [200],
      bounds: SLICED,
      neighbourMs: 3000,
    })),
  ),
  ...RLE_FLOODS.map((input) => ({
    title: input.name,
    input,
    query: 'w=32',
    statuses: REFUSED,
    bounds: SLICED,
    neighbourMs: 3000,
  })),
  ...BITMAP_HEADERS.map((input) => ({ title: input.name, input, query: 'w=32', statuses: REFUSED, bounds: HEADER })),
];
