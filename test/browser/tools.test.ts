/** The tools on the image of the playground, and zoom. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { expandAll, hasBrowser, textOf, useBrowser } from './chromium.ts';

const { playground, sample, other } = useBrowser();

/** Chooses a tool, and waits for its image. @returns the place on the screen of a share of its sides */
async function useTool(page: Page, name: string) {
  await page.getByRole('radio', { name, exact: true }).check();
  const image = page.locator('#editor-image');
  await expect
    .poll(() => image.evaluate((element: HTMLImageElement) => element.complete && element.naturalWidth), {
      timeout: 10_000,
    })
    .toBeGreaterThan(0);
  await page.locator('#preview').scrollIntoViewIfNeeded();
  return async (x: number, y: number): Promise<[number, number]> => {
    const box = await page.locator('#editor-surface').boundingBox();
    if (!box) throw new Error('no tool');
    return [box.x + x * box.width, box.y + y * box.height];
  };
}
const optionsOf = (page: Page) => Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.slice(1)));
const box = async (page: Page, selector: string) => {
  const found = await page.locator(selector).boundingBox();
  if (!found) throw new Error(`no ${selector}`);
  return found;
};

describe.runIf(hasBrowser)('tools', () => {
  test('a click sets the focal point, and the fields have it', async () => {
    const page = await playground();
    const place = await useTool(page, 'Focus');
    await page.mouse.click(...(await place(0.25, 0.75)));
    await expect.poll(() => textOf(page, 'output-info')).toBe('640 × 640 WebP');
    expect(optionsOf(page)).toMatchObject({ w: '640', fit: 'cover', ar: '1:1', fpx: '0.25', fpy: '0.75' });
    expect(await page.locator('#p-fpx').inputValue()).toBe('0.25');
    const [surface, marker] = [await box(page, '#editor-surface'), await box(page, '#editor-marker')];
    expect((marker.x + marker.width / 2 - surface.x) / surface.width).toBeCloseTo(0.25, 1);
    expect((marker.y + marker.height / 2 - surface.y) / surface.height).toBeCloseTo(0.75, 1);
    expect(await violations(page)).toEqual([]);
  });

  test.each([360, 1280])('at %d px a drag crops, and a click removes the crop', async (width) => {
    const page = await playground('', { viewport: { width, height: 800 } });
    const place = await useTool(page, 'Crop');
    await page.mouse.move(...(await place(0.8, 0.9)));
    await page.mouse.down();
    await page.mouse.move(...(await place(0.5, 0.5)));
    await page.mouse.move(...(await place(0.3, 0.4)));
    await page.mouse.up();
    await expect.poll(() => textOf(page, 'output-info')).toBe('640 × 427 WebP');
    await expect.poll(() => optionsOf(page).precrop).toBe('1');
    const shares = ['cx', 'cy', 'cw', 'ch'].map((name) => Number.parseFloat(optionsOf(page)[name] ?? ''));
    for (const [i, share] of [30, 40, 50, 50].entries()) expect(Math.abs((shares[i] ?? 0) - share)).toBeLessThan(1);
    await page.mouse.click(...(await place(0.5, 0.5)));
    await expect.poll(() => Object.keys(optionsOf(page))).toEqual(['u', 'w']);
  });

  test('a colour of the output becomes that of a parameter', async () => {
    const page = await playground(`#u=${sample('logo.svg')}&w=300&f=png`);
    const place = await useTool(page, 'Colour');
    expect(await page.locator('#tool-colour option').allTextContents()).toEqual(['tint', 'bg']);
    await page.locator('#tool-colour').selectOption('bg');
    await page.mouse.click(...(await place(0.05, 0.5)));
    await expect.poll(() => optionsOf(page).bg).toBe('1f6feb');
    expect(await page.locator('#p-bg').inputValue()).toBe('1f6feb');
    await page.getByRole('radio', { name: 'Compare' }).check();
    expect(await page.locator('#editor').isVisible()).toBe(false);
  });

  test('a source that the browser cannot show has tools too: the server shows it, rotated as the output', async () => {
    const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
    other().set('/photo.tiff', { body: await sharp(photo).tiff().toBuffer() });
    const page = await playground(`#u=${other().url}/photo.tiff&w=300&ro=90`);
    await useTool(page, 'Crop');
    expect(await page.locator('#original').isVisible()).toBe(false);
    const { width, height } = await box(page, '#editor-surface');
    expect(height).toBeGreaterThan(width);
  });
});

describe.runIf(hasBrowser)('zoom', () => {
  test('the wheel zooms around the pointer, and scrolls the page at the smallest zoom', async () => {
    const page = await playground();
    const before = await box(page, '#frame');
    const [x, y] = [before.x + before.width * 0.3, before.y + before.height * 0.4];
    await page.mouse.move(x, y);
    // Until it fills the preview, the image stays in its centre.
    await page.mouse.wheel(0, -1000);
    await expect.poll(async () => (await box(page, '#frame')).width).toBeGreaterThan(before.width * 4);
    const after = await box(page, '#frame');
    expect((x - after.x) / after.width).toBeCloseTo(0.3, 1);
    expect((y - after.y) / after.height).toBeCloseTo(0.4, 1);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    expect(await violations(page)).toEqual([]);
    for (let i = 0; i < 5; i++) await page.mouse.wheel(0, 400);
    await expect.poll(async () => (await box(page, '#frame')).width).toBeCloseTo(before.width, 0);
    await page.mouse.wheel(0, 400);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
  });

  test('1:1 shows each pixel of the output as one of the screen; a drag moves the image, at the divider the divider', async () => {
    for (const deviceScaleFactor of [1, 2]) {
      const page = await playground(`#u=${sample('cat.webp')}&w=1600`, { deviceScaleFactor });
      await page.getByRole('button', { name: '1:1' }).click();
      await expect.poll(() => textOf(page, 'zoom-level')).toBe('100 %');
      expect((await box(page, '#output')).width).toBeCloseTo(1600 / deviceScaleFactor, 0);
      const [view, divider] = [await box(page, '#view'), await box(page, '#divider')];
      const left = () => page.locator('#scroller').evaluate((element) => element.scrollLeft);
      const start = await left();
      await page.mouse.move(view.x + 100, view.y + 60);
      await page.mouse.down();
      await page.mouse.move(view.x + 40, view.y + 60, { steps: 3 });
      await page.mouse.up();
      if (deviceScaleFactor === 1) expect(await left()).toBe(start + 60);
      const moved = await box(page, '#divider');
      await page.mouse.move(moved.x + 1, view.y + 60);
      await page.mouse.down();
      await page.mouse.move(moved.x + 101, view.y + 60, { steps: 3 });
      await page.mouse.up();
      expect((await box(page, '#divider')).x).toBeCloseTo(moved.x + 100, -1);
      expect(divider.width).toBeGreaterThan(0);
      await page.getByRole('button', { name: 'Fit', exact: true }).click();
      expect((await box(page, '#frame')).width).toBeLessThanOrEqual(view.width);
    }
  });

  test('a zoomed image is scrolled by keyboard', async () => {
    const page = await playground(`#u=${sample('cat.webp')}&w=1600`);
    for (let i = 0; i < 4; i++) await page.getByRole('button', { name: 'Larger' }).click();
    const scroller = page.locator('#scroller');
    await scroller.focus();
    const before = await scroller.evaluate((element) => element.scrollTop);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => scroller.evaluate((element) => element.scrollTop)).toBeGreaterThan(before);
    await expandAll(page);
    expect(await violations(page)).toEqual([]);
  });
});
