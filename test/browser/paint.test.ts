/** What is seen: pixels of a screenshot, as the browser paints the result. */
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { generate } from '../../src/client/url.ts';
import { hasBrowser, useBrowser } from './chromium.ts';

const { visit, origin, other } = useBrowser();

type Rgb = readonly [number, number, number];
const RED: Rgb = [255, 0, 0];
const GREEN: Rgb = [0, 200, 0];
const BLUE: Rgb = [0, 0, 255];
const hex = ([r, g, b]: Rgb) => ({ r, g, b });

const flat = (colour: Rgb, width = 40, height = 40) =>
  sharp({ create: { width, height, channels: 3, background: hex(colour) } });

/** Red left and blue right, 80 × 40, stored turned by EXIF orientation 6. */
async function turned(): Promise<Buffer> {
  const right = await flat(BLUE).png().toBuffer();
  const upright = await flat(RED, 80, 40)
    .composite([{ input: right, left: 40, top: 0 }])
    .png()
    .toBuffer();
  return sharp(upright).rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
}

async function animation(): Promise<Buffer> {
  const frames = await Promise.all([RED, GREEN, BLUE].map((colour) => flat(colour).png().toBuffer()));
  return sharp(frames, { join: { animated: true } })
    .gif({ delay: [150, 150, 150], loop: 0 })
    .toBuffer();
}

/** A green circle's worth of picture, its left half transparent. */
async function halfTransparent(): Promise<Buffer> {
  const input = await flat(GREEN).png().toBuffer();
  return sharp({ create: { width: 80, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    .composite([{ input, left: 40, top: 0 }])
    .png()
    .toBuffer();
}

beforeAll(async () => {
  if (!hasBrowser) return;
  other().set('/turned.jpg', { body: await turned() });
  other().set('/three.gif', { body: await animation() });
  other().set('/half.png', { body: await halfTransparent() });
});

const show = (name: string, options: object, background = '#fff') => {
  const src = generate(`${origin()}/`, `${other().url}/${name}`, { k: 'myKey', ...options });
  return visit(
    `<body style="margin:0;background:${background}"><img style="display:block" src="${src.replaceAll('&', '&amp;')}" alt="">`,
  );
};

/** The pixel that is painted at a place of the window. */
async function painted(page: Page, x: number, y: number): Promise<Rgb> {
  const shot = await page.screenshot({ clip: { x, y, width: 1, height: 1 } });
  const [r = 0, g = 0, b = 0] = await sharp(shot).removeAlpha().raw().toBuffer();
  return [r, g, b];
}
const near = (one: Rgb, two: Rgb, most = 24) => one.every((value, i) => Math.abs(value - (two[i] ?? 0)) <= most);

describe.runIf(hasBrowser)('what a browser paints', () => {
  test.each([
    ...(['jpg', 'webp', 'png', 'avif'] as const).map((f) => ({ f })),
    { f: 'jpg', meta: 'keep' },
    { f: 'png', meta: 'keep' },
  ])('%j: EXIF orientation is obeyed once, by us', async (more) => {
    const page = await show('turned.jpg', { w: 160, ...more });
    expect(await page.locator('img').evaluate((one: HTMLImageElement) => [one.width, one.height])).toEqual([160, 80]);
    expect(near(await painted(page, 40, 40), RED)).toBe(true);
    expect(near(await painted(page, 120, 40), BLUE)).toBe(true);
  });

  test.each(['gif', 'webp'] as const)('%s: an animation moves, and each frame is seen', async (f) => {
    const page = await show('three.gif', { w: 60, f });
    const seen = new Set<number>();
    await expect
      .poll(
        async () => {
          const pixel = await painted(page, 30, 30);
          for (const [i, colour] of [RED, GREEN, BLUE].entries()) if (near(pixel, colour)) seen.add(i);
          return seen.size;
        },
        { timeout: 15_000, interval: 40 },
      )
      .toBe(3);
  });

  test('n=1 stands still', async () => {
    const page = await show('three.gif', { w: 60, n: 1 });
    for (let i = 0; i < 6; i++) {
      expect(near(await painted(page, 30, 30), RED)).toBe(true);
      await page.waitForTimeout(110);
    }
  });

  test.each(['png', 'webp', 'avif', 'auto'] as const)('%s: the page is seen through what is transparent', async (f) => {
    const page = await show('half.png', { w: 160, f }, '#0000ff');
    expect(near(await painted(page, 30, 40), BLUE)).toBe(true);
    expect(near(await painted(page, 130, 40), GREEN)).toBe(true);
  });

  test('JPEG has white there, or the colour that was asked for', async () => {
    expect(near(await painted(await show('half.png', { w: 160, f: 'jpg' }, '#0000ff'), 30, 40), [255, 255, 255])).toBe(
      true,
    );
    expect(near(await painted(await show('half.png', { w: 160, f: 'jpg', bg: 'red' }), 30, 40), RED)).toBe(true);
  });
});
