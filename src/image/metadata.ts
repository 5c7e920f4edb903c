/** What of a source's metadata goes with the result. */
import readExif from 'exif-reader';
import sharp, { type Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import type { Frame } from './effects.ts';

/** Artist and copyright of an EXIF block; a block that cannot be read has none. */
function copyrightTags(exif: Buffer | undefined): Record<string, string> {
  try {
    const { Artist, Copyright } = exif ? (readExif(exif).Image ?? {}) : {};
    const found = { Artist, Copyright } as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return {};
  }
}

/** Adds artist and copyright where `meta` asks for them; nothing is the default. */
export function withCopyright(image: Sharp, meta: ImageOptions['meta'], exif: Buffer | undefined): Sharp {
  const IFD0 = meta === 'copyright' ? copyrightTags(exif) : {};
  return Object.keys(IFD0).length ? image.withExif({ IFD0 }) : image;
}

/**
 * Finished pixels on the source they came from, which carries all of its metadata: sharp takes no EXIF block as bytes.
 * Upright by now, so its orientation becomes 1; in sRGB by now, so a profile stays behind.
 */
export function withSourceMetadata(source: Buffer, { data, width, height, channels }: Frame): Sharp {
  const opened = sharp(source, { limitInputPixels: false, failOn: 'error', autoOrient: true }).resize(width, height, {
    fit: 'fill',
  });
  return (channels === 4 ? opened.ensureAlpha() : opened.removeAlpha())
    .composite([{ input: data, raw: { width, height, channels }, blend: 'source' }])
    .keepExif()
    .keepXmp();
}
