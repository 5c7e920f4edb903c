import { setTimeout } from 'node:timers/promises';

/** Polls until a condition holds. @returns milliseconds that it took, or undefined if it took more than `maxMs` */
export async function waitFor(condition: () => Promise<boolean> | boolean, maxMs: number): Promise<number | undefined> {
  const started = performance.now();
  while (!(await condition())) {
    if (performance.now() - started > maxMs) return undefined;
    await setTimeout(50);
  }
  return performance.now() - started;
}
