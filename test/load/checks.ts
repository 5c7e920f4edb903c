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

/** Computes the growth in the second half of a run, by the line through that half, with two standard errors. */
export function growth(points: readonly Point[]): { by: number; error: number; mean: number; length: number } {
  const half = points.slice(Math.floor(points.length / 2));
  const length = (half.at(-1)?.x ?? 0) - (half[0]?.x ?? 0);
  const { slope, error, mean } = line(half);
  return { by: slope * length, error: 2 * error * length, mean, length };
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
