/**
 * Decodes HEIC in worker threads, with the optional dependency `libheif-js`. A thread can be ended while it decodes: libheif
 * has no bound of its own on the time of a hostile file, and the WebAssembly memory of an image is freed with its thread.
 */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Worker } from 'node:worker_threads';
import { deadlineError, ImageError } from '../errors.ts';
import { decodeError } from '../image/formats/decode-error.ts';
import { type HeicImage, withoutApertures } from '../image/formats/heic.ts';
import type { DecodeHeic } from '../image/heic.ts';
import { area } from '../image/size.ts';
import { remainingMs, type TimeLimit, timeoutError } from '../image/time-limit.ts';
import type { HeicFailure, HeicResult, HeicTask } from './messages.ts';

/** A version with the structures that `libheif.ts` writes to: the one that is tested. */
const MODULE = 'libheif-js/libheif-wasm/libheif.js';
const INSTALL = 'npm install libheif-js@1.23.2, or for Lambda: npm run build -- --heic';

/** Maximum milliseconds to start a thread, which takes 0.1 s of CPU. */
const START_TIMEOUT_MS = 20_000;
/** Elapsed time in multiples of the CPU time after which a thread is ended, whatever it waits for. */
const ELAPSED_FACTOR = 4;
/** Milliseconds between two looks at the CPU time of a thread. */
const WATCH_MS = 50;
/** Milliseconds after which an idle thread ends. */
const IDLE_MS = 30_000;
/** Maximum bytes of the memory of an idle thread: that of a photograph of 12 megapixels. */
const MAX_IDLE_BYTES = 134_217_728;

/**
 * Bytes of WebAssembly memory beside the file and the pixels: 17 MB at the start, and what the decoder's tables and tiles take.
 */
const BASE_BYTES = 50_331_648;
/** Bytes for each pixel of 8 bits, planes and RGB: measured, 6.1 for one image of 12 megapixels and 8.0 for
 * a grid of 15, rounded up. Twice that for more bits. */
const PIXEL_BYTES = 10;

/** V8's own memory of a thread, in megabytes: pixels are outside of it. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

// With the extension of this file: a source file, a module of the package, or a part of the bundle.
const WORKER = new URL(`./heic-worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

/** Returns the maximum memory of the decoder for an image. */
const maxMemory = ({ uncropped, bits }: HeicImage, fileBytes: number): number =>
  BASE_BYTES + fileBytes + area(uncropped) * PIXEL_BYTES * (bits > 8 ? 2 : 1);

/** A thread that has ended, and the error that ended it. */
interface LostWorker {
  readonly lost: unknown;
}

/** Waits for the next message of a thread, or its end. */
async function nextMessage<Message>(worker: Worker, signal: AbortSignal): Promise<Message | LostWorker> {
  const ended = new AbortController();
  const options = { signal: AbortSignal.any([signal, ended.signal]) };
  try {
    const exit = once(worker, 'exit', options).then(([code]) => ({ lost: new Error(`the thread ended with ${code}`) }));
    // `once` rejects at an event `error`.
    const message = once(worker, 'message', options).then(([value]) => value as Message);
    return await Promise.race([message, exit]);
  } catch (lost) {
    return { lost };
  } finally {
    ended.abort();
  }
}

/**
 * Returns a signal that is aborted once a thread has taken more CPU time from now on, or four times as much elapsed time. Before
 * Node 24.6, which tells the CPU time of a thread, only the elapsed time counts.
 */
function limitTime(worker: Worker, maxCpuMs: number): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const elapsed = setTimeout(abort, maxCpuMs * ELAPSED_FACTOR);
  const cpuMs = async () => {
    const { user, system } = await worker.cpuUsage();
    return (user + system) / 1000;
  };
  let startMs: number | undefined;
  const look = async () => {
    const now = await cpuMs();
    startMs ??= now;
    if (now - startMs > maxCpuMs) abort();
  };
  // The thread may have ended.
  const timer = 'cpuUsage' in worker ? setInterval(() => look().catch(() => {}), WATCH_MS) : undefined;
  const stop = () => {
    clearTimeout(elapsed);
    clearInterval(timer);
  };
  return { signal: controller.signal, stop };
}

function failureError({ reason, detail }: HeicFailure): ImageError {
  const cause = new Error(`libheif: ${detail}`);
  return reason === 'memory'
    ? new ImageError('IMAGE_TOO_LARGE', 'This HEIC needs more memory than its size allows.', { cause })
    : decodeError(cause);
}

