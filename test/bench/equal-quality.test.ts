import { expect, test } from 'vitest';
import { bytesAt } from './equal-quality.ts';

const POINTS = [
  { bytes: 4000, score: 80 },
  { bytes: 1000, score: 60 },
  { bytes: 2000, score: 70 },
];
test.each([
  [60, 1000],
  [65, 1414],
  [70, 2000],
  [80, 4000],
  [58, 871],
  [83, 4925],
])('at %i points, %i bytes', (score, bytes) => expect(bytesAt(POINTS, score)).toBeCloseTo(bytes, -1));
test.each([55, 85])('%i points are too far from all', (score) => expect(bytesAt(POINTS, score)).toBeUndefined());
test('one point is no curve', () => expect(bytesAt(POINTS.slice(1, 2), 60)).toBeUndefined());
