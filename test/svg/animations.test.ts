/** Animations, in the state that lasts. */
import { describe, expect, test } from 'vitest';
import { CLEAR, full, GREEN, RED, render } from './drawn.ts';

const green = (inside: string) => `<rect width="100" height="50" fill="red">${inside}</rect>`;

describe('elements', () => {
  test.each([
    ['a start without end', '<animate attributeName="fill" values="#0a0;red" dur="2s" repeatCount="indefinite"/>'],
    ['from', '<animate attributeName="fill" from="#0a0" to="red" dur="2s" repeatCount="indefinite"/>'],
    ['set', '<set attributeName="fill" to="#0a0"/>'],
    ['an end that freezes', '<animate attributeName="fill" from="red" to="#0a0" dur="1s" fill="freeze"/>'],
    [
      'an end that freezes, later',
      '<animate attributeName="fill" values="red;blue;#0a0" begin="3s" dur="1s" fill="freeze"/>',
    ],
    [
      'the middle',
      '<animate attributeName="fill" values="red;#0a0;red" begin="-5s" dur="10s" repeatCount="indefinite"/>',
    ],
    ['of several begins', '<set attributeName="fill" begin="click; 0s" to="#0a0"/>'],
  ])('%s', async (_what, animation) => {
    const { at, unsupported, xml } = await render(green(animation));
    expect([at(50, 25), unsupported]).toEqual([GREEN, ['animation']]);
    expect(xml).not.toMatch(/<(?:animate|set)/);
  });
  test.each([
    ['one that ends', '<animate attributeName="fill" from="#0a0" to="#0a0" dur="1s"/>'],
    ['a click', '<set attributeName="fill" begin="click" to="#0a0"/>'],
    ['a delay', '<animate attributeName="fill" values="#0a0;red" begin="2s" dur="2s" repeatCount="indefinite"/>'],
    ['a URL', '<set attributeName="fill" to="url(https://example.com/a.svg#b)"/>'.replace('to="', 'to="red" from="')],
  ])('%s', async (_what, animation) => expect((await render(green(animation))).at(50, 25)).toEqual(RED));
  test('over a style sheet, and of another element', async () => {
    const animation = '<set href="#a" attributeName="fill" to="#0a0"/>';
    expect((await render(`<style>rect{fill:red}</style>${full('id="a"')}${animation}`)).at(9, 9)).toEqual(GREEN);
  });
  test('numbers between two values', async () => {
    const width = '<animate attributeName="width" values="0;50;0" begin="-2.5s" dur="10s" repeatCount="indefinite"/>';
    expect((await render(`<rect width="9" height="50">${width}</rect>`)).ink()[2]).toBe(24);
  });
  test.each([
    ['', [20, 10, 29, 19]],
    ['additive="sum"', [30, 10, 39, 19]],
  ])('a transform %s', async (attributes, box) => {
    const transform = `<animateTransform attributeName="transform" type="translate" from="20 10" to="0 0" dur="9s" repeatCount="indefinite" ${attributes}/>`;
    expect(
      (await render(`<rect width="10" height="10" transform="translate(10 0)">${transform}</rect>`)).ink(),
    ).toEqual(box);
  });
  test('a motion', async () => {
    const motion = '<animateMotion path="M40 20L10 10" dur="9s" repeatCount="indefinite"/>';
    expect((await render(`<rect width="10" height="10">${motion}</rect>`)).ink()).toEqual([40, 20, 49, 29]);
  });
  test('never an event attribute, and nothing from elsewhere', async () => {
    const sets = ['onload', 'style', 'href', 'fill', 'filter'].map(
      (name) => `<set attributeName="${name}" to="url(https://example.com/a#b)"/>`,
    );
    expect((await render(green(sets.join('')))).xml).not.toMatch(/onload|example/);
  });
});

describe('keyframes', () => {
  const keyframes = '@keyframes k { from { fill: #0a0 } to { fill: red } } @keyframes l { 100% { fill: #0a0 } }';
  test.each([
    'animation: k 1s infinite',
    'animation: 1s linear infinite k',
    'animation-name: k; animation-duration: 1s; animation-iteration-count: infinite',
    'animation: l 1s forwards',
    'animation: l 1s 5s both',
    'animation: k 1s -2s infinite',
    '-webkit-animation: k 1s infinite',
  ])('%s', async (declaration) => {
    const rule = `<style>${keyframes} rect { fill: red; ${declaration} }</style>${full('')}`;
    const inline = `<style>${keyframes}</style>${full(`style="fill: red; ${declaration}"`)}`;
    for (const inside of [rule, inline]) expect((await render(inside)).at(9, 9), inside).toEqual(GREEN);
    expect((await render(rule)).unsupported).toEqual(['animation']);
  });
  test.each(['animation: k 1s', 'animation: k 1s 2s infinite', 'animation: other 1s infinite'])(
    '%s',
    async (declaration) =>
      expect(
        (await render(`<style>${keyframes} rect { fill: red; ${declaration} }</style>${full('')}`)).at(9, 9),
      ).toEqual(RED),
  );
  test('without an animation nothing is told', async () =>
    expect((await render(`<style>${keyframes}</style>${full('fill="#0a0"')}`)).unsupported).toEqual([]));
  test('nothing from elsewhere', async () => {
    const frames = '@keyframes k { from { fill: url(https://example.com/a#b) } }';
    const { xml } = await render(`<style>${frames} rect { animation: k 1s infinite }</style>${full('')}`);
    expect(xml).not.toContain('example');
  });
});

test('an animation of nothing', async () => expect((await render('<animate/>')).at(9, 9)).toEqual(CLEAR));
