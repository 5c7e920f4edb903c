/**
 * Renders SVG in separate processes. No count of elements bounds the work of librsvg: a line of short dashes, a thousand
 * masks or ten thousand letters cost minutes or gigabytes, and a thread in native code cannot be stopped. A process can.
 */
import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { deadlineError, ImageError } from '../errors.ts';
import type { Job, RenderedImage } from '../image/job.ts';
import type { PlanLimits } from '../image/limits.ts';
import { svgTooComplex } from './errors.ts';
import { fontFiles } from './font-coverage.ts';
import { OUT_OF_MEMORY, OUT_OF_TIME, type SvgResult } from './messages.ts';
import { type LostWorker, renderInWorker, startWorker } from './worker-process.ts';

/** Bytes of a worker that renders an ordinary SVG; it starts with 90 MB. */
export const WORKER_BYTES = 134_217_728;

/** Elapsed time in multiples of the CPU time after which a worker is killed, whatever it waits for. */
const ELAPSED_FACTOR = 4;

/** Maximum CPU milliseconds of an SVG that does not wait for long work. Most take 20 to 50. */
const MAX_SHORT_MS = 300;

/** The version of what is drawn of an SVG, part of every cache key: raise it when the same file gives another image. */
export const SVG_VERSION = 4;

/** The settings that decide what is rendered from a source. */
export const LIMITS = [
  'sourceMaxPixels',
  'sourceMaxAvifPixels',
  'sourceMaxHeicPixels',
  'sourceMaxFrames',
  'sourceMaxScans',
  'resultMaxSide',
  'resultMaxPixels',
  'avifAuto',
  'sourceSvg',
  'sourceHeic',
] as const satisfies readonly (keyof PlanLimits)[];

/** Picks the limits: callers pass their whole configuration, and API keys must not reach the worker. */
function onlyLimits(limits: PlanLimits): PlanLimits {
  return Object.fromEntries(LIMITS.map((name) => [name, limits[name]])) as unknown as PlanLimits;
}

/** Whether the system has ended the worker, or it was gone before it got the SVG: says nothing about the SVG. */
const isInterrupted = (lost: LostWorker) => [undefined, 'SIGKILL', 'SIGTERM'].includes(lost.signal ?? undefined);

/** @returns the error of an SVG whose worker has ended */
function lostError({ signal, cause }: LostWorker): ImageError {
  if (signal === OUT_OF_MEMORY) return svgTooComplex('it takes too much memory');
  return new ImageError('IMAGE_CORRUPT', 'This SVG could not be rendered.', { cause });
}

export interface SvgPoolOptions {
  readonly svgTimeout: number;
  readonly maxDecodes?: number;
  readonly fonts?: string | undefined;
}

/** Returns the absolute path of a folder. @throws Error if it cannot be read, or has no fonts that could be rendered */
function fontFolder(path: string): string {
  const folder = resolve(path);
  if (!fontFiles(folder).length) throw new Error(`FONTS: no fonts (.ttf, .otf, .ttc) in ${folder}`);
  return folder;
}

/**
 * Creates a pool of worker processes. Workers are reused; as many are started as SVGs are rendered at once.
 *
 * @param options.maxDecodes maximum images in work; 0 for one per vCPU
 * @param options.fonts path of a folder of fonts beside the included ones
 * @param options.svgTimeout maximum milliseconds of CPU time per SVG, and a quarter of the maximum elapsed time; the start of
 *   a process does not count
 * @returns functions like `resize`, for SVG. They throw ImageError as `prepareSvg` and `resize` do; IMAGE_TOO_LARGE above the
 *   limits of time and memory, SOURCE_TIMEOUT once `signal` is aborted, OVERLOADED if no worker can be started, or two of them
 *   were killed from outside
 */
