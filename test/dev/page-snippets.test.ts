/** The lines that the playground gives to copy: right where they are pasted, whatever stands in an address. */
import { execFileSync } from 'node:child_process';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { addressOf, fileName, quoteShell, snippets, widthAddresses, widthsFor } from '../../src/dev/page/snippets.ts';
import type { State } from '../../src/dev/page/state.ts';

const NASTY = `https://example.com/a"b'c<d>&e=(1)[x]!*$HOME\`id\`\\.jpg?q=1&amp;r=ü`;
const base = 'https://img.example.com/';
const of = (options: Record<string, string>, u = 'https://example.com/my-cat.jpg'): State => ({ base, u, options });
const line = (state: State, id: string, known = {}, key = 'KEY') =>
  snippets(state, key, known).find((one) => one.id === id)?.text ?? '';

/** The elements of a piece of HTML as a strict parser reads them. */
function elements(html: string): { name: string; attributes: Record<string, string> }[] {
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) =>
    found.push({ name, attributes: attributes as Record<string, string> }),
  );
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(`<p>${html.replace(/<(img|source)([^>]*)>/g, '<$1$2/>')}</p>`).close();
  return found.slice(1);
}

describe('<img>', () => {
  test('holds the address, the size in CSS pixels, and a text', () => {
    const state = of({ w: '320', dpr: '2' });
    const [image] = elements(line(state, 'img', { width: 640, height: 427 }));
    expect(image).toEqual({
      name: 'img',
      attributes: { src: addressOf(state, 'KEY'), width: '320', height: '214', alt: 'my cat' },
    });
  });

  test('survives any address', () => {
    const state = of({ w: '10' }, NASTY);
    const [image, ...others] = elements(line(state, 'img'));
    expect(image?.attributes.src).toBe(addressOf(state, 'KEY'));
    expect(new URL(image?.attributes.src ?? '').searchParams.get('u')).toBe(NASTY);
    expect(others).toEqual([]);
  });
});

describe('<picture>', () => {
  const parts = (state: State, known = {}) => elements(line(state, 'picture', known));
  const widths = (set = '') =>
    set
      .trim()
      .split(/,\s+/)
      .map((entry) => Number.parseInt(entry.split(' ')[1] ?? '', 10));

  test('has AVIF, WebP and JPEG, each at half to twice the width, and no wider than the source', () => {
    const [, avif, webp, image] = parts(of({ w: '640', q: '70' }), { sourceWidth: 1000 });
    expect([avif?.attributes.type, webp?.attributes.type]).toEqual(['image/avif', 'image/webp']);
    for (const one of [avif, webp, image]) expect(widths(one?.attributes.srcset)).toEqual([320, 640, 960, 1000]);
    expect(image?.attributes.srcset).toContain('f=jpg');
    expect(image?.attributes.srcset).toContain('q=70');
    expect(image?.attributes.sizes).toBe('(max-width: 640px) 100vw, 640px');
  });

  test('falls back to PNG where there is transparency', () =>
    expect(parts(of({ w: '64' }), { alpha: true }).at(-1)?.attributes.srcset).toContain('f=png'));

  test('a box grows with the width', () => {
    const set = parts(of({ w: '400', h: '300', fit: 'cover', dpr: '2' }))[1]?.attributes.srcset ?? '';
    expect(set).toContain('ar=400%3A300');
    expect(set).not.toMatch(/[?&](?:h|dpr)=/);
  });

  test('the strip shows the same addresses, in the format asked for', () => {
    const state = of({ w: '640', f: 'png' });
    const entries = widthAddresses(state, 'KEY', {});
    expect(entries.map(({ width }) => width)).toEqual([320, 640, 960, 1280]);
    for (const { address, width } of entries) {
      const { searchParams } = new URL(address);
      expect([searchParams.get('w'), searchParams.get('f'), searchParams.get('we')]).toEqual([`${width}`, 'png', '1']);
    }
  });

  test('without a width in pixels the result tells it', () =>
    expect(widthsFor(of({ h: '50%' }), { width: 300, sourceWidth: 600 })).toEqual([150, 300, 450, 600]));
});

describe('curl and Markdown', () => {
  test('a shell reads the address as it is, whatever the base holds', () => {
    const state = { base: `https://img.example.com/it's/$HOME/`, u: NASTY, options: { w: '10' } };
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${line(state, 'curl')}`])
      .toString()
      .trim()
      .split('\n');
    expect(words.slice(0, 2)).toEqual(['curl', '-o']);
    expect(words[2]).toMatch(/^[\w.-]+-10\.\w+$/);
    expect(words[3]).toBe(addressOf(state, 'KEY'));
    expect(words.length).toBe(4);
    expect(execFileSync('sh', ['-c', `printf %s ${quoteShell(`a'b"c$d`)}`]).toString()).toBe(`a'b"c$d`);
  });

  test.each([
    [{ w: '9' }, 'https://a.example/x.png?y.gif', 'x-9.png'],
    [{ w: '9', f: 'avif' }, 'https://a.example/x.png', 'x-9.avif'],
    [{ w: '50%' }, 'a.example/logo.svg', 'logo-50.png'],
    [{ h: '7' }, 'https://a.example', 'picture-7.jpg'],
  ])('%j of %s is saved as %s', (options, u, name) =>
    expect(line(of(options as never, u), 'curl')).toContain(`-o '${name}' `),
  );

  test('Markdown: neither text nor address ends early', () => {
    const text = line(of({ w: '10' }, 'https://example.com/a](x)![b.jpg'), 'markdown');
    expect(text).toMatch(/^!\[a\\\]\(x\)\\!\\\[b\]\(<https:\/\/[^<>\s]+>\)$/);
  });

  test('a fact is a text: there is nothing to show in a page', () =>
    expect(snippets(of({ f: 'blurhash' }), '', {}).map(({ id }) => id)).toEqual(['address', 'curl']));

  test('without a key there is no k', () => expect(addressOf(of({ w: '1' }), '')).not.toContain('k='));

  test.each([
    ['https://a.example/b/my-cat.jpg?x=/y', 'my-cat'],
    ['a.example', 'picture'],
    ['https://a.example/%', '%'],
  ])('%s is called %s', (u, name) => expect(fileName(u)).toBe(name));
});
