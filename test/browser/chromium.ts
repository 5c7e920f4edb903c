/**
 * Runs Debian's Chromium, or the one at the path CHROMIUM, with playwright-core. Firefox is not tested: playwright needs
 * its own build of it, which no package registry has.
 */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { startServer } from '../../src/dev/server.ts';
import { startOrigin } from '../origin.ts';
import { testConfig } from '../requests.ts';

export const { CHROMIUM = '/usr/bin/chromium' } = process.env;
export const hasBrowser = existsSync(CHROMIUM);

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM });

/** A line of the server's log. */
export interface LogLine {
  readonly status: number;
  readonly type?: string;
  readonly w?: number;
  readonly cache?: string;
}

/** Starts the server with its demo key, a second origin for pages and sources, and a browser, for all tests of a file. */
export function useBrowser() {
  const log: LogLine[] = [];
  const pages: Page[] = [];
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startServer>>;
  let other: Awaited<ReturnType<typeof startOrigin>>;
  beforeAll(async () => {
    if (!hasBrowser) return;
    browser = await launch();
    const config = testConfig({ API_KEYS: 'demo:myKey' });
    server = await startServer(config, { log: (line) => log.push(JSON.parse(line)) });
    other = await startOrigin();
  });
  afterAll(async () => {
    if (!hasBrowser) return;
    await browser.close();
    await Promise.all([server.stop(), other.close()]);
  });
  const open = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    pages.push(page);
    return page;
  };
  return {
    log,
    open,
    origin: () => server.origin,
    other: () => other,
    sample: (name: string) => `${server.origin}/samples/${name}`,
    /** Opens a page with this HTML on the second origin, so that images are cross-origin. */
    visit: async (html: string, headers: Record<string, string> = {}, options: BrowserContextOptions = {}) => {
      other.set('/page.html', { body: `<!doctype html>${html}`, headers: { 'content-type': 'text/html', ...headers } });
      const page = await open(options);
      await page.goto(`${other.url.replace('127.0.0.1', 'localhost')}/page.html`, { waitUntil: 'load' });
      return page;
    },
    /** Opens the playground, and waits for its output. */
    playground: async (hash = '', options: BrowserContextOptions = {}) => {
      const page = await open(options);
      await page.goto(`${server.origin}/${hash}`);
      await settled(page);
      return page;
    },
  };
}

/** Waits until the page has a response and no request in flight. */
export async function settled(page: Page): Promise<void> {
  // By the page's own timers: on a busy machine, the one of the debounce (200 ms) is late.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 250)));
  await page.waitForFunction(
    () =>
      document.querySelector('#time')?.textContent !== '–' &&
      document.querySelector('#view')?.getAttribute('aria-busy') !== 'true',
  );
}

export const textOf = async (page: Page, id: string) => (await page.locator(`#${id}`).textContent()) ?? '';

/** Opens all groups and help texts. */
export async function expandAll(page: Page): Promise<void> {
  await page.locator('details').evaluateAll((elements) => {
    for (const element of elements) (element as HTMLDetailsElement).open = true;
  });
  for (const button of await page.locator('.about').all())
    await button.evaluate((element) => (element as HTMLElement).click());
}
