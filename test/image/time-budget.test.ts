import { expect, test } from 'vitest';
import type { Plan } from '../../src/image/plan.ts';
import type { SourceInfo } from '../../src/image/source-info.ts';
import { fitTimeBudget } from '../../src/image/time-budget.ts';
import { optionsOf } from '../requests.ts';

/** A plan of one megapixel, of a source of ten. */
const planOf = (more: Partial<Plan>) => ({ width: 1000, height: 1000, format: 'webp', pages: 1, ...more }) as Plan;
const source = { width: 5000, height: 2000, format: 'jpeg', decodedFrom: 'file' } as SourceInfo;
const ALL = ['avif', 'webp', 'jpg', 'png'] as const;

test.each([
  // Decoding 300 ms, AVIF 1350 or 1130, WebP 250 or 150.
  ['enough for all', { format: 'avif' }, 1650, { format: 'avif', effort: 'full', degraded: [] }],
  ['not enough for AVIF', { format: 'avif' }, 1649, { format: 'webp', effort: 'full', degraded: ['format'] }],
  ['not enough for WebP', { format: 'avif' }, 549, { format: 'webp', effort: 'low', degraded: ['format', 'effort'] }],
  ['none', {}, -1, { format: 'webp', effort: 'low', degraded: ['effort'] }],
  ['enough for all frames', { pages: 10 }, 5500, { pages: 10, effort: 'full', degraded: [] }],
  ['enough for all frames with low effort', { pages: 10 }, 4500, { pages: 10, effort: 'low', degraded: ['effort'] }],
  ['enough for one frame', { pages: 10 }, 4499, { pages: 1, effort: 'low', degraded: ['effort', 'frames'] }],
] as const)('time left: %s', (_what, more, remainingMs, expected) =>
  expect(fitTimeBudget(planOf(more), source, optionsOf({}), ALL, remainingMs)).toMatchObject(expected),
);

test('a requested format is not degraded', () =>
  expect(fitTimeBudget(planOf({ format: 'avif' }), source, optionsOf({ f: 'avif' }), ['avif'], 0)).toMatchObject({
    format: 'avif',
    degraded: ['effort'],
  }));

test('frames that are decoded already are not degraded', () =>
  expect(fitTimeBudget(planOf({ pages: 10 }), undefined, optionsOf({}), ALL, 0)).toMatchObject({
    pages: 10,
    degraded: ['effort'],
  }));
