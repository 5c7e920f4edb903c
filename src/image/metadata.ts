/** What of a source's metadata goes with the result. */
import readExif from 'exif-reader';
import type { Metadata, Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';

/** Artist and copyright of an EXIF block; a block that cannot be read has none. */
function rights(exif: Buffer | undefined): Record<string, string> {
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

/** Adds what `meta` asks for; nothing is the default. The picture is upright already, so its orientation becomes 1. */
export function withMetadata(image: Sharp, meta: ImageOptions['meta'], metadata: Metadata): Sharp {
  if (meta === 'copyright') {
    const IFD0 = rights(metadata.exif);
    return Object.keys(IFD0).length ? image.withExif({ IFD0 }) : image;
  }
  // The colours are sRGB by now, so a profile of the source's would be wrong.
  return meta === 'keep'
    ? image
        .keepExif()
        .keepXmp()
        .withExifMerge({ IFD0: { Orientation: '1' } })
    : image;
}
