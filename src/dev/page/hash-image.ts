/** Decodes a BlurHash and a ThumbHash, as a page does that shows one as a placeholder. Pure. */
import { decode, isBlurhashValid } from 'blurhash';
import { thumbHashToRGBA } from 'thumbhash';

/** Pixels in RGBA. */
export interface HashImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Longest side of a decoded BlurHash: it has few frequencies, and the browser enlarges it smoothly. */
const MAX_SIDE = 32;

function decodeBlurhash(text: string, ratio: number): HashImage | undefined {
  if (!isBlurhashValid(text).result) return undefined;
  const width = Math.max(1, Math.round(ratio >= 1 ? MAX_SIDE : MAX_SIDE * ratio));
  const height = Math.max(1, Math.round(ratio >= 1 ? MAX_SIDE / ratio : MAX_SIDE));
  return { width, height, data: decode(text, width, height) };
}

function decodeThumbhash(text: string): HashImage | undefined {
  try {
    const { w, h, rgba } = thumbHashToRGBA(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
    return { width: w, height: h, data: Uint8ClampedArray.from(rgba) };
  } catch {
    return undefined;
  }
}

/**
 * Returns the image of a hash.
 *
 * @param name value of `f`: `blurhash` or `thumbhash`
 * @param text the response
 * @param ratio width : height of the source, which a BlurHash does not have
 * @returns undefined for any other name, and for a text that is no hash
 */
export function decodeHash(name: string, text: string, ratio: number): HashImage | undefined {
  if (name === 'blurhash') return decodeBlurhash(text, ratio);
  return name === 'thumbhash' ? decodeThumbhash(text) : undefined;
}
