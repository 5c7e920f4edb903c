/** Once before all files: without a browser their tests are skipped with one line, and fail where there must be one. */
import { CHROMIUM, hasBrowser } from './chromium.ts';

export default function checkBrowser() {
  if (hasBrowser) return;
  if (process.env.CI === 'true') throw new Error(`There is no browser at ${CHROMIUM}: set CHROMIUM to the path of one`);
  console.log('SKIPPED: the tests in a browser need Chromium (apt-get install chromium), or CHROMIUM, the path of one');
}
