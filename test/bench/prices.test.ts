/** The arithmetic of a bill, compared with results worked out by hand. */
import { expect, test } from 'vitest';
import { duration, gbSeconds, transferPrice, vcpuShare } from './prices.ts';

test('1769 MB are one vCPU, and others are in proportion', () => {
  expect(vcpuShare(1769)).toBe(1);
  expect(vcpuShare(884.5)).toBe(0.5);
  expect(vcpuShare(3538)).toBe(2);
});

test.each([
  [1769, 130],
  // Half a vCPU takes twice as long; waiting takes the same time.
  [884.5, 160],
  // A second vCPU stays idle.
  [3538, 130],
])('30 ms of CPU and 100 of waiting are at %d MB %i ms', (memory, milliseconds) =>
  expect(duration(30, 100, memory)).toBeCloseTo(milliseconds, 9),
);

test('each started millisecond is billed', () => {
  expect(gbSeconds(1000, 1024)).toBe(1);
  expect(gbSeconds(0.2, 1024)).toBe(0.001);
  expect(gbSeconds(100.5, 512)).toBeCloseTo(0.0505, 12);
});

test.each([
  [0, 0],
  [1, 0.085],
  [10_240, 870.4],
  // 870.40 + 40,960 × 0.08
  [51_200, 4147.2],
  // and 1,000 × 0.06
  [52_200, 4207.2],
])('CloudFront sends %d GB in a month for $%d', (gb, price) => expect(transferPrice(gb)).toBeCloseTo(price, 6));
