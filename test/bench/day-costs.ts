/** What one picture of the simulated day costs: from the classes that `npm run bench -- --save` measured, to all widths and both formats. */
import { CLASSES, classOf, type Format, type Role, type Work } from './classes.ts';
import type { Report } from './report.ts';

const US = 'pixgate Lambda';

/** The class that stands for a role: the one in WebP where there is one, since most are asked for in it. */
const standing = (role: Role): Work => {
  const own = CLASSES.filter((work) => work.role === role);
  const [first] = [...own.filter(({ f }) => f === 'webp'), ...own];
  if (!first) throw new Error(`no class of ${role}`);
  return first;
};

export interface Costs {
  /** Milliseconds of CPU, whole path. */
  readonly cpu: (work: Work) => number;
  /** Bytes of the result. */
  readonly bytes: (work: Work) => number;
  /** Milliseconds of CPU for a picture that the process remembers. */
  readonly hit: number;
}

/**
 * CPU is a straight line over the megapixels of the result, with a slope for each format and a start for each role; bytes grow by a power
 * of the megapixels. Slopes and power are those of the photograph, at 200 and 1600 px and in two formats.
 *
 * @throws Error where the report lacks a class
 */
export function costsFrom({ classes, sources }: Pick<Report, 'classes' | 'sources'>): Costs {
  const figure = (work: Work) => {
    const { cpu, bytes } = classes[classOf(work)]?.[US] ?? {};
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
      const base = standing(work.role);
      const start = figure(base).cpu - slopeOf(base.f) * megapixels(base);
      return Math.max(1, start + slopeOf(work.f) * megapixels(work));
    },
    bytes(work) {
      const base = standing(work.role);
      const grown = (megapixels(work) / megapixels(base)) ** power;
      return (figure(base).bytes * grown * sizeOf(work.f)) / sizeOf(base.f);
    },
    hit: classes.hit?.pixgate?.cpu ?? Number.NaN,
  };
}
