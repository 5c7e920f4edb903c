/** Peak memory of a contestant. */
import type { Contestant } from './contestants.ts';
import { residentNow, residentPeak } from './meter.ts';

const peaks = new Map<string, number>();
/** Returns the peak memory of the processes in bytes, sampled every 20 ms while they worked. */
export const peakOf = ({ name, misses }: Contestant): number =>
  Math.max(peaks.get(name) ?? 0, residentPeak(misses.meter));

/** Samples the memory of all processes of a contestant while it works. */
export async function watched<T>({ name, misses }: Contestant, work: () => Promise<T>): Promise<T> {
  const sample = () => peaks.set(name, Math.max(peaks.get(name) ?? 0, residentNow(misses.meter)));
  const timer = setInterval(sample, 20);
  return work().finally(() => clearInterval(timer));
}