/** Finds the module. @throws TypeError that says how to install it */
function findModule(): string {
  try {
    return createRequire(import.meta.url).resolve(MODULE);
  } catch {
    throw new TypeError(`SOURCE_HEIC=on needs the optional dependency libheif-js: ${INSTALL}`);
  }
}

/**
 * Creates a pool of threads. As many are started as images are decoded at once; one stays for the next image.
 *
 * @param options.heicTimeout maximum milliseconds of CPU time per image, and a quarter of the maximum elapsed time; the start
 *   of a thread does not count
 * @returns a function that decodes an image. It throws ImageError IMAGE_CORRUPT; IMAGE_TOO_LARGE above the limits of time and
 *   memory; SOURCE_TIMEOUT at the deadline, or once the signal is aborted; OVERLOADED if no thread can be started
 * @throws TypeError if `libheif-js` is not installed
 */
export function createHeicPool({ heicTimeout }: { readonly heicTimeout: number }): DecodeHeic {
  const modulePath = findModule();
  const threads = process.getBuiltinModule('node:worker_threads');
  let idle: { readonly worker: Worker; readonly timer: NodeJS.Timeout } | undefined;

  /** Keeps a thread for the next image, or ends it. */
  async function keep(worker: Worker): Promise<void> {
    if (idle) return void (await worker.terminate());
    worker.unref();
    const timer = setTimeout(() => takeIdle()?.terminate(), IDLE_MS).unref();
    idle = { worker, timer };
  }

  function takeIdle(): Worker | undefined {
    const worker = idle?.worker;
    clearTimeout(idle?.timer);
    idle = undefined;
    worker?.ref();
    return worker;
  }

  async function start(signal: AbortSignal): Promise<Worker> {
    const worker = new threads.Worker(WORKER, {
      workerData: modulePath,
      env: {},
      // Not those of this process: the local server preloads a module that starts it again.
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: RESOURCE_LIMITS,
    });
    // An error while no image is decoded must not end this process.
    worker.on('error', () => {}).on('exit', () => idle?.worker === worker && takeIdle());
    const message = await nextMessage<object>(worker, AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]));
    if (!('lost' in message)) return worker;
    await worker.terminate();
    if (signal.aborted) throw deadlineError();
    const cause = message.lost;
    throw new ImageError('OVERLOADED', 'HEIC cannot be decoded at the moment. Try again in a second.', { cause });
  }

  /** Returns the error of an image whose thread has ended. */
  function lostError({ lost }: LostWorker, limit: TimeLimit, signal: AbortSignal): Error {
    if (limit.signal?.aborted) return deadlineError();
    if (!signal.aborted) {
      const isMemory = (lost as NodeJS.ErrnoException)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
      return failureError({ reason: isMemory ? 'memory' : 'corrupt', detail: String(lost) });
    }
    if (remainingMs(limit) <= 0) return timeoutError(limit, lost);
    return new ImageError('IMAGE_TOO_LARGE', `Decoding this HEIC takes more than ${heicTimeout} ms of CPU time.`, {
      // Elapsed time can be that of a busy machine: the next attempt may succeed.
      headers: { 'Cache-Control': 'no-store' },
    });
  }

  return async function decodeHeic({ bytes, image, isThumbnail, icc }, limit) {
    const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(remainingMs(limit))));
    const aborted = limit.signal ? AbortSignal.any([limit.signal, deadline]) : deadline;
    if (aborted.aborted) throw deadlineError();
    const worker = takeIdle() ?? (await start(aborted));
    const time = limitTime(worker, heicTimeout);
    const signal = AbortSignal.any([aborted, time.signal]);
    const { id, uncropped, crop, hasAlpha, bits } = image;
    const task: HeicTask = {
      // A copy: the source stays in the cache.
      bytes: withoutApertures(bytes, image),
      thumbnailId: isThumbnail ? id : undefined,
      uncropped,
      crop,
      hasAlpha,
      isDeep: bits > 8,
      icc,
      maxMemory: maxMemory(image, bytes.length),
    };
    const message = nextMessage<HeicResult>(worker, signal).finally(time.stop);
    worker.postMessage(task, [task.bytes.buffer]);
    const result = await message;
    if ('lost' in result) {
      await worker.terminate();
      throw lostError(result, limit, signal);
    }
    if (result.memory > MAX_IDLE_BYTES) await worker.terminate();
    else await keep(worker);
    if ('reason' in result) throw failureError(result);
    return Buffer.from(result.tiff);
  };
}
