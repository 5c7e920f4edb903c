/** The report of a run: figures of the samples, in the format of results.json. */

import { CLASSES, classOf } from './classes.ts';
import { bytesAt } from './equal-quality.ts';
import type { Loads } from './load.ts';
import { BURSTS, type Cell, type Cells, HIT, NOT_MODIFIED } from './measure.ts';
import { median } from './median.ts';

/** Computes a quantile. @param share 0.5 for the median, without averaging the middle two of an even number */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** Medians of one contestant in one class. `why` is the reason if it was not measured, or did other work. */
export interface Figure {
  readonly why?: string;
  readonly cpu?: number;
  readonly wall?: number;
  readonly bytes?: number;
  readonly ssim?: number;
  readonly score?: number;
  /** Bytes at pixgate's SSIMULACRA2. */
  readonly equalBytes?: number;
}

export interface Report {
  readonly date: string;
  readonly machine: string;
  readonly meter: string;
  readonly rounds: number;
  readonly seconds: number;
  /** Role → description of the source image. */
  readonly sources: Readonly<Record<string, string>>;
  /** Contestant → version, in the order of the columns. */
  readonly contestants: Readonly<Record<string, string>>;
  /** Contestant → reason why it did not take part. */
  readonly missing: Readonly<Record<string, string>>;
  /** Class → contestant → figures. */
  readonly classes: Readonly<Record<string, Readonly<Record<string, Figure>>>>;
  /** Contestant → kind of load → milliseconds, and images per second. */
  readonly load: Readonly<Record<string, Readonly<Record<string, { p50: number; p99: number; rate: number }>>>>;
  /** Contestant → peak memory in bytes. */
  readonly peak: Readonly<Record<string, number>>;
  /** CPU of the whole Lambda path over the core alone, median of pairs: 1.05 is 5 % more. */
  readonly overhead: number;
}

/** Titles in the order of the rows. */
const TITLES = [...CLASSES.map(classOf), ...Object.keys(BURSTS), HIT, NOT_MODIFIED];

function figureOf({ why, cpu, wall, bytes, ssim, score, points }: Cell, pixgateScore: number | undefined): Figure {
  const equalBytes = points && pixgateScore !== undefined ? bytesAt(points, pixgateScore) : undefined;
  return {
    ...(why && { why }),
    ...(cpu.length && { cpu: median(cpu), wall: median(wall) }),
    ...(bytes && { bytes }),
    ...(ssim && { ssim }),
    ...(score && { score }),
    ...(equalBytes && { equalBytes }),
  };
}

export const figures = (cells: Cells): Report['classes'] =>
  Object.fromEntries(
    TITLES.map((title) => {
      const row = cells[title] ?? {};
      const toFigure = ([name, cell]: [string, Cell]) => [name, figureOf(cell, row.pixgate?.score)];
      return [title, Object.fromEntries(Object.entries(row).map(toFigure))];
    }),
  );

export const loadFigures = (loads: Loads): Report['load'] =>
  Object.fromEntries(
    Object.entries(loads).map(([name, byKind]) => [
      name,
      Object.fromEntries(
        Object.entries(byKind).map(([title, { wall, seconds }]) => [
          title,
          { p50: quantile(wall, 0.5), p99: quantile(wall, 0.99), rate: wall.length / seconds },
        ]),
      ),
    ]),
  );
