import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { checkSvg } from '../../src/svg/check.ts';

const svg = (inside: string, attributes = '') =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10" ${attributes}>${inside}</svg>`,
  );
const times = (n: number, text: string) => text.repeat(n);
const pixel = (
  await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
).toString('base64');
const bomb = readFileSync(new URL('../fixtures/cases/files/L11-bomb-19000.png', import.meta.url)).toString('base64');

describe('accepted', () => {
  test.each([
    ['shapes', svg('<rect width="5" height="5"/>')],
    [
      'an old document type',
      Buffer.concat([
        Buffer.from(
          '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        ),
        svg(''),
      ]),
    ],
    ['a byte order mark', Buffer.concat([Buffer.from('\ufeff'), svg('')])],
    ['a gradient', svg('<linearGradient id="g"/><rect fill="url(#g)" style="stroke: url( \'#g\' )"/>')],
    ['a use', svg('<g id="a"><path d=""/></g><use href="#a"/><use xlink:href="#a"/>')],
    ['a link', svg('<a href="https://example.com/"><path d=""/></a>')],
    ['a style', svg('<style>.a { fill: url("#g"); content: "\\e001" }</style>')],
    ['an embedded image', svg(`<image href="data:image/png;base64,${pixel}"/>`)],
    ['an embedded font', svg('<style>@font-face { src: url(data:font/woff2;base64,AA) }</style>')],
    ['the maximum depth', svg(times(126, '<g>') + times(126, '</g>'))],
    ['long metadata', svg(`<title>${times(20_000, 'a')}</title>`)],
  ])('%s', (_what, bytes) => expect(() => checkSvg(bytes)).not.toThrow());
});

describe('rejected', () => {
  test.each<[string, Buffer, string]>([
    ['a script', svg('<script>alert(1)</script>'), 'SOURCE_UNSUPPORTED'],
    ['a script with a prefix', svg('<x:script xmlns:x="http://www.w3.org/2000/svg"/>'), 'SOURCE_UNSUPPORTED'],
    ['entities', Buffer.from('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>'), 'SOURCE_UNSUPPORTED'],
    ['another image', svg('<image href="https://example.com/a.png"/>'), 'SOURCE_UNSUPPORTED'],
    ['a file', svg('<image xlink:href="file:///etc/passwd"/>'), 'SOURCE_UNSUPPORTED'],
    ['a relative reference', svg('<use href="other.svg#a"/>'), 'SOURCE_UNSUPPORTED'],
    ['a reference with spaces', svg('<use href="  other.svg#a"/>'), 'SOURCE_UNSUPPORTED'],
    ['a fill elsewhere', svg('<rect fill="url(other.svg#a)"/>'), 'SOURCE_UNSUPPORTED'],
    ['an escaped one', svg('<rect style="fill: u\\72l(other.svg#a)"/>'), 'SOURCE_UNSUPPORTED'],
    ['an import', svg('<style>@import "a.css";</style>'), 'SOURCE_UNSUPPORTED'],
    ['an import in CDATA', svg('<style><![CDATA[@import "a.css";]]></style>'), 'SOURCE_UNSUPPORTED'],
    ['an escaped import', svg('<style>@\\69mport "a.css";</style>'), 'SOURCE_UNSUPPORTED'],
    ['a style sheet', Buffer.from('<?xml-stylesheet href="a.css"?><svg/>'), 'SOURCE_UNSUPPORTED'],
    ['an inclusion', svg('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="a"/>'), 'SOURCE_UNSUPPORTED'],
    ['an SVG in an SVG', svg('<image href="data:image/svg+xml;base64,AA"/>'), 'SOURCE_UNSUPPORTED'],
    ['a page', svg('<image href="data:text/html,x"/>'), 'SOURCE_UNSUPPORTED'],
    ['an embedded bomb', svg(`<image href="data:image/png;base64,${bomb}"/>`), 'IMAGE_TOO_LARGE'],
    ['1 MiB', svg(`<!--${times(1_048_576, 'a')}-->`), 'IMAGE_TOO_LARGE'],
    ['elements', svg(times(50_001, '<g/>')), 'IMAGE_TOO_LARGE'],
    ['attributes', svg(`<g ${Array.from({ length: 1001 }, (_, i) => `a${i}=""`).join(' ')}/>`), 'IMAGE_TOO_LARGE'],
    ['depth', svg(times(128, '<g>') + times(128, '</g>')), 'IMAGE_TOO_LARGE'],
    ['characters', svg(`<text><tspan>${times(10_001, 'a')}</tspan></text>`), 'IMAGE_TOO_LARGE'],
    ['filters', svg(`<filter id="f">${times(33, '<feGaussianBlur/>')}</filter>`), 'IMAGE_TOO_LARGE'],
    ['a use of itself', svg('<g id="a"><use href="#a"/></g>'), 'IMAGE_TOO_LARGE'],
    ['uses of each other', svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'), 'IMAGE_TOO_LARGE'],
    [
      'uses of uses',
      svg(
        `<g id="g0"><path d=""/></g>${Array.from({ length: 9 }, (_, i) => `<g id="g${i + 1}">${times(10, `<use href="#g${i}"/>`)}</g>`).join('')}`,
      ),
      'IMAGE_TOO_LARGE',
    ],
    [
      'a long chain of uses',
      svg(Array.from({ length: 5000 }, (_, i) => `<g id="g${i}"><use href="#g${i + 1}"/></g>`).join('')),
      'IMAGE_TOO_LARGE',
    ],
    ['malformed XML', Buffer.from('<svg><g></svg>'), 'IMAGE_CORRUPT'],
    ['an unknown entity', svg('&nope;'), 'IMAGE_CORRUPT'],
    ['an incomplete tag', Buffer.from('<svg '), 'IMAGE_CORRUPT'],
  ])('%s', (_what, bytes, code) => expect(() => checkSvg(bytes)).toThrowError(expect.objectContaining({ code })));
});

test('many uses of one element take no time', () => {
  const started = process.cpuUsage();
  checkSvg(svg(`<g id="a"><path d=""/></g>${times(9_000, '<use href="#a"/>')}`));
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000);
});

describe('the size of the root', () => {
  const XMLNS = 'xmlns="http://www.w3.org/2000/svg"';
  const decodedSize = async (bytes: Buffer) => {
    const { width, height } = await sharp(bytes, { density: 7200 }).metadata();
    return { width: width / 100, height: height / 100 };
  };
  test.each([
    'width="30" height="20"',
    'width="30px" height=" 20.5 "',
    'width="+30" height="20" viewBox="0 0 7 900"',
    'viewBox="0 0 2.4 1.4"',
    'viewBox="-5,-5,30,20"',
    'viewBox=" 0  0  30\n20 "',
  ])('%s', async (root) => {
    const bytes = Buffer.from(`<?xml version="1.0"?><svg ${XMLNS} ${root}><svg width="5" height="5"/></svg>`);
    const size = checkSvg(bytes);
    expect(size).toEqual(await decodedSize(bytes));
  });
  test.each([
    ['no size', ''],
    ['one side', 'width="30" viewBox="0 0 3 2"'],
    ['a percentage', 'width="100%" height="100%" viewBox="0 0 3 2"'],
    ['millimetres', 'width="3mm" height="2mm"'],
    ['em', 'width="3em" height="2em"'],
    ['zero', 'width="0" height="2"'],
    ['a negative length', 'width="-3" height="2"'],
    ['an exponent', 'width="3e1" height="2e1"'],
    ['three numbers', 'viewBox="0 0 3"'],
    ['two commas', 'viewBox="0,,0 40 20"'],
    ['no number', 'viewBox="-- 0 40 20"'],
    ['two numbers without a separator', 'viewBox="1-1 0 40 20"'],
    ['a no-break space', 'viewBox="0 0 40\u00a020"'],
    ['a no-break space in a side', 'width="\u00a040" height="20"'],
    ['a style', 'width="30" height="20" style="width: 5px"'],
    ['a view box of more than 256 characters', `viewBox="0 0${' '.repeat(256)}30 20"`],
  ])('%s is left to the decoder', (_what, root) =>
    expect(checkSvg(Buffer.from(`<svg ${XMLNS} ${root}/>`))).toBeUndefined(),
  );
  test('an SVG with a style sheet is left to the decoder', () =>
    expect(
      checkSvg(Buffer.from(`<svg ${XMLNS} width="3" height="2"><style>svg { width: 50px }</style></svg>`)),
    ).toBeUndefined());
});
