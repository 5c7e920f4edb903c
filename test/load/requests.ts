/** The requests of the clients. Every URL of a miss is a new one; the cached images are always the same. */
import { BAD, GOOD, type Origins, VARIANTS } from './origins.ts';

const KEY = 'myKey';
/** Number of images that all clients request. */
const POPULAR = 20;
/** URLs of each good source: more than the source cache holds. */
const SOURCES = 300;

const target = (u: string, width: number, format = 'jpg') =>
  `/?k=${KEY}&w=${width}&f=${format}&u=${encodeURIComponent(u)}`;

const pick = <Item>(items: readonly Item[], n: number) => items[n % items.length] as Item;

/** Creates endless lists of targets: each call returns the next. */
export function createRequests({ good, bad }: Pick<Origins, 'good' | 'bad'>) {
  const popular = Array.from({ length: POPULAR }, (_, i) => target(`${good}/landscape.jpg?popular`, 100 + i));
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
      return target(url, 200 + (round % 1000), pick(['jpg', 'webp'], round));
    },
    badSource: () => {
      const n = badSources++;
      return target(`${bad}/${pick(BAD, n)}?${Math.floor(n / BAD.length) % VARIANTS}`, 320);
    },
    /** Stays in work until the time budget of its silent source ends. */
    silent: (n: number) => target(`${bad}/silent?${VARIANTS + n}`, 320),
    /** A good source that was not requested before. */
    fresh: (name: string) => target(`${good}/landscape.jpg?${name}`, 64),
  };
}

export type Requests = ReturnType<typeof createRequests>;
