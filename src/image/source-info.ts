/** Facts that the header of a source gives, as plans and limits use them. Pure. */
import type { ImageHeader } from './formats/jpeg-header.ts';
import type { Format } from './formats/sniff.ts';
import { supportsAnimation } from './negotiate.ts';
import type { Size } from './size.ts';

/** Facts of a source. Width and height are those of one upright frame, in pixels; of an SVG in user units. */
export interface SourceInfo extends Size {
  readonly format: Format;
  /** `pixels`: the decoder gets raw pixels that were read from the file before (trimmed or downscaled), not the file. */
  readonly decodedFrom: 'file' | 'pixels';
  readonly hasAlpha: boolean;
  /** Frames of an animation, pages of a TIFF; 1 for a still. */
  readonly pages: number;
  /** The EXIF orientation, 1 to 8. */
  readonly orientation: number;
  readonly channels: number;
  /** Bytes of one sample in the file; 1 by default. */
  readonly bytesPerSample?: number;
  /** Scans of a JPEG: passes over the whole image; 1 for other formats. */
  readonly scans: number;
}

/** Bytes of a sample by libvips' band format; 1 for those of 8 bits. */
const DEPTH_BYTES: Readonly<Partial<Record<string, number>>> = {
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  complex: 8,
  double: 8,
  dpcomplex: 16,
};

/** Returns the facts that plans and limits use. @param scans of a JPEG; 1 for other formats */
export function toSourceInfo(format: Format, metadata: ImageHeader, scans: number): SourceInfo {
  const { width, pageHeight, pages = 1, hasAlpha, orientation = 1, autoOrient, channels, depth } = metadata;
  const height = supportsAnimation(format) ? (pageHeight ?? metadata.height) : metadata.height;
  // libheif has rotated an AVIF already; for stacked frames only the orientation says whether sides are swapped.
  const isSideways = orientation >= 5 && (supportsAnimation(format) || autoOrient.width !== width);
  const upright = isSideways ? { width: height, height: width } : { width, height };
  const bytesPerSample = DEPTH_BYTES[depth ?? 'uchar'] ?? 1;
  return { format, decodedFrom: 'file', ...upright, hasAlpha, orientation, channels, bytesPerSample, scans, pages };
}

/** Returns whether the pages of a source are frames of an animation. */
export const isAnimation = ({ format, pages }: Pick<SourceInfo, 'format' | 'pages'>) =>
  supportsAnimation(format) || (format === 'png' && pages > 1);

/** Returns the format that a decoder has to read; undefined for raw pixels. */
export const decoderFormat = ({ format, decodedFrom }: Pick<SourceInfo, 'format' | 'decodedFrom'>) =>
  decodedFrom === 'file' ? format : undefined;
