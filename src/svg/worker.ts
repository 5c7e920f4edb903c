/** The worker process: renders one SVG at a time, sent by `pool.ts`, and ends itself if it takes too much memory or CPU time. */
import { ImageError } from '../errors.ts';
import type { Job } from '../image/job.ts';
import { allowLoaders } from '../image/libvips-loaders.ts';
import { resize } from '../image/resize.ts';
import { area, outputSize, toBox } from '../image/size.ts';
import { createCoverage, INCLUDED_FONTS } from './font-coverage.ts';
import {
  OUT_OF_MEMORY,
  OUT_OF_TIME,
  type SvgPart,
  type SvgResult,
  type SvgTask,
  type SvgWorkerMessage,
} from './messages.ts';
import { prepareSvg } from './prepare.ts';
import { checkFilterPixels } from './work.ts';

/** Maximum resident bytes of the process, which starts with 90 MB: above, it ends at once. */
const MAX_MEMORY = 402_653_184;
/** Resident bytes above which the process is not reused. */
const RECYCLE_MEMORY = 201_326_592;

await allowLoaders('svg');

/** The fonts of the package, and those of the folder that is the argument. */
const isCovered = createCoverage([INCLUDED_FONTS, ...process.argv.slice(2)]);

/** The parts of a large SVG that have arrived, in one buffer. */
let received: Buffer | undefined;

async function render({ source: file, ...job }: Job): Promise<SvgResult['outcome']> {
  try {
    const { bytes: _, ...source } = file;
    const fileSize = (received ?? file.bytes).length;
    const preparing = prepareSvg(received ?? file.bytes, isCovered);
    // The file is not needed any more: with one of 50 MB, what is made of it would exceed the maximum.
    received = undefined;
    const { bytes, size, filters, report } = await preparing;
    checkFilterPixels(filters, area(outputSize(size, toBox(size, job.options), job.options.dpr)));
    const result = await resize({ ...job, source: { ...source, bytes, size, fileSize } });
    const svg = { stripped: [...report.stripped].sort(), unsupported: [...report.unsupported].sort() };
    const isWhole = !svg.stripped.length && !svg.unsupported.length;
    return { result: isWhole ? result : { ...result, svg } };
  } catch (error) {
    if (error instanceof ImageError) return { code: error.code, message: error.message };
    return { code: undefined, message: String((error as Error)?.stack ?? error) };
  }
}

const send = (message: SvgWorkerMessage) => process.send?.(message);

process.on('message', async (message: SvgTask | SvgPart) => {
  if ('part' in message) {
    received ??= Buffer.allocUnsafeSlow(message.length);
    received.set(message.part, message.offset);
    return;
  }
  const { job, maxCpuMs } = message;
  const cpuAtStart = process.cpuUsage();
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() > MAX_MEMORY) process.kill(process.pid, OUT_OF_MEMORY);
    const { user, system } = process.cpuUsage(cpuAtStart);
    if (user + system > maxCpuMs * 1000) process.kill(process.pid, OUT_OF_TIME);
  }, 10);
  const outcome = await render(job);
  clearInterval(watch);
  send({ outcome, recycle: process.memoryUsage.rss() > RECYCLE_MEMORY });
});
// Ctrl-C reaches the whole process group: the server drains, and this process works until it is disconnected.
process.on('SIGINT', () => {}).on('SIGTERM', () => {});
process.on('disconnect', () => process.exit());
send({ isReady: true });
