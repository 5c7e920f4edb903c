import { expect, test } from 'vitest';
import { read, sourceOf } from './read.ts';

const query = (modifiers: string) => read('ipx', `/_ipx/${modifiers}/static/buffalo.png`);

test.each([
  ['_', 'w=100%&n=1'],
  ['w_200', 'we=1&w=200&n=1'],
  ['f_webp', 'w=100%&f=webp&n=1'],
  ['f_auto', 'w=100%&f=auto&n=1'],
  ['s_200x200,fit_contain,f_webp', 'we=1&fit=contain&w=200&h=200&f=webp&n=1'],
  ['embed,f_webp,s_200x200', 'ipx: embed has no counterpart'],
  // The separators of older versions.
  ['w=200&h:100', 'we=1&h=100&n=1'],
  ['s_200', 'we=1&fit=cover&w=200&h=200&n=1'],
  ['enlarge,s_200x100,position_top', 'fit=cover&a=top&w=200&h=100&n=1'],
  ['s_200x100,fit_fill,pos_top', 'we=1&fit=fill&w=200&h=100&n=1'],
  ['s_200x100,pos_south', 'we=1&fit=cover&a=bottom&w=200&h=100&n=1'],
  ['a,w_200', 'we=1&n=-1&w=200'],
  ['f_gif,w_200', 'we=1&w=200&f=gif'],
  // Before a resize the rectangle is one of the source, behind it one of the output.
  ['crop_1_2_30_40,w_20', 'we=1&cx=1&cy=2&cw=30&ch=40&precrop=1&w=20&n=1'],
  ['w_20,extract_1_2_3_4', 'we=1&w=20&cx=1&cy=2&cw=3&ch=4&n=1'],
  ['rotate_45,b_f00,w_20', 'we=1&ro=45&w=20&n=1&rbg=f00'],
  ['flatten,b_ff000080,w_20', 'we=1&w=20&n=1&bg=80ff0000'],
  ['tint_00f,w_20', 'we=1&tint=00f&w=20&n=1'],
  ['trim_0,w_20', 'we=1&trim=1&w=20&n=1'],
])('%s → %s', (modifiers, expected) => expect(query(modifiers)).toBe(expected));

test.each([
  'median_3',
  'threshold_100',
  'sharpen_1_1_1_2',
  'modulate_1_1_1_5',
  's_axb',
  'pos_constructor,s_1x1',
  'constructor_1',
])('%s has no counterpart', (modifiers) => expect(query(modifiers)).toMatch(/^ipx: .* has no counterpart$/));

test('sources', () => {
  expect(sourceOf('ipx', '/_ipx/w_20/static/buffalo.png')).toBe('/static/buffalo.png');
  expect(sourceOf('ipx', '/_ipx/w_20/https://example.com/a%20b.png')).toBe('https://example.com/a b.png');
  expect(sourceOf('ipx', '/_ipx/w_20/https:/example.com/a.png')).toBe('https://example.com/a.png');
  expect(read('ipx', '/_ipx/w_20')).toBe('ipx: the path needs modifiers and a source');
  expect(read('ipx', '/_ipx/w_20/a.png?v=1')).toBe('ipx: v is not a parameter');
});
