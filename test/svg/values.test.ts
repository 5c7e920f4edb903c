/** Values of CSS that librsvg does not know. The colours are those that Chromium paints. */
import { describe, expect, test } from 'vitest';
import { full, GREEN, render } from './drawn.ts';

const near = (colour: readonly number[], other: readonly number[]) =>
  colour.every((channel, i) => Math.abs(channel - (other[i] ?? 0)) <= 2);

describe('colours', () => {
  test.each<[string, number[]]>([
    ['oklch(0.7 0.15 140)', [104, 180, 87]],
    ['oklch(70% 0.15 140deg)', [104, 180, 87]],
    ['oklab(0.6 0.1 0.1)', [195, 96, 46]],
    ['lab(50% 40 -20)', [171, 90, 154]],
    ['lch(50 60 40)', [196, 81, 56]],
    ['color(srgb 0 .5 1)', [0, 128, 255]],
    ['color(display-p3 0 0.5 0)', [0, 130, 0]],
    ['color(display-p3 1 0 0)', [255, 0, 0]],
    ['color(srgb-linear .5 0 0)', [188, 0, 0]],
    ['lab(90 0 0)', [226, 226, 226]],
    ['oklch(0.7 0.3 140)', [0, 197, 0]],
    ['light-dark(#0a0, red)', GREEN],
    ['light-dark(rgb(0, 170, 0), red)', GREEN],
    ['rgb(0 170 0)', GREEN],
  ])('%s', async (colour, expected) => {
    for (const attributes of [`fill="${colour}"`, `style="fill:${colour}"`, 'class="a"'])
      expect(
        (await render(`<style>.a{fill:${colour}}</style>${full(attributes)}`)).at(50, 25),
        `${colour}, ${attributes}`,
      ).toSatisfy((found: number[]) => near(found, expected));
  });
  test('the wide colour of a design tool, beside the narrow one', async () =>
    expect(
      (await render(full('fill="#00AA00" style="fill:#00AA00;fill:color(display-p3 0 0.654 0);"'))).at(50, 25),
    ).toSatisfy((found: number[]) => near(found, GREEN)));
  test('of stops, with alpha', async () => {
    const stops = '<linearGradient id="g"><stop stop-color="color(srgb 0 .6667 0 / 100%)"/></linearGradient>';
    expect((await render(`${stops}${full('fill="url(#g)"')}`)).at(50, 25)).toEqual(GREEN);
  });
  test.each(['color-mix(in srgb, red, blue)', 'oklch(from red l c h)', 'color(unknown 1 1 1)'])(
    '%s is told',
    async (colour) => expect((await render(full(`fill="${colour}"`))).unsupported).toEqual(['color']),
  );
});

describe('sums', () => {
  test.each<[string, number]>([
    ['calc(20px + 10px)', 30],
    ['calc(20px - 10)', 10],
    ['calc(100px / 4)', 25],
    ['calc(2 * (10px + 5px))', 30],
    ['calc(calc(1px + 1px) * 10)', 20],
    ['calc(30% + 10%)', 40],
    ['calc(1in - 60px + 4px)', 40],
  ])('%s', async (width, expected) => {
    for (const attributes of [`width="${width}"`, `style="width:${width}"`]) {
      const { ink, unsupported } = await render(`<rect height="50" ${attributes}/>`);
      expect([ink()[2] + 1, unsupported]).toEqual([expected, []]);
    }
  });
  test.each(['calc(50% - 4px)', 'min(10px, 20px)', 'calc(1px + )', 'calc(1px * 1px)'])('%s is told', async (width) =>
    expect((await render(`<rect height="50" style="width:${width}"/>`)).unsupported).toEqual(['calc']),
  );
});

test.each([
  'translate3d(10px, 5px, 0)',
  'translate(10px,5px) translateZ(0)',
  'translate(10px,5px) scale3d(1,1,1)',
  'translate(10px,5px) rotateZ(0deg)',
])('%s', async (transform) =>
  expect((await render(`<rect width="10" height="10" style="transform:${transform}"/>`)).ink()).toEqual([
    10, 5, 19, 14,
  ]),
);

describe('individual transforms and percentages', () => {
  test.each<[string, readonly number[]]>([
    ['translate: 10px 5px', [10, 5, 19, 14]],
    ['translate: 10px', [10, 0, 19, 9]],
    ['scale: 2', [0, 0, 19, 19]],
    ['scale: 2 1; translate: 10px 5px', [10, 5, 29, 14]],
    ['translate: 10px 5px; transform: scale(2)', [10, 5, 29, 24]],
    ['rotate: 90deg; translate: 20px 5px', [10, 5, 19, 14]],
    ['rotate: 180deg; transform-origin: 10px 10px', [10, 10, 19, 19]],
    ['transform: translate(50%, 20%)', [50, 10, 59, 19]],
    ['transform: translateX(10%) translateY(10%)', [10, 5, 19, 14]],
    ['transform-box: fill-box; transform: translate(100%, 50%)', [10, 5, 19, 14]],
  ])('%s', async (style, box) => {
    const inline = await render(`<rect width="10" height="10" style="${style}"/>`);
    const rule = await render(`<style>rect { ${style} }</style><rect width="10" height="10"/>`);
    expect([inline.ink(), rule.ink(), inline.unsupported]).toEqual([box, box, []]);
  });
});

