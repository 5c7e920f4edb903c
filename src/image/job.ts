/** Input and output of `resize`: a source with its options and limits, and a rendered image. */
import type { ImageOptions } from '../options.ts';
import type { Format } from './formats/sniff.ts';
import type { PlanLimits } from './limits.ts';
import type { Mark } from './mark.ts';
import type { Size } from './size.ts';
import type { DegradedStep } from './time-budget.ts';

/** A whole source file, without content encoding. Its format is sniffed from its first bytes. */
export interface Source {
  readonly bytes: Buffer;
  readonly format: Format;
  /** The size that counts, where it is another: of an SVG in CSS pixels, which `prepareSvg` has read; of an icon's largest image. */
  readonly size?: Size | undefined;
  /** Bytes of the file that was fetched, where these are not its own: an SVG is serialized before it is rendered. */
  readonly fileSize?: number | undefined;
}

/** One image to render. */
export interface Job {
  readonly source: Source;
  readonly options: ImageOptions;
  /** The mark that `options.mark` names. */
  readonly mark?: Mark | undefined;
  /** The request's `Accept` header, for `f=auto`. */
  readonly accept: string | undefined;
  readonly limits: PlanLimits;
  /** Deadline in milliseconds since 1970: the output is degraded as it comes near. Without one, rendering may take 30 s. */
  readonly deadline?: number | undefined;
  /** Maximum bytes of the output: above, quality is lowered and, under `auto`, another format tried. */
  readonly maxResponseBytes?: number | undefined;
}

/** An encoded image, or metadata or a placeholder as text. */
export interface RenderedImage {
  readonly data: Buffer | string;
  /** The media type. */
  readonly type: string;
  /** Pixels; undefined for text. */
  readonly width?: number;
  readonly height?: number;
  /** Frames of the source, if a limit kept only some of them. */
  readonly sourceFrameCount?: number | undefined;
  /** How the bytes were encoded, if not by the default settings: `source`, `quality`. */
  readonly encoder?: string | undefined;
  /** The quality that was lowered to fit a maximum of bytes. */
  readonly quality?: number | undefined;
  /** What of an SVG is not drawn: what a browser leaves out as well, and what only a browser draws. */
  readonly svg?: { readonly stripped: readonly string[]; readonly unsupported: readonly string[] } | undefined;
  /** With `hdr=keep`: `gain-map`, or why the output is SDR, such as `sdr=format`. */
  readonly hdr?: string | undefined;
  /** Whether the source ends early: the image has what is there of it. */
  readonly isTruncated?: boolean | undefined;
  /** What was left out to meet the deadline. */
  readonly degraded?: readonly DegradedStep[];
  /** Milliseconds by step: `resize` for decoding and all changes, `encode` unless that was the same pass. */
  readonly timings?: Readonly<Record<string, number>>;
}
