/** What a case consists of: a request, and what it may cost. */
import type { Input } from '../origin.ts';

/** What a case may cost the server. CPU is reliable on a busy machine, milliseconds are not. */
export interface Bounds {
  /** CPU seconds of all processes. */
  readonly cpu: number;
  /** CPU seconds of the main thread, for which all other requests wait. */
  readonly main: number;
  /** CPU seconds of all processes in the 2 s that begin 1 s after the last response. */
  readonly after: number;
  /** MB of the largest process, at its peak. */
  readonly peak: number;
}

export interface WorkCase {
  readonly title: string;
  readonly input: Input;
  /** Settings of the server beside the defaults. */
  readonly env?: Readonly<Record<string, string>>;
  /** Parameters beside `k` and `u`. */
  readonly query: string;
  readonly accept?: string;
  /** Equal requests at once, each with an image URL of its own. */
  readonly times?: number;
  /** Origins that these URLs are spread over. */
  readonly origins?: number;
  /** Statuses that all responses must have. */
  readonly statuses: readonly number[];
  readonly bounds: Bounds;
  /** Whether another client gets a good image meanwhile, in at most this many ms. */
  readonly neighbourMs?: number;
}

/** Statuses of an input that is refused. */
export const REFUSED = [413, 415, 422];
/** Statuses of much work: done in time, refused before it begins, or ended by the deadline. */
export const ENDED = [200, 413, 504];

/** Of a request that ends in one decode and one encode of a few seconds. */
export const WORK: Bounds = { cpu: 10, main: 0.7, after: 0.3, peak: 900 };
/** Of a request that is refused by a file's header. Unpacking 52 MB takes 0.3 s of them. */
export const HEADER: Bounds = { cpu: 1.5, main: 0.6, after: 0.3, peak: 500 };
