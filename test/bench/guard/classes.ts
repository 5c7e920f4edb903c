/** The classes with a budget, and how the cost of each is counted. */
import { CLASSES, classOf } from '../classes.ts';
import type { CountedProgram } from './counted.ts';
import type { GuardJob } from './work.ts';

export interface GuardedClass {
  readonly title: string;
  /** Counts the cost as a multiple of work without the product in the same process: other machines run other instructions. */
  readonly cost: (counted: CountedProgram) => Promise<number>;
}

/** Counts after which V8 has compiled all code of a request. */
const COUNTS = 5;
async function minCount({ count }: CountedProgram, ask: GuardJob): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < COUNTS; i++) least = Math.min(least, await count(ask));
  return least;
}

const request = (title: string, does: 'miss' | 'hit' | 'not modified' | 'refusal', less?: 'core'): GuardedClass => ({
  title,
  cost: async (counted) => {
    const all = await minCount(counted, { does });
    const other = less ? await minCount(counted, { does: less }) : 0;
    return (all - other) / (await minCount(counted, { does: 'reference' }));
  },
});

/** In the order of counting: the hit provides the entity tag of the 304. */
const REQUESTS: readonly GuardedClass[] = [
  request('Lambda path, over the core', 'miss', 'core'),
  request('hit', 'hit'),
  request('not modified, 304', 'not modified'),
  request('refusal, 400', 'refusal'),
];

const IMAGES: readonly GuardedClass[] = CLASSES.map((work) => ({
  title: classOf(work),
  cost: async ({ count }) => {
    // Permits the SVG loader for the rest of this process: SVG is the last class of its lane.
    if (work.role === 'svg') for (const does of ['svg', 'image', 'bare sharp'] as const) await count({ does, work });
    return (await count({ does: 'image', work })) / (await count({ does: 'bare sharp', work }));
  },
}));

/** One list per process, of about equal length. */
export const LANES: readonly (readonly GuardedClass[])[] = [
  [...REQUESTS, ...IMAGES.filter((_, i) => i % 2 === 0)],
  IMAGES.filter((_, i) => i % 2 === 1),
];
