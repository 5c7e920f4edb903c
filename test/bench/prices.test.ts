/** The arithmetic of a bill, compared with results worked out by hand. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { monthlyCost } from '../../src/build/deployment-plan.ts';
import { CDN_REQUEST, EDGE_FUNCTION } from '../../src/cli/prices.ts';
import { CDN_GB, duration, gbSeconds, transferPrice, vcpuShare } from './prices.ts';

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

/** Dollars per million requests, and per GB that AWS sends to the internet without CloudFront. */
const REQUESTS = { CloudFront: (CDN_REQUEST + EDGE_FUNCTION) * 1e6, 'REST API': 3.5, 'HTTP API': 1 } as const;
const INTERNET_GB = 0.09;

test('the prices of the entry points, with 30 GB for a million responses of 30 kB', () => {
  const page = readFileSync(new URL('../../src/docs/operate.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (CloudFront|REST API|HTTP API)[^|]*\|[^$]*\| \$([\d.]+)[^|]*\| \$([\d.]+) \|/gm)];
  expect(rows).toHaveLength(4);
  for (const [, name = '', price, withTransfer] of rows) {
    const requests = REQUESTS[name as keyof typeof REQUESTS];
    const transfer = 30 * (name === 'CloudFront' ? CDN_GB[0].price : INTERNET_GB);
    expect([name, Number(price), Number(withTransfer)]).toEqual([
      name,
      Number(requests.toFixed(2)),
      Number((requests + transfer).toFixed(2)),
    ]);
  }
  const [[, cdn], [, transfer]] = monthlyCost({ alarms: true }) as [[string, number], [string, number]];
  expect(cdn).toBeCloseTo(REQUESTS.CloudFront, 9);
  expect(transfer).toBeCloseTo(30 * CDN_GB[0].price, 9);
});
