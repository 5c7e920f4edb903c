/** What AWS asks for, in us-east-1 as listed in November 2026, and the arithmetic of a bill. Nothing here is free of charge for a start. */

/** Dollars for a GB-second. From 7.5 (x64: 6) billion a month on it is a tenth less, which no table here comes near. */
export const GB_SECOND = { arm64: 0.0000133334, x64: 0.0000166667 } as const;
/** Dollars for one request of Lambda. */
export const LAMBDA_REQUEST = 0.2e-6;
/** Dollars for a GB of log that CloudWatch takes in. */
export const LOG_GB = 0.5;
/** Dollars for one HTTPS request that CloudFront answers, and for one run of the template's function at the edge. */
export const CDN_REQUEST = 1e-6;
export const EDGE_FUNCTION = 0.1e-6;
/** Dollars for a GB that CloudFront sends to North America or Europe: up to so many GB a month, then the next price. */
export const CDN_GB = [
  { upTo: 10 * 1024, price: 0.085 },
  { upTo: 50 * 1024, price: 0.08 },
  { upTo: 150 * 1024, price: 0.06 },
  { upTo: 500 * 1024, price: 0.04 },
  { upTo: 1024 * 1024, price: 0.03 },
  { upTo: 5 * 1024 * 1024, price: 0.025 },
  { upTo: Number.POSITIVE_INFINITY, price: 0.02 },
] as const;

/** MB at which a function has one vCPU. */
export const WHOLE_VCPU: number = 1769;

/** vCPUs of a function of so many MB. */
export const vcpuShare = (memory: number): number => memory / WHOLE_VCPU;

/**
 * Milliseconds that a function of so many MB takes.
 *
 * @param cpu milliseconds of one vCPU; one picture never keeps a second one busy
 * @param wait milliseconds in which it waits for others, and is paid for it
 */
export const duration = (cpu: number, wait: number, memory: number): number =>
  cpu / Math.min(1, vcpuShare(memory)) + wait;

/** GB-seconds that are billed for a duration in milliseconds: each one begun counts. */
export const gbSeconds = (milliseconds: number, memory: number): number =>
  (Math.ceil(milliseconds) / 1000) * (memory / 1024);

/** Dollars for what CloudFront sends in a month. @param gb of 2^30 bytes */
export function transferPrice(gb: number): number {
  let [sum, from] = [0, 0];
  for (const { upTo, price } of CDN_GB) {
    sum += Math.max(0, Math.min(gb, upTo) - from) * price;
    from = upTo;
  }
  return sum;
}
