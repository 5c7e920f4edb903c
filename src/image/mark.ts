/** A mark (watermark), and where it is drawn on an output. Pure. */
import type { ImageOptions } from '../options.ts';
import type { Size } from './size.ts';

/** The parameters that say where and how a mark is drawn. */
export const MARK_PARAMS = ['mpos', 'mscale', 'malpha', 'mx', 'my'] as const;
export type MarkOptions = Pick<ImageOptions, (typeof MARK_PARAMS)[number]>;

/** What holds where neither the request nor the deployment says otherwise. */
export const MARK_DEFAULTS = {
  mpos: 'bottom-right',
  mscale: 0.2,
  malpha: 1,
  mx: 0,
  my: 0,
} as const satisfies Required<MarkOptions>;

/** A mark whose file was read. */
export interface Mark extends Size {
  readonly name: string;
  /** A digest of its file: part of the cache key and the entity tag of each image with it. */
  readonly version: string;
  /** RGBA pixels in sRGB, compressed with deflate: an SVG is rendered in another process, which gets them with each job. */
  readonly pixels: Buffer;
  readonly options: Required<MarkOptions>;
}

/** A scaled mark in pixels of an output. It is drawn at its first place, and again after each step to the right and downwards. */
export interface MarkPlan extends Size {
  readonly left: number;
  readonly top: number;
  /** Infinite for a mark that is drawn once. */
  readonly stepX: number;
  readonly stepY: number;
}

/** Scales a mark to a share of the output's width, and to its height at most. */
function scaledSize(output: Size, mark: Size, mscale: number): Size {
  const side = (length: number) => Math.max(1, Math.round(length));
  const width = Math.min(output.width, side(output.width * mscale));
  const height = side((width * mark.height) / mark.width);
  if (height <= output.height) return { width, height };
  return { width: Math.min(width, side((output.height * mark.width) / mark.height)), height: output.height };
}

/** Places a length between two edges, or in their middle, by a distance that never leads outside. */
function place(length: number, inside: number, distance: number, edge: 'start' | 'middle' | 'end'): number {
  const room = inside - length;
  const at = { start: distance, middle: Math.floor(room / 2) + distance, end: room - distance }[edge];
  return Math.min(room, Math.max(0, at));
}

/** Plans how a mark is drawn on an output, or on each of its frames, of this size. It is inside, but for the last tiles. */
export function planMark(output: Size, mark: Size, options: Required<MarkOptions>): MarkPlan {
  const { mpos, mscale, mx, my } = options;
  const { width, height } = scaledSize(output, mark, mscale);
  if (mpos === 'tile') return { width, height, left: 0, top: 0, stepX: width + mx, stepY: height + my };
  const horizontal = mpos.endsWith('left') ? 'start' : mpos.endsWith('right') ? 'end' : 'middle';
  const vertical = mpos.startsWith('top') ? 'start' : mpos.startsWith('bottom') ? 'end' : 'middle';
  return {
    width,
    height,
    left: place(width, output.width, mx, horizontal),
    top: place(height, output.height, my, vertical),
    stepX: Number.POSITIVE_INFINITY,
    stepY: Number.POSITIVE_INFINITY,
  };
}
