/** Animations in the playground: both halves play together. */
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { hasBrowser, textOf, useBrowser } from './chromium.ts';

const { playground, sample } = useBrowser();

const GREY_SIZE = { width: 12, height: 12, fit: 'fill' } as const;

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error('not visible');
  return {
    left: Math.round(box.x),
    top: Math.round(box.y),
    width: Math.floor(box.width),
    height: Math.floor(box.height),
  };
}

/** Returns the pixels of original and output in one screenshot, small and in grey. */
async function halves(page: Page): Promise<[Buffer, Buffer]> {
  const screenshot = await page.screenshot();
  const pixels = async (id: string) => {
    const box = await boxOf(page.locator(id));
    return sharp(screenshot).extract(box).resize(GREY_SIZE).greyscale().raw().toBuffer();
  };
  return [await pixels('#original'), await pixels('#output')];
}

const difference = (a: Buffer, b: Buffer) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;

describe.runIf(hasBrowser)('an animation', () => {
  test('shows the same frame in both halves, although the original was playing already', async () => {
    const page = await playground(`#u=${sample('banana.gif')}&w=600`);
    await page.getByRole('radio', { name: 'Side by side' }).check();
    // In the middle of a loop of the original.
    await page.waitForTimeout(430);
    await page.locator('#p-w').fill('590');
    await expect.poll(() => textOf(page, 'output-info')).toMatch(/^590 ×/);
    const frames: Buffer[] = [];
    for (let i = 0; i < 8; i++) {
      const [original, output] = await halves(page);
      expect(difference(original, output)).toBeLessThan(4);
      frames.push(original);
      await page.waitForTimeout(70);
    }
    // It moves: otherwise equal halves would say nothing.
    expect(Math.max(...frames.slice(1).map((frame, i) => difference(frame, frames[i] ?? frame)))).toBeGreaterThan(8);
  });
});

describe.runIf(hasBrowser)('an output larger than its source', () => {
  test('is explained', async () => {
    const page = await playground(`#u=${sample('logo.svg')}&w=800`);
    expect(await textOf(page, 'difference')).toMatch(/ % larger$/);
    expect(await textOf(page, 'growth')).toContain('an SVG is instructions for drawing');
    await page.getByRole('button', { name: 'cat.webp' }).click();
    await expect.poll(() => textOf(page, 'difference')).toMatch(/smaller$/);
    expect(await page.locator('#growth').isVisible()).toBe(false);
  });
});
