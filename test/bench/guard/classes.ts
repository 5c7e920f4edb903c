/** The classes that have a budget, and how the cost of each is counted. */
import { CLASSES, classOf } from '../classes.ts';
import type { CountedProgram } from './counted.ts';
import type { GuardJob } from './work.ts';

export interface GuardedClass {
  readonly title: string;
  /** In multiples of what is made without the product in the same process: other machines have other instructions. */
  readonly cost: (counted: CountedProgram) => Promise<number>;
}

/** V8 is done with compiling what a request takes after so many counts. */
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

/** In the order in which they are counted: of a 304 the entity tag is known by the hit. */
const REQUESTS: readonly GuardedClass[] = [
  request('Lambda path, over the core', 'miss', 'core'),
  request('hit', 'hit'),
  request('not modified, 304', 'not modified'),
  request('refusal, 400', 'refusal'),
];

const IMAGES: readonly GuardedClass[] = CLASSES.map((work) => ({
  title: classOf(work),
  cost: async ({ count }) => {
    // For good, in that process: no class of another kind comes after it.
    if (work.role === 'svg')
      for (const does of ['drawing', 'picture', 'bare sharp'] as const) await count({ does, work });
    return (await count({ does: 'picture', work })) / (await count({ does: 'bare sharp', work }));
  },
}));

/** One list a process, about as long as each other. */
export const LANES: readonly (readonly GuardedClass[])[] = [
  [...REQUESTS, ...IMAGES.filter((_, i) => i % 2 === 0)],
  IMAGES.filter((_, i) => i % 2 === 1),
];
