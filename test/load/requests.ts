/** The requests of the clients. Every URL of a miss is a new one; the cached images are always the same. */
import { BAD, GOOD, type Origins, VARIANTS } from './origins.ts';

/** Keys of the clients by their id: the load, an ordinary client beside it, and a hostile one. */
export const KEYS = { load: 'myKey', neighbour: 'neighbourKey', hostile: 'hostileKey' } as const;
/** Number of images that all clients request. */
const POPULAR = 20;
/** URLs of each good source: more than the source cache holds. */
const SOURCES = 300;

/** @param query parameters beside `k` and `u` */
export const target = (u: string, query: string, key: string) => `/?k=${key}&${query}&u=${encodeURIComponent(u)}`;

const targetOf = (u: string, width: number, format = 'jpg') => target(u, `w=${width}&f=${format}`, KEYS.load);

const pick = <Item>(items: readonly Item[], n: number) => items[n % items.length] as Item;

/** Creates endless lists of targets: each call returns the next. */
export function createRequests({ good, bad }: Pick<Origins, 'good' | 'bad'>) {
  const popular = Array.from({ length: POPULAR }, (_, i) => targetOf(`${good}/landscape.jpg?popular`, 100 + i));
  let hits = 0;
  let misses = 0;
  let badSources = 0;
  return {
    popular,
    hit: () => pick(popular, hits++),
    miss: () => {
      const n = misses++;
      // The width of one source changes only when all sources have been requested.
      const round = Math.floor(n / (GOOD.length * SOURCES));
      const url = `${good}/${pick(GOOD, n)}?${Math.floor(n / GOOD.length) % SOURCES}`;
      return targetOf(url, 200 + (round % 1000), pick(['jpg', 'webp'], round));
    },
    badSource: () => {
      const n = badSources++;
      return targetOf(`${bad}/${pick(BAD, n)}?${Math.floor(n / BAD.length) % VARIANTS}`, 320);
    },
    /** Stays in work until the time budget of its silent source ends. */
    silent: (n: number) => targetOf(`${bad}/silent?${VARIANTS + n}`, 320),
    /** A good source that was not requested before. */
    fresh: (name: string) => targetOf(`${good}/landscape.jpg?${name}`, 64),
  };
}

export type Requests = ReturnType<typeof createRequests>;
