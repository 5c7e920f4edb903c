/** Text and references that librsvg reads otherwise than browsers. */
import { describe, expect, test } from 'vitest';
import { CLEAR, full, GREEN, RED, render } from './drawn.ts';

describe('lists of coordinates', () => {
  const text = (attributes: string, content = 'III', element = 'text') =>
    `<text font-family="sans-serif" font-size="20" ${element === 'text' ? attributes : ''}>${
      element === 'text' ? content : `<tspan ${attributes}>${content}</tspan>`
    }</text>`;
  test.each(['text', 'tspan'])('x of a %s', async (element) => {
    const { ink } = await render(text('x="10 50 90" y="30"', 'III', element));
    expect(ink()[0]).toBeGreaterThan(9);
    expect(ink()[2]).toBeGreaterThan(90);
  });
  test('y and dx', async () => {
    const { ink } = await render(text('x="5" y="20 45" dx="0,40"', 'II'));
    expect(ink()[2]).toBeGreaterThan(45);
    expect(ink()[3]).toBeGreaterThan(40);
  });
  test('white space around it, and more characters than coordinates', async () => {
    const spaced = await render(text('x="10 30" y="30"', '\n  IIII  '));
    const plain = await render(text('x="10 30" y="30"', 'IIII'));
    expect(spaced.ink()).toEqual(plain.ink());
    expect(plain.xml).toContain('III</tspan>');
  });
  test.each<[string, string, string, string]>([
    ['of a text for its elements', 'x="5 30 70" y="30"', '<tspan>I</tspan><tspan>I</tspan>I', 'x="5 30 70" y="30"'],
    ['and elements in them', 'x="5 30 70" y="30"', 'I<tspan><tspan>I</tspan>I</tspan>', 'x="5 30 70" y="30"'],
    ['the inner ones first', 'x="5 30 70" y="20"', '<tspan y="30 40">II</tspan>I', 'x="5 30 70" y="30 40 40"'],
    ['a single inner value', 'x="5 30 70" y="20 25 40"', '<tspan y="30">II</tspan>I', 'x="5 30 70" y="30 25 40"'],
    [
      'white space',
      'x="5 30 70" y="30"',
      '\n <tspan> I</tspan><tspan>I</tspan><tspan>I</tspan>\n',
      'x="5 30 70" y="30"',
    ],
  ])('%s', async (_what, attributes, content, flat) => {
    const nested = await render(text(attributes, content));
    const plain = await render(text(flat));
    expect(nested.ink()).toEqual(plain.ink());
  });
  test('the same position as one by one', async () => {
    const lists = (await render(text('x="10 40" y="30 40"', 'II'))).at;
    const single = (await render(text('x="10" y="30"', 'I') + text('x="40" y="40"', 'I'))).at;
    for (let x = 0; x < 100; x++) for (const y of [20, 30, 38]) expect(lists(x, y)).toEqual(single(x, y));
  });
});

describe('baselines', () => {
  const top = async (attributes: string, inner = 'x') =>
    (await render(`<text y="30" font-size="20" font-family="sans-serif" ${attributes}>${inner}</text>`)).ink()[1];
  test.each([
    ['dominant-baseline="middle"', -5],
    ['style="dominant-baseline: central"', -7],
    ['dominant-baseline="hanging"', -14],
    ['dominant-baseline="text-after-edge"', 4],
    ['dominant-baseline="auto"', 0],
    ['alignment-baseline="middle"', 0],
  ])('%s', async (attributes, up) => expect((await top(attributes)) - (await top(''))).toBeCloseTo(-up, -0.5));
  test('are inherited, and not added up', async () => {
    const middle = await top('dominant-baseline="middle"');
    expect(await top('dominant-baseline="middle"', '<tspan>x</tspan>')).toBe(middle);
    expect(await top('', '<tspan dominant-baseline="middle">x</tspan>')).toBe(middle);
    expect(await top('', '<tspan alignment-baseline="middle">x</tspan>')).toBe(middle);
    const { ink } = await render(
      '<style>g{dominant-baseline:middle}</style><g><text y="30" font-size="20" font-family="sans-serif">x</text></g>',
    );
    expect(ink()[1]).toBe(middle);
  });
});

describe('references', () => {
  const stops = '<stop stop-color="#0a0"/>';
  test.each([
    ['to nothing', `<linearGradient id="a" href="#b">${stops}</linearGradient>`],
    ['to a shape', `<rect id="b"/><linearGradient id="a" href="#b">${stops}</linearGradient>`],
    ['to itself', `<linearGradient id="a" href="#a">${stops}</linearGradient>`],
    ['in a cycle', `<linearGradient id="a" href="#b">${stops}</linearGradient><radialGradient id="b" href="#a"/>`],
    ['that are good', `<linearGradient id="b">${stops}</linearGradient><radialGradient id="a" href="#b"/>`],
  ])('%s', async (_what, gradient) =>
    expect((await render(`<defs>${gradient}</defs>${full('fill="url(#a)"')}`)).at(50, 25)).toEqual(GREEN),
  );
  test.each([
    '<g id="a"><use href="#a"/></g>',
    '<use id="a" href="#a"/>',
    '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
  ])('a use of itself: %s', async (cycle) =>
    expect((await render(`${cycle}${full('fill="#0a0"')}`)).at(50, 25)).toEqual(GREEN),
  );
});

describe('the transform of the root', () => {
  const corner = '<rect width="20" height="10" fill="red"/>';
  const root = (attributes: string, size = 'width="100" height="50"') => `${size} viewBox="0 0 100 50" ${attributes}`;
  test.each([
    ['a mirror', 'transform="scale(-1 1)"'],
    ['half a turn', 'transform="rotate(180) scale(1 -1)"'],
    ['of CSS', 'style="transform: scaleX(-1)"'],
    ['a matrix', 'transform="matrix(-1,0,0,1,0,0)"'],
  ])('%s is about the middle', async (_what, attributes) => {
    const { at } = await render(corner, root(attributes));
    expect([at(95, 5), at(5, 5)]).toEqual([RED, CLEAR]);
  });
  test('of a style sheet', async () => {
    const { at } = await render(`<style>svg{transform:rotate(180deg)}</style>${corner}`, root(''));
    expect([at(95, 45), at(5, 5)]).toEqual([RED, CLEAR]);
  });
  test('lengths are pixels of the image', async () =>
    expect((await render(corner, root('transform="translate(100)"', 'width="200" height="100"'))).at(55, 5)).toEqual(
      RED,
    ));
});
