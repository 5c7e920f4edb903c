/** The recipes of the playground. */
import { describe, expect, test } from 'vitest';
import { RECIPES } from '../../src/dev/page/recipes.ts';
import { hasBrowser, textOf, useBrowser } from './chromium.ts';

const { playground } = useBrowser();

describe.runIf(hasBrowser)('recipes', () => {
  test('one click sets all parameters, and the recipe in use is explained', async () => {
    const page = await playground();
    const hint = await textOf(page, 'recipe-explanation');
    for (const { title, explanation, options } of RECIPES) {
      const button = page.getByRole('button', { name: title, exact: true });
      await button.click();
      expect(await textOf(page, 'recipe-explanation')).toBe(explanation);
      expect(await button.getAttribute('aria-pressed')).toBe('true');
      const shownOptions = () => {
        const { u: _, ...shown } = Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.slice(1)));
        return shown;
      };
      await expect.poll(shownOptions).toEqual(options);
    }
    await expect.poll(() => textOf(page, 'card')).toContain('lqip');
    await page.getByRole('button', { name: 'Card', exact: true }).click();
    await expect.poll(() => textOf(page, 'output-info')).toBe('480 × 320 WebP');
    await page.locator('#p-w').fill('50');
    expect(await textOf(page, 'recipe-explanation')).toBe(hint);
    expect(await page.locator('#recipe-buttons [aria-pressed=true]').count()).toBe(0);
  });
});
