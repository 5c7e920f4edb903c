/** Errors of SVGs that are not rendered. */
import { ImageError } from '../errors.ts';

/** Returns the error of an SVG that uses what is not supported, and would be another image without it. */
export const svgUnsupported = (reason: string) =>
  new ImageError('SOURCE_UNSUPPORTED', `This SVG is not supported: ${reason}.`);

/** Returns the error of an SVG that no browser shows either. */
export const svgCorrupt = (reason: string, cause?: unknown) =>
  new ImageError('IMAGE_CORRUPT', `This SVG is not valid: ${reason}.`, { cause });

/**
 * Returns the error of an SVG that takes too much time or memory to render.
 *
 * @param headers that replace those of the code
 */
export const svgTooComplex = (reason: string, headers?: Readonly<Record<string, string>>) =>
  new ImageError('IMAGE_TOO_LARGE', `This SVG is too complex: ${reason}.`, headers && { headers });
