/** The checks of the load run: what must pass, and what must fail. */
import { expect, test } from 'vitest';
import { percentile, table } from './checks.ts';
import { judgeMemory } from './judge.ts';

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

test('the table shows what was missed', () => {
  const checks = [
    { name: 'one', figure: '1', met: true },
    { name: 'second', figure: '2', met: false },
  ];
  expect(table(checks)).toBe('met     one     1\nMISSED  second  2\n1 of 2 missed');
  expect(table(checks.slice(0, 1))).toContain('all 1 met');
});
