/** Global setup: without a browser all tests are skipped with one message, and fail in CI. */
import { CHROMIUM, hasBrowser } from './chromium.ts';

export default function checkBrowser() {
  if (hasBrowser) return;
  if (process.env.CI === 'true') throw new Error(`There is no browser at ${CHROMIUM}: set CHROMIUM to its path`);
  console.log('SKIPPED: the browser tests need Chromium (apt-get install chromium), or its path in CHROMIUM');
}
