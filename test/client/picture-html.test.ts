import { afterEach, describe, expect, test, vi } from 'vitest';
import { astroService, nextLoader, nextSignedLoader, signWidths } from '../../src/client/frameworks.ts';
import { pictureHtml } from '../../src/client/picture-html.ts';
import { extract, generate, picture, sign, srcset } from '../../src/client/url.ts';

const BASE = 'https://img.example.com/';
const CAT = 'https://example.com/cat.jpg';
const KEY = { id: 'acme1', secret: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8' };
const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
afterEach(() => vi.unstubAllEnvs());

describe('pictureHtml', () => {
  test('sources, an image, and what the layout needs', () => {
    const options = { k: 'KEY', widths: [320, 640], sizes: '(min-width: 1px) "50vw"' };
    const attributes = { alt: 'Cat & "mouse" <b>', width: 320, height: 240, loading: 'lazy' as const };
    const html = pictureHtml(BASE, CAT, options, attributes);
    const u = 'u=https%3A%2F%2Fexample.com%2Fcat.jpg';
    const set = (f: string) =>
      [320, 640].map((w) => `${BASE}?f=${f}&amp;k=KEY&amp;${u}&amp;w=${w}&amp;we=1 ${w}w`).join(', ');
    const sizes = 'sizes="(min-width: 1px) &quot;50vw&quot;"';
    expect(html).toBe(
      `<picture><source type="image/avif" srcset="${set('avif')}" ${sizes}><source type="image/webp" srcset="${set('webp')}" ${sizes}>` +
        `<img src="${BASE}?f=jpg&amp;k=KEY&amp;${u}&amp;w=800&amp;we=1" srcset="${set('jpg')}" ${sizes} alt="Cat &amp; &quot;mouse&quot; &lt;b&gt;" width="320" height="240" loading="lazy"></picture>`,
    );
  });
  test('a data URL, and an empty alt', () =>
    expect(pictureHtml(BASE, PIXEL, {}, { alt: '' })).toBe(`<img src="${PIXEL}" alt="">`));
});

test('data URLs are used as they are', async () => {
  expect(generate(BASE, PIXEL, { w: 9 })).toBe(PIXEL);
  expect(await sign(BASE, PIXEL, KEY)).toBe(PIXEL);
  expect(srcset(BASE, 'DATA:,x', {})).toBe('');
  expect(picture(BASE, PIXEL, {})).toEqual({ sources: [], img: { src: PIXEL, srcset: '', sizes: '100vw' } });
  expect(nextLoader({ base: BASE })({ src: PIXEL, width: 9 })).toBe(PIXEL);
});

test('a computed size is rounded to whole pixels, at least one', () => {
  expect(extract(generate(BASE, CAT, { w: 333.5, h: 0.2, dpr: 1.5 }))?.options).toEqual({
    w: '334',
    h: '1',
    dpr: '1.5',
  });
  expect(extract(generate(BASE, CAT, { w: '33.4%' }))?.options.w).toBe('33.4%');
  expect(srcset(BASE, CAT, { widths: [99.6, 200], sourceWidth: 150.7 })).toMatch(/w=100&we=1 100w, .*w=150&we=1 150w$/);
});

describe('an option that does not exist', () => {
  test('is an error of the compiler and at run time', () => {
    // @ts-expect-error the name of another service
    expect(() => generate(BASE, CAT, { resize: 9 })).toThrow(new TypeError('resize is not a parameter of pixgate'));
    // @ts-expect-error
    expect(() => srcset(BASE, CAT, { width: 9, qualty: 5 })).toThrow('qualty is not a parameter');
    // @ts-expect-error
    expect(() => sign(BASE, CAT, KEY, { constructor: 1 })).toThrow('constructor is not a parameter');
  });
  test('but not in a production build, or in a page without one', () => {
    vi.stubEnv('NODE_ENV', 'production');
    expect(generate(BASE, CAT, { resize: 9 } as object)).toContain('resize=9');
    vi.stubEnv('NODE_ENV', 'test');
    vi.stubGlobal('process', undefined);
    const url = generate(BASE, CAT, { resize: 9 } as object);
    vi.unstubAllGlobals();
    expect(url).toContain('resize=9');
  });
  test('aliases exist', () => expect(generate(BASE, CAT, { width: 9 } as object)).toContain('width=9'));
});

describe('Next.js with signed URLs', () => {
  test('the widths that Next.js requests, signed', async () => {
    const urls = await signWidths(BASE, CAT, KEY, { q: 60 });
    expect(Object.keys(urls)).toHaveLength(16);
    expect(urls[640]).toBe(await sign(BASE, CAT, KEY, { q: 60, w: 640, we: true }));
  });
  test('the loader takes the width, or the next larger one', async () => {
    const urls = await signWidths(BASE, CAT, KEY, { widths: [640, 320] });
    const widthOf = (width: number) => extract(nextSignedLoader(urls)({ width }))?.options.w;
    expect([1, 320, 321, 640, 9999].map(widthOf)).toEqual(['320', '320', '640', '640', '640']);
    expect(() => nextSignedLoader({})({ width: 1 })).toThrow(TypeError);
  });
});

describe('Astro', () => {
  const { getURL } = astroService({ base: BASE, k: 'KEY', origin: 'https://example.com' });
  test.each<[Parameters<typeof getURL>[0], object]>([
    [
      { src: '/cat.jpg', width: 300.4, quality: 'mid', format: 'jpeg' },
      { w: '300', q: '60', f: 'jpg' },
    ],
    [
      { src: { src: '/cat.jpg', width: 9 }, width: 30, height: 20, fit: 'cover' },
      { w: '30', h: '20', fit: 'cover' },
    ],
    [
      { src: CAT, width: 30, quality: '75', fit: 'scale-down' },
      { w: '30', q: '75', fit: 'inside' },
    ],
    [
      { src: CAT, width: 30, quality: null, format: 'webp', fit: 'none' },
      { w: '30', f: 'webp', fit: 'inside' },
    ],
  ])('%j', (image, parameters) =>
    expect(extract(getURL(image))).toEqual({ base: BASE, source: CAT, options: { k: 'KEY', we: '1', ...parameters } }),
  );
});
