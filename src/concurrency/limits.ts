/** Limits what one process does at once: requests, downloads, decodes, and the bytes of all of them. */
import { availableParallelism, totalmem } from 'node:os';
import { deadlineError, ImageError } from '../errors.ts';
import { createFairQueue, type Entry, type FairQueue } from './fair-queue.ts';
import { MemoryBudget } from './memory-budget.ts';
import { createShares, type Owner } from './shares.ts';
import type { Turn, Work } from './turn.ts';
import { overloaded, waitFor } from './wait.ts';

/** Maximum downloads at once: half of the 1024 files that a Lambda function may open. */
const MAX_DOWNLOADS = 512;
/** Memory in bytes that a request takes beside its source and pixels, by which the automatic MAX_REQUESTS is computed. */
const REQUEST_BYTES = 524_288;
const MAX_AUTOMATIC_REQUESTS = 4096;
/**
 * The automatic budget: a quarter of the memory, since the program takes 100 MB, the caches 160 MB, and encoders and the
 * allocator as much again; from one source of 50 MB to what two vCPUs can decode in a second.
 */
const AUTOMATIC_SHARE = 1 / 4;
const MIN_AUTOMATIC_BYTES = 67_108_864;
const MAX_AUTOMATIC_BYTES = 536_870_912;
/**
 * Maximum bytes of one image. An AVIF of 16 megapixels takes 320 MB; with 12 bits and without chroma subsampling 15 megapixels do. With
 * less memory, half of it; with a larger budget, half of that.
 */
const MAX_IMAGE_BYTES = 400_000_000;

/** Settings of `schemas/config.json`. */
export interface LimitSettings {
  readonly maxRequests: number;
  readonly maxDecodes: number;
  readonly maxWorkMemory: number;
}

export interface ConcurrencyLimits {
  /**
   * Runs a request, or rejects it at once: when too many are in work, and its client or its host has its share of them.
   *
   * @throws ImageError OVERLOADED
   */
  readonly admit: <T>(owner: Owner, request: () => Promise<T>) => Promise<T>;
  /**
   * Waits for its turn, then downloads a source. Slow downloads hold no place of the decoder.
   *
   * @throws ImageError OVERLOADED after 20 s of waiting, SOURCE_TIMEOUT when its request has ended
   */
  readonly download: <T>(owner: Owner, work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
  /** Runs the decode of an image; its place and its memory are released when it ends. @throws as `work`, and as `Turn` */
  readonly decode: <T>(owner: Owner, work: (turn: Turn) => Promise<T>, signal: AbortSignal) => Promise<T>;
  /** The bytes of sources: downloading, unpacked, and waiting for their decode. */
  readonly sources: MemoryBudget;
  /** The bytes of pixels, and of all that decoders and encoders hold. */
  readonly pixels: MemoryBudget;
  /** Returns whether nothing is decoded, nor waits for it. */
  readonly isIdle: () => boolean;
  /** Returns how many requests are in work. */
  readonly activeRequests: () => number;
}

/** Returns the memory of the machine or the container in bytes. */
export const machineMemory = () => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

/**
 * Returns the budget of MAX_WORK_MEMORY=0.
 *
 * @param memory of the machine or the function in bytes
 */
export const automaticBudget = (memory: number): number =>
  Math.round(Math.min(MAX_AUTOMATIC_BYTES, Math.max(MIN_AUTOMATIC_BYTES, memory * AUTOMATIC_SHARE)));

function tooLarge(bytes: number, maxBytes: number): ImageError {
  const [needed, max] = [bytes, maxBytes].map((count) => Math.round(count / 1e6));
  const message = `Decoding and encoding this image would take about ${needed} MB of memory; at most ${max} MB are allowed.`;
  return new ImageError('IMAGE_TOO_LARGE', `${message} Request a smaller output, or another format.`);
}

/** Waits for a place. @returns a function that leaves it. @throws ImageError OVERLOADED, SOURCE_TIMEOUT */
async function takePlace(queue: FairQueue, entry: Omit<Entry, 'start'>, signal: AbortSignal): Promise<() => void> {
  let leave = () => {};
  const enter = (start: () => void) => {
    leave = queue.enter({ ...entry, start });
    return leave;
  };
  await waitFor(enter, signal, deadlineError);
  if (!signal.aborted) return leave;
  leave();
  throw deadlineError();
}

/**
 * Creates the limits of one process. Decoding is CPU work: two images at once on one vCPU take as long as one after the other,
 * and twice the memory.
 *
 * @param options.maxRequests maximum concurrent requests, waiting ones included; 0 for one per 512 kB of the memory budget
 * @param options.maxDecodes maximum concurrent decodes of long work, and as many again of short work; 0 for one per vCPU
 * @param options.maxWorkMemory bytes of sources and of pixels in work, half of it each; 0 for a quarter of the memory
 * @param memory of the machine or the function in bytes
 */
export function createConcurrencyLimits(
  { maxRequests, maxDecodes, maxWorkMemory }: LimitSettings,
  memory: number = machineMemory(),
): ConcurrencyLimits {
  const budget = maxWorkMemory || automaticBudget(memory);
  const maxImage = Math.max(budget / 2, Math.min(MAX_IMAGE_BYTES, memory / 2));
  const maxActive = maxRequests || Math.min(MAX_AUTOMATIC_REQUESTS, Math.ceil(budget / REQUEST_BYTES));
  const downloads = createFairQueue({ places: MAX_DOWNLOADS });
  const decodes = createFairQueue({ places: maxDecodes || availableParallelism() });
  const [sources, pixels] = [new MemoryBudget(budget / 2, 'beside'), new MemoryBudget(budget / 2, 'alone')];
  const shares = createShares();
  let activeRequests = 0;
  return {
    async admit(owner, request) {
      // Beyond the limit, for those that have less than their share: at most as many again.
      if (activeRequests >= maxActive && shares.isTaken(owner, maxActive)) throw overloaded();
      activeRequests++;
      shares.add(owner);
      try {
        return await request();
      } finally {
        shares.remove(owner);
        activeRequests--;
      }
    },
    async download(owner, work, signal) {
      const leave = await takePlace(downloads, { owner }, signal);
      return work().finally(leave);
    },
    async decode(owner, work, signal) {
      const memory = pixels.lease(owner.client);
      let leave = () => {};
      const reserve = (bytes: number) => memory.reserve(bytes, signal);
      const begin = async ({ isShort, bytes }: Work) => {
        if (bytes > maxImage) throw tooLarge(bytes, maxImage);
        leave = await takePlace(decodes, { owner, isShort }, signal);
        if (!isShort) await reserve(bytes);
      };
      try {
        return await work({ begin, reserve });
      } finally {
        memory.release();
        leave();
      }
    },
    isIdle: () => decodes.size().running === 0,
    sources,
    pixels,
    activeRequests: () => activeRequests,
  };
}
