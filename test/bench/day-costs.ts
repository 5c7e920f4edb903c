/** Estimates the costs of an image in the simulated day: extrapolates the classes of `npm run bench -- --save` to all widths and both formats. */
import { CLASSES, classOf, type Format, type Role, type Work } from './classes.ts';
import type { Report } from './report.ts';

const PIXGATE = 'pixgate Lambda';

/** Chooses the class of a role: the one in WebP if there is one, since most requests accept WebP. */
const classFor = (role: Role): Work => {
  const classes = CLASSES.filter((work) => work.role === role);
  const [first] = [...classes.filter(({ f }) => f === 'webp'), ...classes];
  if (!first) throw new Error(`no class of ${role}`);
  return first;
};

export interface Costs {
  /** Milliseconds of CPU on a cache miss, through the whole path. */
  readonly cpu: (work: Work) => number;
  /** Bytes of the output. */
  readonly bytes: (work: Work) => number;
  /** Milliseconds of CPU on a cache hit. */
  readonly hit: number;
}

/**
 * Models CPU as linear in the megapixels of the output, with a slope for each format and an intercept for each role, and bytes as a
 * power of the megapixels. Slopes and exponent are those of the photograph, at 200 and 1600 px and in two formats.
 *
 * @throws Error if the report lacks a class
 */
export function costsFrom({ classes, sources }: Pick<Report, 'classes' | 'sources'>): Costs {
  const figure = (work: Work) => {
    const { cpu, bytes } = classes[classOf(work)]?.[PIXGATE] ?? {};
    if (!cpu || !bytes) throw new Error(`the saved results lack ${classOf(work)}`);
    return { cpu, bytes };
  };
  const megapixels = ({ role, w }: Work) => {
    const [, width, height] = /(\d+) × (\d+)/.exec(sources[role] ?? '') ?? [];
    return (w * w * Number(height)) / Number(width) / 1e6;
  };
  const photo = (w: number, f: Format): Work => ({ role: 'photo', w, f });
  const [small, middle, large, webp] = [photo(200, 'jpg'), photo(640, 'jpg'), photo(1600, 'jpg'), photo(640, 'webp')];
  const slope = (figure(large).cpu - figure(small).cpu) / (megapixels(large) - megapixels(small));
  const extra = (figure(webp).cpu - figure(middle).cpu) / megapixels(middle);
  const slopeOf = (f: Format) => (f === 'webp' ? slope + extra : slope);
  const power = Math.log(figure(large).bytes / figure(small).bytes) / Math.log(megapixels(large) / megapixels(small));
  const sizeOf = (f: Format) => (f === 'webp' ? figure(webp).bytes / figure(middle).bytes : 1);
  return {
    cpu(work) {
      const base = classFor(work.role);
      const start = figure(base).cpu - slopeOf(base.f) * megapixels(base);
      return Math.max(1, start + slopeOf(work.f) * megapixels(work));
    },
    bytes(work) {
      const base = classFor(work.role);
      const grown = (megapixels(work) / megapixels(base)) ** power;
      return (figure(base).bytes * grown * sizeOf(work.f)) / sizeOf(base.f);
    },
    hit: classes.hit?.pixgate?.cpu ?? Number.NaN,
  };
}
