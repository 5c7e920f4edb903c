/** The marks of a deployment in the playground: offered by name, and drawn on the output. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startServer } from '../../src/dev/server.ts';
import { loadMarks } from '../../src/marks/load.ts';
import { testConfig } from '../requests.ts';
import { hasBrowser, settled, useBrowser } from './chromium.ts';

const { open, sample } = useBrowser();

describe.runIf(hasBrowser)('marks', () => {
  test('one click on a name draws the mark, and its own parameters can be changed', async () => {
    const svg = readFileSync(new URL('../../src/dev/samples/logo.svg', import.meta.url), 'base64');
    const marks = JSON.stringify({ logo: { source: `data:image/svg+xml;base64,${svg}` } });
    const config = testConfig({ API_KEYS: 'demo:myKey', MARKS: marks });
    const server = await startServer(config, { log: () => {}, marks: await loadMarks(config.marks, config) });
    try {
      const page = await open();
      await page.goto(`${server.origin}/#u=${sample('cat.webp')}&w=300&f=png`);
      await settled(page);
      await page.getByText('Mark', { exact: true }).first().click();
      expect(await page.locator('#p-mscale').isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'mark=logo', exact: true }).first().click();
      await expect.poll(() => page.url()).toContain('mark=logo');
      // The blue of the logo, near the bottom right corner.
      const blue = () =>
        page.locator('#output').evaluate((image) => {
          const context = new OffscreenCanvas(300, 200).getContext('2d');
          context?.drawImage(image as HTMLImageElement, 0, 0);
          const { data = [] } = context?.getImageData(0, 0, 300, 200) ?? {};
          let count = 0;
          for (let i = 0; i < data.length; i += 4) if ((data[i] ?? 255) < 60 && (data[i + 2] ?? 0) > 200) count++;
          return count;
        });
      await expect.poll(blue).toBeGreaterThan(100);
      const small = await blue();
      await page.locator('#p-mscale').fill('0.6');
      await expect.poll(blue).toBeGreaterThan(small * 3);
      await page.context().close();
    } finally {
      await server.stop();
    }
  });
});
