/** Lambda's instances and the costs of the simulated day, compared with results worked out by hand. */
import { expect, test } from 'vitest';
import { costsFrom } from './day-costs.ts';
import { createPool, lookUp } from './day-lambda.ts';

const platform = { memory: 1024, idle: 1000, lifetime: 5000, start: 100, init: 200 };

test('concurrent requests start two instances, later ones reuse them', () => {
  const pool = createPool(platform);
  expect(pool.ask(0, () => 50)).toBe(350);
  expect(pool.ask(10, () => 50)).toBe(350);
  expect(pool.ask(400, () => 50)).toBe(50);
  expect(pool.bill).toMatchObject({ requests: 3, coldStarts: 2, busy: 2, alive: 2 });
  // Three times 50 ms and twice 200 ms of a GB.
  expect(pool.bill.work).toBeCloseTo(0.15, 12);
  expect(pool.bill.init).toBeCloseTo(0.4, 12);
});

test('an idle instance ends after a while, and any instance after its lifetime', () => {
  const pool = createPool(platform);
  const born: number[] = [];
  const ask = (time: number) => pool.ask(time, (instance) => born.push(instance.born) && 50);
  // Free at 350, idle until 1350.
  for (const time of [0, 1349, 2400, 3400, 4400, 5300]) ask(time);
  expect(born).toEqual([0, 0, 2400, 2400, 2400, 2400]);
  expect(pool.bill).toMatchObject({ coldStarts: 2, busy: 1 });
  ask(7399);
  expect(born.at(-1)).toBe(7399);
});

test('the instance that was busy last is chosen first', () => {
  const pool = createPool(platform);
  const born: number[] = [];
  const ask = (time: number, took: number) => pool.ask(time, (instance) => born.push(instance.born) && took);
  ask(0, 500);
  ask(1, 100);
  // The second is free at 401, the first at 800.
  ask(900, 10);
  ask(901, 10);
  expect(born).toEqual([0, 1, 0, 1]);
});

test('an instance that starts before the day begins is not counted, but can be used', () => {
  const pool = createPool(platform);
  pool.ask(0, () => 50, false);
  pool.ask(500, () => 50);
  expect(pool.bill).toMatchObject({ requests: 1, coldStarts: 0 });
});

test("an instance's cache evicts the least recently used entry, and knows its age", () => {
  const memory = new Map<number, number>();
  const ask = (key: number, now: number) => lookUp(memory, key, now, 2, 300);
  expect([ask(1, 0), ask(2, 10), ask(1, 300), ask(3, 310)]).toEqual(['unknown', 'unknown', 'fresh', 'unknown']);
  expect([ask(1, 320), ask(1, 400), ask(2, 500)]).toEqual(['stale', 'fresh', 'unknown']);
});

/** Square images: 1000 px are one megapixel. */
const report = {
  sources: { photo: 'a.jpg, 100 × 100, 0 MP', phone: 'b.jpg, 100 × 100, 0 MP' },
  classes: Object.fromEntries(
    [
      ['JPEG → JPEG 200', 10.4, 1000],
      ['JPEG → JPEG 640', 14.096, 8000],
      ['JPEG → JPEG 1600', 35.6, 64_000],
      ['JPEG → WebP 640', 34.576, 4000],
      ['phone JPEG → JPEG 1600', 65.6, 80_000],
    ].map(([name, cpu, bytes]) => [name, { 'pixgate Lambda': { cpu: Number(cpu), bytes: Number(bytes) } }]),
  ),
};

test('costs of all widths and formats are extrapolated from the measured ones', () => {
  const { cpu, bytes } = costsFrom(report);
  // Megapixels are 0.04, 0.4096 and 2.56: 10 ms and 10 for each; as WebP 50 more for each.
  expect(cpu({ role: 'photo', w: 640, f: 'webp' })).toBeCloseTo(34.576, 9);
  expect(cpu({ role: 'photo', w: 1000, f: 'webp' })).toBeCloseTo(10 + 60, 9);
  expect(cpu({ role: 'photo', w: 1000, f: 'jpg' })).toBeCloseTo(10 + 10, 9);
  expect(cpu({ role: 'phone', w: 1000, f: 'jpg' })).toBeCloseTo(40 + 10, 9);
  expect(cpu({ role: 'phone', w: 1000, f: 'webp' })).toBeCloseTo(40 + 60, 9);
  // 64 times the pixels have 64 times the bytes, and WebP half of them.
  expect(bytes({ role: 'phone', w: 800, f: 'jpg' })).toBeCloseTo(20_000, 6);
  expect(bytes({ role: 'phone', w: 800, f: 'webp' })).toBeCloseTo(10_000, 6);
  expect(() => cpu({ role: 'gif', w: 320, f: 'webp' })).toThrow('lack animated GIF');
});
