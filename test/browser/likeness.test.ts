/**
 * Whether an `<img>` of the output looks as one of the source: all images of the fixtures, in Chromium, on white and on black,
 * of animations the first frame.
 * `npm run test:browser-likeness`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { BITMAPS } from '../image/formats/bitmaps.ts';
import { hasBrowser, useBrowser } from './chromium.ts';
import { ACCEPTED, BORDERLINE } from './likeness-accepted.ts';

/** Not the hostile ones, of which some end the browser. */
const FOLDERS = ['cases/files', 'wild', 'svg', '../../src/dev/samples', 'truncated'];
const fixtures = new URL('../fixtures/', import.meta.url);
/** Sources by path, such as `wild/W63-p3.png`, and those that are written here. */
const files = [
  ...FOLDERS.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, fixtures), { withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.(?:md|json|mjs|txt)$/.test(entry.name))
      .map(({ name }) => `${folder}/${name}`),
  ),
  ...BITMAPS.keys(),
];
const bytesOf = (path: string) => BITMAPS.get(path) ?? readFileSync(new URL(path, fixtures));
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  svg: 'image/svg+xml',
  svgz: 'image/svg+xml',
  gz: 'image/svg+xml',
};
const mediaType = (name: string) => MEDIA_TYPES[/\w+$/.exec(name)?.[0] ?? ''] ?? 'application/octet-stream';

/** Longer side of the compared images, in CSS pixels. */
const SIDE = 64;
/** Mean difference of a channel, and share of the pixels that differ by more than 40 in one: of photographs by two scalers. */
const MAX_MEAN = 6;
const MAX_SHARE = 0.04;

const { visit, other, origin } = useBrowser();

/**
 * Draws an image at 64 px, of an animation the first frame.
 *
 * @returns RGBA; undefined if the browser does not show it, or keeps it from the canvas, as an SVG with HTML
 */
async function look(page: Page, src: string, background: string): Promise<Buffer | undefined> {
  const pixels = await page.evaluate(
    ([url = '', colour = '', text = '']) =>
      new Promise<number[] | undefined>((resolve) => {
        const side = Number(text);
        const image = new Image();
        image.crossOrigin = 'anonymous';
        const draw = () => {
          const context = new OffscreenCanvas(side, side).getContext('2d');
          if (!context) return resolve(undefined);
          context.fillStyle = colour;
          context.fillRect(0, 0, side, side);
          context.imageSmoothingQuality = 'high';
          const scale = side / Math.max(image.naturalWidth, image.naturalHeight);
          // Whole pixels, as the output has: half a pixel would move every edge.
          const round = (length: number) => Math.max(1, Math.round(length * scale));
          const [width, height] = [round(image.naturalWidth), round(image.naturalHeight)];
          context.drawImage(image, (side - width) >> 1, (side - height) >> 1, width, height);
          resolve([...context.getImageData(0, 0, side, side).data]);
        };
        image.onload = () =>
          image
            .decode()
            .then(draw)
            .catch(() => resolve(undefined));
        image.onerror = () => resolve(undefined);
        setTimeout(() => resolve(undefined), 20_000);
        image.src = url;
      }),
    [src, background, String(SIDE)],
  );
  return pixels && Buffer.from(pixels);
}

function difference(one: Buffer, two: Buffer): { mean: number; share: number } {
  let [sum, far] = [0, 0];
  for (let i = 0; i < one.length; i += 4) {
    const channels = [0, 1, 2].map((k) => Math.abs((one[i + k] ?? 0) - (two[i + k] ?? 0)));
    sum += channels.reduce((a, b) => a + b, 0);
    if (Math.max(...channels) > 40) far++;
  }
  return { mean: sum / (one.length * 0.75), share: (far * 4) / one.length };
}

/** Compares the source with the output at its own size, or at 64 px if it is larger. */
async function compare(page: Page, path: string): Promise<string> {
  const body = bytesOf(path);
  const target = `/${encodeURIComponent(path)}`;
  const gzip = /\.(?:svgz|gz)$/.test(path) ? { 'content-encoding': 'gzip' } : undefined;
  other().set(target, {
    body,
    headers: { 'access-control-allow-origin': '*', 'content-type': mediaType(path), ...gzip },
  });
  const source = other().url + target;
  const output = new URL(`/?k=myKey&u=${encodeURIComponent(source)}&w=${SIDE}&h=${SIDE}&we=1&f=png&n=1`, origin());
  let worst = { mean: 0, share: 0 };
  for (const background of ['white', 'black']) {
    const expected = await look(page, source, background);
    if (!expected) return 'not shown by Chromium';
    const shown = await look(page, output.href, background);
    if (!shown) return `${(await fetch(output)).status}`;
    const { mean, share } = difference(expected, shown);
    worst = { mean: Math.max(worst.mean, mean), share: Math.max(worst.share, share) };
  }
  const { mean, share } = worst;
  return mean <= MAX_MEAN && share <= MAX_SHARE
    ? 'alike'
    : `differs: ${mean.toFixed(1)}, ${(share * 100).toFixed(0)} %`;
}

describe.runIf(hasBrowser)('an <img> of the output looks as one of the source', () => {
  let page: Page | undefined;
  test.each(files)('%s', async (path) => {
    page ??= await visit('<body>');
    const result = await compare(page, path);
    const accepted = ACCEPTED[path];
    if (accepted && BORDERLINE.includes(accepted)) return;
    if (accepted) expect(result, `${path} is no longer an exception`).not.toBe('alike');
    else expect(['alike', 'not shown by Chromium']).toContain(result);
  });
  test('every accepted difference is of a file', () =>
    expect(Object.keys(ACCEPTED).filter((path) => !files.includes(path))).toEqual([]));
});
