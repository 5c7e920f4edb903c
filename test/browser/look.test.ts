/** Layout of the playground: no overflow, no layout shift, no request to another origin. */
import { describe, expect, test } from 'vitest';
import { expandAll, hasBrowser, settled, useBrowser } from './chromium.ts';

const { playground, open, origin } = useBrowser();

const THEMES = ['light', 'dark'] as const;
const WIDTHS = [360, 768, 1280, 1920];
const CASES = WIDTHS.flatMap((width) => THEMES.map((colorScheme) => ({ width, colorScheme })));
const contextOptions = ({ width, colorScheme }: (typeof CASES)[number]) => ({
  viewport: { width, height: width < 700 ? 780 : 900 },
  colorScheme,
});

describe.runIf(hasBrowser)('layout', () => {
  test.each(CASES)('at $width in $colorScheme nothing overflows, not even expanded', async (size) => {
    const page = await playground('', contextOptions(size));
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await expandAll(page);
    expect(await overflow()).toBeLessThanOrEqual(0);
    const overflowing = await page
      .locator('button:visible, input:visible, select:visible')
      .evaluateAll((elements) =>
        elements
          .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .map((element) => element.outerHTML),
      );
    expect(overflowing).toEqual([]);
  });

  test.each([360, 1280])('at %d there is no layout shift, neither while loading nor after a change', async (width) => {
    const page = await open({ viewport: { width, height: 780 } });
    await page.addInitScript(() => {
      const shifts: string[] = [];
      Object.assign(window, { shifts });
      type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node?: Element }[] };
      new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries() as Shift[])
          shifts.push(`${value} ${sources.map(({ node }) => node?.id || node?.nodeName).join(' ')}`);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(origin());
    await settled(page);
    await page.locator('#p-q').evaluate((input: HTMLInputElement) => {
      input.value = '40';
      input.dispatchEvent(new Event('input'));
    });
    await settled(page);
    expect(page.url()).toContain('q=40');
    await page.waitForTimeout(200);
    expect(await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)).toEqual([]);
  });

  test('a chosen theme is stored, and applied before the first paint', async () => {
    const page = await playground('', { colorScheme: 'light' });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Change to the dark theme' }).click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload({ waitUntil: 'commit' });
    await page.waitForFunction(() => document.body);
    expect(await background()).toBe(dark);
    await page.getByRole('button', { name: 'Change to the light theme' }).click();
    expect(await background()).toBe(light);
  });

  test('no request to another origin, no violation of the Content-Security-Policy, no script error', async () => {
    const page = await open();
    const problems: string[] = [];
    page.on('request', (request) => {
      if (!/^(?:blob|data):/.test(request.url()) && !request.url().startsWith(origin())) problems.push(request.url());
    });
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(origin());
    await settled(page);
    await expandAll(page);
    expect(problems).toEqual([]);
  });
});
