/** Padding around an image: its lengths, and what it is filled with. Pure. */
import type { ImageOptions } from '../options.ts';
import { devicePixels, type Rect, type Size, toPixels } from './size.ts';

/**
 * Returns the four lengths of `pad` in one spelling, so that equal borders have equal cache keys. As in CSS, a missing length is
 * that of the opposite side, and one length is that of all sides.
 *
 * @param text one to four lengths, as the schema describes them
 * @returns undefined if no side has a border
 */
export function canonicalPad(text: string): string | undefined {
  const lengths = text.split(',').map((length) => {
    const number = Number.parseFloat(length);
    return number && length.endsWith('%') ? `${number}%` : String(number);
  });
  const [top = '0', right = top, bottom = top, left = right] = lengths;
  const sides = [top, right, bottom, left];
  return sides.every((side) => side === '0') ? undefined : sides.join();
}

/**
 * Plans the border of `pad`.
 *
 * @param image size of the finished image
 * @param dpr multiplies lengths in pixels, not percentages
 * @returns the size with the border, and where the image lies in it; undefined without a border
 */
export function planBorder(image: Size, { pad }: Pick<ImageOptions, 'pad'>, dpr: number): Rect | undefined {
  if (pad === undefined) return undefined;
  const { width, height } = image;
  const [top = 0, right = 0, bottom = 0, left = 0] = pad.split(',').map((length, i) => {
    const pixels = length.endsWith('%') ? toPixels(length, i % 2 ? width : height) : devicePixels(Number(length), dpr);
    return Math.round(pixels ?? 0);
  });
  const isEmpty = top + right + bottom + left === 0;
  return isEmpty ? undefined : { left, top, width: left + width + right, height: top + height + bottom };
}

/** Returns whether padding is made of the image: then its pixels are needed for it. */
export const isMadeOfImage = (cbg: string | undefined): cbg is 'auto' | 'blur' => cbg === 'auto' || cbg === 'blur';
