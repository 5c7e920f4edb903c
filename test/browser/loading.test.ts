/** Loading the playground: what is transferred until it can be used, and what it shows until then. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { hasBrowser, settled, textOf, useBrowser } from './chromium.ts';

const { open, playground, origin } = useBrowser();

/** Bytes of a slow phone (400 kbit/s) in 1.2 s. */
const MAX_BYTES = 60_000;

/** Returns the compressed bytes of each file that is requested before the first image, when the form can be used, and of thumbnails. */
async function bytesBeforeUse(page: Page): Promise<ReadonlyMap<string, number>> {
  const paths = new Map<string, string>();
  const bytes = new Map<string, number>();
  let isUsable = false;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    const { pathname, search } = new URL(request.url);
    isUsable ||= search !== '';
    if (!isUsable || pathname.startsWith('/thumbnails/')) paths.set(requestId, pathname);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = paths.get(requestId);
    if (path !== undefined) bytes.set(path, encodedDataLength);
  });
  await page.goto(origin());
  await settled(page);
  return bytes;
}

const isVisible = (page: Page, id: string) => page.locator(`#${id}`).isVisible();

/** Holds requests that match until the returned function is called. */
async function hold(page: Page, pattern: RegExp): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(pattern, async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}

describe.runIf(hasBrowser)('loading', () => {
  test.each(['light', 'dark'] as const)('before its script, the page says that it loads: %s', async (colorScheme) => {
    const page = await open({ colorScheme });
    const release = await hold(page, /playground\.js/);
    await page.goto(origin(), { waitUntil: 'commit' });
    await page.getByText('Loading the page…').waitFor();
    expect(await page.locator('#view').getAttribute('aria-busy')).toBe('true');
    expect(await violations(page)).toEqual([]);
    release();
    await settled(page);
    expect([await isVisible(page, 'received'), await isVisible(page, 'progress')]).toEqual([false, false]);
    expect(await page.locator('#output').isVisible()).toBe(true);
  });

  test('while an image is on its way, the old figures are dimmed, and there is nothing to copy', async () => {
    const page = await playground();
    const release = await hold(page, /[?&]w=300/);
    const copy = page.getByRole('button', { name: 'Copy: URL' });
    const colour = () => page.locator('#output-size').evaluate((element) => getComputedStyle(element).color);
    const shown = await colour();
    expect(await copy.getAttribute('aria-disabled')).toBe('false');
    await page.locator('#p-w').fill('300');
    await page.getByText('Waiting for the image…').waitFor();
    await expect.poll(colour).not.toBe(shown);
    expect(await copy.getAttribute('aria-disabled')).toBe('true');
    await copy.dispatchEvent('click');
    expect(await textOf(page, 'copied')).toBe('The image is on its way.');
    release();
    await expect.poll(() => textOf(page, 'output-info')).toMatch(/^300 ×/);
    await expect.poll(() => copy.getAttribute('aria-disabled')).toBe('false');
    await expect.poll(colour).toBe(shown);
  });

  test('shows how many bytes have arrived', async () => {
    const page = await playground();
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 0, downloadThroughput: 300_000, uploadThroughput: -1 },
    });
    await page.locator('#p-f').evaluate((select: HTMLSelectElement) => {
      select.value = 'png';
      select.dispatchEvent(new Event('change'));
    });
    await page.getByText(/^Receiving the image: [\d.]+ kB of \d+ kB$/).waitFor();
    await expect.poll(() => textOf(page, 'output-info'), { timeout: 20_000 }).toBe('640 × 427 PNG');
  });

  test('after an error, there is nothing to copy', async () => {
    const page = await playground('#u=x.example&w=0');
    const copy = page.getByRole('button', { name: 'Copy: URL' });
    await copy.dispatchEvent('click');
    expect(await textOf(page, 'copied')).toBe('This URL returns an error: there is no image to embed.');
    expect(await copy.textContent()).toBe('Copy');
  });

  test('the page can be used after at most 60 kB, in one style and two scripts', async () => {
    const page = await open();
    const bytes = await bytesBeforeUse(page);
    expect([...bytes.keys()].filter((path) => /\.(?:js|css)$/.test(path)).sort()).toEqual([
      ...['/assets/playground.css', '/assets/playground.js', '/assets/theme.js'],
    ]);
    expect(bytes.size).toBeGreaterThan(8);
    const total = [...bytes.values()].reduce((sum, size) => sum + size, 0);
    expect(total, JSON.stringify([...bytes])).toBeLessThan(MAX_BYTES);
  });
});
