/** Further prices of AWS in us-east-1, as listed in November 2026, and the arithmetic of a bill, without the free tier. */
import { CDN_FIRST_GB } from '../../src/cli/prices.ts';

/** Dollars per GB of log that CloudWatch ingests. */
export const LOG_GB = 0.5;
/** Dollars per GB that CloudFront sends to North America or Europe: up to so many GB a month, then the next price. */
export const CDN_GB = [
  { upTo: 10 * 1024, price: CDN_FIRST_GB },
  { upTo: 50 * 1024, price: 0.08 },
  { upTo: 150 * 1024, price: 0.06 },
  { upTo: 500 * 1024, price: 0.04 },
  { upTo: 1024 * 1024, price: 0.03 },
  { upTo: 5 * 1024 * 1024, price: 0.025 },
  { upTo: Number.POSITIVE_INFINITY, price: 0.02 },
] as const;

/** MB of memory at which a function has one vCPU. */
export const WHOLE_VCPU: number = 1769;

/** Computes the vCPUs of a function by its memory in MB. */
export const vcpuShare = (memory: number): number => memory / WHOLE_VCPU;

/**
 * Computes the duration of a function in milliseconds, by its memory in MB.
 *
 * @param cpu milliseconds of one vCPU; one image never keeps a second one busy
 * @param wait milliseconds of waiting, which are billed, too
 */
export const duration = (cpu: number, wait: number, memory: number): number =>
  cpu / Math.min(1, vcpuShare(memory)) + wait;

/** Computes the billed GB-seconds of a duration in milliseconds: each started one counts. */
export const gbSeconds = (milliseconds: number, memory: number): number =>
  (Math.ceil(milliseconds) / 1000) * (memory / 1024);

/** Computes the dollars for CloudFront's transfer in a month. @param gb of 2^30 bytes */
export function transferPrice(gb: number): number {
  let [sum, from] = [0, 0];
  for (const { upTo, price } of CDN_GB) {
    sum += Math.max(0, Math.min(gb, upTo) - from) * price;
    from = upTo;
  }
  return sum;
}
