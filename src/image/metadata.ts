/** Copies metadata of the source to the output. */
import sharp, { type Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { readExif } from './formats/exif.ts';
import { withoutGainMapXmp } from './formats/gain-map.ts';
import type { Frame } from './frames.ts';

/** Returns artist and copyright of an EXIF block, by the names of their tags. */
function copyrightTags(exif: Buffer | undefined): Record<string, string> {
  const { artist, copyright } = (exif && readExif(exif)) ?? {};
  return {
    ...(artist !== undefined && { Artist: artist }),
    ...(copyright !== undefined && { Copyright: copyright }),
  };
}

/** Copies artist and copyright if `meta=copyright`. */
export function withCopyright(image: Sharp, meta: ImageOptions['meta'], exif: Buffer | undefined): Sharp {
  const IFD0 = meta === 'copyright' ? copyrightTags(exif) : {};
  return Object.keys(IFD0).length ? image.withExif({ IFD0 }) : image;
}

/** The segments of a JPEG of one pixel, without its first marker. */
const PIXEL = Buffer.from(
  '/9sAQwD//////////////////////////////////////////////////////////////////////////////////////9sAQwH//////////////////////////////////////////////////////////////////////////////////////8AAEQgAAQABAwEiAAIRAQMRAf/EABUAAQEAAAAAAAAAAAAAAAAAAAAD/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/EABQBAQAAAAAAAAAAAAAAAAAAAAD/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCgAP/Z',
  'base64',
);
/** Maximum bytes of a segment of a JPEG, with its length. */
const MAX_SEGMENT = 65_535;
const EXIF = 'Exif\0\0';

/**
 * Returns a JPEG of one pixel with an EXIF block, for `withSourceMetadata`: in the place of a source that libvips does not read.
 *
 * @param exif beginning with its TIFF header
 * @returns undefined if the block does not fit into a segment
 */
export function exifCarrier(exif: Buffer): Buffer | undefined {
  const length = 2 + EXIF.length + exif.length;
  if (length > MAX_SEGMENT) return undefined;
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, length >> 8, length & 0xff]);
  return Buffer.concat([head, Buffer.from(EXIF, 'latin1'), exif, PIXEL]);
}

/**
 * Composites the finished pixels over their source, which keeps its EXIF and XMP that way: sharp takes no EXIF block as
 * bytes. What XMP says of a gain map is left out, since the output has none. The pixels of the source do not count, so it may be truncated. The image is upright, so its orientation becomes 1, and in sRGB, so the profile is dropped.
 */
export function withSourceMetadata(
  source: Buffer,
  xmp: Buffer | undefined,
  { data, width, height, channels }: Frame,
): Sharp {
  const opened = sharp(source, { limitInputPixels: false, failOn: 'none', autoOrient: true }).resize(width, height, {
    fit: 'fill',
  });
  const image = (channels === 4 ? opened.ensureAlpha() : opened.removeAlpha())
    .composite([{ input: data, raw: { width, height, channels }, blend: 'source' }])
    .keepExif();
  const text = xmp?.toString();
  const ofOutput = text && withoutGainMapXmp(text);
  if (ofOutput === text) return image.keepXmp();
  return ofOutput ? image.withXmp(ofOutput) : image;
}
