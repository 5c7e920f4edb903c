/** The classes that have a budget, and how the cost of each is counted. */
import { CLASSES, classOf } from '../classes.ts';
import type { Counted } from './counted.ts';
import type { Ask } from './work.ts';

export interface Guarded {
  readonly title: string;
  /** In multiples of what is made without the product in the same process: other machines have other instructions. */
  readonly cost: (counted: Counted) => Promise<number>;
}

/** V8 is done with compiling what a request takes after so many counts. */
const COUNTS = 5;
async function leastOf({ count }: Counted, ask: Ask): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < COUNTS; i++) least = Math.min(least, await count(ask));
  return least;
}

const request = (title: string, does: 'miss' | 'hit' | 'not modified' | 'refusal', less?: 'core'): Guarded => ({
  title,
  cost: async (counted) => {
    const all = await leastOf(counted, { does });
    const other = less ? await leastOf(counted, { does: less }) : 0;
    return (all - other) / (await leastOf(counted, { does: 'reference' }));
  },
});

/** In the order in which they are counted: of a 304 the entity tag is known by the hit. */
const REQUESTS: readonly Guarded[] = [
  request('Lambda path, over the core', 'miss', 'core'),
  request('hit', 'hit'),
  request('not modified, 304', 'not modified'),
  request('refusal, 400', 'refusal'),
];

const PICTURES: readonly Guarded[] = CLASSES.map((work) => ({
  title: classOf(work),
  cost: async ({ count }) => {
    // For good, in that process: no class of another kind comes after it.
    if (work.role === 'svg')
      for (const does of ['drawing', 'picture', 'bare sharp'] as const) await count({ does, work });
    return (await count({ does: 'picture', work })) / (await count({ does: 'bare sharp', work }));
  },
}));

/** One list a process, about as long as each other. */
export const LANES: readonly (readonly Guarded[])[] = [
  [...REQUESTS, ...PICTURES.filter((_, i) => i % 2 === 0)],
  PICTURES.filter((_, i) => i % 2 === 1),
];
