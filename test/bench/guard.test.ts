/** When a class counts as dearer, and that each has a budget. */
import { expect, test } from 'vitest';
import budgets from './budgets.json' with { type: 'json' };
import { LANES } from './guard/classes.ts';
import { fails, judge, toText, verdictOf } from './guard/verdict.ts';

test.each([
  [[1], 1, 'ok'],
  [[1.1], 1, 'ok'],
  [[1.101], 1, 'DEARER'],
  [[1.3, 1.2, 1.15], 1, 'DEARER'],
  [[1.3, 1.2, 1.05], 1, 'ok'],
  [[0.92], 1, 'ok'],
  [[0.9], 1, 'cheaper'],
  [[1], undefined, 'NO BUDGET'],
  [[Number.NaN], 1, 'DEARER'],
] as const)('%j with a budget of %j is %s', (found, budget, verdict) => {
  expect(verdictOf(found, budget)).toBe(verdict);
});

test('what is dearer or has no budget fails', () => {
  expect((['ok', 'cheaper', 'DEARER', 'NO BUDGET'] as const).filter(fails)).toEqual(['DEARER', 'NO BUDGET']);
});

/** Costs one after the other, and how many were taken. */
function counts(...costs: number[]) {
  const left = [...costs];
  return { cost: async () => left.shift() ?? Number.NaN, taken: () => costs.length - left.length };
}

test('a class that seems dearer is counted again, until it does not', async () => {
  const { cost, taken } = counts(1.4, 1.02, 1);
  expect(await judge(cost, 1)).toEqual({ cost: 1.02, verdict: 'ok' });
  expect(taken()).toBe(2);
});

test('but three times at most', async () => {
  const { cost, taken } = counts(1.4, 1.3, 1.2, 1);
  expect(await judge(cost, 1)).toEqual({ cost: 1.2, verdict: 'DEARER' });
  expect(taken()).toBe(3);
});

test('a class without a budget is counted once', async () => {
  const { cost, taken } = counts(1.4, 1.3);
  expect(await judge(cost, undefined)).toEqual({ cost: 1.4, verdict: 'NO BUDGET' });
  expect(taken()).toBe(1);
});

test('the table says what has changed', () => {
  const text = toText([{ title: 'hit', cost: 1.2, budget: 1, verdict: 'DEARER' }]);
  expect(text).toMatch(/^hit +1\.200 +1\.000 +20\.0 % +DEARER$/m);
});

test('each class has a budget, and each budget a class', () => {
  expect(Object.keys(budgets.x64).sort()).toEqual(
    LANES.flat()
      .map(({ title }) => title)
      .sort(),
  );
});
