/** Ends the native work of one image: at its deadline, and between two steps once nobody waits for it. */
import type { OutputInfo, Sharp } from 'sharp';
import { deadlineError, ImageError } from '../errors.ts';

/**
 * Maximum milliseconds of a rendering without a deadline (`transform`, the command line, revalidation in the background):
 * as long as API Gateway and CloudFront wait for a response.
 */
export const MAX_RENDER_MS = 30_000;

/** Until when an image may be worked on. */
export interface TimeLimit {
  /** Milliseconds since 1970. */
  readonly deadline: number;
  /** Whether the deadline is that of the request, and not `MAX_RENDER_MS`. */
  readonly isRequested: boolean;
  /** Aborted once nobody waits for the image. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Creates the limit of one rendering, which begins now.
 *
 * @param deadline in milliseconds since 1970; undefined or infinite for `MAX_RENDER_MS` from now
 */
export function createTimeLimit(deadline?: number, signal?: AbortSignal): TimeLimit {
  const isRequested = deadline !== undefined && Number.isFinite(deadline);
  return { deadline: isRequested ? deadline : Date.now() + MAX_RENDER_MS, isRequested, signal };
}

/** Returns the milliseconds until the deadline; negative after it. */
export const remainingMs = ({ deadline }: TimeLimit): number => deadline - Date.now();

/** Milliseconds after the deadline in which a step may still begin, so that small images are made when it is near. */
export const GRACE_MS = 1000;

/** Whole seconds that libvips may take, its unit: at least one. */
const timeoutSeconds = (limit: TimeLimit) => Math.max(1, Math.floor(remainingMs(limit) / 1000));

/** Returns the error of an image that is not ready at its deadline. */
export const timeoutError = ({ isRequested }: TimeLimit, cause?: unknown) =>
  isRequested
    ? deadlineError({ cause })
    : new ImageError('IMAGE_TOO_LARGE', `Rendering this image would take longer than ${MAX_RENDER_MS / 1000} s.`, {
        cause,
      });

/**
 * Checks that work may begin.
 *
 * @param unstoppableMs estimate of the steps that `sharp.timeout` does not reach
 * @throws ImageError if nobody waits for the image any more, or it cannot be ready before the deadline
 */
export function assertTimeLeft(limit: TimeLimit, unstoppableMs = 0): void {
  if (limit.signal?.aborted) throw deadlineError();
  if (remainingMs(limit) + GRACE_MS < unstoppableMs) throw timeoutError(limit);
}

/**
 * Runs a pipeline: the one place that starts decoders and encoders of pixels. `sharp.timeout` ends it between two stripes of
 * pixels, between two frames of an animation, and within the WebP encoder. The decoders of AVIF and WebP and the encoders
 * of AVIF and of a still GIF run to their end: `cpu-cost.ts` bounds their work before they begin.
 *
 * @throws ImageError SOURCE_TIMEOUT at the deadline of the request, IMAGE_TOO_LARGE after `MAX_RENDER_MS`
 * @throws Error of libvips, if the source does not decode
 */
export async function runPipeline(image: Sharp, limit: TimeLimit): Promise<{ data: Buffer; info: OutputInfo }> {
  assertTimeLeft(limit);
  const seconds = timeoutSeconds(limit);
  const start = performance.now();
  try {
    return await image.timeout({ seconds }).toBuffer({ resolveWithObject: true });
  } catch (cause) {
    // By the clock, and not by the text of the error.
    throw performance.now() - start >= seconds * 1000 ? timeoutError(limit, cause) : cause;
  }
}
