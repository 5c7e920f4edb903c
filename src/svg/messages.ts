/** Messages between the pool and its workers, and the signals by which a worker ends itself. */
import type { ErrorCode } from '../errors.ts';
import type { Job, RenderedImage } from '../image/job.ts';

/** One SVG for a worker. */
export interface SvgTask {
  readonly job: Job;
  /** Maximum milliseconds of CPU time, of all threads of the worker. */
  readonly maxCpuMs: number;
}

/** A part of a large SVG, sent before its task: 50 MB in one message would occupy the main thread for 50 ms. */
export interface SvgPart {
  readonly part: Buffer;
  readonly offset: number;
  /** Bytes of the whole SVG. */
  readonly length: number;
}

/** The result of one SVG. With `recycle`, the worker holds too much memory to render the next one. */
export interface SvgResult {
  readonly outcome:
    | { readonly result: RenderedImage }
    | { readonly code: ErrorCode | undefined; readonly message: string };
  readonly recycle: boolean;
}

/** Message of a worker to the pool: it has started, or it has rendered. */
export type SvgWorkerMessage = { readonly isReady: true } | SvgResult;

/** `process.exit()` would wait for librsvg. The second one is POSIX's signal of a timer that counts CPU time. */
export const OUT_OF_MEMORY = 'SIGUSR2';
export const OUT_OF_TIME = 'SIGVTALRM';
