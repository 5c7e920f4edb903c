/** That the guard of costs notices a change that makes pictures dearer. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANES } from '../bench/guard/classes.ts';
import { startCounted } from '../bench/guard/counted.ts';
import { prepareSources } from '../bench/guard/prepared.ts';
import { type Budgets, judge } from '../bench/guard/verdict.ts';

const hasValgrind = spawnSync('valgrind', ['--version']).status === 0;
if (!hasValgrind && process.env.CI) throw new Error('the guard of costs needs valgrind (apt-get install valgrind)');
if (!hasValgrind) console.log('SKIPPED: the guard of costs needs valgrind (apt-get install valgrind)');

const [WEBP, JPEG] = ['JPEG → WebP 640', 'small JPEG → JPEG 320'];

describe.skipIf(!hasValgrind)('the guard of costs', { timeout: 900_000 }, () => {
  let prepared: Awaited<ReturnType<typeof prepareSources>>;
  beforeAll(async () => {
    prepared = await prepareSources();
  });
  afterAll(() => prepared.close());

  /** In a process that loads these modules first. */
  async function judgeWith(budgets: Budgets, ...imports: string[]) {
    const counted = await startCounted(...imports);
    try {
      await counted.count(prepared.load);
      const found: Record<string, Awaited<ReturnType<typeof judge>>> = {};
      for (const { title, cost } of LANES.flat().filter((one) => one.title === WEBP || one.title === JPEG))
        found[title] = await judge(() => cost(counted), budgets[title]);
      return found;
    } finally {
      await counted.stop();
    }
  }

  test('a fifth more for a WebP is noticed, and nothing else is', async () => {
    const now = await judgeWith({});
    const budgets = Object.fromEntries(Object.entries(now).map(([title, { cost }]) => [title, cost]));
    const found = await judgeWith(budgets, fileURLToPath(new URL('guard-dearer.ts', import.meta.url)));
    expect(found[WEBP]?.verdict).toBe('DEARER');
    expect(found[WEBP]?.cost).toBeLessThan(1.3 * (budgets[WEBP] ?? 0));
    expect(found[JPEG]?.verdict).toBe('ok');
  });
});
