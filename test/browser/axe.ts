/** Runs axe on a page. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Returns the violations that axe finds, by rule and element. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated by the debugger: the page's Content-Security-Policy allows no injected script.
  await page.evaluate(axe.source);
  const results = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
