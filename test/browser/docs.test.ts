/** The documentation in Chromium: on the local server, and as static files. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { renderDocs } from '../../src/dev/docs.ts';
import { writeDocs } from '../../src/dev/docs-files.ts';
import { violations } from './axe.ts';
import { hasBrowser, useBrowser } from './chromium.ts';

const { open, origin, other } = useBrowser();
const folder = mkdtempSync(join(tmpdir(), 'pixgate-site-'));
afterAll(() => rmSync(folder, { recursive: true }));

const paths = [...renderDocs().html.keys()];

describe.runIf(hasBrowser)('the documentation', () => {
  test('no page is wider than a screen of 360, 768 or 1280 px', async () => {
    const page = await open();
    for (const path of paths) {
      await page.goto(origin() + path, { waitUntil: 'domcontentloaded' });
      for (const width of [360, 768, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
        expect(await page.evaluate(overflow), `${path} at ${width} px`).toBe(0);
      }
    }
  }, 300_000);

  test.each(['light', 'dark'] as const)(
    'axe finds no violation in the %s theme',
    async (colorScheme) => {
      const page = await open({ colorScheme });
      for (const path of ['/docs/readme', '/docs/partners', '/docs/errors']) {
        await page.goto(origin() + path);
        expect(await violations(page), path).toEqual([]);
      }
    },
    300_000,
  );

  test('the search finds sections, and leads to them', async () => {
    const page = await open();
    await page.goto(`${origin()}/docs/readme`);
    await page.keyboard.press('/');
    await page.keyboard.type('rotat key');
    await page.locator('#results a').first().waitFor();
    expect(await violations(page)).toEqual([]);
    const titles = await page.locator('#results a').allTextContents();
    expect(titles).toContain('Keys and signed URLs: Rotating a key');
    await page.locator('#results a', { hasText: 'Rotating a key' }).click();
    await page.waitForURL('**/docs/partners#rotating-a-key');
    await page.fill('#search', 'retina');
    expect(await page.locator('#results a').last().textContent()).toBe('Parameters: Size');
    await page.fill('#search', 'qwertyuiop');
    await page.getByText('Nothing was found.').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('#results').isVisible()).toBe(false);
  });

  test('a button copies a snippet', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await page.goto(`${origin()}/docs/cli`);
    await page.locator('main .copy').first().click();
    await page
      .getByRole('status')
      .getByText(/^Copied: /)
      .waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await page.locator('main pre').first().textContent());
  });

  test('the static files work below any path: styles, scripts, search, links', async () => {
    await writeDocs(folder);
    const types: Record<string, string> = {
      '.html': 'text/html',
      '.css': 'text/css',
      '.js': 'text/javascript',
      '.svg': 'image/svg+xml',
    };
    for (const name of readdirSync(folder))
      other().set(`/manual/${name}`, {
        body: readFileSync(join(folder, name)),
        headers: { 'content-type': types[extname(name)] ?? 'application/octet-stream' },
      });
    const page = await open();
    const failed: string[] = [];
    page.on('response', (response) => response.ok() || failed.push(response.url()));
    page.on('pageerror', (error) => failed.push(error.message));
    await page.goto(`${other().url}/manual/index.html`);
    await page.locator('#pages a', { hasText: 'Command line' }).click();
    await page.waitForURL('**/manual/cli.html');
    await page.fill('#search', 'purge');
    await page.locator('#results a').first().click();
    await page.waitForURL(/\/manual\/\w+\.html#/);
    expect(await page.locator('main .copy').count()).toBeGreaterThan(0);
    expect(failed).toEqual([]);
  });
});
