/** The product in a page: which picture a browser takes of what is offered, and from where it may. */
import { describe, expect, test } from 'vitest';
import { generate, picture, srcset } from '../../src/client/url.ts';
import { escapeHtml } from '../../src/dev/page/html.ts';
import { hasBrowser, settled, useBrowser } from './chromium.ts';

const { visit, sample, log, origin, playground, other } = useBrowser();

/** As Chromium sends it for a picture: another one would be another entry of its cache, by `Vary`. */
const ACCEPT = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';
const address = (options: Parameters<typeof generate>[2] & object, name = 'cat.webp') =>
  generate(`${origin()}/`, sample(name), { k: 'myKey', ...options });
const img = (src: string, more = '') => `<img src="${escapeHtml(src)}" alt="" ${more}>`;

describe.runIf(hasBrowser)('in a page of another origin', () => {
  test('<img src> shows the picture, as WebP', async () => {
    const page = await visit(img(address({ w: 321 })));
    expect(await page.locator('img').evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(321);
    expect(log.at(-1)).toMatchObject({ status: 200, w: 321, type: 'image/webp' });
  });

  test.each([
    [1, 320],
    [2, 640],
    [3, 960],
  ])('srcset at %d device pixels a CSS pixel takes w=%d, and nothing else', async (deviceScaleFactor, width) => {
    const set = srcset(`${origin()}/`, sample('cat.webp'), { k: 'myKey', widths: [160, 320, 640, 960, 1280] });
    const before = log.length;
    const html = `<img srcset="${escapeHtml(set)}" sizes="320px" alt="">`;
    const page = await visit(html, {}, { deviceScaleFactor });
    const seen = await page
      .locator('img')
      .evaluate((one: HTMLImageElement) => [one.width, new URL(one.currentSrc).searchParams.get('w')]);
    expect(seen).toEqual([320, `${width}`]);
    expect(log.slice(before).map(({ w }) => w)).toEqual([width]);
  });

  test.each([
    ['AVIF', 'image/avif', (type: string) => type],
    ['WebP', 'image/webp', (type: string) => type.replace('image/avif', 'image/x-unknown')],
    ['JPEG', 'image/jpeg', (type: string) => type.replace(/image\/(?:avif|webp)/, 'image/x-unknown')],
  ])('<picture> gives %s to who can read no better', async (_, wanted, known) => {
    const { sources, img: last } = picture(`${origin()}/`, sample('turned.jpg'), {
      k: 'myKey',
      widths: [200],
      sizes: '200px',
    });
    const html = sources.map(
      (one) => `<source type="${known(one.type)}" srcset="${escapeHtml(one.srcset)}" sizes="200px">`,
    );
    const page = await visit(
      `<picture>${html.join('')}<img src="${escapeHtml(last.src)}" srcset="${escapeHtml(last.srcset)}" sizes="200px" alt=""></picture>`,
    );
    expect(
      await page.locator('img').evaluate((one: HTMLImageElement) => [one.naturalWidth, one.naturalHeight]),
    ).toEqual([200, 133]);
    expect(log.at(-1)).toMatchObject({ status: 200, w: 200, type: wanted });
  });

  test('a page that demands Cross-Origin-Resource-Policy of all it embeds may embed it', async () => {
    const isolated = { 'cross-origin-embedder-policy': 'require-corp', 'cross-origin-opener-policy': 'same-origin' };
    // What does not say so stays out: the demand is real.
    other().set('/plain.webp', { body: Buffer.from('x'), headers: { 'content-type': 'image/webp' } });
    const page = await visit(img(address({ w: 123 })) + img(`${other().url}/plain.webp`), isolated);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    const widths = await page
      .locator('img')
      .evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth));
    expect(widths).toEqual([123, 0]);
  });

  test('a canvas that it was drawn on can be read', async () => {
    const page = await visit(img(address({ w: 60, tint: 'red', f: 'png' }), 'crossorigin'));
    const [red = 0, green = 0, blue = 0, alpha] = await page.evaluate(() => {
      const image = document.querySelector('img') as HTMLImageElement;
      const canvas = new OffscreenCanvas(60, 40).getContext('2d') as OffscreenCanvasRenderingContext2D;
      canvas.drawImage(image, 0, 0);
      return [...canvas.getImageData(30, 20, 1, 1).data];
    });
    expect(red).toBeGreaterThan(Math.max(green, blue));
    expect(alpha).toBe(255);
  });

  test('a fetch of another origin reads picture, headers and problem', async () => {
    const page = await visit('');
    const ask = (target: string) =>
      page.evaluate(async (to) => {
        const response = await fetch(to);
        const { headers } = response;
        return {
          status: response.status,
          timing: headers.get('server-timing'),
          code: headers.get('content-type')?.includes('problem') ? (await response.json()).code : '',
        };
      }, target);
    expect(await ask(address({ w: 61 }))).toMatchObject({
      status: 200,
      timing: expect.stringContaining('cache;desc='),
    });
    expect(await ask(address({ w: 0 }))).toMatchObject({ status: 400, code: 'QUERY_INVALID' });
  });

  test('a reload asks for nothing: the browser keeps it; one that is forced is answered by 304 where it asks', async () => {
    const page = await visit(img(address({ w: 333 })));
    const before = log.length;
    await page.reload();
    expect(await page.locator('img').evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(333);
    expect(log.length).toBe(before);
    // What a browser does with a copy that has aged: it asks with If-None-Match.
    const status = await page.evaluate(
      async ([to = '', Accept = '']) => (await fetch(to, { cache: 'no-cache', headers: { Accept } })).status,
      [address({ w: 333 }), ACCEPT],
    );
    expect(status).toBe(200);
    expect(log.slice(before)).toEqual([expect.objectContaining({ status: 304, w: 333 })]);
  });

  test('a source that is missing shows the other picture, although the status tells', async () => {
    const html = [
      img(address({ w: 90, default: sample('landscape.jpg') }, 'none.jpg')),
      img(address({ w: 80, h: 50, default: '1' }, 'none.jpg')),
      img(address({ w: 70 }, 'none.jpg')),
      img(generate(`${origin()}/`, sample('cat.webp'), { k: 'wrong', w: 70, default: '1' })),
    ];
    const page = await visit(html.join(''));
    const sizes = await page
      .locator('img')
      .evaluateAll((all) =>
        all.map((one) => [(one as HTMLImageElement).naturalWidth, (one as HTMLImageElement).naturalHeight]),
      );
    // A missing picture without default, and a wrong key, are broken pictures: nothing is shown for them.
    expect(sizes).toEqual([
      [90, 68],
      [80, 50],
      [0, 0],
      [0, 0],
    ]);
  });

  test('the playground says that what it shows is the other picture', async () => {
    const page = await playground(`#u=${sample('none.jpg')}&w=80&h=60&default=1`);
    await settled(page);
    expect(await page.locator('#spent').textContent()).toContain('SOURCE_NOT_FOUND (status 404)');
  });
});
