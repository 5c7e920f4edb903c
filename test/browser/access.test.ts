/** Accessibility of the playground: axe, reduced motion, keyboard. */
import { describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { expandAll, hasBrowser, useBrowser } from './chromium.ts';

const { playground, sample } = useBrowser();

describe.runIf(hasBrowser)('accessibility', () => {
  test.each(['light', 'dark'] as const)(
    'axe finds no violation in the %s theme: initially, expanded, with errors, with a card',
    async (colorScheme) => {
      const page = await playground('', { colorScheme });
      expect(await violations(page)).toEqual([]);
      await expandAll(page);
      expect(await violations(page)).toEqual([]);
      for (const hash of [
        `#u=${sample('cat.webp')}&w=0&q=0&fpx=1`,
        `#u=${sample('cat.webp')}&f=json&explain=1&w=3`,
        `#u=${sample('cat.webp')}&f=lqip`,
      ])
        expect(await violations(await playground(hash, { colorScheme })), hash).toEqual([]);
    },
  );

  test('prefers-reduced-motion: nothing is animated', async () => {
    const page = await playground('', { reducedMotion: 'reduce' });
    const animatedCount = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { animationName, transitionDuration } = getComputedStyle(element);
          return animationName !== 'none' || /[1-9]/.test(transitionDuration);
        }).length,
    );
    expect(animatedCount).toBe(0);
  });

  test('Tab reaches every control in document order, and the focused one has an outline', async () => {
    const page = await playground();
    const stops: string[] = [];
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const label = element.closest('label')?.querySelector('span') ?? element;
        const hasOutline = [element, label].some((target) => getComputedStyle(target).outlineStyle !== 'none');
        return {
          name:
            element === document.body
              ? ''
              : element.id ||
                (element.matches('[type=radio]') && (element as HTMLInputElement).value) ||
                element.getAttribute('aria-label') ||
                element.textContent ||
                element.tagName,
          hasOutline,
        };
      });
      if (stop.name === '') break;
      expect(stop.hasOutline, stop.name).toBe(true);
      stops.push(stop.name);
    }
    const expectedStops = [
      'theme',
      'cat.webp',
      'u',
      'divider',
      'snippet-url',
      'Copy: URL',
      'img',
      'snippet-img',
      'Copy: HTML',
      'reset',
      'search',
      'Width, slider',
      'p-w',
    ];
    expect(stops.filter((stop) => expectedStops.includes(stop))).toEqual(expectedStops);
  });
});
