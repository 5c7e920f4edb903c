/** Starts the processes that render SVG, and waits for what they send. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ImageError } from '../errors.ts';
import { INCLUDED_FONTS } from './font-coverage.ts';
import type { SvgPart, SvgResult, SvgTask, SvgWorkerMessage } from './messages.ts';

/** A worker that ended, or could not be started or reached. */
export interface LostWorker {
  /** The signal that ended it; undefined if it was not reached, so that nothing was rendered. */
  readonly signal: string | null | undefined;
  readonly cause: unknown;
}

/** Maximum milliseconds to start a process, which takes 0.3 s of CPU: on a busy machine, a second attempt would be no faster. */
const START_TIMEOUT_MS = 20_000;

const siblingPath = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** The worker's module, with the extension of this one: a source file, a module of the package, or a part of the bundle. */
const WORKER = siblingPath(`./worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`);
/** Environment of the worker: not the fonts of the machine, so that text looks the same everywhere; Lambda has none. */
const ENV = { FONTCONFIG_FILE: siblingPath('./fonts/fonts.conf') };

/** Permissions of the worker: to read files and load libvips; not to write, or start a process or a thread. */
const PERMISSIONS = ['--permission', '--allow-fs-read=*', '--allow-addons'];

/** Bytes of a part of a large SVG. */
const PART_BYTES = 4_194_304;

/** Sends a task, a large SVG in parts before it. A closed channel (EPIPE) rejects, and is no event that would end this process. */
async function sendTask(worker: ChildProcess, task: SvgTask): Promise<void> {
  const send = (message: SvgTask | SvgPart) =>
    new Promise<void>((resolve, reject) => {
      worker.send(message, (error) => (error ? reject(error) : resolve()));
    });
  const { job } = task;
  const { bytes } = job.source;
  if (bytes.length <= PART_BYTES) return send(task);
  for (let offset = 0; offset < bytes.length; offset += PART_BYTES)
    await send({ part: bytes.subarray(offset, offset + PART_BYTES), offset, length: bytes.length });
  return send({ ...task, job: { ...job, source: { ...job.source, bytes: Buffer.alloc(0) } } });
}

/** Waits for the worker's message, or for its end. Only meanwhile does the worker keep this process alive. */
function nextMessage(worker: ChildProcess, send?: SvgTask): Promise<SvgWorkerMessage | LostWorker> {
  const { promise, resolve } = Promise.withResolvers<SvgWorkerMessage | LostWorker>();
  const lose = (cause: unknown) => resolve({ signal: undefined, cause });
  const onExit = (code: number | null, signal: string | null) =>
    resolve({ signal, cause: new Error(`the worker ended with ${signal ?? code}`) });
  worker.once('message', resolve).once('exit', onExit).once('error', lose);
  worker.ref();
  worker.channel?.ref();
  if (send) sendTask(worker, send).catch(lose);
  return promise.finally(() => {
    worker.off('message', resolve).off('exit', onExit).off('error', lose);
    worker.unref();
    worker.channel?.unref();
  });
}

/**
 * Starts a worker.
 *
 * @param fonts path of a folder of fonts beside the included ones
 * @returns the worker when it is ready: what follows is the time of the SVG
 * @throws ImageError OVERLOADED if it cannot be started in 20 s: that says nothing about the SVG
 */
export async function startWorker(fonts?: string): Promise<ChildProcess> {
  const worker = fork(WORKER, fonts === undefined ? [] : [fonts], {
    // `fonts.conf` names the working directory as its second folder.
    cwd: fonts ?? INCLUDED_FONTS,
    env: ENV,
    execArgv: PERMISSIONS,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // An error of the channel while no SVG is rendered must not end this process.
  worker.on('error', () => {});
  const timer = setTimeout(() => worker.kill('SIGKILL'), START_TIMEOUT_MS);
  const message = await nextMessage(worker);
  clearTimeout(timer);
  if ('isReady' in message) return worker;
  const cause = 'cause' in message ? message.cause : undefined;
  throw new ImageError('OVERLOADED', 'SVG cannot be rendered at the moment. Try again in a second.', { cause });
}

/**
 * Renders one SVG in a worker that is ready.
 *
 * @param signal kills the worker
 */
export async function renderInWorker(
  worker: ChildProcess,
  task: SvgTask,
  signal: AbortSignal,
): Promise<SvgResult | LostWorker> {
  const kill = () => worker.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  try {
    const message = await nextMessage(worker, task);
    return 'isReady' in message ? { signal: undefined, cause: new Error('a second start') } : message;
  } finally {
    signal.removeEventListener('abort', kill);
  }
}
