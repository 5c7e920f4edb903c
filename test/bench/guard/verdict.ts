/** Whether a class has become dearer than its budget allows. */

/** A class may cost so many times its budget. Of one commit they are 3 % apart at most; the rest is for other machines. */
export const MAX_RATIO = 1.1;

/** Title of a class → what it cost when budgets were last renewed, in multiples of its reference. */
export type Budgets = Readonly<Record<string, number>>;

export type Verdict = 'ok' | 'cheaper' | 'DEARER' | 'NO BUDGET';

/** @param found costs of one class, of which the least counts: whatever disturbs a count adds to it */
export function verdictOf(found: readonly number[], budget: number | undefined): Verdict {
  if (budget === undefined) return 'NO BUDGET';
  const least = Math.min(...found);
  // Also when it is no number.
  if (!(least <= budget * MAX_RATIO)) return 'DEARER';
  return least * MAX_RATIO < budget ? 'cheaper' : 'ok';
}

export const fails = (verdict: Verdict): boolean => verdict === 'DEARER' || verdict === 'NO BUDGET';

/**
 * Counts until it is not too dear, at most so many times.
 *
 * @param cost counts once
 */
export async function judge(cost: () => Promise<number>, budget: number | undefined, times = 3) {
  const found = [await cost()];
  while (verdictOf(found, budget) === 'DEARER' && found.length < times) found.push(await cost());
  return { cost: Math.min(...found), verdict: verdictOf(found, budget) };
}

export interface Row {
  readonly title: string;
  readonly cost: number;
  readonly budget: number | undefined;
  readonly verdict: Verdict;
}

/** One table, and what to do about it. */
export function toText(rows: readonly Row[]): string {
  const lines = rows.map(({ title, cost, budget, verdict }) => {
    const change = budget === undefined ? '' : `${((cost / budget - 1) * 100).toFixed(1)} %`;
    const cells = [cost.toFixed(3), budget?.toFixed(3) ?? '', change].map((cell) => cell.padStart(9));
    return `${title.padEnd(28)}${cells.join('')}  ${verdict}`;
  });
  const head = `${'class'.padEnd(28)}${['this run', 'budget', 'change'].map((cell) => cell.padStart(9)).join('')}`;
  return [head, ...lines].join('\n');
}
