/** Row filters of PNG: whether a picture is better off with them. Pure. */
import type { ImageOptions } from '../options.ts';
import type { Frame } from './effects.ts';

/** Rows that are looked at, spread over the picture. */
const ROWS = 64;
/**
 * Of neighbours, at most this share is alike in a photograph: there it is 0 to 0.3, in drawings and on screens 0.4 to 1. A
 * cartoon as small as a stamp has hardly any left, is taken for a photograph, and grows by a kilobyte.
 */
const MOST_ALIKE = 0.35;

/**
 * Whether neighbours in a row mostly differ, as they do in photographs. What cannot be seen has no say: the photograph of a
 * cut-out is one, however much room is left around it.
 */
export function isPhotograph({ data, width, height, channels }: Frame): boolean {
  const step = Math.max(1, Math.floor(height / ROWS));
  const row = width * channels;
  let alike = 0;
  let seen = 0;
  for (let start = 0; start + row <= data.length; start += row * step)
    for (let at = start + channels; at < start + row; at += channels) {
      if (channels === 4 && !data[at + 3] && !data[at - 1]) continue;
      seen++;
      let same = 0;
      while (same < channels && data[at + same] === data[at + same - channels]) same++;
      if (same === channels) alike++;
    }
  return seen > 0 && alike <= seen * MOST_ALIKE;
}

/**
 * How a PNG of these pixels is encoded, where the caller has not said it. With filters a higher level only costs time.
 *
 * Measured against level 6 without filters: eight photographs of 200 and 640 px 0.61 to 0.82 of the bytes for 0.9 to 1.2 of the
 * encoder's CPU; a screen and drawings would have 1.1 to 1.35 of the bytes.
 */
export function pngFor({ af, l }: Pick<ImageOptions, 'af' | 'l'>, frame: Frame): { af: boolean; l: number } {
  const filtered = af ?? isPhotograph(frame);
  return { af: filtered, l: l ?? (filtered && af === undefined ? 2 : 6) };
}
