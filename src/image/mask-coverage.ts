/** Coverage of each pixel by a polygon. Pure. */
import type { RowsCoverage } from './composite.ts';
import type { Point } from './mask.ts';
import type { Size } from './size.ts';

/** The sides of a polygon that a horizontal line can cross, as x1, y1, x2, y2. */
function crossableSides(points: readonly Point[]): Float64Array {
  const sides = points.flatMap(([x1, y1], i) => {
    const [x2, y2] = points[(i + 1) % points.length] ?? [0, 0];
    return y1 === y2 ? [] : [x1, y1, x2, y2];
  });
  return Float64Array.from(sides);
}

/** Returns the sorted x at which a horizontal line crosses the polygon: inside is from the first to the second, the third to the fourth, … */
function crossings(sides: Float64Array, y: number): number[] {
  const crossed: number[] = [];
  for (let i = 0; i < sides.length; i += 4) {
    const [y1 = 0, y2 = 0] = [sides[i + 1], sides[i + 3]];
    if (y1 <= y === y2 <= y) continue;
    const [x1 = 0, x2 = 0] = [sides[i], sides[i + 2]];
    crossed.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  }
  return crossed.sort((a, b) => a - b);
}

/** Scan lines per row of pixels. */
const LINES = 4;

/**
 * Returns a function that computes the coverage of each pixel by a polygon, 0 to 255: exact along a scan line, with four lines
 * per pixel. About 3 ms per megapixel.
 */
export function maskCoverage(points: readonly Point[], { width }: Size): RowsCoverage {
  const sides = crossableSides(points);
  const row = new Float32Array(width);
  return (fromRow, toRow) => {
    const coverage = new Uint8Array(width * (toRow - fromRow));
    for (let y = fromRow, start = 0; y < toRow; y++, start += width) {
      row.fill(0);
      for (let line = 0; line < LINES; line++) {
        const xs = crossings(sides, y + (line + 0.5) / LINES);
        for (let i = 0; i + 1 < xs.length; i += 2) addSpan(row, xs[i] ?? 0, xs[i + 1] ?? 0);
      }
      for (let x = 0; x < width; x++) {
        const covered = row[x] ?? 0;
        if (covered) coverage[start + x] = covered === LINES ? 255 : Math.min(255, Math.round((covered * 255) / LINES));
      }
    }
    return coverage;
  };
}

/** Adds the coverage of one span of x to a row of pixels. */
function addSpan(row: Float32Array, from: number, to: number): void {
  const left = Math.max(0, from);
  const right = Math.min(row.length, to);
  const [first, last] = [Math.floor(left), Math.floor(right)];
  if (right <= left) return;
  if (first === last) row[first] = (row[first] ?? 0) + right - left;
  else {
    row[first] = (row[first] ?? 0) + first + 1 - left;
    for (let x = first + 1; x < last; x++) row[x] = (row[x] ?? 0) + 1;
    if (last < row.length) row[last] = (row[last] ?? 0) + right - last;
  }
}
