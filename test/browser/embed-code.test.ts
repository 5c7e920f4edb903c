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
  if (label !== 'URL') await page.getByRole('radio', { name: label, exact: true }).check();
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
  test('the URL, and HTML with the size of the image', async () => {
    const page = await playground('', { permissions });
    const url = await copySnippet(page, 'URL');
    expect((await decodePixels((await request(origin(), url.slice(origin().length))).body)).width).toBe(640);
    const image = await imageOf(await visit(await copySnippet(page, 'HTML')));
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

  test('CSS: the browser takes the density of the screen', async () => {
    const page = await playground('', { permissions });
    const css = await copySnippet(page, 'CSS');
    for (const deviceScaleFactor of [1, 2]) {
      const requested: string[] = [];
      const shown = await visit('<p>', {}, { deviceScaleFactor });
      shown.on('request', (sent) => requested.push(sent.url()));
      await shown.setContent(`<style>${css}</style><div class="image"></div>`);
      await expect.poll(() => requested.length).toBe(1);
      expect(new URL(requested[0] ?? '').searchParams.get('dpr')).toBe(deviceScaleFactor === 2 ? '2' : null);
      expect(await shown.locator('.image').boundingBox()).toMatchObject({ width: 640, height: 427 });
    }
  });

  test('every kind is shown as a whole: lines wrap', async () => {
    for (const width of [360, 1280]) {
      const page = await playground('', { viewport: { width, height: 800 } });
      const kinds = await page.locator('#kinds label').allTextContents();
      expect(kinds).toEqual(
        'HTML,<picture>,Markdown,React,Next.js,Nuxt,unpic,Astro,CSS,curl,Command line,Signed URL'.split(','),
      );
      for (const kind of kinds.slice(0, -1)) {
        await page.getByRole('radio', { name: kind, exact: true }).check();
        const code = page.locator('#chosen .code:visible');
        expect(await code.count(), kind).toBe(1);
        expect(await code.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth), kind).toBe(0);
      }
    }
  });

  test('the kinds have one order, also after a text output', async () => {
    const page = await playground(`#u=${sample('cat.webp')}&f=color`);
    expect(await page.locator('#kinds label:visible').allTextContents()).toEqual([
      'curl',
      'Command line',
      'Signed URL',
    ]);
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => page.locator('#kinds label:visible').count()).toBe(12);
    expect((await page.locator('#kinds label:visible').allTextContents()).slice(0, 3)).toEqual([
      'HTML',
      '<picture>',
      'Markdown',
    ]);
  });

  test('the chosen kind is that of the next visit', async () => {
    const page = await playground();
    await page.getByRole('radio', { name: 'Next.js' }).check();
    await page.reload();
    await settled(page);
    expect(await page.locator('#snippet-next').isVisible()).toBe(true);
    expect(await page.locator('#snippet-img').isVisible()).toBe(false);
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
      await page.getByRole('radio', { name: 'Signed URL' }).check();
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
