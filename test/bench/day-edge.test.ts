/** What a CDN asks its origin for, against what can be worked out by hand, and against a cache that is gone through request by request. */
import { expect, test } from 'vitest';
import { createRandom, exponential } from './chance.ts';
import { createClock, eachMiss } from './day-edge.ts';

const still = createClock(0);

test('the clock is slow at midnight and fast at noon', () => {
  const { until, when } = createClock(0.6);
  expect([0, 0.5, 1, 2].map(until)).toEqual([0, 0.5, 1, 2].map((share) => expect.closeTo(share, 12)));
  // A quarter of the day less 0.6 / 2π.
  expect(until(0.25)).toBeCloseTo(0.1545, 4);
  for (const time of [-1.3, -0.01, 0.2, 0.5, 0.99, 3.7]) expect(when(until(time))).toBeCloseTo(time, 4);
});

const isAroundNoon = (time: number) => Math.abs(time - 0.5) < 0.25;

/** Of many streams of so many requests a day: misses of one, the waited for among them, and the share of the middle half of the day. */
function missesOf(mean: number, kept: { fresh: number; unasked: number }, streams = 20_000, clock = still) {
  const random = createRandom(5);
  const found = { all: 0, waited: 0, noon: 0 };
  for (let i = 0; i < streams; i++)
    eachMiss(mean, kept, 1, clock, random, (time, isWaitedFor) => {
      found.all++;
      found.waited += Number(isWaitedFor);
      found.noon += Number(isAroundNoon(time));
    });
  return { all: found.all / streams, waited: found.waited / streams, noon: found.noon / found.all };
}

test('a copy that is fresh for a day is asked about once in a day and the time to the next request', () => {
  // 24 a day: every 1 + 1/24 days. Nobody for a day: never.
  const { all, waited, noon } = missesOf(24, { fresh: 1, unasked: 1 });
  expect(all).toBeCloseTo(24 / 25, 2);
  expect(waited).toBeLessThan(1e-4);
  expect(noon).toBeCloseTo(0.5, 2);
});

test('a copy that is asked for once in a hundred days is never there', () => {
  const { all, waited } = missesOf(0.01, { fresh: 1, unasked: 1 }, 200_000);
  // Every 1 + 100 days; that two come within a day of each other, one in a hundred.
  expect(all).toBeCloseTo(1 / 101, 3);
  expect(waited / all).toBeGreaterThan(0.97);
});

test('who is asked for now and then is dropped as often as both gaps together are long enough', () => {
  // Once a day, fresh for a day, dropped after one: the gap b from the last request until the copy is stale, exponential but at
  // most 1, and the one behind, exponential, have a sum above 1. Where b < 1, ∫ e^-b e^-(1-b) db = 1/e; where b = 1, always: 1/e.
  const { all, waited, noon } = missesOf(1, { fresh: 1, unasked: 1 }, 100_000);
  expect(all).toBeCloseTo(1 / 2, 2);
  expect(waited / all).toBeCloseTo(2 / Math.E, 2);
  expect(noon).toBeCloseTo(0.5, 2);
});

test('what runs out at night is renewed by day', () => {
  // Renewed at every moment as often as it is asked for: half of them, and 0.6 / π more.
  expect(missesOf(200, { fresh: 1, unasked: 1 }, 20_000, createClock(0.6)).noon).toBeCloseTo(0.691, 2);
});

test.each([0.5, 1, 3])('with %d requests a day, what is not gone through makes no difference', (mean) => {
  const kept = { fresh: 1, unasked: 1 };
  const clock = createClock(0.6);
  const random = createRandom(9);
  const streams = 60_000;
  const found = { all: 0, waited: 0, noon: 0 };
  for (let i = 0; i < streams; i++) {
    let [asked, stale, last] = [-20 - random() * (1 + 1 / mean), Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    while (asked < 1) {
      const isMiss = asked >= stale;
      if (isMiss && asked >= 0) {
        found.all++;
        found.waited += Number(asked - last > kept.unasked);
        found.noon += Number(isAroundNoon(asked));
      }
      if (isMiss) stale = asked + kept.fresh;
      last = asked;
      asked = clock.when(clock.until(asked) + exponential(random) / mean);
    }
  }
  const { all, waited, noon } = missesOf(mean, kept, streams, clock);
  expect(Math.abs(all - found.all / streams)).toBeLessThan(0.01);
  expect(Math.abs(waited - found.waited / streams)).toBeLessThan(0.01);
  expect(Math.abs(noon - found.noon / found.all)).toBeLessThan(0.01);
});
