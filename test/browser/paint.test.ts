/** Checks pixels of a screenshot: how the browser paints the output. */
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

/** Returns an image, red on the left and blue on the right, 80 × 40, stored rotated with EXIF orientation 6. */
async function rotatedImage(): Promise<Buffer> {
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

/** Returns an image whose left half is transparent and whose right half is green, 80 × 40. */
async function halfTransparentImage(): Promise<Buffer> {
  const input = await flat(GREEN).png().toBuffer();
  return sharp({ create: { width: 80, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    .composite([{ input, left: 40, top: 0 }])
    .png()
    .toBuffer();
}

beforeAll(async () => {
  if (!hasBrowser) return;
  other().set('/turned.jpg', { body: await rotatedImage() });
  other().set('/three.gif', { body: await animation() });
  other().set('/half.png', { body: await halfTransparentImage() });
});

const show = (name: string, options: object, background = '#fff') => {
  const src = generate(`${origin()}/`, `${other().url}/${name}`, { k: 'myKey', ...options });
  return visit(
    `<body style="margin:0;background:${background}"><img style="display:block" src="${src.replaceAll('&', '&amp;')}" alt="">`,
  );
};

/** Returns the colour of a pixel of the window. */
async function pixelAt(page: Page, x: number, y: number): Promise<Rgb> {
  const shot = await page.screenshot({ clip: { x, y, width: 1, height: 1 } });
  const [r = 0, g = 0, b = 0] = await sharp(shot).removeAlpha().raw().toBuffer();
  return [r, g, b];
}
const isNear = (actual: Rgb, expected: Rgb, tolerance = 24) =>
  actual.every((value, i) => Math.abs(value - (expected[i] ?? 0)) <= tolerance);

describe.runIf(hasBrowser)('painted pixels', () => {
  test.each([
    ...(['jpg', 'webp', 'png', 'avif'] as const).map((f) => ({ f })),
    { f: 'jpg', meta: 'keep' },
    { f: 'png', meta: 'keep' },
  ])('%j: EXIF orientation is applied once', async (options) => {
    const page = await show('turned.jpg', { w: 160, ...options });
    expect(await page.locator('img').evaluate((image: HTMLImageElement) => [image.width, image.height])).toEqual([
      160, 80,
    ]);
    expect(isNear(await pixelAt(page, 40, 40), RED)).toBe(true);
    expect(isNear(await pixelAt(page, 120, 40), BLUE)).toBe(true);
  });

  test.each(['gif', 'webp'] as const)('%s: every frame of an animation is shown', async (f) => {
    const page = await show('three.gif', { w: 60, f });
    const seenFrames = new Set<number>();
    await expect
      .poll(
        async () => {
          const pixel = await pixelAt(page, 30, 30);
          for (const [i, colour] of [RED, GREEN, BLUE].entries()) if (isNear(pixel, colour)) seenFrames.add(i);
          return seenFrames.size;
        },
        { timeout: 15_000, interval: 40 },
      )
      .toBe(3);
  });

  test('n=1 is a still image', async () => {
    const page = await show('three.gif', { w: 60, n: 1 });
    for (let i = 0; i < 6; i++) {
      expect(isNear(await pixelAt(page, 30, 30), RED)).toBe(true);
      await page.waitForTimeout(110);
    }
  });

  test.each(['png', 'webp', 'avif', 'auto'] as const)('%s: transparent pixels show the page behind', async (f) => {
    const page = await show('half.png', { w: 160, f }, '#0000ff');
    expect(isNear(await pixelAt(page, 30, 40), BLUE)).toBe(true);
    expect(isNear(await pixelAt(page, 130, 40), GREEN)).toBe(true);
  });

  test('JPEG: transparent pixels are white, or the colour of bg', async () => {
    expect(
      isNear(await pixelAt(await show('half.png', { w: 160, f: 'jpg' }, '#0000ff'), 30, 40), [255, 255, 255]),
    ).toBe(true);
    expect(isNear(await pixelAt(await show('half.png', { w: 160, f: 'jpg', bg: 'red' }), 30, 40), RED)).toBe(true);
  });
});
