/** The helper that builds and signs image URLs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expiresIn, extract, generate, picture, sign, srcset, stringToSign } from '../../src/client/url.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.log('SKIPPED: openssl, which checks the vector of signed URLs, is not installed');

const BASE = 'https://img.resizer.example/';
const SECRET = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const KEY = { id: 'acme1', secret: `pxg_${SECRET}` };

describe('generate and extract', () => {
  test('sorted, encoded once, without false and undefined', () =>
    expect(generate(BASE, 'https://x.de/a b?c=1&d=(ü)', { k: 'K', w: 320, we: true, flip: false, f: 'webp' })).toBe(
      'https://img.resizer.example/?f=webp&k=K&u=https%3A%2F%2Fx.de%2Fa%20b%3Fc%3D1%26d%3D%28%C3%BC%29&w=320&we=1',
    ));
  test('extract reverses generate', () =>
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        fc.integer({ min: 1, max: 8192 }),
        (source, w) => {
          expect(extract(generate(BASE, source, { w, k: 'K' }))).toEqual({
            base: BASE,
            source,
            options: { k: 'K', w: `${w}` },
          });
        },
      ),
    ));
  test('a URL without an image', () => expect(extract('https://x.de/?w=1')).toBeNull());
  test('wsrv.nl’s name of the source', () =>
    expect(extract('https://wsrv.nl/?url=x.de/a.jpg&w=9')?.source).toBe('x.de/a.jpg'));
});

describe('srcset and picture', () => {
  const widths = (set: string) => set.split(', ').map((candidate) => Number(/ (\d+)w$/.exec(candidate)?.[1]));
  test('sorted, without duplicates, none larger than the source', () => {
    expect(widths(srcset(BASE, 'https://x.de/a', { widths: [640, 320, 640] }))).toEqual([320, 640]);
    expect(widths(srcset(BASE, 'https://x.de/a', { widths: [320, 640, 1280], sourceWidth: 700 }))).toEqual([
      320, 640, 700,
    ]);
    expect(widths(srcset(BASE, 'https://x.de/a', { sourceWidth: 100 }))).toEqual([100]);
    expect(widths(srcset(BASE, 'https://x.de/a', {}))).toHaveLength(10);
    expect(srcset(BASE, 'https://x.de/a', { widths: [320], k: 'K', q: 50 })).toBe(
      'https://img.resizer.example/?k=K&q=50&u=https%3A%2F%2Fx.de%2Fa&w=320&we=1 320w',
    );
  });
  test('picture', () => {
    const { sources, img } = picture(BASE, 'https://x.de/a.png', {
      widths: [320, 640],
      sizes: '50vw',
      fallback: 'png',
      k: 'K',
    });
    expect(sources.map(({ type }) => type)).toEqual(['image/avif', 'image/webp']);
    expect(sources[0]?.srcset).toMatch(/f=avif.*320w, .*f=avif.*640w$/);
    expect(img.src).toBe('https://img.resizer.example/?f=png&k=K&u=https%3A%2F%2Fx.de%2Fa.png&w=800&we=1');
    expect(img.sizes).toBe('50vw');
  });
});

test('it is small, and has no dependencies', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ['src/client/url.ts'],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
  });
  expect(Object.keys(metafile.inputs)).toEqual(['src/client/parameters.ts', 'src/client/url.ts']);
  expect(outputFiles[0]?.contents.length).toBeLessThan(3000);
});

test('expiresIn ends with a day, so that a URL is the same all day', () => {
  const at = (time: string) => Date.parse(time);
  const morning = expiresIn(30, at('2026-11-25T00:00:01Z'));
  expect(morning).toBe(at('2026-12-26T00:00:00Z') / 1000);
  expect(expiresIn(30, at('2026-11-25T23:59:59Z'))).toBe(morning);
  expect(expiresIn(400, at('2026-11-25T00:00:01Z')) * 1000 - at('2026-11-25T00:00:01Z')).toBeLessThan(401 * 86_400_000);
});

describe('the published vector', () => {
  const source = 'https://cdn.example.com/a b/ü.jpg?x=1&y=(2)';
  const signature = 'EW1gu183ZzI73R1SQAePPCZzcsbXFM-x3JRU-H0rtBw';
  test('by this helper', async () => {
    const url = await sign(BASE, source, KEY, { w: 320, exp: 1_795_600_000 });
    expect(url).toBe(
      `https://img.resizer.example/?exp=1795600000&k=acme1&u=https%3A%2F%2Fcdn.example.com%2Fa%20b%2F%C3%BC.jpg%3Fx%3D1%26y%3D%282%29&w=320&s=${signature}`,
    );
  });
  test.skipIf(!hasOpenssl)('by openssl', () => {
    const text = stringToSign('img.resizer.example', '/', [
      ['w', '320'],
      ['k', 'acme1'],
      ['u', source],
      ['exp', '1795600000'],
    ]);
    expect(text).toBe(
      'v1\nimg.resizer.example\n/\nexp=1795600000\nk=acme1\nu=https%3A%2F%2Fcdn.example.com%2Fa%20b%2F%C3%BC.jpg%3Fx%3D1%26y%3D%282%29\nw=320',
    );
    const hex = Buffer.from(SECRET, 'base64url').toString('hex');
    const mac = execFileSync('openssl', ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${hex}`, '-binary'], {
      input: text,
    });
    expect(mac.toString('base64url')).toBe(signature);
  });
  test('is in the guide for partners', () =>
    expect(readFileSync(new URL('../../src/docs/partners.md', import.meta.url), 'utf8').includes(signature)).toBe(
      true,
    ));
});