test.each([
  ':is(.a, .b)',
  ':where(.x, rect)',
  'svg :is(g, a) > :is(rect, path)',
  'g:is(.g) rect',
  'circle, :is(.a)',
  'rect:is(.a, .b)',
])('%s', async (selectors) => {
  const inside = `<style>rect{fill:red} ${selectors}{fill:#0a0!important}</style><g class="g">${full('class="a"')}</g>`;
  expect((await render(inside)).at(50, 25)).toEqual(GREEN);
});
test('a type within a compound matches nothing', async () =>
  expect((await render(`<style>.a:is(path){fill:red}</style>${full('class="a" fill="#0a0"')}`)).at(9, 9)).toEqual(
    GREEN,
  ));

test.each(['opacity="0"', 'style="opacity:0"', 'class="h"', 'clip-path="url(#c)"'])('a symbol with %s', async (own) => {
  const symbol = `<style>.h{opacity:0}</style><clipPath id="c"/><symbol id="s" ${own}>${full('fill="red"')}</symbol>`;
  expect((await render(`${full('fill="#0a0"')}${symbol}<use href="#s"/>`)).at(50, 25)).toEqual(GREEN);
});

test('the initial value', async () =>
  expect((await render(`<g fill="red">${full('style="fill:initial"')}</g>`)).at(50, 25)).toEqual([0, 0, 0]));

describe('sizes of fonts', () => {
  const heightOf = async (attributes: string) => {
    const { ink } = await render(`<text y="48" font-family="sans-serif" ${attributes}>I</text>`);
    return ink()[3] - ink()[1];
  };
  test.each([
    ['', '16'],
    ['font-size="2em"', '32'],
    ['font-size="200%"', '32'],
    ['font-size="xx-large"', '32'],
    ['style="font-size:medium"', '16'],
  ])('%s', async (attributes, size) => expect(await heightOf(attributes)).toBe(await heightOf(`font-size="${size}"`)));
});

describe('media', () => {
  test.each([
    'not print',
    '(prefers-reduced-motion: no-preference)',
    'screen and (prefers-color-scheme: light)',
    'print, screen',
  ])('%s', async (query) =>
    expect((await render(`<style>rect{fill:red}@media ${query}{rect{fill:#0a0}}</style>${full('')}`)).at(9, 9)).toEqual(
      GREEN,
    ),
  );
  test.each(['print', 'not screen', '(prefers-color-scheme: dark)', 'screen and (prefers-reduced-motion)', 'and'])(
    'not %s',
    async (query) =>
      expect(
        (await render(`<style>rect{fill:#0a0}@media ${query}{rect{fill:red}}</style>${full('')}`)).at(9, 9),
      ).toEqual(GREEN),
  );
});

test.each<[string, string]>([
  ['clip-path', full('style="clip-path:circle(20px)"')],
  ['clip-path', `<style>rect{clip-path:polygon(0 0,50% 50%,0 100%)}</style>${full('')}`],
  ['filter', full('filter="grayscale(1)"')],
  ['path', '<path style="d:path(\'M0 0h9v9z\')"/>'],
  ['transform', full('style="offset-path:path(\'M0 0h9\')"')],
  ['text-length', '<text textLength="60">a</text>'],
  ['text-rotate', '<text rotate="30">a</text>'],
  ['text-path', '<path id="p" d="M0 9h99"/><text><textPath href="#p">a</textPath></text>'],
  ['text-transform', '<text style="text-transform:uppercase">a</text>'],
  ['media', `<style>@media (min-width: 9px){rect{fill:red}}</style>${full('')}`],
  ['selectors', `<style>g:has(rect){fill:red}</style>${full('')}`],
  ['background', full('').replace('<rect', '<style>svg{background-image:linear-gradient(red,blue)}</style><rect')],
])('%s is told: %s', async (name, inside) => expect((await render(inside)).unsupported).toEqual([name]));
test.each([
  full('style="clip-path:none;filter:none;rotate:none"'),
  full('filter="drop-shadow(1px 1px 1px red) blur(2px)"'),
  '<text style="text-transform:none">a</text>',
])('nothing is told: %s', async (inside) => expect((await render(inside)).unsupported).toEqual([]));
