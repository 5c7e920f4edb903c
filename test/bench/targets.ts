/** The targets of pixgate against its peers, and whether this run met them. */
import { CLASSES, classOf, PHONE } from './classes.ts';
import { BURSTS, HIT, NOT_MODIFIED } from './measure.ts';
import { geometricMean, type Report } from './report.ts';

export interface Verdict {
  readonly target: string;
  readonly limit: string;
  readonly measured: string;
  /** Undefined if this run did not measure it. */
  readonly met: boolean | undefined;
}

const PIXGATE = 'pixgate';
const SHARP = 'bare sharp';
/** Peer → maximum of the geometric mean over all classes. */
const MAX_MEANS: Readonly<Record<string, number>> = {
  IPX: 0.7,
  'Next.js': 0.48,
  [SHARP]: 0.72,
  imgproxy: 0.92,
  imagor: 0.75,
};

/** Computes the ratios of pixgate's CPU to a peer's, for each class that both did. */
export function ratios({ classes }: Report, peer: string, subject = PIXGATE): { title: string; ratio: number }[] {
  return CLASSES.map(classOf).flatMap((title) => {
    const [own, other] = [classes[title]?.[subject], classes[title]?.[peer]];
    if (!own?.cpu || !other?.cpu || own.why || other.why) return [];
    return [{ title, ratio: own.cpu / other.cpu }];
  });
}

const verdict = (target: string, value: number, max: number, unit = '×', about = ''): Verdict => ({
  target,
  limit: `≤ ${max} ${unit}`,
  measured: Number.isFinite(value) ? `${value.toFixed(value < 2 ? 3 : 1)} ${unit}${about}` : 'not measured',
  met: Number.isFinite(value) ? value <= max : undefined,
});

/** Lists the rows of the README's table. */
export function againstPeers(report: Report) {
  return [...Object.keys(MAX_MEANS), 'vipsthumbnail', 'ImageMagick'].flatMap((peer) => {
    const all = ratios(report, peer);
    const worst = all.toSorted((a, b) => b.ratio - a.ratio)[0];
    if (!worst) return [];
    const mean = geometricMean(all.map(({ ratio }) => ratio)).toFixed(2);
    return [{ peer, mean, worst: worst.ratio.toFixed(2), title: worst.title }];
  });
}

function means(report: Report): Verdict[] {
  return Object.entries(MAX_MEANS).flatMap(([peer, max]) => {
    if (report.missing[peer] !== undefined) return [];
    const all = ratios(report, peer);
    const mean = geometricMean(all.map(({ ratio }) => ratio));
    return verdict(`CPU of a miss, geometric mean over ${all.length} classes, against ${peer}`, mean, max);
  });
}

/** The class that is rendered in a process of its own. */
const SVG = 'SVG → PNG 640';

/** Compares the classes one by one with sharp, which does the same work. */
function classVerdicts(report: Report): Verdict[] {
  const all = ratios(report, SHARP).sort((a, b) => b.ratio - a.ratio);
  const worst = all.find(({ title }) => title !== SVG);
  const svg = all.find(({ title }) => title === SVG);
  const about = worst && ` (${worst.title})`;
  return [
    verdict(`most expensive class but SVG against ${SHARP}`, worst?.ratio ?? Number.NaN, 1.05, '×', about),
    verdict(`${SVG} against ${SHARP}`, svg?.ratio ?? Number.NaN, 1.15),
  ];
}

/** Peer → maximum of the geometric mean of bytes at equal SSIMULACRA2, over the classes with a quality. */
const MAX_BYTES: Readonly<Record<string, number>> = {
  IPX: 0.94,
  'Next.js': 0.94,
  [SHARP]: 0.94,
  imgproxy: 0.94,
  imagor: 0.94,
};

/** Compares bytes at equal SSIMULACRA2. */
function bytesVerdicts({ classes, missing }: Report): Verdict[] {
  return Object.entries(MAX_BYTES).flatMap(([peer, max]) => {
    if (missing[peer] !== undefined) return [];
    const all = CLASSES.map(classOf).flatMap((title) => {
      const [own, other] = [classes[title]?.[PIXGATE]?.bytes, classes[title]?.[peer]?.equalBytes];
      return own && other ? [{ title, ratio: own / other }] : [];
    });
    const worst = all.toSorted((a, b) => b.ratio - a.ratio)[0];
    const about = worst && ` (${worst.title})`;
    const mean = all.length ? geometricMean(all.map(({ ratio }) => ratio)) : Number.NaN;
    const target = `bytes at equal SSIMULACRA2, geometric mean over ${all.length} classes, against ${peer}`;
    return [
      verdict(target, mean, max, '×'),
      verdict(`most bytes in a class, against ${peer}`, worst?.ratio ?? Number.NaN, 1, '×', about),
    ];
  });
}

const MIXED = 'mixed classes, 4 at once';

/** Compares the latency of small images beside large ones with that of the fastest peer. */
function mixedVerdicts({ load }: Report): Verdict[] {
  const p50 = (name: string) => load[name]?.[MIXED]?.p50;
  const [best] = Object.keys(load)
    .filter((name) => !name.startsWith(PIXGATE))
    .flatMap((name) => p50(name) ?? [])
    .sort((a, b) => a - b);
  return [verdict(`p50 of ${MIXED}, against the fastest peer`, (p50(PIXGATE) ?? Number.NaN) / (best ?? Number.NaN), 1)];
}

/** Judges all targets. @returns one verdict per target, by ratios within this run */
export function verdicts(report: Report): Verdict[] {
  const { classes, peak, overhead } = report;
  const cpu = (title: string, name: string) => classes[title]?.[name]?.cpu ?? Number.NaN;
  const phone = classOf(PHONE);
  return [
    ...means(report),
    ...classVerdicts(report),
    verdict(`${phone} against ${SHARP}`, cpu(phone, PIXGATE) / cpu(phone, SHARP), 0.35),
    verdict('the whole Lambda path relative to the core alone, JPEG → JPEG 640', overhead, 1.05),
    verdict('CPU of a hit', cpu(HIT, PIXGATE), 0.3, 'ms'),
    verdict('CPU of a 304', cpu(NOT_MODIFIED, PIXGATE), 0.3, 'ms'),
    ...Object.keys(BURSTS).map((title) =>
      verdict(`${title}, against ${SHARP}`, cpu(title, PIXGATE) / cpu(title, SHARP), 0.55),
    ),
    ...mixedVerdicts(report),
    verdict(`peak memory against ${SHARP}`, (peak[PIXGATE] ?? Number.NaN) / (peak[SHARP] ?? Number.NaN), 1.1),
    ...bytesVerdicts(report),
  ];
}

const VERDICTS = new Map([
  [true, 'met'],
  [false, 'MISSED'],
  [undefined, 'unknown'],
]);
export const toLine = ({ target, limit, measured, met }: Verdict): string =>
  `${(VERDICTS.get(met) ?? '').padEnd(7)} ${target}: ${measured} (${limit})`;
export const toRow = ({ target, limit, measured, met }: Verdict): string =>
  `| ${target} | ${limit} | ${measured} | ${VERDICTS.get(met)} |`;
