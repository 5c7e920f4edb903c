/** Random numbers of the simulated day. */
import { expect, test } from 'vitest';
import { createRandom, exponential, logNormal, pick, zipf } from './chance.ts';
import { createHistogram } from './histogram.ts';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('one seed gives one sequence, and another seed another', () => {
  const [a, b, c] = [createRandom(7), createRandom(7), createRandom(8)];
  const sequence = Array.from({ length: 5 }, a);
  expect(Array.from({ length: 5 }, b)).toEqual(sequence);
  expect(Array.from({ length: 5 }, c)).not.toEqual(sequence);
});

test('numbers are uniform between 0 and 1', () => {
  const values = Array.from({ length: 100_000 }, createRandom(1));
  expect(mean(values)).toBeCloseTo(1 / 2, 2);
  expect(mean(values.map((value) => value ** 2))).toBeCloseTo(1 / 3, 2);
  expect(Math.min(...values.slice(0, 1000))).toBeGreaterThan(0);
});

test("Zipf's shares fall as the rank to the exponent", () => {
  // 1 + 1/2 + 1/3 = 11/6
  expect([...zipf(3, 1)]).toEqual([6 / 11, 3 / 11, 2 / 11].map((share) => expect.closeTo(share, 12)));
  // 1 + 1/4 = 5/4
  expect([...zipf(2, 2)]).toEqual([expect.closeTo(0.8, 12), expect.closeTo(0.2, 12)]);
  expect([...zipf(4, 0)]).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test.each([
  [0.1, 0],
  [0.49, 0],
  [0.51, 1],
  [0.79, 1],
  [0.81, 2],
  [0.999, 2],
])('with shares of 0.5, 0.3 and 0.2, %d picks index %i', (at, index) =>
  expect(pick([0.5, 0.3, 0.2], () => at)).toBe(index),
);

test('an exponential interval is the negative logarithm', () => {
  expect(exponential(() => Math.exp(-3))).toBeCloseTo(3, 12);
});

test('log-normal values have the given median, and 1 % lies above 2.326 spreads', () => {
  const random = createRandom(3);
  const values = Array.from({ length: 100_000 }, () => logNormal({ median: 80, spread: 0.8 }, random)).sort(
    (a, b) => a - b,
  );
  expect(values[50_000]).toBeGreaterThan(79);
  expect(values[50_000]).toBeLessThan(81);
  // 80 × e^(0.8 × 2.326) = 514
  expect(values[99_000]).toBeGreaterThan(495);
  expect(values[99_000]).toBeLessThan(535);
});

test('a histogram gives the smallest millisecond that a share does not exceed', () => {
  const histogram = createHistogram();
  expect(histogram.at(0.5)).toBeNaN();
  for (let i = 1; i <= 100; i++) histogram.add(i - 0.5);
  expect([0.5, 0.95, 0.99, 1].map(histogram.at)).toEqual([50, 95, 99, 100]);
  // One value with the weight of 300: 400 in all, 75 % of them at 200.
  histogram.add(200, 300);
  expect([0.25, 0.26, 1].map(histogram.at)).toEqual([100, 200, 200]);
  histogram.add(1e9);
  expect(histogram.at(1)).toBe(60_000);
});
