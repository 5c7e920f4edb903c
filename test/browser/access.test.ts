/** Who does not see the playground, or has no mouse, can use it, too. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hasBrowser, unfold, useBrowser } from './chromium.ts';

const { playground, sample } = useBrowser();

/** What axe objects to, by rule and element. */
async function violations(page: Page): Promise<string[]> {
  // By the debugger: the page's own policy lets no script in.
  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

describe.runIf(hasBrowser)('access', () => {
  test.each(['light', 'dark'] as const)(
    'axe finds nothing in %s: at the start, unfolded, with faults, with a card',
    async (colorScheme) => {
      const page = await playground('', { colorScheme });
      expect(await violations(page)).toEqual([]);
      await unfold(page);
      expect(await violations(page)).toEqual([]);
      for (const hash of [
        `#u=${sample('cat.webp')}&w=0&q=0&fpx=1`,
        `#u=${sample('cat.webp')}&f=json&explain=1&w=3`,
        `#u=${sample('cat.webp')}&f=lqip`,
      ])
        expect(await violations(await playground(hash, { colorScheme })), hash).toEqual([]);
    },
  );

  test('nothing moves for those who want that', async () => {
    const page = await playground('', { reducedMotion: 'reduce' });
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((one) => {
          const { animationName, transitionDuration } = getComputedStyle(one);
          return animationName !== 'none' || /[1-9]/.test(transitionDuration);
        }).length,
    );
    expect(moving).toBe(0);
  });

  test('everything can be reached by keys, in the order in which it stands, and is seen when it is', async () => {
    const page = await playground();
    const stops: string[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const mark = element.closest('label')?.querySelector('span') ?? element;
        const isMarked = [element, mark].some((one) => getComputedStyle(one).outlineStyle !== 'none');
        return {
          name: element.id || element.getAttribute('aria-label') || element.textContent || element.tagName,
          isMarked,
        };
      });
      if (stop.name === 'BODY') break;
      expect(stop.isMarked, stop.name).toBe(true);
      stops.push(stop.name);
    }
    const wanted = [
      'theme',
      'cat.webp',
      'u',
      'divider',
      'line-address',
      'Copy: Address',
      'line-img',
      'Copy: <img>',
      'reset',
      'search',
      'Width, slider',
      'p-w',
    ];
    expect(stops.filter((stop) => wanted.includes(stop))).toEqual(wanted);
  });
});
