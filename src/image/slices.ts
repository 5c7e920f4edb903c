/** Runs loops over the pixels of an image in slices, so that other requests are served in between. */
import { setImmediate } from 'node:timers/promises';
import type { Size } from './size.ts';

/** Maximum pixels between two turns of the event loop: at 20 to 40 ns each they take 5 to 10 ms. */
export const SLICE_PIXELS = 250_000;

/**
 * Calls a function for each slice of rows, at most 250,000 pixels or one row, with a turn of the event loop after each but the
 * last.
 *
 * @param work called with the first row, and the row after the last one
 * @param slicePixels of a slice, where a pixel takes longer
 */
export async function forEachSlice(
  { width, height }: Size,
  work: (fromRow: number, toRow: number) => void,
  slicePixels = SLICE_PIXELS,
): Promise<void> {
  const rows = Math.max(1, Math.floor(slicePixels / width));
  for (let from = 0; from < height; from += rows) {
    if (from) await setImmediate();
    work(from, Math.min(height, from + rows));
  }
}
