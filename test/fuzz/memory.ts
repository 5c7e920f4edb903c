/** Measures the memory that a run leaves behind: before and after it, with the caches full of the same images. */
import { setTimeout } from 'node:timers/promises';
import type { Server } from '../work/server.ts';
import { ask, type startFiles } from './client.ts';

/** Maximum resident memory of a process of the server in MB, with the default settings. */
export const MAX_PEAK_MB = 900;
/** Maximum resident memory after the run, as a multiple of that before it. */
export const MAX_GROWTH = 1.3;
/** Good images that are requested before memory is measured: enough to fill the caches of 64 MiB each, with outputs of 40 kB. */
const IMAGES = 2000;
const AT_ONCE = 4;
const IDLE_MS = 5000;
const SAMPLE_MS = 100;
const REPORT_STEP_MB = 100;

/** Fills the caches with good images, waits until the server is idle, and returns its memory in MB. */
export async function settledMemory(
  server: Server,
  files: Awaited<ReturnType<typeof startFiles>>,
  photo: Buffer,
  name: string,
): Promise<number> {
  let next = 0;
  const client = async () => {
    while (next < IMAGES) {
      const path = `/${name}-${next++}.jpg`;
      await files.serve(path, photo, (source) => ask(server, source, 'w=600', '*/*'));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  await setTimeout(IDLE_MS);
  return server.memory();
}

/** Samples the largest process until `stop`. @param onPeak is called when the maximum is exceeded, and by 100 MB more each time */
export function watchPeak(server: Server, onPeak: (megabytes: number) => void) {
  let [peak, reported] = [0, MAX_PEAK_MB];
  const sample = () => {
    peak = Math.max(peak, server.peak());
    if (peak <= reported) return;
    reported = peak + REPORT_STEP_MB;
    onPeak(peak);
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    stop: () => {
      sample();
      clearInterval(timer);
      return peak;
    },
  };
}
