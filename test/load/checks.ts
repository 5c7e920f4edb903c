/** What is judged at the end: a list of figures, each with its bound, and the arithmetic behind them. */

export interface Check {
  readonly name: string;
  readonly figure: string;
  readonly met: boolean;
}

/** @param share 0 to 1; of 0.99, the least value that 99 % do not exceed */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Of the straight line nearest to the points by least squares. @returns `y` for one of `x`, and the mean of `y` */
export function slope(points: readonly Point[]): { slope: number; mean: number } {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map((point) => point.x));
  const y = mean(points.map((point) => point.y));
  const along = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  const square = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return { slope: along / square, mean: y };
}

/** Growth of the memory in the last half of a run, as a share of it, by the straight line through that half. */
export function growth(points: readonly Point[]): { share: number; by: number; mean: number } {
  const half = points.slice(Math.floor(points.length / 2));
  const line = slope(half);
  const by = line.slope * ((half.at(-1)?.x ?? 0) - (half[0]?.x ?? 0));
  return { by, mean: line.mean, share: by / line.mean };
}

/** Status → how many, as one line. */
export const counted = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ') || 'none';

/** One row a check, and a last line that sums up. */
export function table(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const rows = checks.map(({ name, figure, met }) => `${met ? 'met   ' : 'MISSED'}  ${name.padEnd(width)}  ${figure}`);
  const missed = checks.filter(({ met }) => !met).length;
  return [...rows, missed ? `${missed} of ${checks.length} missed` : `all ${checks.length} met`].join('\n');
}
