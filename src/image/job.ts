/** What the core is asked for, and what it gives. */
import type { ImageOptions } from '../options.ts';
import type { Format } from './formats/sniff.ts';
import type { PlanLimits } from './plan.ts';
import type { Size } from './size.ts';
import type { DegradedStep } from './time-budget.ts';

/** A picture as the origin sent it, unpacked, whole, and known by its first bytes. */
export interface Source {
  readonly bytes: Buffer;
  readonly format: Format;
  /** Of a drawing, where it is known already. */
  readonly size?: Size | undefined;
}

/** What there is to do: `accept` is the request's Accept header, for `f=auto`. */
export interface Job {
  readonly source: Source;
  readonly options: ImageOptions;
  readonly accept: string | undefined;
  readonly limits: PlanLimits;
  /** Milliseconds since 1970 by which it should be done; work is left out as it comes near. */
  readonly deadline?: number | undefined;
  /** Bytes that the reply can take: above, quality is lowered, and under `auto` another format taken. */
  readonly maxResponseBytes?: number | undefined;
}

/** A finished picture, or a fact about one as text. */
export interface RenderedImage {
  readonly data: Buffer | string;
  readonly type: string;
  /** Size of a picture; a fact has none. */
  readonly width?: number;
  readonly height?: number;
  /** Frames of the source, where fewer than these were kept in an animation. */
  readonly sourceFrameCount?: number | undefined;
  /** How the bytes came about, where that was not the plain encoder: `source`, `palette`, `effort`, `quality`. */
  readonly encoder?: string | undefined;
  /** The quality that a byte budget was met with, or came nearest with. */
  readonly quality?: number | undefined;
  /** What was left out for want of time. */
  readonly degraded?: readonly DegradedStep[];
  /** Milliseconds by what they were spent on: `resize` for reading and changing the picture, `encode` where that was not one pass. */
  readonly timings?: Readonly<Record<string, number>>;
}
