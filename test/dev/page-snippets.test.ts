/** The embed code of the playground: correctly escaped for HTML, Markdown and a shell, whatever the URL contains. */
import { execFileSync } from 'node:child_process';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { fileName, imageUrl, widthsFor, widthUrls } from '../../src/dev/page/image-urls.ts';
import { quoteShell } from '../../src/dev/page/shell-code.ts';
import { createSnippets } from '../../src/dev/page/snippets.ts';
import type { State } from '../../src/dev/page/state.ts';

const SPECIAL_CHARACTERS_URL = `https://example.com/a"b'c<d>&e=(1)[x]!*$HOME\`id\`\\.jpg?q=1&amp;r=ü`;
const base = 'https://img.example.com/';
const stateOf = (options: Record<string, string>, u = 'https://example.com/my-cat.jpg'): State => ({
  base,
  u,
  options,
});
const snippet = (state: State, id: string, info = {}, key = 'KEY') =>
  createSnippets(state, key, info).find((candidate) => candidate.id === id)?.text ?? '';

/** Returns the elements of an HTML fragment, by a strict XML parser. */
function elements(html: string): { name: string; attributes: Record<string, string> }[] {
  const parsed: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) =>
    parsed.push({ name, attributes: attributes as Record<string, string> }),
  );
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(`<p>${html.replace(/<(img|source)([^>]*)>/g, '<$1$2/>')}</p>`).close();
  return parsed.slice(1);
}

describe('<img>', () => {
  test('has the URL, the size in CSS pixels, and an alt text', () => {
    const state = stateOf({ w: '320', dpr: '2' });
    const [image] = elements(snippet(state, 'img', { width: 640, height: 427 }));
    expect(image).toEqual({
      name: 'img',
      attributes: { src: imageUrl(state, 'KEY'), width: '320', height: '214', alt: 'my cat' },
    });
  });

  test('escapes every URL', () => {
    const state = stateOf({ w: '10' }, SPECIAL_CHARACTERS_URL);
    const [image, ...others] = elements(snippet(state, 'img'));
    expect(image?.attributes.src).toBe(imageUrl(state, 'KEY'));
    expect(new URL(image?.attributes.src ?? '').searchParams.get('u')).toBe(SPECIAL_CHARACTERS_URL);
    expect(others).toEqual([]);
  });
});

describe('<picture>', () => {
  const partsOf = (state: State, info = {}) => elements(snippet(state, 'picture', info));
  const widths = (set = '') =>
    set
      .trim()
      .split(/,\s+/)
      .map((entry) => Number.parseInt(entry.split(' ')[1] ?? '', 10));

  test('has AVIF, WebP and JPEG, each at 0.5 to 2 times the width, up to that of the source', () => {
    const [, avif, webp, image] = partsOf(stateOf({ w: '640', q: '70' }), { sourceWidth: 1000 });
    expect([avif?.attributes.type, webp?.attributes.type]).toEqual(['image/avif', 'image/webp']);
    for (const element of [avif, webp, image])
      expect(widths(element?.attributes.srcset)).toEqual([320, 640, 960, 1000]);
    expect(image?.attributes.srcset).toContain('f=jpg');
    expect(image?.attributes.srcset).toContain('q=70');
    expect(image?.attributes.sizes).toBe('(max-width: 640px) 100vw, 640px');
  });

  test('falls back to PNG for a source with an alpha channel', () =>
    expect(partsOf(stateOf({ w: '64' }), { alpha: true }).at(-1)?.attributes.srcset).toContain('f=png'));

  test('a fixed width and height become an aspect ratio', () => {
    const set = partsOf(stateOf({ w: '400', h: '300', fit: 'cover', dpr: '2' }))[1]?.attributes.srcset ?? '';
    expect(set).toContain('ar=400%3A300');
    expect(set).not.toMatch(/[?&](?:h|dpr)=/);
  });

  test('the strip has the same URLs, in the requested format', () => {
    const state = stateOf({ w: '640', f: 'png' });
    const entries = widthUrls(state, 'KEY', {});
    expect(entries.map(({ width }) => width)).toEqual([320, 640, 960, 1280]);
    for (const { url, width } of entries) {
      const { searchParams } = new URL(url);
      expect([searchParams.get('w'), searchParams.get('f'), searchParams.get('we')]).toEqual([`${width}`, 'png', '1']);
    }
  });

  test('without a width in pixels, the width of the output counts', () =>
    expect(widthsFor(stateOf({ h: '50%' }), { width: 300, sourceWidth: 600 })).toEqual([150, 300, 450, 600]));
});

describe('curl and Markdown', () => {
  test('quotes every URL for a shell', () => {
    const state = { base: `https://img.example.com/it's/$HOME/`, u: SPECIAL_CHARACTERS_URL, options: { w: '10' } };
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${snippet(state, 'curl')}`])
      .toString()
      .trim()
      .split('\n');
    expect(words.slice(0, 2)).toEqual(['curl', '-o']);
    expect(words[2]).toMatch(/^[\w.-]+-10\.\w+$/);
    expect(words[3]).toBe(imageUrl(state, 'KEY'));
    expect(words.length).toBe(4);
    expect(execFileSync('sh', ['-c', `printf %s ${quoteShell(`a'b"c$d`)}`]).toString()).toBe(`a'b"c$d`);
  });

  test.each([
    [{ w: '9' }, 'https://a.example/x.png?y.gif', 'x-9.png'],
    [{ w: '9', f: 'avif' }, 'https://a.example/x.png', 'x-9.avif'],
    [{ w: '9', f: 'origin' }, 'https://a.example/x.png', 'x-9.png'],
    [{ w: '50%' }, 'a.example/logo.svg', 'logo-50.png'],
    [{ h: '7' }, 'https://a.example', 'image-7.jpg'],
  ])('%j of %s is saved as %s', (options, u, name) =>
    expect(snippet(stateOf(options as never, u), 'curl')).toContain(`-o '${name}' `),
  );

  test('Markdown: text and URL are escaped', () => {
    const text = snippet(stateOf({ w: '10' }, 'https://example.com/a](x)![b.jpg'), 'markdown');
    expect(text).toMatch(/^!\[a\\\]\(x\)\\!\\\[b\]\(<https:\/\/[^<>\s]+>\)$/);
  });

  test('a text output has no HTML and no Markdown', () =>
    expect(createSnippets(stateOf({ f: 'blurhash' }), '', {}).map(({ id }) => id)).toEqual(['url', 'curl', 'cli']));

  test('without a key there is no k', () => expect(imageUrl(stateOf({ w: '1' }), '')).not.toContain('k='));

  test.each([
    ['https://a.example/b/my-cat.jpg?x=/y', 'my-cat'],
    ['a.example', 'image'],
    ['https://a.example/%', '%'],
  ])('the file name of %s is %s', (u, name) => expect(fileName(u)).toBe(name));
});
