/** Requests of a CDN to its origin, compared with results worked out by hand, and with a cache simulated request by request. */
import { expect, test } from 'vitest';
import { createRandom, exponential } from './chance.ts';
import { createClock, eachMiss } from './day-edge.ts';

const constant = createClock(0);

test('the clock is slow at midnight and fast at noon', () => {
  const { until, when } = createClock(0.6);
  expect([0, 0.5, 1, 2].map(until)).toEqual([0, 0.5, 1, 2].map((share) => expect.closeTo(share, 12)));
  // A quarter of the day less 0.6 / 2π.
  expect(until(0.25)).toBeCloseTo(0.1545, 4);
  for (const time of [-1.3, -0.01, 0.2, 0.5, 0.99, 3.7]) expect(when(until(time))).toBeCloseTo(time, 4);
});

const isAroundNoon = (time: number) => Math.abs(time - 0.5) < 0.25;

/** Simulates many streams of `mean` requests a day. @returns per stream, all misses and those that a viewer waits for; and the share of misses in the middle half of the day */
function missesOf(mean: number, lifetimes: { fresh: number; unasked: number }, streams = 20_000, clock = constant) {
  const random = createRandom(5);
  const misses = { all: 0, waited: 0, noon: 0 };
  for (let i = 0; i < streams; i++)
    eachMiss(mean, lifetimes, 1, clock, random, (time, isWaitedFor) => {
      misses.all++;
      misses.waited += Number(isWaitedFor);
      misses.noon += Number(isAroundNoon(time));
    });
  return { all: misses.all / streams, waited: misses.waited / streams, noon: misses.noon / misses.all };
}

test('a stored response that is fresh for a day is revalidated once per day plus the time to the next request', () => {
  // 24 requests a day: a miss every 1 + 1/24 days. A day without a request: never.
  const { all, waited, noon } = missesOf(24, { fresh: 1, unasked: 1 });
  expect(all).toBeCloseTo(24 / 25, 2);
  expect(waited).toBeLessThan(1e-4);
  expect(noon).toBeCloseTo(0.5, 2);
});

test('a response that is requested once in a hundred days is never stored', () => {
  const { all, waited } = missesOf(0.01, { fresh: 1, unasked: 1 }, 200_000);
  // A miss every 1 + 100 days; one in a hundred requests comes within a day of another.
  expect(all).toBeCloseTo(1 / 101, 3);
  expect(waited / all).toBeGreaterThan(0.97);
});

test('a response that is requested now and then is evicted if both gaps together are long enough', () => {
  // Once a day, fresh for a day, evicted after one: the gap b from the last request until it is stale, exponential but at
  // most 1, and the gap after it, exponential, have a sum above 1. If b < 1, ∫ e^-b e^-(1-b) db = 1/e; if b = 1, always: 1/e.
  const { all, waited, noon } = missesOf(1, { fresh: 1, unasked: 1 }, 100_000);
  expect(all).toBeCloseTo(1 / 2, 2);
  expect(waited / all).toBeCloseTo(2 / Math.E, 2);
  expect(noon).toBeCloseTo(0.5, 2);
});

test('a response that becomes stale at night is revalidated by day', () => {
  // Revalidated in proportion to the requests: half of them, and 0.6 / π more.
  expect(missesOf(200, { fresh: 1, unasked: 1 }, 20_000, createClock(0.6)).noon).toBeCloseTo(0.691, 2);
});

test.each([0.5, 1, 3])('with %d requests a day, skipping the hits makes no difference', (mean) => {
  const lifetimes = { fresh: 1, unasked: 1 };
  const clock = createClock(0.6);
  const random = createRandom(9);
  const streams = 60_000;
  const misses = { all: 0, waited: 0, noon: 0 };
  for (let i = 0; i < streams; i++) {
    let [time, stale, last] = [-20 - random() * (1 + 1 / mean), Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    while (time < 1) {
      const isMiss = time >= stale;
      if (isMiss && time >= 0) {
        misses.all++;
        misses.waited += Number(time - last > lifetimes.unasked);
        misses.noon += Number(isAroundNoon(time));
      }
      if (isMiss) stale = time + lifetimes.fresh;
      last = time;
      time = clock.when(clock.until(time) + exponential(random) / mean);
    }
  }
  const { all, waited, noon } = missesOf(mean, lifetimes, streams, clock);
  expect(Math.abs(all - misses.all / streams)).toBeLessThan(0.01);
  expect(Math.abs(waited - misses.waited / streams)).toBeLessThan(0.01);
  expect(Math.abs(noon - misses.noon / misses.all)).toBeLessThan(0.01);
});
