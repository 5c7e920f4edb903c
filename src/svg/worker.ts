/** The process that draws: one SVG at a time, sent by `drawing.ts`. It ends itself when it takes too much memory. */
import { ImageError } from '../errors.ts';
import type { Job } from '../image/job.ts';
import { allowLoaders } from '../image/libvips-loaders.ts';
import { resize } from '../image/resize.ts';
import { checkSvg } from './check.ts';
import { OUT_OF_MEMORY, type SvgWorkerMessage } from './pool.ts';

/** Bytes of the whole process, which begins with 90 MB: above the first it ends at once, above the second after its answer. */
const MAX_MEMORY = 402_653_184;
const RECYCLE_MEMORY = 201_326_592;

await allowLoaders('svg');

async function make(job: Job): Promise<SvgWorkerMessage['outcome']> {
  try {
    const size = checkSvg(job.source.bytes);
    return { result: await resize({ ...job, source: { ...job.source, size } }) };
  } catch (error) {
    if (error instanceof ImageError) return { code: error.code, message: error.message };
    return { code: undefined, message: String((error as Error)?.stack ?? error) };
  }
}

process.on('message', async (job: Job) => {
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() > MAX_MEMORY) process.kill(process.pid, OUT_OF_MEMORY);
  }, 10);
  const outcome = await make(job);
  clearInterval(watch);
  process.send?.({ outcome, recycle: process.memoryUsage.rss() > RECYCLE_MEMORY } satisfies SvgWorkerMessage);
});
// Ctrl-C reaches the whole group of processes: the server drains, and this one works until it is let go.
process.on('SIGINT', () => {}).on('SIGTERM', () => {});
process.on('disconnect', () => process.exit());
