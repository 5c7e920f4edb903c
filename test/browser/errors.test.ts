/** Errors in the playground: in words, with the next step. */
import { describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { hasBrowser, textOf, useBrowser } from './chromium.ts';

const { playground, sample, other, origin } = useBrowser();

describe.runIf(hasBrowser)('an error', () => {
  test('has the advice of the documentation for its code, and a link to that section', async () => {
    const page = await playground(`#u=${sample('none.jpg')}&w=80`);
    await page.getByText('Next step: Open the URL in u in a browser.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'About SOURCE_NOT_FOUND' }).click();
    await page.waitForURL(`${origin()}/docs/errors#source_not_found`);
    expect(await page.locator('#source_not_found').textContent()).toBe('SOURCE_NOT_FOUND');
  });

  test('of an origin has the advice for what happened, not for what else could have', async () => {
    other().set('/secret.jpg', { status: 403 });
    const page = await playground(`#u=${other().url}/secret.jpg&w=80`);
    await page.getByText('Next step: It wants a Referer').waitFor();
    expect(await textOf(page, 'card')).not.toContain('renew the certificate');
  });

  test.each([
    ['IMAGE_TOO_LARGE', 'w=8000&h=8000&fit=fill&f=jpg', 'Next step: Request a smaller width'],
    ['QUERY_INVALID', 'w=80&colour=red', 'Remove colour'],
  ])('%s has a next step', async (code, query, advice) => {
    const page = await playground(`#u=${sample('cat.webp')}&${query}`);
    await page.getByText(advice).waitFor();
    expect(await textOf(page, 'card')).toContain(code);
  });

  test('of parameters has buttons that repair the request', async () => {
    const page = await playground(`#u=${sample('cat.webp')}&w=80&q=0&start=red`);
    await page.getByRole('button', { name: 'Remove q' }).click();
    await expect.poll(() => page.locator('#card li').count()).toBe(0);
    await page.locator('#card').getByRole('button', { name: 'Set filt=duotone' }).click();
    await expect.poll(() => textOf(page, 'output-info')).toMatch(/^80 ×/);
    expect(new URL(page.url()).hash).toContain('w=80&start=red&filt=duotone');
  });

  test('of the key or the server has a button that leads to the input', async () => {
    const page = await playground('#k=wrongKey');
    await page.getByRole('button', { name: 'Enter a key' }).click();
    expect(await page.locator('#key').evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByLabel('Server', { exact: true }).fill('127.0.0.1:1');
    await page.keyboard.press('Enter');

    await page.getByRole('button', { name: 'Change the server' }).click();
    expect(await page.locator('#base').evaluate((element) => element === document.activeElement)).toBe(true);
  });
});
