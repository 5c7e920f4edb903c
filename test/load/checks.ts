/** The final checks: a list of figures, each with its bound, and their arithmetic. */

export interface Check {
  readonly name: string;
  readonly figure: string;
  readonly met: boolean;
}

/** Computes a percentile. @param share 0 to 1; for 0.99, the smallest value that 99 % do not exceed */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const products = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/**
 * Fits a straight line by least squares, with the standard error of its slope. Neighbouring points are correlated, so that they
 * count for fewer points: by the autocorrelation of the residuals.
 */
export function line(points: readonly Point[]) {
  const middle = { x: mean(points.map(({ x }) => x)), y: mean(points.map(({ y }) => y)) };
  const x = points.map((point) => point.x - middle.x);
  const y = points.map((point) => point.y - middle.y);
  const square = products(x, x);
  const slope = products(x, y) / square;
  const residuals = y.map((value, i) => value - slope * (x[i] ?? 0));
  const squares = products(residuals, residuals);
  const autocorrelation =
    squares > 0 ? Math.min(0.99, Math.max(0, products(residuals.slice(1), residuals) / squares)) : 0;
  const error = Math.sqrt((squares / (points.length - 2) / square) * ((1 + autocorrelation) / (1 - autocorrelation)));
  return { slope, error, mean: middle.y };
}

/**
 * Computes the growth in the second half of a run, by the line through that half, with two standard errors; the mean before it, and the
 * maximum of the run.
 */
export function growth(points: readonly Point[]) {
  const middle = Math.floor(points.length / 2);
  const half = points.slice(middle);
  const all = points.map(({ y }) => y);
  const length = (half.at(-1)?.x ?? 0) - (half[0]?.x ?? 0);
  const { slope, error, mean: after } = line(half);
  return {
    by: slope * length,
    error: 2 * error * length,
    mean: after,
    length,
    before: mean(all.slice(0, middle)),
    max: Math.max(...all),
  };
}

/** Counts by status. */
export function count(statuses: readonly number[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Splits samples by their time, in milliseconds, into windows of that length. The last one takes the rest, and may be longer. */
export function windowsOf<Sample extends { readonly at: number }>(
  samples: readonly Sample[],
  { from, to, length }: { readonly from: number; readonly to: number; readonly length: number },
): Sample[][] {
  const last = Math.max(0, Math.floor((to - from) / length) - 1);
  const windows = Array.from({ length: last + 1 }, (): Sample[] => []);
  for (const sample of samples)
    if (sample.at >= from && sample.at < to)
      windows[Math.min(last, Math.floor((sample.at - from) / length))]?.push(sample);
  return windows;
}

/** Formats the counts by status as one line. */
export const formatCounts = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ') || 'none';

/** Formats one row per check, and a summary. */
export function table(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const rows = checks.map(({ name, figure, met }) => `${met ? 'met   ' : 'MISSED'}  ${name.padEnd(width)}  ${figure}`);
  const missed = checks.filter(({ met }) => !met).length;
  return [...rows, missed ? `${missed} of ${checks.length} missed` : `all ${checks.length} met`].join('\n');
}
