import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { prepareSvg } from '../../src/svg/prepare.ts';

const XMLNS = 'xmlns="http://www.w3.org/2000/svg"';
const sizeOf = async (root: string, inside = '') =>
  (await prepareSvg(Buffer.from(`<svg ${XMLNS} ${root}>${inside}</svg>`))).size;

describe('the size of an SVG in CSS pixels', () => {
  test.each([
    ['width="30" height="20"', 30, 20],
    ['width="30px" height=" 20.5 "', 30, 20.5],
    ['width="+3e1" height=".2E2" viewBox="0 0 7 900"', 30, 20],
    ['width="210mm" height="29.7cm"', 793.7, 1122.52],
    ['width="1in" height="72pt"', 96, 96],
    ['width="6pc" height="101.6q"', 96, 96],
    ['width="3em" height="2ex"', 48, 16],
    ['viewBox="0 0 2.4 1.4"', 2.4, 1.4],
    ['viewBox="-5,-5,30,20"', 30, 20],
    ['viewBox=" 0  0  30\n20 "', 30, 20],
    ['viewBox="1-1 40 20"', 40, 20],
    ['viewBox="0 0 216958 116416"', 216_958, 116_416],
    ['viewBox="0 0 12345678 1234567"', 12_345_678, 1_234_567],
    ['width="100%" height="100%" viewBox="0 0 30 20"', 30, 20],
    ['width="50%" height="10" viewBox="0 0 30 20"', 15, 10],
    ['width="300" viewBox="0 0 30 20"', 300, 200],
    ['height="10" viewBox="0 0 30 20"', 15, 10],
    ['', 300, 150],
    ['width="100%" height="100%"', 300, 150],
    ['width="40"', 40, 150],
    ['height="40"', 300, 40],
    ['width="-3" height="2"', 300, 2],
    ['width="auto" height="5 px"', 300, 150],
    ['viewBox="0 0 3"', 300, 150],
    ['viewBox="0,,0 40 20"', 300, 150],
    ['viewBox="0 0 0 20"', 300, 150],
    ['width="30" height="20" style="width: 5px; height: 2mm"', 5, 7.56],
    ['width="30" height="20" style="enable-background: new 0 0 30 20"', 30, 20],
  ])('%s: %d × %d', async (root, width, height) => {
    const size = await sizeOf(root);
    expect(size.width).toBeCloseTo(width, 1);
    expect(size.height).toBeCloseTo(height, 1);
  });

  test.each([
    ['svg { width: 50px }', 50],
    [':root { width: 50px } svg { width: 60px }', 50],
    ['.a, .b { width: 1in !important }', 96],
    ['#i { width: 40% }', 20],
    ['g svg { width: 50px }', 10],
    ['@media print { svg { width: 50px } }', 10],
    ['@media screen { svg { width: 50px } }', 50],
  ])('by the style sheet %s', async (css, width) => {
    expect((await sizeOf('id="i" class="b" width="10" viewBox="0 0 20 10"', `<style>${css}</style>`)).width).toBe(
      width,
    );
  });

  test('a long view box is not searched', async () => {
    expect(await sizeOf(`viewBox="0 0${' '.repeat(100_000)}30 20"`)).toEqual({ width: 300, height: 150 });
    expect(await sizeOf(`width="${'1'.repeat(100_000)}"`)).toEqual({ width: 300, height: 150 });
  });
});

test.each([
  ['width="100mm" height="50mm" viewBox="0 0 100 50"', 378, 189],
  ['width="31" height="20"', 31, 20],
  ['viewBox="0 0 24 12"', 24, 12],
  ['width="30" height="20" style="width: 50px"', 50, 20],
  ['viewBox="0 0 216958 116416"', 32_767, 17_582],
  ['viewBox="0 0 .5 .25"', 2, 1],
])('libvips opens %s at %i × %i', async (root, width, height) => {
  const css = '<style>svg { width: 7px; height: 7px }</style>';
  const plain = await prepareSvg(Buffer.from(`<svg ${XMLNS} ${root}/>`));
  expect(await sharp(plain.bytes, { density: 96, limitInputPixels: false }).metadata()).toMatchObject({
    width,
    height,
  });
  const styled = await prepareSvg(Buffer.from(`<svg ${XMLNS} ${root}>${css}</svg>`));
  expect(styled.bytes.toString()).toContain('!important');
});
