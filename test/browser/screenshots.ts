/** npm run screenshots: takes the README's screenshots of the playground, and writes them to .github/images/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { loadConfig } from '../../src/config.ts';
import { startServer } from '../../src/dev/server.ts';
import { CHROMIUM, hasBrowser, launch } from './chromium.ts';

const FOLDER = fileURLToPath(new URL('../../.github/images/', import.meta.url));
/** Maximum bytes of a screenshot: the README loads it. */
const MAX_BYTES = 150_000;

const SHOTS = [
  { name: 'playground-light', colorScheme: 'light', width: 1280, height: 860 },
  { name: 'playground-dark', colorScheme: 'dark', width: 1280, height: 860 },
  { name: 'playground-phone', colorScheme: 'light', width: 360, height: 780 },
] as const;

async function main() {
  // The default port, so that the URLs in the screenshots are those of the README.
  const { PORT } = process.env;
  const server = await startServer(loadConfig({ API_KEYS: 'demo:myKey', PORT }), { log: () => {} });
  const browser = await launch();
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, colorScheme, width, height } of SHOTS) {
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1.5, colorScheme });
    await page.goto(server.origin);
    await page.waitForFunction(() => document.querySelector('#time')?.textContent !== '–');
    // Reloads, so that the time shown is not that of the first request.
    await page.reload();
    await page.waitForTimeout(1500);
    const shot = await sharp(await page.screenshot())
      .webp({ quality: 82, smartSubsample: true })
      .toBuffer();
    if (shot.length > MAX_BYTES) throw new Error(`${name} has ${shot.length} bytes, more than ${MAX_BYTES}`);
    writeFileSync(`${FOLDER}${name}.webp`, shot);
    console.log(`${name}.webp ${shot.length} bytes`);
  }
  await browser.close();
  await server.stop();
}

if (!hasBrowser) throw new Error(`There is no browser at ${CHROMIUM}: set CHROMIUM to its path`);
await main();
