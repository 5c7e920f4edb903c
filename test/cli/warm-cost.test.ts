/** The estimate of `pixgate warm`, compared with a simulation of ten thousand messages, one by one. */
import { expect, test } from 'vitest';
import { GB_SECOND, LAMBDA_REQUEST, S3_GET, S3_PUT, SQS_REQUEST } from '../../src/cli/prices.ts';
import {
  BATCH_CONCURRENCY,
  BATCH_SIZE,
  estimateQueue,
  estimateRequests,
  formatEstimate,
  SEND_SIZE,
} from '../../src/cli/warm-cost.ts';
import { createRandom } from '../fuzz/random.ts';

/** Of the template. */
const MAX_RECEIVES = 5;
const VISIBILITY_SECONDS = 720;
const MEMORY_GB = 1769 / 1024;
/** CPU milliseconds per image, as measured: the table of Costs in the page Operations. */
const CPU_MS = [13, 27, 74, 35, 54, 118, 80];
const COLD_START_MS = 400;

interface Message {
  readonly isPoison: boolean;
  /** Seconds at which it is visible. */
  visibleAt: number;
  receives: number;
}

/** Simulates the queue and the function: every message is received, rendered, written and deleted, or comes back. */
function simulate(count: number, images: number, { poison, failureShare }: { poison: number; failureShare: number }) {
  const random = createRandom(1, 0);
  const messages: Message[] = Array.from({ length: count }, (_, i) => ({
    isPoison: i < poison,
    visibleAt: 0,
    receives: 0,
  }));
  const freeAt = Array.from({ length: BATCH_CONCURRENCY }, () => 0);
  const isCold = freeAt.map(() => true);
  const bill = { invocations: 0, ms: 0, puts: 0, gets: 0, requests: Math.ceil(count / SEND_SIZE) };
  const dead: Message[] = [];
  let [done, seconds] = [0, 0];
  for (let waiting = messages; waiting.length; ) {
    const worker = freeAt.indexOf(Math.min(...freeAt));
    waiting.sort((a, b) => a.visibleAt - b.visibleAt);
    const start = Math.max(freeAt[worker] ?? 0, waiting[0]?.visibleAt ?? 0);
    const batch = waiting.slice(0, BATCH_SIZE).filter(({ visibleAt }) => visibleAt <= start);
    waiting = waiting.slice(batch.length);
    let ms = isCold[worker] ? COLD_START_MS : 0;
    isCold[worker] = false;
    bill.requests += 1;
    let isAnyDone = false;
    for (const message of batch) {
      message.receives++;
      ms += 50 + random.below(100);
      bill.gets += images + 1;
      const isFailed = message.isPoison || random.chance(failureShare);
      if (!isFailed) {
        for (let i = 0; i < images; i++) ms += random.pick(CPU_MS);
        bill.puts += images;
        done++;
        isAnyDone = true;
      } else if (message.receives < MAX_RECEIVES) waiting.push({ ...message, visibleAt: start + VISIBILITY_SECONDS });
      else dead.push(message);
    }
    if (isAnyDone) bill.requests++;
    bill.invocations++;
    bill.ms += ms;
    freeAt[worker] = start + ms / 1000;
    seconds = Math.max(seconds, freeAt[worker] ?? 0);
  }
  const dollars =
    (bill.ms / 1000) * MEMORY_GB * GB_SECOND.arm64 +
    bill.invocations * LAMBDA_REQUEST +
    bill.puts * S3_PUT +
    bill.gets * S3_GET +
    bill.requests * SQS_REQUEST;
  return { done, dead: dead.length, dollars, seconds, ...bill };
}

test('ten thousand objects, of which three are poison and a hundredth fails at first: cost and time are as estimated', () => {
  const images = 4;
  const estimate = estimateQueue({ sources: 10_000, images, avifImages: 0 });
  const calm = simulate(10_000, images, { poison: 0, failureShare: 0 });
  const simulated = simulate(10_000, images, { poison: 3, failureShare: 0.01 });
  console.log(
    `10,000 objects, ${images} images each: estimated $${estimate.dollars.toFixed(2)} in ${Math.round(estimate.seconds)} s; simulated $${calm.dollars.toFixed(2)} in ${Math.round(calm.seconds)} s, with failures $${simulated.dollars.toFixed(2)} in ${Math.round(simulated.seconds)} s, ${simulated.invocations} invocations`,
  );
  expect([calm.done, calm.dead]).toEqual([10_000, 0]);
  // Poison harms nothing: it is tried five times, and all others are done.
  expect([simulated.done, simulated.dead]).toEqual([9997, 3]);
  for (const { dollars } of [calm, simulated]) expect(dollars / estimate.dollars).toBeCloseTo(1, 1);
  expect(calm.seconds / estimate.seconds).toBeGreaterThan(0.9);
  expect(calm.seconds / estimate.seconds).toBeLessThan(1.1);
  // What fails comes back after the visibility timeout, the poison four times.
  expect(simulated.seconds).toBeLessThan(calm.seconds + 5 * VISIBILITY_SECONDS);
});

test('the items, worked out by hand', () => {
  const { items, dollars, seconds } = estimateQueue({ sources: 1_000_000, images: 4, avifImages: 0 });
  // 100 ms of waiting and 4 × 60 ms, on 1769 MB, by five instances.
  expect(seconds).toBe(68_000);
  expect(items.map(([, price]) => Math.round(price * 100) / 100)).toEqual([7.87, 20, 2, 0.2]);
  expect(dollars).toBeCloseTo(30.07, 2);
  // AVIF takes longer.
  expect(estimateQueue({ sources: 1, images: 1, avifImages: 1 }).seconds).toBeGreaterThan(
    estimateQueue({ sources: 1, images: 1, avifImages: 0 }).seconds,
  );
  // Through the CDN each image is a request, which waits for the source and is sent.
  const requests = estimateRequests({ sources: 1_000_000, images: 4, avifImages: 0 }, 8);
  expect(requests.seconds).toBe(80_000);
  expect(requests.dollars).toBeGreaterThan(dollars);
});

test('hours from two hours on', () => {
  expect(formatEstimate({ items: [['Lambda', 1.234]], dollars: 1.234, seconds: 7000 })).toBe(
    `  Lambda${' '.repeat(34)} $1.23\n  At most, at list prices${' '.repeat(17)} $1.23\n  Time: about 117 min`,
  );
  expect(formatEstimate({ items: [], dollars: 0, seconds: 7201 })).toContain('about 3 h');
});
