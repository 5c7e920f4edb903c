/** The structural similarity of two images (Wang et al. 2004): of their luma over white, in blocks of 8 × 8 pixels. Pure. */

/** Pixels in rows from the top, of 8 bits a channel: RGB or RGBA. */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  /** 4 by default, as on a canvas. */
  readonly channels?: number;
}

/** Side of a cell. A block is two cells wide and high, and blocks overlap by one: each pixel is read once. */
const CELL = 4;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

function luma(data: Pixels['data'], at: number, channels: number): number {
  const alpha = channels === 4 ? (data[at + 3] ?? 255) : 255;
  const value = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
  return (value * alpha + 255 * (255 - alpha)) / 255;
}

/** Returns five sums for each whole cell: of both images, of their squares, and of their product. */
function sumCells(one: Pixels, other: Pixels): Float64Array {
  const [channelsA, channelsB] = [one.channels ?? 4, other.channels ?? 4];
  const columns = Math.floor(one.width / CELL);
  const rows = Math.floor(one.height / CELL);
  const sums = new Float64Array(columns * rows * 5);
  for (let y = 0; y < rows * CELL; y++)
    for (let x = 0; x < columns * CELL; x++) {
      const pixel = y * one.width + x;
      const a = luma(one.data, pixel * channelsA, channelsA);
      const b = luma(other.data, pixel * channelsB, channelsB);
      const cell = (Math.floor(y / CELL) * columns + Math.floor(x / CELL)) * 5;
      // Not in a loop over a list, which would be made for each pixel.
      sums[cell] = (sums[cell] ?? 0) + a;
      sums[cell + 1] = (sums[cell + 1] ?? 0) + b;
      sums[cell + 2] = (sums[cell + 2] ?? 0) + a * a;
      sums[cell + 3] = (sums[cell + 3] ?? 0) + b * b;
      sums[cell + 4] = (sums[cell + 4] ?? 0) + a * b;
    }
  return sums;
}

/** Returns the similarity of a block. @param sums of its 64 pixels */
function similarity([a = 0, b = 0, aa = 0, bb = 0, ab = 0]: readonly number[]): number {
  const n = (2 * CELL) ** 2;
  const [meanA, meanB] = [a / n, b / n];
  const [varianceA, varianceB, covariance] = [aa / n - meanA ** 2, bb / n - meanB ** 2, ab / n - meanA * meanB];
  const structure = (2 * covariance + C2) / (varianceA + varianceB + C2);
  return (structure * (2 * meanA * meanB + C1)) / (meanA ** 2 + meanB ** 2 + C1);
}

/**
 * Returns the mean over all blocks: 1 for equal images.
 *
 * @param other of the same width and height
 * @returns NaN if a side is shorter than a block, of 8 pixels
 */
export function ssim(one: Pixels, other: Pixels): number {
  const columns = Math.floor(one.width / CELL);
  const rows = Math.floor(one.height / CELL);
  if (rows < 2 || columns < 2) return Number.NaN;
  const sums = sumCells(one, other);
  let total = 0;
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const cells = [0, 1, columns, columns + 1].map((offset) => (row * columns + column + offset) * 5);
      total += similarity([0, 1, 2, 3, 4].map((i) => cells.reduce((sum, cell) => sum + (sums[cell + i] ?? 0), 0)));
    }
  return total / ((rows - 1) * (columns - 1));
}
