/** Whether a number of `q` looks alike in each format: SSIMULACRA2 of the photographs at 640 px. */
import type { Format, Role } from './classes.ts';
import type { BenchRun } from './measure.ts';
import { median } from './median.ts';
import { decodeOnWhite, reference } from './quality.ts';
import type { Scorer } from './ssimulacra2.ts';
import type { Table } from './table.ts';

const PHOTOGRAPHS: readonly Role[] = ['small', 'photo', 'turned', 'phone', 'big', 'webp', 'avif'];
const FORMATS: readonly Format[] = ['jpg', 'webp', 'avif'];
const QUALITIES = [40, 60, 80, 90] as const;
const WIDTH = 600;

/** Formats the scores of one quality in one format: the median, and the lowest and the highest photograph. */
const toCell = (scores: readonly number[]) =>
  `${median(scores).toFixed(1)} (${Math.min(...scores).toFixed(0)} to ${Math.max(...scores).toFixed(0)})`;

/** Measures the first contestant, pixgate. */
export async function qualityScale(
  { contestants: [pixgate], sources, fresh }: BenchRun,
  score: Scorer,
): Promise<Table> {
  const rows: string[][] = [];
  for (const q of QUALITIES) {
    const cells: string[] = [];
    for (const f of FORMATS) {
      const scores: number[] = [];
      for (const role of PHOTOGRAPHS) {
        const work = { role, w: WIDTH, f, q };
        const response = await pixgate?.misses.ask({ ...work, source: fresh(role) });
        if (response?.status !== 200) throw new Error(`q=${q} of ${role} as ${f} returned ${response?.status}`);
        const actual = await decodeOnWhite(response.body);
        scores.push(await score(actual, await reference(sources[role].bytes, work, actual.height)));
      }
      cells.push(toCell(scores));
    }
    rows.push([`q=${q}`, ...cells]);
  }
  return { head: ['SSIMULACRA2, median (range)', ...FORMATS], rows, notes: [] };
}
