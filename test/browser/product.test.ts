/** Images embedded in a page of another origin: which URL the browser chooses, and what it may do with the image. */
import { describe, expect, test } from 'vitest';
import { generate, picture, srcset } from '../../src/client/url.ts';
import { escapeHtml } from '../../src/dev/page/html.ts';
import { hasBrowser, settled, useBrowser } from './chromium.ts';

const { visit, sample, log, origin, playground, other } = useBrowser();

/** The `Accept` header that Chromium sends for images. By `Vary`, another one would be another cache entry. */
const ACCEPT = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';
const imageUrl = (options: Parameters<typeof generate>[2] & object, name = 'cat.webp') =>
  generate(`${origin()}/`, sample(name), { k: 'myKey', ...options });
const imgElement = (src: string, attributes = '') => `<img src="${escapeHtml(src)}" alt="" ${attributes}>`;

describe.runIf(hasBrowser)('in a page of another origin', () => {
  test('<img src> shows the image, as WebP', async () => {
    const page = await visit(imgElement(imageUrl({ w: 321 })));
    expect(await page.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(321);
    expect(log.at(-1)).toMatchObject({ status: 200, w: 321, type: 'image/webp' });
  });

  test.each([
    [1, 320],
    [2, 640],
    [3, 960],
  ])('srcset at device pixel ratio %d requests w=%d only', async (deviceScaleFactor, width) => {
    const set = srcset(`${origin()}/`, sample('cat.webp'), { k: 'myKey', widths: [160, 320, 640, 960, 1280] });
    const before = log.length;
    const html = `<img srcset="${escapeHtml(set)}" sizes="320px" alt="">`;
    const page = await visit(html, {}, { deviceScaleFactor });
    const seen = await page
      .locator('img')
      .evaluate((image: HTMLImageElement) => [image.width, new URL(image.currentSrc).searchParams.get('w')]);
    expect(seen).toEqual([320, `${width}`]);
    expect(log.slice(before).map(({ w }) => w)).toEqual([width]);
  });

  test.each([
    ['AVIF', 'image/avif', (type: string) => type],
    ['WebP', 'image/webp', (type: string) => type.replace('image/avif', 'image/x-unknown')],
    ['JPEG', 'image/jpeg', (type: string) => type.replace(/image\/(?:avif|webp)/, 'image/x-unknown')],
  ])('<picture> gives %s to a browser without the formats before it', async (_, expectedType, replaceType) => {
    const { sources, img: fallback } = picture(`${origin()}/`, sample('turned.jpg'), {
      k: 'myKey',
      widths: [200],
      sizes: '200px',
    });
    const html = sources.map(
      (source) => `<source type="${replaceType(source.type)}" srcset="${escapeHtml(source.srcset)}" sizes="200px">`,
    );
    const page = await visit(
      `<picture>${html.join('')}<img src="${escapeHtml(fallback.src)}" srcset="${escapeHtml(fallback.srcset)}" sizes="200px" alt=""></picture>`,
    );
    expect(
      await page.locator('img').evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]),
    ).toEqual([200, 133]);
    expect(log.at(-1)).toMatchObject({ status: 200, w: 200, type: expectedType });
  });

  test('a page with Cross-Origin-Embedder-Policy: require-corp may embed it', async () => {
    const isolated = { 'cross-origin-embedder-policy': 'require-corp', 'cross-origin-opener-policy': 'same-origin' };
    // Control: an image without Cross-Origin-Resource-Policy is blocked.
    other().set('/plain.webp', { body: Buffer.from('x'), headers: { 'content-type': 'image/webp' } });
    const page = await visit(imgElement(imageUrl({ w: 123 })) + imgElement(`${other().url}/plain.webp`), isolated);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    const widths = await page
      .locator('img')
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
    expect(widths).toEqual([123, 0]);
  });

  test('a canvas with the image can be read', async () => {
    const page = await visit(imgElement(imageUrl({ w: 60, tint: 'red', f: 'png' }), 'crossorigin'));
    const [red = 0, green = 0, blue = 0, alpha] = await page.evaluate(() => {
      const image = document.querySelector('img') as HTMLImageElement;
      const canvas = new OffscreenCanvas(60, 40).getContext('2d') as OffscreenCanvasRenderingContext2D;
      canvas.drawImage(image, 0, 0);
      return [...canvas.getImageData(30, 20, 1, 1).data];
    });
    expect(red).toBeGreaterThan(Math.max(green, blue));
    expect(alpha).toBe(255);
  });

  test('a cross-origin fetch can read image, headers and problem', async () => {
    const page = await visit('');
    const fetchInPage = (target: string) =>
      page.evaluate(async (to) => {
        const response = await fetch(to);
        const { headers } = response;
        return {
          status: response.status,
          timing: headers.get('server-timing'),
          code: headers.get('content-type')?.includes('problem') ? (await response.json()).code : '',
        };
      }, target);
    expect(await fetchInPage(imageUrl({ w: 61 }))).toMatchObject({
      status: 200,
      timing: expect.stringContaining('cache;desc='),
    });
    expect(await fetchInPage(imageUrl({ w: 9000 }))).toMatchObject({ status: 400, code: 'QUERY_INVALID' });
  });

  test('a reload uses the browser cache; a revalidation gets 304', async () => {
    const page = await visit(imgElement(imageUrl({ w: 333 })));
    const before = log.length;
    await page.reload();
    expect(await page.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(333);
    expect(log.length).toBe(before);
    // What a browser does with a stale response: it sends If-None-Match.
    const status = await page.evaluate(
      async ([to = '', Accept = '']) => (await fetch(to, { cache: 'no-cache', headers: { Accept } })).status,
      [imageUrl({ w: 333 }), ACCEPT],
    );
    expect(status).toBe(200);
    expect(log.slice(before)).toEqual([expect.objectContaining({ status: 304, w: 333 })]);
  });

  test('a missing source shows the fallback image, although the status is 404', async () => {
    const html = [
      imgElement(imageUrl({ w: 90, default: sample('landscape.jpg') }, 'none.jpg')),
      imgElement(imageUrl({ w: 80, h: 50, default: '1' }, 'none.jpg')),
      imgElement(imageUrl({ w: 70 }, 'none.jpg')),
      imgElement(generate(`${origin()}/`, sample('cat.webp'), { k: 'wrong', w: 70, default: '1' })),
    ];
    const page = await visit(html.join(''));
    const sizes = await page
      .locator('img')
      .evaluateAll((images) =>
        images.map((image) => [(image as HTMLImageElement).naturalWidth, (image as HTMLImageElement).naturalHeight]),
      );
    // A missing source without `default`, and an invalid key, are broken images.
    expect(sizes).toEqual([
      [90, 68],
      [80, 50],
      [0, 0],
      [0, 0],
    ]);
  });

  test('the playground says that it shows the fallback image', async () => {
    const page = await playground(`#u=${sample('none.jpg')}&w=80&h=60&default=1`);
    await settled(page);
    expect(await page.locator('#timings').textContent()).toContain('SOURCE_NOT_FOUND (status 404)');
  });
});
