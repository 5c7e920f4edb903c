/** Compares the bytes of an output with those of its source. Pure. */

/** Metadata of the source, from the response to `f=json`; empty if that failed. */
export interface SourceInfo {
  readonly bytes?: number;
  readonly width?: number;
  readonly height?: number;
  readonly format?: string;
  readonly alpha?: boolean;
  /** Frames of an animation, or pages. */
  readonly pages?: number;
}

/** The output: its bytes, its media type, and its size in pixels if the browser can decode it. */
export interface OutputInfo {
  readonly bytes: number;
  readonly type: string;
  readonly size: { readonly width: number; readonly height: number } | undefined;
}

/** Formats the difference of the bytes of source and output: `87 % smaller`, `12 % larger`, `same size`. */
export function formatDifference(before: number, after: number): string {
  const percent = Math.round(Math.abs(1 - after / before) * 100);
  if (percent === 0) return 'same size';
  return `${percent.toLocaleString('en')} % ${after < before ? 'smaller' : 'larger'}`;
}

/** Media types of outputs that lose nothing of the pixels. */
const LOSSLESS = ['image/png', 'image/tiff', 'image/gif'];
/** Formats of sources that lose something. */
const LOSSY = ['jpeg', 'jpg', 'webp', 'avif', 'heif', 'heic'];

/** Says why an output has more bytes than its source; empty if it has not. */
export function explainGrowth(
  { bytes: sourceBytes, width = 0, height = 0, format = '' }: SourceInfo,
  { bytes, type, size }: OutputInfo,
): string {
  if (!sourceBytes || bytes <= sourceBytes) return '';
  if (format === 'svg')
    return 'Larger, because an SVG is instructions for drawing, and this output is the pixels drawn from them. Use the SVG itself where it can be shown.';
  if (size && size.width * size.height > width * height)
    return 'Larger, because it has more pixels than the source. With we=1 it is not upscaled.';
  if (LOSSLESS.includes(type) && LOSSY.includes(format))
    return 'Larger, because this format keeps every pixel as it is, and that of the source does not. f=auto chooses a smaller one.';
  return 'Larger, because the source is compressed more. Try a lower q, or fewer pixels.';
}
