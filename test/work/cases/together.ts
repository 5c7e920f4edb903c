/** Many requests at once, and another client beside them. */
import { ENDLESS_SVG, FLAT_WEBP, PADDED, SLOW } from '../inputs/images.ts';
import { REFUSED, WORK, type WorkCase } from './work-case.ts';

export const TOGETHER: readonly WorkCase[] = [
  {
    title: 'forty gzip bodies of 52 MB',
    input: PADDED,
    query: 'w=32',
    times: 40,
    statuses: [...REFUSED, 503],
    bounds: { cpu: 20, main: 6, after: 0.3, peak: 900 },
  },
  ...[1, 64].map((origins) => ({
    title: `64 downloads of a byte a second, from ${origins === 1 ? 'one origin' : `${origins} origins`}`,
    input: SLOW,
    query: 'w=32',
    times: 64,
    origins,
    statuses: [502, 503, 504],
    bounds: { cpu: 3, main: 2, after: 0.3, peak: 400 },
    neighbourMs: 3000,
  })),
  {
    title: 'two large blurs, and another client',
    input: FLAT_WEBP,
    query: 'w=3000&blur=1000&f=jpg',
    times: 2,
    // Each has the memory alone, and on a slow machine the second one waits too long.
    statuses: [200, 503, 504],
    bounds: { ...WORK, cpu: 16 },
    neighbourMs: 8000,
  },
  {
    title: 'eight SVGs of three thousand masks, and another client',
    input: ENDLESS_SVG,
    env: { SVG_TIMEOUT: '3000' },
    query: 'w=1800&f=png',
    times: 8,
    statuses: [413, 503, 504],
    // With eight cores: three seconds for each of eight SVGs, and up to a second for each of 16 workers to start.
    bounds: { ...WORK, cpu: 50, peak: 500 },
    neighbourMs: 8000,
  },
];
