/** Row filters of PNG: whether a picture is better off with them. Pure. */
import type { ImageOptions } from '../options.ts';
import type { Frame } from './effects.ts';
import { PNG_LEVEL } from './encode.ts';

/** Rows that are looked at, spread over the picture. */
const ROWS = 64;
/**
 * Of neighbours, at most this share is alike in a photograph: there it is 0 to 0.3, in drawings and on screens 0.4 to 1. Of
 * text and cartoons in thumbnails hardly any is left: they are taken for photographs, and grow by a kilobyte.
 */
const MAX_EQUAL_SHARE = 0.35;

/**
 * Whether neighbours in a row mostly differ, as they do in photographs. Only what is opaque has a say: the photograph of a
 * cut-out is one, however much room is left around it, and thin lines on nothing are none, though they are all edge.
 */
export function isPhotograph({ data, width, height, channels }: Frame): boolean {
  const step = Math.max(1, Math.floor(height / ROWS));
  const row = width * channels;
  let alike = 0;
  let seen = 0;
  for (let start = 0; start + row <= data.length; start += row * step)
    for (let at = start + channels; at < start + row; at += channels) {
      if (channels === 4 && (data[at + 3] !== 255 || data[at - 1] !== 255)) continue;
      seen++;
      let same = 0;
      while (same < channels && data[at + same] === data[at + same - channels]) same++;
      if (same === channels) alike++;
    }
  return seen > 0 && alike <= seen * MAX_EQUAL_SHARE;
}

/** Whether the caller has said how a PNG is encoded: then its pixels have no say. */
export const hasPngOptions = ({ af, l }: Pick<ImageOptions, 'af' | 'l'>): boolean => af || l !== undefined;

/**
 * How a PNG of these pixels is encoded where nothing is asked of it; with a level or filters asked for, as asked.
 *
 * With filters, photographs have 0.61 to 0.84 of the bytes for 1 to 1.3 of the encoder's CPU. Level 6 would take 3 to 6 % more
 * off, of grey ones up to 15, for up to twice the time. A screen and drawings would have 1.1 to 1.35 of the bytes.
 */
export function choosePngSettings(options: Pick<ImageOptions, 'af' | 'l'>, frame: Frame): { af: boolean; l: number } {
  const { af, l = PNG_LEVEL } = options;
  return hasPngOptions(options) || !isPhotograph(frame) ? { af, l } : { af: true, l: 2 };
}
