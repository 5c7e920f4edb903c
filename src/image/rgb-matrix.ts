/** Matrices between the primaries of RGB colour spaces (IEC 61966-2-1, ITU-R BT.2020), by their chromaticities. Pure. */
import { type Chromaticities, SRGB } from './formats/colour-signal.ts';

/** Three rows of three. */
export type Matrix = readonly number[];
const BRADFORD: Matrix = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];

const at = (m: Matrix, i: number) => m[i] ?? 0;
const multiply = (a: Matrix, b: Matrix): Matrix =>
  Array.from({ length: 9 }, (_, i) => {
    const [row, column] = [i - (i % 3), i % 3];
    return at(a, row) * at(b, column) + at(a, row + 1) * at(b, column + 3) + at(a, row + 2) * at(b, column + 6);
  });
const apply = (m: Matrix, v: readonly number[]) =>
  [0, 3, 6].map((row) => at(m, row) * at(v, 0) + at(m, row + 1) * at(v, 1) + at(m, row + 2) * at(v, 2));
function invert(m: Matrix): Matrix {
  const cofactor = (i: number) => {
    const [r, c] = [Math.floor(i / 3), i % 3];
    const e = (dr: number, dc: number) => at(m, ((r + dr) % 3) * 3 + ((c + dc) % 3));
    return e(1, 1) * e(2, 2) - e(1, 2) * e(2, 1);
  };
  const determinant = at(m, 0) * cofactor(0) + at(m, 1) * cofactor(1) + at(m, 2) * cofactor(2);
  return Array.from({ length: 9 }, (_, i) => cofactor((i % 3) * 3 + Math.floor(i / 3)) / determinant);
}

/** Returns the matrix from linear RGB of these primaries to XYZ, whose white is adapted to D65 (Bradford). */
function toXyz([wx, wy, rx, ry, gx, gy, bx, by]: Chromaticities): Matrix {
  const xyz = (x: number, y: number) => [x / y, 1, (1 - x - y) / y];
  const columns = [xyz(rx, ry), xyz(gx, gy), xyz(bx, by)];
  const primaries = Array.from({ length: 9 }, (_, i) => at(columns[i % 3] ?? [], Math.floor(i / 3)));
  const white = xyz(wx, wy);
  const scale = apply(invert(primaries), white);
  const unadapted = primaries.map((value, i) => value * at(scale, i % 3));
  const [from, to] = [apply(BRADFORD, white), apply(BRADFORD, xyz(SRGB[0], SRGB[1]))];
  const gain = [0, 1, 2].map((i) => at(to, i) / at(from, i));
  const adapt = multiply(
    invert(BRADFORD),
    BRADFORD.map((value, i) => value * at(gain, Math.floor(i / 3))),
  );
  return multiply(adapt, unadapted);
}

/** Returns the matrix from linear RGB of some primaries to that of others. */
export const rgbMatrix = (from: Chromaticities, to: Chromaticities): Matrix => multiply(invert(toXyz(to)), toXyz(from));
