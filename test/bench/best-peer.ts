/** The best peer, of all classes and in each, by CPU and by bytes at equal SSIMULACRA2. Pure. */
import { CLASSES, classOf } from './classes.ts';
import { type Figure, geometricMean, type Report } from './report.ts';

export interface Comparison {
  readonly title: string;
  /** The peer that takes least. */
  readonly peer: string;
  /** What pixgate takes, relative to that peer. */
  readonly ratio: number;
}

const PIXGATE = 'pixgate';
const isPeer = (name: string) => !name.startsWith(PIXGATE);

type IsCompared = (name: string) => boolean;

function compare(
  { classes }: Report,
  isCompared: IsCompared,
  ownOf: (figure: Figure) => number | undefined,
  peerOf: (figure: Figure) => number | undefined,
): Comparison[] {
  return CLASSES.map(classOf).flatMap((title) => {
    const row = classes[title] ?? {};
    const own = ownOf(row[PIXGATE] ?? {});
    const [best] = Object.entries(row)
      .filter(([name, { why }]) => isCompared(name) && !why)
      .flatMap(([peer, figure]) => {
        const value = peerOf(figure);
        return value ? [{ peer, value }] : [];
      })
      .sort((a, b) => a.value - b.value);
    return own && best ? [{ title, peer: best.peer, ratio: own / best.value }] : [];
  });
}

/** Compares the CPU of a miss with that of the peer which takes least, whatever its bytes. */
export const cpuAgainstBest = (report: Report, isCompared: IsCompared = isPeer): Comparison[] =>
  compare(
    report,
    isCompared,
    ({ cpu }) => cpu,
    ({ cpu }) => cpu,
  );

/** Compares bytes with those of the peer which needs least for the same SSIMULACRA2; only classes with a quality have it. */
export const bytesAgainstBest = (report: Report, isCompared: IsCompared = isPeer): Comparison[] =>
  compare(
    report,
    isCompared,
    ({ bytes }) => bytes,
    ({ equalBytes }) => equalBytes,
  );

/** Returns the peer that takes the least CPU over all classes. */
export function bestPeer(report: Report): string {
  const names = new Set(Object.values(report.classes).flatMap((row) => Object.keys(row).filter(isPeer)));
  const [best] = [...names]
    .map((peer) => {
      const all = cpuAgainstBest(report, (name) => name === peer);
      return { peer, mean: all.length ? geometricMean(all.map(({ ratio }) => ratio)) : 0 };
    })
    .sort((a, b) => b.mean - a.mean);
  return best?.peer ?? '';
}
