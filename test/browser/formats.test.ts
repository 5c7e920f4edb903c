/** The comparison of formats in the playground. */
import { describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { hasBrowser, settled, textOf, useBrowser } from './chromium.ts';

const { playground, sample, log } = useBrowser();

describe.runIf(hasBrowser)('the comparison of formats', () => {
  test('is requested once it is opened, two at a time; a click chooses', async () => {
    const page = await playground(`#u=${sample('landscape.jpg')}&w=320&f=avif&q=45`);
    await settled(page);
    const before = log.length;
    await page.locator('#p-w').fill('300');
    await expect.poll(() => textOf(page, 'output-info'), { timeout: 10_000 }).toBe('300 × 225 AVIF');
    expect(log.length - before).toBe(1);
    let [inFlight, maxInFlight, requests] = [0, 0, 0];
    // Not the widths of the srcset, which become visible too.
    await page.route(/[?&]q=(?:45|65|85)&(?!.*we=)/, async (route) => {
      requests++;
      maxInFlight = Math.max(maxInFlight, ++inFlight);
      const response = await route.fetch();
      inFlight--;
      await route.fulfill({ response });
    });
    await page.getByText('Compare formats').click();
    const buttons = page.locator('#format-choices button');
    const texts = async () => (await buttons.allInnerTexts()).map((text) => text.split(/\s*\n\s*/));
    await expect
      .poll(async () => (await texts()).filter(([, , likeness]) => likeness?.startsWith('SSIM')).length, {
        timeout: 30_000,
      })
      .toBe(9);
    expect(maxInFlight).toBe(2);
    const rows = await texts();
    expect(rows.map(([label]) => label)).toEqual(
      ['JPEG', 'WebP', 'AVIF'].flatMap((name) => [45, 65, 85].map((q) => `${name} q=${q}`)),
    );
    for (const first of [0, 3, 6]) {
      const [low, , high] = rows.slice(first, first + 3).map(([, bytes = '', likeness = '']) => ({
        bytes: Number.parseFloat(bytes),
        likeness: Number(likeness.slice(5)),
      }));
      expect(high?.bytes).toBeGreaterThan(low?.bytes ?? 0);
      expect(high?.likeness).toBeGreaterThan(low?.likeness ?? 1);
      expect(low?.likeness).toBeGreaterThan(0.7);
      expect(high?.likeness).toBeLessThanOrEqual(1);
    }
    expect(await buttons.nth(6).getAttribute('aria-pressed')).toBe('true');
    expect(await violations(page)).toEqual([]);
    expect(requests).toBe(9);
    await buttons.nth(1).click();
    await expect.poll(() => textOf(page, 'output-info')).toBe('300 × 225 JPEG');
    await settled(page);
    expect(await buttons.nth(1).getAttribute('aria-pressed')).toBe('true');
    expect(page.url()).toMatch(/&f=jpg&q=65|&q=65&f=jpg/);
    // The others are the same images: only the output was requested.
    expect(requests).toBe(10);
  });

  test('a source with transparency has PNG too, and a text output has no comparison', async () => {
    const page = await playground(`#u=${sample('logo.svg')}&w=64`);
    await page.getByText('Compare formats').click();
    await expect.poll(() => page.locator('#format-choices li').count()).toBe(10);
    await expect
      .poll(() => page.locator('#format-choices li').last().textContent(), { timeout: 30_000 })
      .toContain('SSIM 1.000');
    await page.getByRole('button', { name: 'Placeholder' }).click();
    await expect.poll(() => page.locator('#formats').isVisible()).toBe(false);
  });
});
