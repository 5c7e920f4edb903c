/** How the playground's form is made from the schema, and its state from its own address. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import query from '../../schemas/query.json' with { type: 'json' };
import { groupsOf, isAbout, scaleOf, toColourInput } from '../../src/dev/page/fields.ts';
import { formatName, inBytes, readTiming, saving } from '../../src/dev/page/response.ts';
import { cleanBase, readState, type State, writeState } from '../../src/dev/page/state.ts';

const properties: Readonly<Record<string, { minimum?: number; maximum?: number; type: string | string[] }>> =
  query.properties;
const fields = [...groupsOf(query.properties).values()].flat();
const field = (name: string) => fields.find((one) => one.name === name);

describe('the form', () => {
  test('has every parameter once but those with a field of their own, in groups, size first', () => {
    const others = Object.keys(query.properties).filter((name) => !['u', 'k', 's'].includes(name));
    expect(fields.map(({ name }) => name).sort()).toEqual(others.sort());
    expect([...groupsOf(query.properties).keys()][0]).toBe('size');
    for (const { title, name } of fields) expect(title, name).not.toBe(name);
  });

  test('a parameter that nobody has thought of appears by itself', () => {
    const fresh = { grain: { description: 'Film grain.', type: 'integer', minimum: 0, maximum: 50 } };
    const [[group, [one] = []] = []] = [...groupsOf(fresh)];
    expect(group).toBe('more');
    expect(one).toMatchObject({ name: 'grain', title: 'grain', kind: 'slider', help: 'Film grain.' });
  });

  test.each([
    ['w', 'slider'],
    ['fit', 'select'],
    ['we', 'switch'],
    ['tint', 'colour'],
    ['ar', 'text'],
    ['page', 'number'],
    ['exp', 'number'],
  ])('%s is a %s', (name, kind) => expect(field(name)?.kind).toBe(kind));

  test('what a parameter needs stands in its help', () =>
    expect(field('start')?.help).toContain('Needs filt=duotone.'));

  test.each(fields.filter(({ scale }) => scale).map(({ name, scale }) => ({ name, scale })))(
    'every place of $name is a value within its bounds, and rises',
    ({ name, scale }) => {
      if (!scale) throw new Error('no scale');
      const { minimum = 0, maximum = 0, type = '' } = properties[name] ?? {};
      let before = Number.NEGATIVE_INFINITY;
      for (let place = 0; place <= scale.steps; place++) {
        const value = scale.toValue(place);
        expect(value).toBeGreaterThanOrEqual(Math.max(minimum, before));
        expect(value).toBeLessThanOrEqual(maximum);
        if ([type].flat().includes('integer')) expect(Number.isInteger(value)).toBe(true);
        before = value;
      }
      expect(Math.abs(scale.toPlace(scale.toValue(scale.steps)) - scale.steps)).toBeLessThanOrEqual(1);
    },
  );

  test('bounds too far apart make no slider', () =>
    expect(scaleOf({ description: '', type: 'integer', minimum: 1, maximum: 99_999_999_999 })).toBeUndefined());

  test('a search looks at names, titles, help and choices', () => {
    const found = (text: string) => fields.filter((one) => isAbout(one, text)).map(({ name }) => name);
    expect(found('greyscale')).toEqual(['filt']);
    expect(found('rounded CORNERS')).toEqual(['r']);
    expect(found('nothing like it')).toEqual([]);
  });

  test.each([
    ['f00', '#ff0000'],
    ['#80ff0000', '#ff0000'],
    ['8f00', '#ff0000'],
    ['00FF7f', '#00ff7f'],
    ['red', undefined],
  ])('colour %s → %s', (text, input) => expect(toColourInput(text)).toBe(input));
});

describe('the address of the page', () => {
  const start: State = { base: 'http://127.0.0.1:3000/', u: 'http://127.0.0.1:3000/samples/cat.webp', options: {} };

  test('gives back every state', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.dictionary(fc.stringMatching(/^[a-jl-rt-z]{1,6}$/), fc.string({ unit: 'grapheme' })),
        (u, found) => {
          const { base: _, id: __, secret: ___, u: ____, ...options } = found;
          const state = { base: 'https://img.example.com/x', u, options };
          expect(readState(writeState(state, start), start).state).toEqual(state);
        },
      ),
    ));

  test('never holds a key, a signature or a secret, wherever they were typed', () => {
    const options = { w: '1', k: 'KEY-1', s: 'KEY-2', secret: 'KEY-3', id: 'KEY-4' };
    const base = cleanBase('https://user:KEY-5@img.example.com/?k=KEY-6#KEY-7') ?? '';
    expect(writeState({ base, u: 'https://a.example/', options }, start)).not.toContain('KEY');
  });

  test('an address that the server printed hands over its key, and the state has none', () => {
    const { state, key } = readState('#k=KEY', start);
    expect([state, key]).toEqual([start, 'KEY']);
    expect(readState('#u=x&k=KEY&w=3', start).state.options).toEqual({ w: '3' });
  });

  test.each(['', 'javascript:alert(1)', 'ftp://a.example', 'http://'])('%j is no server', (text) =>
    expect(cleanBase(text)).toBeUndefined(),
  );
});

describe('figures', () => {
  test('bytes, formats, savings', () => {
    expect([0, 999, 1000, 23_149, 999_960, 1_234_567].map(inBytes)).toEqual([
      ...['0 B', '999 B', '1 kB', '23.1 kB', '1,000 kB', '1.23 MB'],
    ]);
    expect(['image/webp', 'image/svg+xml', 'jpg', 'image/avif'].map(formatName)).toEqual([
      ...['WebP', 'SVG', 'JPEG', 'AVIF'],
    ]);
    expect([saving(200, 50), saving(100, 130), saving(100, 100)]).toEqual(['−75 %', '+30 %', '−0 %']);
  });

  test('Server-Timing, and an answer without', () => {
    expect(readTiming('dns;dur=0.1, cache;desc=miss, resize;dur=31.3')).toEqual({
      cache: 'miss',
      spent: [
        ['dns', 0.1],
        ['resize', 31.3],
      ],
    });
    expect(readTiming(null)).toEqual({ cache: '', spent: [] });
  });
});

test('the page loads nothing from elsewhere, and runs nothing that stands in it', () => {
  const page = readFileSync(new URL('../../src/dev/page/page.html', import.meta.url), 'utf8');
  expect(page).not.toMatch(/(?:src|href)="(?!\/)|<script>|<style|\sstyle=|\son\w+=/);
});
