/** The traffic of the simulated day: the requests, and those of them that reach Lambda. */
import { createRandom, zipf } from './chance.ts';
import type { Format, Role } from './classes.ts';
import type { Assumptions } from './day.ts';
import type { Costs } from './day-costs.ts';
import { createClock, DAY_MS, eachMiss } from './day-edge.ts';

/** Uncounted time at the start: it fills the pool of instances as the day before would have left it. */
export const WARM_UP = DAY_MS / 24;
export const SEED = 20_261_125;
const FORMATS: readonly Format[] = ['webp', 'jpg'];

export interface Load {
  /** Requests a day. */
  readonly requests: number;
  /** Number of source images. */
  readonly sources: number;
}

interface Variant {
  readonly w: number;
  readonly f: Format;
  readonly share: number;
}

/** Lists each width in each format, with its share of an image's requests. */
export function variantsOf({ widths, widthZipf, webp }: Assumptions): Variant[] {
  const shares = zipf(widths.length, widthZipf);
  return widths.flatMap((w, i) =>
    FORMATS.map((f) => ({ w, f, share: (shares[i] ?? 0) * (f === 'webp' ? webp : 1 - webp) })),
  );
}

/** Computes the mean bytes of a response. */
export const meanBytes = (assumed: Assumptions, { bytes }: Costs): number =>
  variantsOf(assumed).reduce(
    (sum, { w, f, share }) =>
      sum +
      Object.entries(assumed.roles).reduce(
        (all, [role, part]) => all + share * part * bytes({ role: role as Role, w, f }),
        0,
      ),
    0,
  );

/**
 * Draws all requests of a day that reach Lambda, sorted. Each is one number, since millions of objects would not fit: its millisecond,
 * times twice the number of objects (an image in a width and a format), plus twice the object, plus one if a viewer waits.
 * The images of a page are requested together and become stale together: drawn one by one, fewer of them would coincide.
 */
export function missesOf(assumed: Assumptions, { requests, sources }: Load): Float64Array {
  const random = createRandom(SEED);
  const clock = createClock(assumed.swing);
  const variants = variantsOf(assumed);
  const objects = sources * variants.length;
  let [keys, count] = [new Float64Array(1 << 16), 0];
  let object = 0;
  const add = (time: number, isWaitedFor: boolean) => {
    if (count === keys.length) {
      const larger = new Float64Array(2 * count);
      larger.set(keys);
      keys = larger;
    }
    keys[count++] = (Math.floor(time) * objects + object) * 2 + Number(isWaitedFor);
  };
  zipf(sources / assumed.page, assumed.pageZipf).forEach((share, page) => {
    variants.forEach((variant, i) => {
      const views = (requests / assumed.page) * share * variant.share;
      const report = (time: number, isWaitedFor: boolean) => {
        for (let image = 0; image < assumed.page; image++) {
          object = (page * assumed.page + image) * variants.length + i;
          add(time * DAY_MS + random() * assumed.within, isWaitedFor);
        }
      };
      for (const region of assumed.regions)
        eachMiss(views * region, assumed, 1 + WARM_UP / DAY_MS, clock, random, report);
    });
  });
  return keys.subarray(0, count).sort();
}
