/** The cost guard detects a change that makes images more expensive. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANES } from '../bench/guard/classes.ts';
import { startCounted } from '../bench/guard/counted.ts';
import { prepareSources } from '../bench/guard/prepared.ts';
import { type Budgets, judge } from '../bench/guard/verdict.ts';

const hasValgrind = spawnSync('valgrind', ['--version']).status === 0;
if (!hasValgrind && process.env.CI) throw new Error('the cost guard needs valgrind (apt-get install valgrind)');
if (!hasValgrind) console.log('SKIPPED: the cost guard needs valgrind (apt-get install valgrind)');

const [WEBP, JPEG] = ['JPEG → WebP 640', 'small JPEG → JPEG 320'];

describe.skipIf(!hasValgrind)('the cost guard', { timeout: 900_000 }, () => {
  let prepared: Awaited<ReturnType<typeof prepareSources>>;
  beforeAll(async () => {
    prepared = await prepareSources();
  });
  afterAll(() => prepared.close());

  /** Judges in a process that loads these modules first. */
  async function judgeWith(budgets: Budgets, ...imports: string[]) {
    const counted = await startCounted(...imports);
    try {
      await counted.count(prepared.load);
      const verdicts: Record<string, Awaited<ReturnType<typeof judge>>> = {};
      for (const { title, cost } of LANES.flat().filter((one) => one.title === WEBP || one.title === JPEG))
        verdicts[title] = await judge(() => cost(counted), budgets[title]);
      return verdicts;
    } finally {
      await counted.stop();
    }
  }

  test('a WebP that costs 20 % more is detected, and nothing else', async () => {
    const current = await judgeWith({});
    const budgets = Object.fromEntries(Object.entries(current).map(([title, { cost }]) => [title, cost]));
    const verdicts = await judgeWith(budgets, fileURLToPath(new URL('guard-regression.ts', import.meta.url)));
    expect(verdicts[WEBP]?.verdict).toBe('REGRESSION');
    expect(verdicts[WEBP]?.cost).toBeLessThan(1.3 * (budgets[WEBP] ?? 0));
    expect(verdicts[JPEG]?.verdict).toBe('ok');
  });
});
