/** Facts that the header of a source gives, as plans and limits use them. Pure. */
import type { Format } from './formats/sniff.ts';
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

/** Returns the format that a decoder has to read; undefined for raw pixels. */
export const decoderFormat = ({ format, decodedFrom }: Pick<SourceInfo, 'format' | 'decodedFrom'>) =>
  decodedFrom === 'file' ? format : undefined;
