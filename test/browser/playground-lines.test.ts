/** The lines that the playground gives to copy, each used as it is. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { startServer } from '../../src/dev/server.ts';
import { look } from '../pixels.ts';
import { request, testConfig } from '../requests.ts';
import { hasBrowser, settled, textOf, useBrowser } from './chromium.ts';

const { playground, visit, sample, origin, open } = useBrowser();
const permissions = ['clipboard-read', 'clipboard-write'];

async function copied(page: Page, label: string): Promise<string> {
  const button = page.getByRole('button', { name: `Copy: ${label}`, exact: true });
  await button.click();
  await expect.poll(() => button.textContent()).toBe('Copied');
  expect(await textOf(page, 'copied')).toBe(`Copied: ${label}`);
  return page.evaluate(() => navigator.clipboard.readText());
}

const shown = (page: Page) =>
  page
    .locator('img')
    .evaluate((one: HTMLImageElement) => ({ w: one.naturalWidth, box: [one.width, one.height], from: one.currentSrc }));

describe.runIf(hasBrowser)('what is copied works', () => {
  test('the address, and <img>, whose place is kept before it comes', async () => {
    const page = await playground('', { permissions });
    const address = await copied(page, 'Address');
    expect((await look((await request(origin(), address.slice(origin().length))).body)).width).toBe(640);
    const seen = await shown(await visit(await copied(page, '<img>')));
    expect(seen).toEqual({ w: 640, box: [640, 427], from: address });
  });

  test('<picture>: what the browser knows best, as wide as the screen needs', async () => {
    const page = await playground('', { permissions });
    const html = await copied(page, '<picture>');
    for (const [deviceScaleFactor, width] of [
      [1, 640],
      [2, 1280],
    ] as const) {
      const { from } = await shown(await visit(html, {}, { deviceScaleFactor }));
      const { searchParams } = new URL(from);
      expect([searchParams.get('f'), searchParams.get('w')]).toEqual(['avif', `${width}`]);
    }
  });

  test('Markdown holds the same address', async () => {
    const page = await playground('', { permissions });
    expect(await copied(page, 'Markdown')).toBe(`![cat](<${await copied(page, 'Address')}>)`);
  });

  test('curl fetches the picture into a file of its own', async () => {
    const page = await playground(`#u=${sample('turned.jpg')}&w=80`, { permissions });
    const line = await copied(page, 'curl');
    const cwd = mkdtempSync(join(tmpdir(), 'pixgate-curl-'));
    const { status, error } = spawnSync('sh', ['-c', 'command -v curl'], { cwd });
    if (status !== 0 || error) console.log('SKIPPED: the line for curl is not run, since there is no curl');
    else {
      // Not spawnSync: the server answers from this process.
      const { spawn } = await import('node:child_process');
      await new Promise((resolve) => spawn('sh', ['-c', line], { cwd }).once('exit', resolve));
      expect(await look(readFileSync(join(cwd, 'turned-80.jpg')))).toMatchObject({ type: 'image/jpeg', width: 80 });
    }
    rmSync(cwd, { recursive: true });
  });

  test('a signed address is answered, and neither id nor secret is kept', async () => {
    const secret = 'pxg_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
    const keys = JSON.stringify([{ id: 'acme1', mode: 'signed', secret }]);
    const signing = await startServer(testConfig({ API_KEYS: keys }), { log: () => {} });
    try {
      const page = await open({ permissions });
      await page.goto(`${signing.origin}/#u=${signing.origin}/samples/cat.webp&w=70&fit=cover&h=70`);
      await settled(page);
      await page.getByLabel('Id of a signed key').fill('acme1');
      await page.getByLabel('Secret of that key').fill(secret);
      const address = await copied(page, 'Signed address');
      const { status, body } = await request(signing.origin, address.slice(signing.origin.length));
      expect([status, (await look(body)).width]).toEqual([200, 70]);
      const kept = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
      );
      expect(kept).not.toMatch(/acme1|AAECAw/);
      await page.getByLabel('Secret of that key').fill('***');
      await expect.poll(() => page.getByRole('button', { name: 'Copy: Signed address' }).isDisabled()).toBe(true);
      await page.context().close();
    } finally {
      await signing.stop();
    }
  });
});
