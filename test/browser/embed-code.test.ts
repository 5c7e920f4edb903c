/** The embed code of the playground, each snippet pasted and run. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { startServer } from '../../src/dev/server.ts';
import { decodePixels } from '../pixels.ts';
import { request, testConfig } from '../requests.ts';
import { hasBrowser, settled, textOf, useBrowser } from './chromium.ts';

const { playground, visit, sample, origin, open } = useBrowser();
const permissions = ['clipboard-read', 'clipboard-write'];

async function copySnippet(page: Page, label: string): Promise<string> {
  const button = page.getByRole('button', { name: `Copy: ${label}`, exact: true });
  await button.click();
  await expect.poll(() => button.textContent()).toBe('Copied');
  expect(await textOf(page, 'copied')).toBe(`Copied: ${label}`);
  return page.evaluate(() => navigator.clipboard.readText());
}

const imageOf = (page: Page) =>
  page.locator('img').evaluate((image: HTMLImageElement) => ({
    naturalWidth: image.naturalWidth,
    box: [image.width, image.height],
    url: image.currentSrc,
  }));

describe.runIf(hasBrowser)('copied snippets work', () => {
  test('the URL, and <img> with its size', async () => {
    const page = await playground('', { permissions });
    const url = await copySnippet(page, 'URL');
    expect((await decodePixels((await request(origin(), url.slice(origin().length))).body)).width).toBe(640);
    const image = await imageOf(await visit(await copySnippet(page, '<img>')));
    expect(image).toEqual({ naturalWidth: 640, box: [640, 427], url });
  });

  test('<picture>: the browser takes AVIF, in the width that the screen needs', async () => {
    const page = await playground('', { permissions });
    const html = await copySnippet(page, '<picture>');
    for (const [deviceScaleFactor, width] of [
      [1, 640],
      [2, 1280],
    ] as const) {
      const { url } = await imageOf(await visit(html, {}, { deviceScaleFactor }));
      const { searchParams } = new URL(url);
      expect([searchParams.get('f'), searchParams.get('w')]).toEqual(['avif', `${width}`]);
    }
  });

  test('Markdown has the same URL', async () => {
    const page = await playground('', { permissions });
    expect(await copySnippet(page, 'Markdown')).toBe(`![cat](<${await copySnippet(page, 'URL')}>)`);
  });

  test('curl saves the image to a file', async () => {
    const page = await playground(`#u=${sample('turned.jpg')}&w=80`, { permissions });
    const command = await copySnippet(page, 'curl');
    const cwd = mkdtempSync(join(tmpdir(), 'pixgate-curl-'));
    const { status, error } = spawnSync('sh', ['-c', 'command -v curl'], { cwd });
    if (status !== 0 || error) console.log('SKIPPED: curl is not installed, so its snippet is not run');
    else {
      // Not spawnSync: it would block the server, which runs in this process.
      const { spawn } = await import('node:child_process');
      await new Promise((resolve) => spawn('sh', ['-c', command], { cwd }).once('exit', resolve));
      expect(await decodePixels(readFileSync(join(cwd, 'turned-80.jpg')))).toMatchObject({
        type: 'image/jpeg',
        width: 80,
      });
    }
    rmSync(cwd, { recursive: true });
  });

  test('a signed URL is valid, and neither id nor secret is stored', async () => {
    const secret = 'pxg_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
    const keys = JSON.stringify([{ id: 'acme1', mode: 'signed', secret }]);
    const signing = await startServer(testConfig({ API_KEYS: keys }), { log: () => {} });
    try {
      const page = await open({ permissions });
      await page.goto(`${signing.origin}/#u=${signing.origin}/samples/cat.webp&w=70&fit=cover&h=70`);
      await settled(page);
      await page.getByLabel('Id of a signed key').fill('acme1');
      await page.getByLabel('Signing secret').fill(secret);
      const url = await copySnippet(page, 'Signed URL');
      const { status, body } = await request(signing.origin, url.slice(signing.origin.length));
      expect([status, (await decodePixels(body)).width]).toEqual([200, 70]);
      const storage = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
      );
      expect(storage).not.toMatch(/acme1|AAECAw/);
      await page.getByLabel('Signing secret').fill('***');
      await expect.poll(() => page.getByRole('button', { name: 'Copy: Signed URL' }).isDisabled()).toBe(true);
      await page.context().close();
    } finally {
      await signing.stop();
    }
  });
});
