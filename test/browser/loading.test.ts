/** Loading the playground: what is transferred until it can be used, and what it shows until then. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hasBrowser, settled, useBrowser } from './chromium.ts';

const { open, origin } = useBrowser();

/** Bytes of a slow phone (400 kbit/s) in 1.2 s. */
const MAX_BYTES = 60_000;

/** Returns the compressed bytes of each file that is requested before the first image: by then the form can be used. */
async function bytesBeforeUse(page: Page): Promise<ReadonlyMap<string, number>> {
  const paths = new Map<string, string>();
  const bytes = new Map<string, number>();
  let isUsable = false;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    const { pathname, search } = new URL(request.url);
    isUsable ||= search !== '';
    if (!isUsable) paths.set(requestId, pathname);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = paths.get(requestId);
    if (path !== undefined) bytes.set(path, encodedDataLength);
  });
  await page.goto(origin());
  await settled(page);
  return bytes;
}

describe.runIf(hasBrowser)('loading', () => {
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