export function createSvgPool({ svgTimeout, maxDecodes = 0, fonts }: SvgPoolOptions) {
  const folder = fonts === undefined ? undefined : fontFolder(fonts);
  const idle: ChildProcess[] = [];
  const maxIdle = maxDecodes || availableParallelism();

  /** Keeps a worker for the next SVG; no more of them than are rendered at once, since requests that end leave theirs. */
  const keep = (worker: ChildProcess) => {
    if (idle.length < maxIdle) idle.push(worker);
    else worker.kill('SIGKILL');
  };

  /** Returns an idle worker that is still running: the system may have ended others. */
  const takeIdle = () => {
    let worker = idle.pop();
    while (worker && !worker.connected) worker = idle.pop();
    return worker;
  };

  /** Starts a worker. If the request ends meanwhile, it is kept for the next one, which would only have to start another. */
  async function start(signal: AbortSignal): Promise<ChildProcess> {
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(deadlineError());
    signal.addEventListener('abort', abort, { once: true });
    const starting = startWorker(folder);
    try {
      return await Promise.race([starting, aborted]);
    } catch (error) {
      starting.then(keep).catch(() => {});
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** @returns `elapsed` if it took four times as long @throws ImageError if its request has ended */
  async function attempt(job: Job, signal: AbortSignal, maxCpuMs: number): Promise<SvgResult | LostWorker | 'elapsed'> {
    const worker = takeIdle() ?? (await start(signal));
    const timeout = AbortSignal.timeout(maxCpuMs * ELAPSED_FACTOR);
    const aborted = AbortSignal.any([signal, timeout]);
    const task = { job: { ...job, limits: onlyLimits(job.limits) }, maxCpuMs };
    const message = await renderInWorker(worker, task, aborted);
    if ('outcome' in message) {
      if (message.recycle || aborted.aborted) worker.kill('SIGKILL');
      else keep(worker);
      return message;
    }
    if (signal.aborted) throw deadlineError();
    return timeout.aborted ? 'elapsed' : message;
  }

  /** @returns which of its times an SVG has exceeded, if it has */
  async function render(job: Job, signal: AbortSignal, maxCpuMs: number): Promise<RenderedImage | 'elapsed' | 'cpu'> {
    if (signal.aborted) throw deadlineError();
    let message = await attempt(job, signal, maxCpuMs);
    if (message !== 'elapsed' && 'signal' in message && isInterrupted(message))
      message = await attempt(job, signal, maxCpuMs);
    if (message === 'elapsed') return message;
    if ('signal' in message) {
      if (message.signal === OUT_OF_TIME) return 'cpu';
      if (!isInterrupted(message)) throw lostError(message);
      const { cause } = message;
      throw new ImageError('OVERLOADED', 'Rendering was interrupted. Try again in a second.', { cause });
    }
    const { outcome } = message;
    if ('result' in outcome) return outcome.result;
    throw outcome.code ? new ImageError(outcome.code, outcome.message) : new Error(outcome.message);
  }

  return {
    /** Renders an SVG within `svgTimeout`. */
    async renderSvg(job: Job, signal: AbortSignal): Promise<RenderedImage> {
      const rendered = await render(job, signal, svgTimeout);
      // Elapsed time can be that of a busy machine: the next attempt may succeed.
      if (rendered === 'elapsed')
        throw svgTooComplex(`it takes longer than ${svgTimeout * ELAPSED_FACTOR} ms`, { 'Cache-Control': 'no-store' });
      if (rendered === 'cpu') throw svgTooComplex(`it takes more than ${svgTimeout} ms of CPU time`);
      return rendered;
    },
    /** Renders an SVG that takes a moment; returns undefined for any other, whose worker is killed. */
    async renderShortSvg(job: Job, signal: AbortSignal): Promise<RenderedImage | undefined> {
      const rendered = await render(job, signal, Math.min(MAX_SHORT_MS, svgTimeout));
      return typeof rendered === 'string' ? undefined : rendered;
    },
    /** Ends the idle workers. */
    end(): void {
      for (const worker of idle.splice(0)) worker.kill('SIGKILL');
    },
  };
}
export type SvgPool = ReturnType<typeof createSvgPool>;
