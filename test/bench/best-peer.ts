/** The best peer in each class, by CPU and by bytes at equal SSIMULACRA2. Pure. */
import { CLASSES, classOf } from './classes.ts';
import type { Figure, Report } from './report.ts';

export interface Comparison {
  readonly title: string;
  /** The peer that takes least. */
  readonly peer: string;
  /** What pixgate takes, relative to that peer. */
  readonly ratio: number;
}

const PIXGATE = 'pixgate';
const isPeer = (name: string) => !name.startsWith(PIXGATE);

function compare(
  { classes }: Report,
  ownOf: (figure: Figure) => number | undefined,
  peerOf: (figure: Figure) => number | undefined,
): Comparison[] {
  return CLASSES.map(classOf).flatMap((title) => {
    const row = classes[title] ?? {};
    const own = ownOf(row[PIXGATE] ?? {});
    const [best] = Object.entries(row)
      .filter(([name, { why }]) => isPeer(name) && !why)
      .flatMap(([peer, figure]) => {
        const value = peerOf(figure);
        return value ? [{ peer, value }] : [];
      })
      .sort((a, b) => a.value - b.value);
    return own && best ? [{ title, peer: best.peer, ratio: own / best.value }] : [];
  });
}

/** Compares the CPU of a miss with that of the peer which takes least, whatever its bytes. */
export const cpuAgainstBest = (report: Report): Comparison[] =>
  compare(
    report,
    ({ cpu }) => cpu,
    ({ cpu }) => cpu,
  );

/** Compares bytes with those of the peer which needs least for the same SSIMULACRA2; only classes with a quality have it. */
export const bytesAgainstBest = (report: Report): Comparison[] =>
  compare(
    report,
    ({ bytes }) => bytes,
    ({ equalBytes }) => equalBytes,
  );
