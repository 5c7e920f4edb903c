/** The checks of the load run: what must pass, and what must fail. */
import { expect, test } from 'vitest';
import { percentile, table, windowsOf } from './checks.ts';
import { judgeMemory, judgeNeighbour } from './judge.ts';

test('percentiles are values that were measured', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(percentile(values, 0.99)).toBe(99);
  expect(percentile(values, 0.5)).toBe(50);
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([], 0.99)).toBeNaN();
});

/** Megabytes each second: 500, with a sawtooth of 13 s, and a leak in the second half. */
const memory = (seconds: number, leak: number) =>
  Array.from({ length: seconds }, (_, x) => ({
    x,
    y: 500 + 8 * (x % 13) + leak * Math.max(0, (2 * x) / seconds - 1),
  }));

test.each([
  [600, 0, true],
  [600, 200, false],
  [600, -100, true],
  [60, 0, true],
  [60, 400, false],
])('memory over %i s that grows by %i MB is flat: %s', (seconds, leak, met) =>
  expect(judgeMemory(memory(seconds, leak)).met).toBe(met),
);

test('windows hold the samples of their time, the last one those of the rest', () => {
  const samples = [99, 100, 129, 130, 159, 160, 174, 175].map((at) => ({ at }));
  const timesOf = (length: number) =>
    windowsOf(samples, { from: 100, to: 175, length }).map((window) => window.map(({ at }) => at));
  expect(timesOf(30)).toEqual([
    [100, 129],
    [130, 159, 160, 174],
  ]);
  expect(timesOf(1000)).toEqual([[100, 129, 130, 159, 160, 174]]);
});

/** Ten requests a second for two minutes: slow, or refused, in the seconds from 60 on. */
const visits = (slowSeconds: number, status = 200) =>
  Array.from({ length: 1200 }, (_, i) => {
    const isSlow = i >= 600 && i < 600 + 10 * slowSeconds;
    return { at: 100 * i, durationMs: isSlow ? 1500 : 50, status: isSlow ? status : 200, isHit: i % 2 === 0 };
  });

test.each([
  [0, 200, [true, true]],
  // Three of the three hundred requests of a window.
  [0.3, 200, [true, true]],
  [1, 200, [true, false]],
  [0.1, 503, [false, true]],
])('another client, slow for %d s with status %i: %j', (slowSeconds, status, met) =>
  expect(judgeNeighbour(visits(slowSeconds, status), [], { from: 0, to: 120_000 }).map((check) => check.met)).toEqual(
    met,
  ),
);

test('the table shows what was missed', () => {
  const checks = [
    { name: 'one', figure: '1', met: true },
    { name: 'second', figure: '2', met: false },
  ];
  expect(table(checks)).toBe('met     one     1\nMISSED  second  2\n1 of 2 missed');
  expect(table(checks.slice(0, 1))).toContain('all 1 met');
});
