/** The traffic of the simulated day: who asks for what, and what of it reaches Lambda. */
import { createRandom, zipf } from './chance.ts';
import type { Format, Role } from './classes.ts';
import type { Assumed } from './day.ts';
import type { Costs } from './day-costs.ts';
import { createClock, DAY_MS, eachMiss } from './day-edge.ts';

/** What comes first is not counted: the instances that the day before has left must be there. */
export const WARM_UP = DAY_MS / 24;
export const SEED = 20_261_125;
const FORMATS: readonly Format[] = ['webp', 'jpg'];

export interface Load {
  /** A day. */
  readonly requests: number;
  /** Pictures that they are for. */
  readonly sources: number;
}

interface Variant {
  readonly w: number;
  readonly f: Format;
  readonly share: number;
}

/** Each width in each format, with its share of a picture's requests. */
export function variantsOf({ widths, widthZipf, webp }: Assumed): Variant[] {
  const shares = zipf(widths.length, widthZipf);
  return widths.flatMap((w, i) =>
    FORMATS.map((f) => ({ w, f, share: (shares[i] ?? 0) * (f === 'webp' ? webp : 1 - webp) })),
  );
}

/** Bytes of an answer, on the mean. */
export const meanBytes = (assumed: Assumed, { bytes }: Costs): number =>
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
 * All requests of a day that reach Lambda, sorted. Each is one number, since millions of objects would not fit: its millisecond,
 * times twice the number of objects (a picture in a width and a format), plus twice the object, plus one where a viewer waits.
 * The pictures of a page are asked for together and run out together: drawn one by one they would meet fewer of each other.
 */
export function missesOf(assumed: Assumed, { requests, sources }: Load): Float64Array {
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
        for (let picture = 0; picture < assumed.page; picture++) {
          object = (page * assumed.page + picture) * variants.length + i;
          add(time * DAY_MS + random() * assumed.within, isWaitedFor);
        }
      };
      for (const region of assumed.regions)
        eachMiss(views * region, assumed, 1 + WARM_UP / DAY_MS, clock, random, report);
    });
  });
  return keys.subarray(0, count).sort();
}
