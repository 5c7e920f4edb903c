/** The bounds detect what exceeds them. */
import { expect, test } from 'vitest';
import { HEADER, REFUSED, type WorkCase } from './cases/work-case.ts';
import { failuresOf, type Measured } from './measure.ts';

const workCase: WorkCase = {
  title: 'a flood',
  input: { name: 'flood', bytes: () => Buffer.alloc(1) },
  query: 'w=32',
  statuses: REFUSED,
  bounds: HEADER,
  neighbourMs: 100,
};
const good: Measured = {
  statuses: [413, 422],
  cpu: 0.2,
  main: 0.1,
  after: 0,
  peak: 150,
  neighbour: { status: 200, ms: 50 },
  isRunning: true,
};

test.each<[Partial<Measured>, RegExp | undefined]>([
  [{}, undefined],
  [{ cpu: HEADER.cpu + 0.1 }, /^cpu/],
  [{ main: HEADER.main + 0.1 }, /^main/],
  [{ after: HEADER.after + 0.1 }, /^after/],
  [{ peak: HEADER.peak + 1 }, /^peak/],
  // Of a process that could not be read.
  [{ cpu: Number.NaN }, /^cpu/],
  [{ statuses: [413, 500] }, /^status 500/],
  [{ statuses: [0] }, /^status 0/],
  [{ isRunning: false }, /ended/],
  [{ neighbour: { status: 503, ms: 50 } }, /status 503 for another client/],
  [{ neighbour: { status: 200, ms: 101 } }, /waited 101 ms/],
])('%j', (measured, expected) => {
  const failures = failuresOf(workCase, { ...good, ...measured });
  expect(failures).toHaveLength(expected ? 1 : 0);
  if (expected) expect(failures[0]).toMatch(expected);
});
