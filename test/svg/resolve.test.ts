/** What librsvg cannot do, resolved before it; by the colours at points of 100 × 50. */
import { describe, expect, test } from 'vitest';
import { BLUE, CLEAR, full, GREEN, RED, render } from './drawn.ts';

describe('variables', () => {
  test.each<[string, string, number[]]>([
    ['of :root in a rule', `<style>:root{--c:#0a0} rect{fill:var(--c)}</style>${full('')}`, GREEN],
    ['of svg in an attribute', `<style>svg{--c:#0a0}</style>${full('fill="var(--c)"')}`, GREEN],
    ['of a style in a style', `<g style="--c: #0a0">${full('style="fill: var( --c )"')}</g>`, GREEN],
    ['of the nearest element', `<g style="--c:red"><g style="--c:#0a0">${full('fill="var(--c)"')}</g></g>`, GREEN],
    [
      'by element in one rule',
      `<style>.a{--c:#0a0} .b{--c:red} rect{fill:var(--c)}</style><g class="a">${full('')}</g>`,
      GREEN,
    ],
    ['a fallback', full('fill="var(--x, #0a0)"'), GREEN],
    ['a fallback in brackets', full('fill="var(--x, rgb(0, 170, 0))"'), GREEN],
    ['a fallback of a fallback', full('fill="var(--x, var(--y, #0a0))"'), GREEN],
    ['a variable of a variable', `<g style="--a:#0a0;--b:var(--a)">${full('fill="var(--b)"')}</g>`, GREEN],
    ['a part of a value', `<g style="--a:0, 170">${full('fill="rgb(var(--a), 0)"')}</g>`, GREEN],
    [
      'the higher specificity',
      `<style>:root{--c:red} .a{fill:#0a0} rect{fill:var(--c)}</style>${full('class="a"')}`,
      GREEN,
    ],
    [
      'the higher specificity of a variable',
      `<style>:root{--c:#0a0} .a{fill:var(--c)} rect{fill:red}</style>${full('class="a"')}`,
      GREEN,
    ],
    [
      'an important rule',
      `<style>:root{--c:red} rect{fill:#0a0!important} .a{fill:var(--c)}</style>${full('class="a"')}`,
      GREEN,
    ],
    [
      'a media query',
      `<style>@media (prefers-color-scheme: dark){:root{--c:red}} :root{--c:#0a0}</style>${full('fill="var(--c)"')}`,
      GREEN,
    ],
    ['no value', full('fill="var(--x)"'), CLEAR],
    ['a variable of itself', `<g style="--a:var(--a)">${full('fill="var(--a)"')}</g>`, CLEAR],
    ['a reference to elsewhere', `<g style="--a:url(other.svg#a) #0a0">${full('fill="var(--a)"')}</g>`, GREEN],
    [
      'a reference in parts',
      `<g style="--a:u">${full('style="fill: #0a0; stroke: var(--a)rl(other.svg#a)"')}</g>`,
      GREEN,
    ],
  ])('%s', async (_what, inside, colour) => {
    const { at, unsupported, xml } = await render(inside);
    expect(at(50, 25)).toEqual(colour);
    expect(unsupported).toEqual([]);
    expect(xml).not.toMatch(/var\(|other\.svg/);
  });

  test('that grow are given up', async () => {
    const style = Array.from({ length: 15 }, (_, i) => `--v${i + 1}:${`var(--v${i})`.repeat(10)}`).join(';');
    expect((await render(`<g style="--v0:a;${style}">${full('fill="var(--v15)"')}</g>`)).at(50, 25)).toEqual(CLEAR);
  });

  test('in selectors that are not understood are those of the root, and told', async () => {
    const { at, unsupported } = await render(`<style>:root{--c:#0a0} rect:not(.x){fill:var(--c)}</style>${full('')}`);
    expect([at(50, 25), unsupported]).toEqual([GREEN, ['variables']]);
  });

  test('whose scope is not understood are told', async () =>
    expect(
      (await render(`<style>g:nth-child(9){--c:red} rect{fill:var(--c,#0a0)}</style>${full('')}`)).unsupported,
    ).toEqual(['variables']));
});

describe('transform-origin', () => {
  const square = (attributes: string, style = '') =>
    `${full('fill="#0a0"')}${style}<rect x="40" y="15" width="20" height="20" fill="#f00" ${attributes}/>`;
  test.each([
    ['an attribute', square('transform="rotate(45)" transform-origin="50 25"')],
    ['with units and a comma', square('transform="rotate(45)" transform-origin="50px, 25px"')],
    ['percentages of the view box', square('transform="rotate(45)" transform-origin="50% 50%"')],
    ['keywords', square('transform="rotate(45)" transform-origin="center"')],
    ['keywords in the other order', square('transform="rotate(45)" transform-origin="center center"')],
    ['a style', square('style="transform: rotate(45deg); transform-origin: 50px 25px"')],
    ['a rule', square('class="a"', '<style>.a { transform: rotate(45deg); transform-origin: center }</style>')],
    [
      'a rule, and an attribute',
      square('class="a" transform="rotate(45)"', '<style>.a { transform-origin: center }</style>'),
    ],
    [
      'the box of the element',
      square('transform="rotate(45)" style="transform-box: fill-box; transform-origin: center"'),
    ],
    ['variables', square('style="--o: 50px 25px; transform: rotate(45deg); transform-origin: var(--o)"')],
  ])('%s', async (_what, inside) => {
    const { at, unsupported } = await render(inside);
    expect([at(50, 25), at(62, 25), at(59, 34), at(10, 45)]).toEqual([RED, RED, GREEN, GREEN]);
    expect(unsupported).toEqual([]);
  });
  test('the corners of the view box', async () => {
    const scaled = (origin: string) => full(`fill="#0a0" transform="scale(.5)" transform-origin="${origin}"`);
    expect((await render(scaled('right bottom'))).at(95, 45)).toEqual(GREEN);
    expect((await render(scaled('bottom right'))).at(95, 45)).toEqual(GREEN);
    expect((await render(scaled('top'))).at(50, 5)).toEqual(GREEN);
    expect((await render(scaled('top'))).at(95, 5)).toEqual(CLEAR);
  });
  test('one that depends on the box of a path is told', async () => {
    const path =
      '<path d="M0 0h9v9z" transform="rotate(45)" style="transform-box: fill-box; transform-origin: center"/>';
    expect((await render(path)).unsupported).toEqual(['transform-origin']);
  });
});

describe('conditions', () => {
  const choice = (...children: string[]) => `<switch>${children.join('')}</switch>`;
  test.each<[string, string, number[]]>([
    ['English', choice(full('systemLanguage="en" fill="#0a0"'), full('fill="red"')), GREEN],
    ['a list', choice(full('systemLanguage="de, en-US" fill="#0a0"'), full('fill="red"')), GREEN],
    ['another language', choice(full('systemLanguage="de" fill="red"'), full('fill="#0a0"')), GREEN],
    ['no language', choice(full('systemLanguage="" fill="red"'), full('fill="#0a0"')), GREEN],
    ['an extension', choice(full('requiredExtensions="http://x/" fill="red"'), full('fill="#0a0"')), GREEN],
    ['features', choice(full('requiredFeatures="http://x/" fill="#0a0"'), full('fill="red"')), GREEN],
    ['the first one only', choice(full('fill="#0a0"'), full('fill="red"')), GREEN],
    ['outside of a switch', full('fill="#0a0"') + full('systemLanguage="de" fill="red"'), GREEN],
    ['a gradient is not chosen', choice('<linearGradient id="g"/>', full('fill="#0a0"')), GREEN],
  ])('%s', async (_what, inside, colour) => expect((await render(inside)).at(50, 25)).toEqual(colour));
});

describe('the background of the root', () => {
  const box = 'width="100" height="50" viewBox="0 0 100 50"';
  test.each([
    ['a style', '', `${box} style="background: #0a0"`],
    ['a colour', '', `${box} style="background-color: rgb(0, 170, 0)"`],
    ['a rule', '<style>svg { background: #0a0 } rect { fill: red; display: none }</style>', box],
    ['a variable', '', `${box} style="--c: #0a0; background: var(--c)"`],
    ['beside the view box', '', 'width="100" height="50" viewBox="5 5 20 20" style="background: #0a0"'],
  ])('%s', async (_what, inside, root) => {
    const { at, unsupported } = await render(inside, root);
    expect([at(1, 1), at(50, 25), at(98, 48)]).toEqual([GREEN, GREEN, GREEN]);
    expect(unsupported).toEqual([]);
  });
  test('lies below everything else', async () =>
    expect((await render(full('fill="#00f"'), `${box} style="background: #0a0"`)).at(50, 25)).toEqual(BLUE));
  test('of an image is told', async () =>
    expect((await render('', `${box} style="background: linear-gradient(red, blue)"`)).unsupported).toEqual([
      'background',
    ]));
});

describe('text', () => {
  test.each<[string, string, string[]]>([
    ['covered', 'Zażółć gęślą jaźń, Ελλάδα, Россия, שלום, e\u0301, ½ €', []],
    ['invisible', 'a\u200b\u00ad\ufe0f\u2009b', []],
    ['one missing', 'Hello 👋', ['glyphs']],
    ['half', 'ab 漢字', ['glyphs']],
  ])('%s', async (_what, text, unsupported) =>
    expect((await render(`<text>${text}</text>`)).unsupported).toEqual(unsupported),
  );
  test('mostly without glyphs is rejected', async () =>
    expect(render('<text>漢字 a</text>')).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' }));
});

describe('styles and references', () => {
  const gradient = (id: string) => `<linearGradient id="${id}"><stop stop-color="#0a0"/></linearGradient>`;
  test.each<[string, string]>([
    ['an id with a space', `${gradient('a b')}${full(`fill="url('#a b')"`)}`],
    ['an id that is percent-encoded', `${gradient('a b')}${full('fill="url(#a%20b)"')}`],
    ['an id with a bracket', `${gradient('a(1)')}${full(`fill="url('#a(1)')"`)}`],
    ['@supports', `<style>rect{fill:red} @supports (fill:red){rect{fill:#0a0}}</style>${full('')}`],
    ['not @supports', `<style>rect{fill:#0a0} @supports not (fill:red){rect{fill:red}}</style>${full('')}`],
    ['@media', `<style>rect{fill:red} @media screen{rect{fill:#0a0}} @media print{rect{fill:red}}</style>${full('')}`],
    ['a style sheet for print', `<style media="print">rect{fill:red}</style>${full('fill="#0a0"')}`],
    ['lengths in Q and rem', '<rect width="400Q" height="10rem" fill="#0a0"/>'],
    ['HTML that is hidden', `<foreignObject style="display: none"><p>a</p></foreignObject>${full('fill="#0a0"')}`],
    ['HTML without a size', `<foreignObject width="0" height="0"><p>a</p></foreignObject>${full('fill="#0a0"')}`],
  ])('%s', async (_what, inside) => expect((await render(inside)).at(50, 25)).toEqual(GREEN));
});
