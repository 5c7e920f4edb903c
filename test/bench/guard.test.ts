/** The verdicts of the cost guard, and the budgets: one for each class. */
import { expect, test } from 'vitest';
import budgets from './budgets.json' with { type: 'json' };
import { LANES } from './guard/classes.ts';
import { fails, judge, toText, verdictOf } from './guard/verdict.ts';

test.each([
  [[1], 1, 'ok'],
  [[1.1], 1, 'ok'],
  [[1.101], 1, 'REGRESSION'],
  [[1.3, 1.2, 1.15], 1, 'REGRESSION'],
  [[1.3, 1.2, 1.05], 1, 'ok'],
  [[0.92], 1, 'ok'],
  [[0.9], 1, 'improved'],
  [[1], undefined, 'NO BUDGET'],
  [[Number.NaN], 1, 'REGRESSION'],
] as const)('%j with a budget of %j is %s', (costs, budget, verdict) => {
  expect(verdictOf(costs, budget)).toBe(verdict);
});

test('a regression and a missing budget fail', () => {
  expect((['ok', 'improved', 'REGRESSION', 'NO BUDGET'] as const).filter(fails)).toEqual(['REGRESSION', 'NO BUDGET']);
});

/** Returns the costs one after the other, and counts the calls. */
function counts(...costs: number[]) {
  const remaining = [...costs];
  return { cost: async () => remaining.shift() ?? Number.NaN, taken: () => costs.length - remaining.length };
}

test('a class that exceeds its budget is counted again, until it does not', async () => {
  const { cost, taken } = counts(1.4, 1.02, 1);
  expect(await judge(cost, 1)).toEqual({ cost: 1.02, verdict: 'ok' });
  expect(taken()).toBe(2);
});

test('at most three times', async () => {
  const { cost, taken } = counts(1.4, 1.3, 1.2, 1);
  expect(await judge(cost, 1)).toEqual({ cost: 1.2, verdict: 'REGRESSION' });
  expect(taken()).toBe(3);
});

test('a class without a budget is counted once', async () => {
  const { cost, taken } = counts(1.4, 1.3);
  expect(await judge(cost, undefined)).toEqual({ cost: 1.4, verdict: 'NO BUDGET' });
  expect(taken()).toBe(1);
});

test('the table shows the change', () => {
  const text = toText([{ title: 'hit', cost: 1.2, budget: 1, verdict: 'REGRESSION' }]);
  expect(text).toMatch(/^hit +1\.200 +1\.000 +20\.0 % +REGRESSION$/m);
});

test('each class has a budget, and each budget a class', () => {
  expect(Object.keys(budgets.x64).sort()).toEqual(
    LANES.flat()
      .map(({ title }) => title)
      .sort(),
  );
});
