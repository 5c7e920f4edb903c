import { setTimeout } from 'node:timers/promises';

/** Waits for something that comes by itself. @returns milliseconds, or undefined where it does not come in `most` */
export async function waited(is: () => Promise<boolean> | boolean, most: number): Promise<number | undefined> {
  const started = performance.now();
  while (!(await is())) {
    if (performance.now() - started > most) return undefined;
    await setTimeout(50);
  }
  return performance.now() - started;
}
