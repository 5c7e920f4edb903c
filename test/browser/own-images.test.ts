/** Own images in the playground: chosen, dropped and pasted. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { hasBrowser, settled, textOf, useBrowser } from './chromium.ts';

const { playground, sample, origin } = useBrowser();

const pathOf = (name: string) => fileURLToPath(new URL(`../../src/dev/samples/${name}`, import.meta.url));
const choose = (page: Page, files: string | { name: string; mimeType: string; buffer: Buffer }) =>
  page.locator('#own-file').setInputFiles(files);

/** Dispatches an event with a file, as a drop or a paste does. */
const dispatchFile = (page: Page, type: 'drop' | 'paste', name: string) =>
  page.evaluate(
    ([kind, fileName, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], fileName, { type: 'image/jpeg' }));
      const event =
        kind === 'drop'
          ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
          : new ClipboardEvent('paste', { clipboardData: data, bubbles: true });
      document.querySelector('#preview')?.dispatchEvent(event);
    },
    [type, name, readFileSync(pathOf(name)).toString('base64')] as const,
  );

describe.runIf(hasBrowser)('own images', () => {
  test('a chosen file is resized by the local server; its embed code says that a URL is needed', async () => {
    const page = await playground();
    expect(await textOf(page, 'own-help')).toContain('does not leave this machine');
    const requested: string[] = [];
    page.on('request', (sent) => requested.push(sent.url()));
    await choose(page, pathOf('landscape.jpg'));
    await expect.poll(() => textOf(page, 'original-info')).toBe('600 × 450 JPEG');
    await expect.poll(() => textOf(page, 'output-info')).toBe('640 × 480 WebP');
    expect(await page.locator('#original').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(600);
    expect(await textOf(page, 'own-help')).toMatch(/^landscape\.jpg is yours\. It does not leave this machine/);
    expect(requested.filter((url) => !/^(?:blob|data):/.test(url) && !url.startsWith(origin()))).toEqual([]);
    expect(await page.locator('#own-code').textContent()).toContain('needs a URL');
    expect(await page.locator('#snippet-url').isVisible()).toBe(false);
    expect(await page.locator('#kinds label:visible').allTextContents()).toEqual(['Command line']);
    expect(await textOf(page, 'snippet-cli')).toBe("npx pixgate resize 'landscape.jpg' -w 640 -o 'landscape-640.jpg'");
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'cat.webp' }).click();
    await expect.poll(() => page.locator('#snippet-url').isVisible()).toBe(true);
    expect(await page.locator('#own-code').isVisible()).toBe(false);
  });

  test.each(['drop', 'paste'] as const)('a file by %s', async (type) => {
    const page = await playground();
    await dispatchFile(page, type, 'turned.jpg');
    await expect.poll(() => textOf(page, 'own-help')).toContain('turned.jpg is yours');
    await expect.poll(() => textOf(page, 'output-info')).toMatch(/^640 ×/);
    await page.locator('#p-w').fill('99');
    await expect.poll(() => textOf(page, 'output-info')).toMatch(/^99 ×/);
  });

  test('a file name may have any characters, and a file that is no image is refused with the reason', async () => {
    const page = await playground();
    const buffer = readFileSync(pathOf('logo.svg'));
    await choose(page, { name: `a'b #1 100%.svg`, mimeType: 'image/svg+xml', buffer });
    await expect.poll(() => textOf(page, 'own-help')).toContain(`a'b #1 100%.svg is yours`);
    await expect.poll(() => textOf(page, 'original-info'), { timeout: 10_000 }).toContain('SVG');
    expect(await page.locator('#original').isVisible()).toBe(true);
    await choose(page, { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('hello') });
    await expect.poll(() => textOf(page, 'own-help')).toMatch(/^notes\.png: The source is not an image/);
  });

  test('an image that the server has forgotten', async () => {
    const page = await playground(`#u=${sample('own/01234567-89ab-4cde-8f01-23456789abcd/cat.jpg')}&w=90`);
    await expect.poll(() => textOf(page, 'own-help')).toMatch(/^cat\.jpg is not in the memory .* choose it again\.$/);
  });

  test('with another server, the button is disabled and says why', async () => {
    const page = await playground(`#base=https://img.example.com/&u=${sample('cat.webp')}&w=90`);
    expect(await page.locator('#own-choose').isDisabled()).toBe(true);
    expect(await textOf(page, 'own-help')).toBe(
      'Your own images work with the local server only: this page talks to img.example.com.',
    );
    await dispatchFile(page, 'drop', 'turned.jpg');
    await settled(page);
    expect(await page.locator('#u').inputValue()).toBe(sample('cat.webp'));
  });
});
