/** The most memory that a contestant has had. */
import type { Contestant } from './contestants.ts';
import { residentNow, residentPeak } from './meter.ts';

const peaks = new Map<string, number>();
/** The most memory that the processes have had, seen every 20 ms while they worked. */
export const peakOf = ({ name, misses }: Contestant): number =>
  Math.max(peaks.get(name) ?? 0, residentPeak(misses.meter));

/** Looks at the memory of all processes of a contestant while it works. */
export async function watched<T>({ name, misses }: Contestant, work: () => Promise<T>): Promise<T> {
  const look = () => peaks.set(name, Math.max(peaks.get(name) ?? 0, residentNow(misses.meter)));
  const timer = setInterval(look, 20);
  return work().finally(() => clearInterval(timer));
}
