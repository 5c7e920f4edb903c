/** Waits for a place or for memory, for a bounded time. */
import { ImageError } from '../errors.ts';

/**
 * Maximum milliseconds that work waits for a place or for memory: most of the 28 s of a request, since an `<img>` does not try
 * again, and less than all of them, so that the response says why.
 */
export const MAX_WAIT_MS = 20_000;

export const overloaded = () => new ImageError('OVERLOADED', 'Too many requests are in work. Try again in a second.');

/**
 * Waits until `enter` calls back.
 *
 * @param enter starts the wait, and returns a function that ends it
 * @param signal ends the wait with `onAbort`
 * @throws ImageError OVERLOADED after 20 s; the error of `onAbort`
 */
export function waitFor(
  enter: (ready: () => void) => () => void,
  signal: AbortSignal,
  onAbort: () => Error,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let isDone = false;
    const stop = (settle: () => void) => {
      isDone = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      settle();
    };
    const give = (error: () => Error) => () => {
      leave?.();
      stop(() => reject(error()));
    };
    const abort = give(onAbort);
    let timer: NodeJS.Timeout | undefined;
    let leave: (() => void) | undefined;
    leave = enter(() => stop(resolve));
    if (isDone) return;
    if (signal.aborted) return abort();
    timer = setTimeout(give(overloaded), MAX_WAIT_MS);
    signal.addEventListener('abort', abort, { once: true });
  });
}
