/**
 * Renders SVG in separate processes. No count of elements bounds the work of librsvg: a line of short dashes, a thousand
 * masks or ten thousand letters cost minutes or gigabytes, and a thread in native code cannot be stopped. A process can.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { deadlineError, type ErrorCode, ImageError } from '../errors.ts';
import type { Job, RenderedImage } from '../image/job.ts';
import type { PlanLimits } from '../image/limits.ts';
import { svgTooComplex } from './errors.ts';

/** Message of a worker to the pool. With `recycle`, the worker holds too much memory to render the next SVG. */
export interface SvgWorkerMessage {
  readonly outcome:
    | { readonly result: RenderedImage }
    | { readonly code: ErrorCode | undefined; readonly message: string };
  readonly recycle: boolean;
}

/** The signal by which a worker with too much memory ends itself: `process.exit()` would wait for librsvg. */
export const OUT_OF_MEMORY = 'SIGUSR2';

const siblingPath = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** The worker's module, with the extension of this one: a source file, a module of the package, or a part of the bundle. */
const WORKER = siblingPath(`./worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`);
/** Environment of the worker: only the fonts beside this file, so that text looks the same everywhere; Lambda has none. */
const ENV = { FONTCONFIG_FILE: siblingPath('./fonts/fonts.conf') };

/** Permissions of the worker: to read files and load libvips; not to write, or start a process or a thread. */
const PERMISSIONS = ['--permission', '--allow-fs-read=*', '--allow-addons'];

function startWorker(): ChildProcess {
  const worker = fork(WORKER, {
    env: ENV,
    execArgv: PERMISSIONS,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // An error of the channel while no SVG is rendered must not end this process.
  return worker.on('error', () => {});
}

/** The settings that decide what is rendered from a source. */
export const LIMITS = [
  'sourceMaxPixels',
  'sourceMaxAvifPixels',
  'sourceMaxFrames',
  'sourceMaxScans',
  'resultMaxSide',
  'resultMaxPixels',
  'avifAuto',
] as const satisfies readonly (keyof PlanLimits)[];

/** Picks the limits: callers pass their whole configuration, and API keys must not reach the worker. */
function onlyLimits(limits: PlanLimits): PlanLimits {
  return Object.fromEntries(LIMITS.map((name) => [name, limits[name]])) as unknown as PlanLimits;
}

/** Waits for the worker's message, or for its end. Only meanwhile does the worker keep this process alive. */
async function nextMessage(worker: ChildProcess): Promise<SvgWorkerMessage | { readonly signal: string | null }> {
  const listeners = new AbortController();
  worker.ref();
  worker.channel?.ref();
  try {
    return await Promise.race([
      once(worker, 'message', listeners).then(([message]) => message as SvgWorkerMessage),
      once(worker, 'exit', listeners).then(([, signal]) => ({ signal })),
    ]);
  } finally {
    listeners.abort();
    worker.unref();
    worker.channel?.unref();
  }
}

/**
 * Creates a pool of worker processes. Workers are reused; as many are started as SVGs are rendered at once.
 *
 * @param options.svgTimeout maximum milliseconds per SVG; then its process is killed
 * @returns a function like `resize`, for SVG. It throws ImageError as `checkSvg` and `resize` do; IMAGE_TOO_LARGE above the
 *   limits of time and memory, SOURCE_TIMEOUT once `signal` is aborted, OVERLOADED if the worker was killed from outside
 */
export function createSvgPool({ svgTimeout }: { svgTimeout: number }) {
  const idle: ChildProcess[] = [];

  /** Returns an idle worker that is still running: the system may have ended others. */
  const takeIdle = () => {
    let worker = idle.pop();
    while (worker && !worker.connected) worker = idle.pop();
    return worker;
  };

  return async function renderSvg(job: Job, signal: AbortSignal): Promise<RenderedImage> {
    if (signal.aborted) throw deadlineError();
    const worker = takeIdle() ?? startWorker();
    const timeout = AbortSignal.timeout(svgTimeout);
    const aborted = AbortSignal.any([signal, timeout]);
    const kill = () => worker.kill('SIGKILL');
    aborted.addEventListener('abort', kill, { once: true });
    worker.send({ ...job, limits: onlyLimits(job.limits) });
    const message = await nextMessage(worker).finally(() => aborted.removeEventListener('abort', kill));
    if ('signal' in message) {
      if (timeout.aborted) throw svgTooComplex(`it takes longer than ${svgTimeout} ms`);
      if (signal.aborted) throw deadlineError();
      if (message.signal === OUT_OF_MEMORY) throw svgTooComplex('it takes too much memory');
      const cause = new Error(`the worker ended with ${message.signal}`);
      // Killed from outside: says nothing about the SVG, and must not be cached.
      if (message.signal === 'SIGKILL' || message.signal === 'SIGTERM')
        throw new ImageError('OVERLOADED', 'Rendering was interrupted. Try again in a second.', { cause });
      throw new ImageError('IMAGE_CORRUPT', 'This SVG could not be rendered.', { cause });
    }
    if (message.recycle || aborted.aborted) worker.kill('SIGKILL');
    else idle.push(worker);
    const { outcome } = message;
    if ('result' in outcome) return outcome.result;
    throw outcome.code ? new ImageError(outcome.code, outcome.message) : new Error(outcome.message);
  };
}
