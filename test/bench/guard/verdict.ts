/** Judges whether a class has become more expensive than its budget allows. */

/** Maximum cost as a multiple of the budget. Costs of one commit differ by 3 % at most; the rest is for other machines. */
export const MAX_RATIO = 1.1;

/** Title of a class → its cost at the last update of the budgets, in multiples of its reference. */
export type Budgets = Readonly<Record<string, number>>;

export type Verdict = 'ok' | 'improved' | 'REGRESSION' | 'NO BUDGET';

/** @param costs of one class; the lowest counts, since every disturbance adds to a count */
export function verdictOf(costs: readonly number[], budget: number | undefined): Verdict {
  if (budget === undefined) return 'NO BUDGET';
  const cost = Math.min(...costs);
  // NaN counts as a regression, too.
  if (!(cost <= budget * MAX_RATIO)) return 'REGRESSION';
  return cost * MAX_RATIO < budget ? 'improved' : 'ok';
}

export const fails = (verdict: Verdict): boolean => verdict === 'REGRESSION' || verdict === 'NO BUDGET';

/**
 * Counts the cost, and again while it exceeds the budget, at most `times` times.
 *
 * @param countCost counts once
 */
export async function judge(countCost: () => Promise<number>, budget: number | undefined, times = 3) {
  const costs = [await countCost()];
  while (verdictOf(costs, budget) === 'REGRESSION' && costs.length < times) costs.push(await countCost());
  return { cost: Math.min(...costs), verdict: verdictOf(costs, budget) };
}

export interface Row {
  readonly title: string;
  readonly cost: number;
  readonly budget: number | undefined;
  readonly verdict: Verdict;
}

/** Formats the verdicts as a table. */
export function toText(rows: readonly Row[]): string {
  const lines = rows.map(({ title, cost, budget, verdict }) => {
    const change = budget === undefined ? '' : `${((cost / budget - 1) * 100).toFixed(1)} %`;
    const cells = [cost.toFixed(3), budget?.toFixed(3) ?? '', change].map((cell) => cell.padStart(9));
    return `${title.padEnd(28)}${cells.join('')}  ${verdict}`;
  });
  const head = `${'class'.padEnd(28)}${['this run', 'budget', 'change'].map((cell) => cell.padStart(9)).join('')}`;
  return [head, ...lines].join('\n');
}
