/**
 * Maximum counts of what a walk over the structure of a file may meet, for every format, and the error above them. Real files
 * stay far below; a megabyte of gzip can hold millions of empty parts, each of which costs us or a decoder time and memory.
 */
import { ImageError } from '../../errors.ts';

export const MAX = {
  /** Marker segments of a JPEG: 255 parts of a profile, 800 of extended XMP (50 MB), tables of 32 scans. */
  jpegSegments: 4096,
  /**
   * Markers without a segment in a JPEG: stuffed bytes, fill bytes, restart markers. 50 MB of noise have 200,000 stuffed bytes;
   * a restart marker after each block of 60 bytes makes 870,000. A million takes 50 ms.
   */
  jpegMarkers: 1_000_000,
  /** Chunks of a PNG: 50 MB in `IDAT` chunks of 8 kB, as libpng writes them, are 6000; of 1 kB, 50,000. */
  pngChunks: 65_536,
  /** Chunks of a WebP, one per frame of an animation: libwebp walks them once per frame, 10,000 in 0.2 s and 50,000 in 8 s. */
  webpChunks: 10_000,
  /** Boxes of an AVIF or HEIC within one: still images have 3 to 5 at the top, grids some hundred items. */
  heifBoxes: 1000,
  /** Entries of a list of a HEIC: items, their properties, references, parts. 200 megapixels in tiles of 512 pixels are 768 items. */
  heifEntries: 10_000,
  /** Images and extensions of a GIF: two per frame. sharp returns a delay for each frame on the main thread. */
  gifBlocks: 65_536,
  /** Data sub-blocks of a GIF: of 255 bytes each, 50 MB have 206,000. */
  gifSubBlocks: 1_000_000,
  /** Directories of a TIFF, one per page: 20,000 pages of fax are a real file. */
  tiffDirectories: 65_536,
  /** Directories of a TIFF that are read, by `page` too: libtiff parses all of them each time that a file is opened. */
  tiffPages: 100,
  /** Entries of those directories together: pages of scanners have 15 to 60, of which libtiff reads each in 5 µs. */
  tiffEntries: 20_000,
  /** Images of an icon: real ones have up to 30. */
  iconImages: 256,
  /** Bytes of a colour profile in a BMP: those with tables of 33 × 33 × 33 colours have 1.3 MB. */
  bmpProfileBytes: 4_194_304,
  /** Entries of an EXIF directory: cameras write about 20. */
  exifEntries: 1000,
  /** Tags of a colour profile: lcms reads no more. */
  iccTags: 100,
  /** Attributes of one element of an SVG: drawing programs write about 40. */
  svgAttributes: 1000,
  /** Characters of an SVG without its embedded images: a map of 12,000 elements has 900,000. */
  svgCharacters: 4_194_304,
} as const;

/** Returns the error of a file with too many parts. @param parts what was counted, in the plural */
export const tooMany = (parts: string, max: number) =>
  new ImageError('IMAGE_TOO_LARGE', `The source has more than ${max} ${parts}.`);
