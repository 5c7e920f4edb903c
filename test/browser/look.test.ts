/** How the playground looks: nothing sticks out, nothing jumps, nothing comes from elsewhere. */
import { describe, expect, test } from 'vitest';
import { hasBrowser, settled, unfold, useBrowser } from './chromium.ts';

const { playground, open, origin } = useBrowser();

const THEMES = ['light', 'dark'] as const;
const WIDTHS = [360, 768, 1280, 1920];
const CASES = WIDTHS.flatMap((width) => THEMES.map((colorScheme) => ({ width, colorScheme })));
const sized = ({ width, colorScheme }: (typeof CASES)[number]) => ({
  viewport: { width, height: width < 700 ? 780 : 900 },
  colorScheme,
});

describe.runIf(hasBrowser)('the look', () => {
  test.each(CASES)('at $width in $colorScheme nothing sticks out, not even unfolded', async (one) => {
    const page = await playground('', sized(one));
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await unfold(page);
    expect(await overflow()).toBeLessThanOrEqual(0);
    const outside = await page
      .locator('button:visible, input:visible, select:visible')
      .evaluateAll((all) =>
        all
          .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .map((element) => element.outerHTML),
      );
    expect(outside).toEqual([]);
  });

  test.each([360, 1280])('at %d nothing moves while it loads, nor when a value changes', async (width) => {
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
    await page.locator('#p-q').evaluate((one: HTMLInputElement) => {
      one.value = '40';
      one.dispatchEvent(new Event('input'));
    });
    await settled(page);
    expect(page.url()).toContain('q=40');
    await page.waitForTimeout(200);
    expect(await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)).toEqual([]);
  });

  test('a chosen theme stays, and is there before anything is painted', async () => {
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

  test('nothing is loaded from elsewhere, nothing is refused by the policy, and no script fails', async () => {
    const page = await open();
    const wrong: string[] = [];
    page.on('request', (request) => {
      if (!/^(?:blob|data):/.test(request.url()) && !request.url().startsWith(origin())) wrong.push(request.url());
    });
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    await page.goto(origin());
    await settled(page);
    await unfold(page);
    expect(wrong).toEqual([]);
  });
});
