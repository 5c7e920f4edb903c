/** The playground: its form from the schema, its state in the page's URL, and its number formats. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import query from '../../schemas/query.json' with { type: 'json' };
import { explainGrowth, formatDifference } from '../../src/dev/page/comparison.ts';
import { hasEffect, needsOf, withChange } from '../../src/dev/page/dependencies.ts';
import { groupFields, matchesSearch, toColourInput, toLocalTime, toUnixTime } from '../../src/dev/page/fields.ts';
import { formatBytes, formatName } from '../../src/dev/page/response.ts';
import { parseServerTiming } from '../../src/dev/page/response-headers.ts';
import { scaleOf } from '../../src/dev/page/scale.ts';
import { cleanBase, readState, type State, writeState } from '../../src/dev/page/state.ts';
import type { DocumentedProperty } from '../../src/schema.ts';

const properties = query.properties as Readonly<Record<string, DocumentedProperty>>;
const fields = [...groupFields(query.properties).values()].flat();
const field = (name: string) => fields.find((candidate) => candidate.name === name);

describe('the form', () => {
  test('has each parameter once, except u, k and s, in groups; size is the first group', () => {
    const others = Object.keys(query.properties).filter((name) => !['u', 'k', 's'].includes(name));
    expect(fields.map(({ name }) => name).sort()).toEqual(others.sort());
    expect([...groupFields(query.properties).keys()][0]).toBe('size');
    for (const { title, name } of fields) expect(title, name).not.toBe(name);
  });

  test('a new parameter of the schema gets a field', () => {
    const properties = { grain: { description: 'Film grain.', type: 'integer', minimum: 0, maximum: 50 } };
    const [[group, [grainField] = []] = []] = [...groupFields(properties)];
    expect(group).toBe('more');
    expect(grainField).toMatchObject({ name: 'grain', title: 'grain', kind: 'slider', help: 'Film grain.' });
  });

  test.each([
    ['w', 'slider'],
    ['fit', 'select'],
    ['we', 'switch'],
    ['tint', 'colour'],
    ['ar', 'text'],
    ['page', 'number'],
    ['exp', 'time'],
  ])('%s is a %s', (name, kind) => expect(field(name)?.kind).toBe(kind));

  test.each([
    ['w', '640', true],
    ['w', '50%', true],
    ['w', 'wide', false],
    ['w', '8193', false],
    ['ar', '16:', false],
    ['ar', '16:9', true],
    ['n', '-', false],
    ['maxage', '30', false],
  ])('%s accepts %j: %s', (name, text, isAccepted) => expect(field(name)?.accepts(text)).toBe(isAccepted));

  test('the example of a text is a value of it', () => {
    const examples = fields.filter(({ kind, exampleValue }) => kind === 'text' && exampleValue);
    expect(examples.map(({ name }) => name)).toEqual(['ar', 'pad', 'mod', 'maxage']);
    for (const { name, exampleValue, accepts } of examples) expect(accepts(exampleValue), name).toBe(true);
  });

  test('a Unix time and a date with a time, there and back', () => {
    for (const seconds of ['1767225600', '1782864000']) expect(toUnixTime(toLocalTime(seconds))).toBe(seconds);
    expect([toLocalTime(''), toLocalTime('soon'), toUnixTime('')]).toEqual(['', '', '']);
  });

  test.each(fields.filter(({ scale }) => scale).map(({ name, scale }) => ({ name, scale })))(
    'the slider of $name has ascending values within its bounds',
    ({ name, scale }) => {
      if (!scale) throw new Error('no scale');
      const { minimum = 0, maximum = 0, type = '' } = properties[name] ?? {};
      let previous = Number.NEGATIVE_INFINITY;
      for (let position = 0; position <= scale.steps; position++) {
        const value = scale.toValue(position);
        expect(value).toBeGreaterThanOrEqual(Math.max(minimum, previous));
        expect(value).toBeLessThanOrEqual(maximum);
        if ([type].flat().includes('integer')) expect(Number.isInteger(value)).toBe(true);
        previous = value;
      }
      expect(Math.abs(scale.toPosition(scale.toValue(scale.steps)) - scale.steps)).toBeLessThanOrEqual(1);
    },
  );

  test('a range that is too large gets no slider', () =>
    expect(scaleOf({ description: '', type: 'integer', minimum: 1, maximum: 99_999_999_999 })).toBeUndefined());

  test('a search matches names, titles, help and choices', () => {
    const matchingNames = (text: string) =>
      fields.filter((candidate) => matchesSearch(candidate, text)).map(({ name }) => name);
    expect(matchingNames('greyscale')).toEqual(['filt']);
    expect(matchingNames('rounded CORNERS')).toEqual(['r']);
    expect(matchingNames('nothing like it')).toEqual([]);
  });

  test.each([
    ['rotate', 'ro'],
    ['grayscale', 'filt'],
    ['black and white', 'filt'],
    ['retina', 'dpr'],
    ['thumbnail', 'w'],
    ['border', 'pad'],
    ['smart', 'a'],
    ['zoom', 'cw'],
    ['speed', 'delay'],
    ['size', 'w'],
    ['size', 'h'],
    ['crop', 'cx'],
    ['crop', 'fit'],
    ['watermark', 'mark'],
    ['progressive', 'il'],
    ['invert', 'filt'],
    ['mirror', 'flop'],
    ['gps', 'meta'],
    ['exif', 'f'],
    ['ttl', 'maxage'],
    ['file size', 'mb'],
  ])('a search for %s finds %s', (text, name) => {
    const found = fields.find((candidate) => candidate.name === name);
    expect(found && matchesSearch(found, text)).toBe(true);
  });

  test('each parameter of the form has synonyms: lower case, each once, and not what its name or title has', () => {
    for (const { name, title } of fields) {
      const { synonyms = [] } = properties[name] ?? {};
      expect(synonyms, name).toEqual([...new Set(synonyms.map((word) => word.toLowerCase()))]);
      expect(
        synonyms.filter((word) => `${name} ${title}`.toLowerCase().split(/\W+/).includes(word)),
        name,
      ).toEqual([]);
      expect(synonyms.length, name).toBeGreaterThan(0);
    }
  });

  test.each([
    ['f00', '#ff0000'],
    ['#80ff0000', '#ff0000'],
    ['8f00', '#ff0000'],
    ['00FF7f', '#00ff7f'],
    ['red', undefined],
  ])('colour %s → %s', (text, input) => expect(toColourInput(text)).toBe(input));
});

describe('dependencies', () => {
  test.each([
    ['start', {}, false],
    ['start', { filt: 'sepia' }, false],
    ['start', { filt: 'duotone' }, true],
    ['cbg', { pad: '3' }, true],
    ['rbg', { ro: '0' }, false],
    ['rbg', { ro: '90' }, true],
    ['mb', {}, true],
    ['mb', { f: 'png' }, false],
    ['w', {}, true],
  ])('whether %s has an effect beside %j: %s', (name, options, isEffective) =>
    expect(hasEffect(name, options as Record<string, string>)).toBe(isEffective),
  );

  test('alternatives', () =>
    expect(needsOf('fit=contain or pad')).toEqual([
      { name: 'fit', value: 'contain' },
      { name: 'pad', value: undefined },
    ]));

  test('a change drops what has lost what it needs, but nothing that was without it before', () => {
    const options = { w: '9', filt: 'duotone', start: 'f00', tbg: '0f0' };
    expect(withChange(options, 'filt', 'sepia')).toEqual({ w: '9', filt: 'sepia', tbg: '0f0' });
    expect(withChange(options, 'filt', '')).toEqual({ w: '9', tbg: '0f0' });
    expect(withChange(options, 'stop', '00f')).toEqual({ ...options, stop: '00f' });
  });

  test('there is always a size, or what needs none', () => {
    expect(withChange({ w: '9', q: '5' }, 'w', '')).toEqual({ w: '100%', q: '5' });
    for (const other of [{ h: '9' }, { cw: '9' }, { p: 'hero' }, { f: 'json' }])
      expect(withChange({ w: '9', ...(other as Record<string, string>) }, 'w', '')).toEqual(other);
    expect(withChange({ w: '9', f: 'webp' }, 'w', '')).toEqual({ w: '100%', f: 'webp' });
  });
});

describe('the URL of the page', () => {
  const start: State = { base: 'http://127.0.0.1:3000/', u: 'http://127.0.0.1:3000/samples/cat.webp', options: {} };

  test('round-trips every state', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.dictionary(fc.stringMatching(/^[a-jl-rt-z]{1,6}$/), fc.string({ unit: 'grapheme' })),
        (u, parameters) => {
          const { base: _, id: __, secret: ___, u: ____, ...options } = parameters;
          const state = { base: 'https://img.example.com/x', u, options };
          expect(readState(writeState(state, start), start).state).toEqual(state);
        },
      ),
    ));

  test('never contains a key, signature or secret, whichever input they were typed into', () => {
    const options = { w: '1', k: 'KEY-1', s: 'KEY-2', secret: 'KEY-3', id: 'KEY-4' };
    const base = cleanBase('https://user:KEY-5@img.example.com/?k=KEY-6#KEY-7') ?? '';
    expect(writeState({ base, u: 'https://a.example/', options }, start)).not.toContain('KEY');
  });

  test('the key of a URL that the server printed is returned apart from the state', () => {
    const { state, key } = readState('#k=KEY', start);
    expect([state, key]).toEqual([start, 'KEY']);
    expect(readState('#u=x&k=KEY&w=3', start).state.options).toEqual({ w: '3' });
  });

  test.each(['', 'javascript:alert(1)', 'ftp://a.example', 'http://'])('%j is not a server URL', (text) =>
    expect(cleanBase(text)).toBeUndefined(),
  );
});

describe('statistics', () => {
  test('bytes, formats, differences', () => {
    expect([0, 999, 1000, 23_149, 999_960, 1_234_567].map(formatBytes)).toEqual([
      ...['0 B', '999 B', '1 kB', '23.1 kB', '1,000 kB', '1.23 MB'],
    ]);
    expect(['image/webp', 'image/svg+xml', 'jpg', 'image/avif'].map(formatName)).toEqual([
      ...['WebP', 'SVG', 'JPEG', 'AVIF'],
    ]);
    expect([50, 200, 230, 3000].map((after) => formatDifference(200, after))).toEqual([
      ...['75 % smaller', 'same size', '15 % larger', '1,400 % larger'],
    ]);
  });

  test.each([
    ['', { bytes: 100, format: 'svg' }, 'image/webp', 100],
    ['an SVG is instructions', { bytes: 99, format: 'svg', width: 900, height: 900 }, 'image/webp', 100],
    ['more pixels', { bytes: 99, format: 'jpeg', width: 300, height: 200 }, 'image/png', 100],
    ['keeps every pixel', { bytes: 99, format: 'jpeg', width: 600, height: 400 }, 'image/png', 100],
    ['compressed more', { bytes: 99, format: 'png', width: 600, height: 400 }, 'image/png', 100],
    ['', {}, 'image/png', 100],
  ])('why an output is larger: %j', (reason, source, type, bytes) => {
    const text = explainGrowth(source, { bytes, type, size: { width: 480, height: 320 } });
    expect(text).toContain(reason);
    expect(text === '').toBe(reason === '');
  });

  test('Server-Timing, present and absent', () => {
    expect(parseServerTiming('dns;dur=0.1, cache;desc=miss, resize;dur=31.3')).toEqual({
      cacheStatus: 'miss',
      steps: [
        ['dns', 0.1],
        ['resize', 31.3],
      ],
    });
    expect(parseServerTiming(null)).toEqual({ cacheStatus: '', steps: [] });
  });
});

test('the page has no external resources, and no inline scripts or styles', () => {
  const page = readFileSync(new URL('../../src/dev/page/page.html', import.meta.url), 'utf8');
  expect(page).not.toMatch(/(?:src|href)="(?!\/)|<script>|<style|\sstyle=|\son\w+=/);
});
