/**
 * Drawings (SVG) are made in a process of their own. No count of elements bounds what librsvg may take for them: a line
 * of short dashes, a thousand masks or ten thousand letters cost minutes or gigabytes, and a thread in native code cannot
 * be stopped. A process can.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, ImageError } from '../errors.ts';
import type { Job, RenderedImage } from '../image/job.ts';
import type { PlanLimits } from '../image/limits.ts';

/** What the worker sends back. One that is worn out holds memory that it would not get for the next drawing. */
export interface SvgWorkerMessage {
  readonly outcome:
    | { readonly result: RenderedImage }
    | { readonly code: ErrorCode | undefined; readonly message: string };
  readonly recycle: boolean;
}

/** The signal by which a worker that has taken too much memory ends itself: an exit would wait for the drawing. */
export const OUT_OF_MEMORY = 'SIGUSR2';

const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** Beside this file, and like it: a source, a module of the package, or a part of the bundle. */
const WORKER = beside(`./worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`);
/** Text is drawn with the fonts beside this file, the same everywhere; Lambda has none. Nothing else of the environment. */
const ENV = { FONTCONFIG_FILE: beside('./fonts/fonts.conf') };

/** It may read, and load libvips; it may not write, start a process or a thread. */
const RIGHTS = ['--permission', '--allow-fs-read=*', '--allow-addons'];

function startWorker(): ChildProcess {
  const worker = fork(WORKER, {
    env: ENV,
    execArgv: RIGHTS,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // An error of the channel, when no drawing waits for it, must not end this process.
  return worker.on('error', () => {});
}

const tooMuch = (why: string) => new ImageError('IMAGE_TOO_LARGE', `This SVG is too much work: ${why}.`);
const noTime = () => new ImageError('SOURCE_TIMEOUT', 'There was no time left to make the picture.');

/** The settings that decide what is made of a source. */
export const LIMITS = [
  'sourceMaxPixels',
  'sourceMaxAvifPixels',
  'sourceMaxFrames',
  'sourceMaxScans',
  'resultMaxSide',
  'resultMaxPixels',
  'avifAuto',
] as const satisfies readonly (keyof PlanLimits)[];

/** Callers hand over their whole configuration; the keys in it are none of the worker's business. */
function onlyLimits(limits: PlanLimits): PlanLimits {
  return Object.fromEntries(LIMITS.map((name) => [name, limits[name]])) as unknown as PlanLimits;
}

/** The worker's answer, or how it ended. Only while it works does it keep this process alive. */
async function answerOf(worker: ChildProcess): Promise<SvgWorkerMessage | { readonly signal: string | null }> {
  const listening = new AbortController();
  worker.ref();
  worker.channel?.ref();
  try {
    return await Promise.race([
      once(worker, 'message', listening).then(([done]) => done as SvgWorkerMessage),
      once(worker, 'exit', listening).then(([, signal]) => ({ signal })),
    ]);
  } finally {
    listening.abort();
    worker.unref();
    worker.channel?.unref();
  }
}

/**
 * @param options.svgTimeout milliseconds that one drawing may take; then its process is killed
 * @returns like `resize`, for drawings. A worker is kept for the next one; as many are started as are used at once.
 */
export function createSvgPool({ svgTimeout }: { svgTimeout: number }) {
  const idle: ChildProcess[] = [];

  /** One that still lives: the system may have ended it meanwhile. */
  const takeIdle = () => {
    let worker = idle.pop();
    while (worker && !worker.connected) worker = idle.pop();
    return worker;
  };

  return async function draw(job: Job, signal: AbortSignal): Promise<RenderedImage> {
    if (signal.aborted) throw noTime();
    const worker = takeIdle() ?? startWorker();
    const late = AbortSignal.timeout(svgTimeout);
    const ending = AbortSignal.any([signal, late]);
    const kill = () => worker.kill('SIGKILL');
    ending.addEventListener('abort', kill, { once: true });
    worker.send({ ...job, limits: onlyLimits(job.limits) });
    const answer = await answerOf(worker).finally(() => ending.removeEventListener('abort', kill));
    if ('signal' in answer) {
      if (late.aborted) throw tooMuch(`it takes longer than ${svgTimeout} ms`);
      if (signal.aborted) throw noTime();
      if (answer.signal === OUT_OF_MEMORY) throw tooMuch('it takes too much memory');
      const cause = new Error(`the worker ended with ${answer.signal}`);
      // Ended from outside: that says nothing of the drawing, and must not be kept.
      if (answer.signal === 'SIGKILL' || answer.signal === 'SIGTERM')
        throw new ImageError('OVERLOADED', 'The drawing was interrupted. Try again in a second.', { cause });
      throw new ImageError('IMAGE_CORRUPT', 'This SVG could not be drawn.', { cause });
    }
    if (answer.recycle || ending.aborted) worker.kill('SIGKILL');
    else idle.push(worker);
    const { outcome } = answer;
    if ('result' in outcome) return outcome.result;
    throw outcome.code ? new ImageError(outcome.code, outcome.message) : new Error(outcome.message);
  };
}
