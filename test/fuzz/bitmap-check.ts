/** Mutates a BMP or an icon, reads it, and checks what that costs. */
import sharp from 'sharp';
import { ImageError } from '../../src/errors.ts';
import type { Job } from '../../src/image/job.ts';
import { openReadable } from '../../src/image/readable-source.ts';
import { resize } from '../../src/image/resize.ts';
import { createTimeLimit } from '../../src/image/time-limit.ts';
import { BITMAPS } from '../image/formats/bitmaps.ts';
import { optionsOf, testConfig } from '../requests.ts';
import { mutate } from './mutations.ts';
import type { Random } from './random.ts';

/** Maximum CPU milliseconds of an input: of 50 megapixels, on any machine. */
const MAX_MS = 5000;
/** Maximum CPU milliseconds between two turns of the event loop. */
const MAX_TURN_MS = 50;

const limits = testConfig();
const originals = [...BITMAPS];

/** Milliseconds of CPU of this thread. */
const cpu = () => process.threadCpuUsage().user / 1000;

/** Measures the longest step between two turns of the event loop. @returns a function that ends it */
function watchTurns(): () => number {
  let [longest, last, isEnded] = [0, cpu(), false];
  const turn = () => {
    const now = cpu();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isEnded) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isEnded = true;
    return Math.max(longest, cpu() - last);
  };
}

/** Makes one input: a mutated file, and what is requested of it. */
export function makeJob(random: Random): Job {
  const [name, original] = random.pick(originals);
  const bytes = mutate(original, random);
  const options = random.pick([
    { w: 16 },
    { w: 64 },
    { w: '50%' },
    { w: 32, page: 1 },
    { w: 9, page: -2 },
    { w: 40, ro: 90 },
    { w: 20, trim: 10 },
  ] as const);
  const format = name.endsWith('.bmp') ? 'bmp' : 'ico';
  return { source: { bytes, format }, options: optionsOf({ f: 'png', ...options }), accept: undefined, limits };
}

/** Reads one input, and renders it. @returns how it ended, and what is wrong, if anything is */
export async function checkJob(
  job: Job,
  isRendered: boolean,
): Promise<{ readonly outcome: string; readonly error?: string | undefined }> {
  const [start, stopWatch] = [cpu(), watchTurns()];
  let [outcome, error, reserved] = ['ok', undefined as string | undefined, 0];
  const reserve = async (bytes: number) => {
    reserved += bytes;
  };
  try {
    const turn = { begin: ({ bytes }: { bytes: number }) => reserve(bytes), reserve };
    const { source } = await openReadable(job, { limit: createTimeLimit(), turn }, false);
    // A profile has 4 MB at most.
    if (source.format === 'tiff' && source.bytes.length > reserved + 10_000_000)
      error = `${source.bytes.length} bytes, ${reserved} reserved`;
    if (isRendered) {
      const { data } = await resize(job);
      await sharp(data as Buffer).stats();
      outcome = 'rendered';
    }
  } catch (cause) {
    const isExpected = cause instanceof ImageError && cause.statusCode < 500;
    outcome = isExpected ? cause.code : 'crash';
    if (!isExpected) error = String((cause as Error)?.stack ?? cause);
  }
  const longest = stopWatch();
  if (cpu() - start > MAX_MS) error ??= `${Math.round(cpu() - start)} ms`;
  if (longest > MAX_TURN_MS) error ??= `${Math.round(longest)} ms between two turns`;
  return { outcome, error };
}
