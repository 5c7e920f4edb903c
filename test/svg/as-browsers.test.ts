/** What librsvg draws otherwise than browsers, or not at all; by the colours at points of 100 × 50. */
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { CLEAR, full, GREEN, RED, render } from './drawn.ts';

const colour = (name: string) => `fill="${name === 'green' ? '#0a0' : name}"`;

describe('selectors that match nothing in an image', () => {
  test.each<[string, string, number[]]>([
    ['the icons of a stack', `<style>rect:not(:target){display:none}</style>${full(colour('red'))}`, CLEAR],
    ['one of a list', `<style>rect:hover,.a{fill:#0a0}</style>${full('class="a"')}`, GREEN],
    [
      'a pseudo-element of a list',
      `<style>.a,text::selection,.b::before{fill:#0a0}</style>${full('class="a"')}`,
      GREEN,
    ],
    ['alone', `<style>rect{fill:#0a0} rect:hover,rect:focus-visible{fill:red}</style>${full('')}`, GREEN],
    ['the specificity', `<style>rect:not(:target){fill:#0a0} rect{fill:red}</style>${full('')}`, GREEN],
    ['a colon in a class', `<style>.a\\:hover{fill:#0a0}</style>${full('class="a:hover"')}`, GREEN],
    [
      'an attribute of a link',
      `<style>rect:target{fill:red}</style>${full(`target="_top" ${colour('green')}`)}`,
      GREEN,
    ],
  ])('%s', async (_what, inside, expected) => expect((await render(inside)).at(50, 25)).toEqual(expected));
});

test.each([
  ['en', GREEN],
  ['en-GB', GREEN],
  ['EN', GREEN],
  ['de, en-AU', GREEN],
  ['eng', CLEAR],
  ['de', CLEAR],
  ['', CLEAR],
])('systemLanguage=%j', async (language, expected) =>
  expect((await render(full(`systemLanguage="${language}" ${colour('green')}`))).at(50, 25)).toEqual(expected),
);

describe('points', () => {
  test.each<[string, string, number[]]>([
    ['a comma at the end', '0,0 100,0 100,50 0,50,', GREEN],
    ['an unpaired last coordinate', '0 0 100 0 100 50 0 50 70', GREEN],
    ['signs and exponents', '0,0 1e2,0 100,50 -0,5e1 7', GREEN],
    ['what is no number', '0,0 100,0 100,50 0,50 x', CLEAR],
  ])('%s', async (_what, points, expected) =>
    expect((await render(`<polygon points="${points}" ${colour('green')}/>`)).at(50, 25)).toEqual(expected),
  );

  test('of many coordinates take no time', async () => {
    const start = performance.now();
    await render(`<polyline points="${'1,2 '.repeat(200_000)}3" fill="none"/>`);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('sizes', async () => {
  const png = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#0a0' } })
    .png()
    .toBuffer();
  const href = `href="data:image/png;base64,${png.toString('base64')}"`;
  const inner = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4"><path d="M0 0h8v4H0z"/></svg>');
  const symbol = (attributes: string) =>
    `<symbol id="s" viewBox="0 0 4 4" ${attributes}><path d="M0 0h4v4H0z"/></symbol>`;
  const nested = '<defs><svg id="s" width="10" height="20"><path d="M0 0h99v99H0z"/></svg></defs>';
  test.each<[string, string, number[]]>([
    ['an image with a width', `<image width="80" ${href}/>`, [0, 0, 79, 39]],
    ['an image with a height in a unit', `<image height="30pt" ${href}/>`, [0, 0, 79, 39]],
    ['an image without', `<image ${href}/>`, [0, 0, 39, 19]],
    [
      'an SVG with a width',
      `<image width="60" href="data:image/svg+xml;base64,${inner.toString('base64')}"/>`,
      [0, 0, 59, 29],
    ],
    ['a symbol with a size', `${symbol('width="20" height="20"')}<use href="#s"/>`, [0, 0, 19, 19]],
    ['a use with another', `${symbol('width="20" height="20"')}<use href="#s" width="8" height="8"/>`, [0, 0, 7, 7]],
    ['a symbol without', `${symbol('')}<use href="#s"/>`, [25, 0, 74, 49]],
    ['a use with one side of an SVG', `${nested}<use href="#s" width="30"/>`, [0, 0, 29, 19]],
  ])('%s', async (_what, inside, box) => expect((await render(inside)).ink()).toEqual(box));
});

describe('filters and masks', () => {
  const background = full(colour('red'));
  const filtered = (effects: string) =>
    `<filter id="f" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">${effects}</filter>
     <g enable-background="new">${background}${full(`${colour('green')} filter="url(#f)"`)}</g>`;
  test.each<[string, string, number[]]>([
    ['the background', filtered('<feOffset in="BackgroundImage"/>'), GREEN],
    ['the background of a blend', filtered('<feBlend mode="darken" in="SourceGraphic" in2="BackgroundImage"/>'), GREEN],
    ['the background of a merge', filtered('<feMerge><feMergeNode in="BackgroundImage"/></feMerge>'), GREEN],
    [
      'an effect of that name',
      filtered('<feFlood flood-color="red" result="BackgroundImage"/><feOffset in="BackgroundImage"/>'),
      RED,
    ],
    [
      'a transform of a mask',
      `<mask id="m" transform="translate(90)"><path fill="#fff" d="M0 0h60v50H0z"/></mask>${full(`${colour('green')} mask="url(#m)"`)}`,
      GREEN,
    ],
  ])('%s', async (_what, inside, expected) => expect((await render(inside)).at(50, 25)).toEqual(expected));

  test.each(['sepia(1)', 'hue-rotate(90deg)'])('%s is reported', async (filter) =>
    expect((await render(full(`filter="${filter}"`))).unsupported).toEqual(['filter']),
  );
});
