import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { prepareSvg } from '../../src/svg/prepare.ts';
import { checkFilterPixels } from '../../src/svg/work.ts';

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
    ['data that is no image, which is not drawn', svg('<text>data:text/html,x</text>')],
    ['the maximum depth', svg(times(126, '<g>') + times(126, '</g>'))],
    ['long metadata', svg(`<title>${times(20_000, 'a')}</title>`)],
  ])('%s', async (_what, bytes) => expect((await prepareSvg(bytes)).report.stripped.size).toBe(0));
});

/** The text that librsvg gets, and the names of what it does not get. */
async function prepared(bytes: Buffer) {
  const { bytes: xml, report } = await prepareSvg(bytes);
  return { xml: xml.toString(), stripped: [...report.stripped].sort() };
}

/** What must not be left: a trace of what is elsewhere, or of what runs. */
const ELSEWHERE = /example\.com|file:|passwd|other\.svg|a\.css|alert|@import|javascript|<!|<\?|text\/html/;

describe('stripped, and the rest is drawn', () => {
  const rect = '<rect width="5" height="5" fill="#dc1e1e"/>';
  test.each<[string, Buffer, string[]]>([
    ['a script', svg(`<script>alert(1)</script>${rect}`), ['script']],
    ['a script with a prefix', svg(`<x:script xmlns:x="http://www.w3.org/2000/svg"/>${rect}`), ['script']],
    ['a script of HTML', svg(`<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>${rect}`), ['script']],
    ['an event attribute', svg(rect, 'onload="alert(1)"'), ['script']],
    ['a link that runs', svg(`<a href="javascript:alert(1)">${rect}</a>`), []],
    ['another image', svg(`<image href="https://example.com/a.png"/>${rect}`), ['image']],
    ['a file', svg(`<image xlink:href="file:///etc/passwd"/>${rect}`), ['image']],
    [
      'a file with a prefix of its own',
      svg(`<image xmlns:y="http://www.w3.org/1999/xlink" y:href="file:///etc/passwd"/>${rect}`),
      ['image'],
    ],
    [
      'an image without a declared prefix',
      Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><image xlink:href="file:///etc/passwd"/>${rect}</svg>`),
      ['image'],
    ],
    [
      'an image of a filter',
      svg(`<filter id="f"><feImage href="https://example.com/a.png"/></filter>${rect}`),
      ['image'],
    ],
    ['a relative reference', svg(`<use href="other.svg#a"/>${rect}`), ['reference']],
    ['a reference with spaces', svg(`<use href="  other.svg#a"/>${rect}`), ['reference']],
    ['a gradient elsewhere', svg(`<linearGradient id="g" href="other.svg#a"/>${rect}`), ['reference']],
    ['a fill elsewhere', svg(`<rect fill="url(other.svg#a)"/>${rect}`), ['reference']],
    ['a quoted one', svg(`<rect fill="URL( 'other.svg#a' ) red"/>${rect}`), ['reference']],
    ['an unclosed one', svg(`<rect fill="url(other.svg#a"/>${rect}`), ['reference']],
    ['an escaped one', svg(`<rect style="fill: u\\72l(other.svg#a)"/>${rect}`), ['reference']],
    ['one with an escape of a semicolon', svg(`<rect style="fill: red\\3b b: url(other.svg#a)"/>${rect}`), []],
    ['one in a style sheet', svg(`<style>rect { filter: url(other.svg#a) }</style>${rect}`), ['reference']],
    ['one after a comment', svg(`<style>rect { filter: /**/url(/**/"other.svg#a") }</style>${rect}`), ['reference']],
    ['an image set', svg(`<rect style="mask: image-set('other.svg' 1x)"/>${rect}`), ['reference']],
    ['an import', svg(`<style>@import "a.css";</style>${rect}`), ['import']],
    ['an import in CDATA', svg(`<style><![CDATA[@import "a.css";]]></style>${rect}`), ['import']],
    ['an escaped import', svg(`<style>@\\69mport "a.css";</style>${rect}`), ['import']],
    ['an import in a media query', svg(`<style>@media screen { @import "a.css"; }</style>${rect}`), ['import']],
    ['a font', svg(`<style>@font-face { src: url(https://example.com/a.woff2) }</style>${rect}`), ['font']],
    [
      'a font of SVG',
      svg(`<font-face><font-face-src><font-face-uri href="other.svg#f"/></font-face-src></font-face>${rect}`),
      ['font'],
    ],
    ['a style sheet', Buffer.concat([Buffer.from('<?xml-stylesheet href="a.css"?>'), svg(rect)]), ['style-sheet']],
    [
      'an inclusion',
      svg(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>${rect}`),
      ['include'],
    ],
    ['a page', svg(`<image href="data:text/html,x"/>${rect}`), ['image']],
    [
      'HTML with something in its place',
      svg(`<switch><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">alert</p></foreignObject>${rect}</switch>`),
      ['foreign-object'],
    ],
    [
      'HTML that is not drawn',
      svg(`<defs><foreignObject><p>alert</p></foreignObject></defs>${rect}`),
      ['foreign-object'],
    ],
    [
      'data of a drawing program',
      svg(
        `<switch><foreignObject requiredExtensions="http://ns.adobe.com/AdobeIllustrator/10.0/"><i:pgf xmlns:i="i">alert</i:pgf></foreignObject><g>${rect}</g></switch>`,
      ),
      [],
    ],
    ['an element of another language', svg(`<metadata><x xmlns="y">alert</x></metadata>${rect}`), []],
  ])('%s', async (_what, bytes, stripped) => {
    const result = await prepared(bytes);
    expect(result.stripped).toEqual(stripped);
    expect(result.xml).not.toMatch(ELSEWHERE);
    expect(result.xml).toContain('fill="#dc1e1e"');
  });

  test('references into the SVG stay, and a colour behind one that is lost', async () => {
    const { xml } = await prepared(
      svg(
        `<style>.a{fill:url(#g)}</style><rect style="stroke:url('#g') red"/><path fill="url(x.svg#g) blue"/><path fill="url(x.svg#g)"/>`,
      ),
    );
    expect(xml).toContain('.a{fill:url("#g")}');
    expect(xml).toContain('style="stroke:url(&quot;#g&quot;) red"');
    expect(xml).toContain('<path fill="blue"/><path fill="none"/>');
  });

  test('one form for names, prefixes and text', async () => {
    const { xml } = await prepared(
      Buffer.from(
        '<!-- a --><s:svg xmlns:s="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink" width="4" height="3"><s:text a="&lt;&quot;&#10;"><![CDATA[<&]]></s:text><s:use l:href="#a"/><rect/></s:svg>',
      ),
    );
    expect(xml).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2.25" font-size="16" viewBox="0 0 4 3" style="width:3px!important;height:2.25px!important"><text a="&lt;&quot;&#10;">&lt;&amp;</text><use href="#a"/><rect/></svg>',
    );
  });
});

describe('rejected', () => {
  test.each<[string, Buffer, string]>([
    ['an embedded bomb', svg(`<image href="data:image/png;base64,${bomb}"/>`), 'IMAGE_TOO_LARGE'],
    ['4 MiB', svg(`<!--${times(4_194_304, 'a')}-->`), 'IMAGE_TOO_LARGE'],
    ['elements', svg(times(50_001, '<g/>')), 'IMAGE_TOO_LARGE'],
    ['attributes', svg(`<g ${Array.from({ length: 1001 }, (_, i) => `a${i}=""`).join(' ')}/>`), 'IMAGE_TOO_LARGE'],
    ['depth', svg(times(128, '<g>') + times(128, '</g>')), 'IMAGE_TOO_LARGE'],
    ['characters', svg(`<text><tspan>${times(10_001, 'a')}</tspan></text>`), 'IMAGE_TOO_LARGE'],
    ['effects of a filter', svg(`<filter id="f">${times(33, '<feGaussianBlur/>')}</filter>`), 'IMAGE_TOO_LARGE'],
    [
      'filters',
      svg(`<filter id="f">${times(20, '<feFlood/>')}</filter>${times(26, '<g filter="url(#f)"/>')}`),
      'IMAGE_TOO_LARGE',
    ],
    [
      'filters by a style sheet',
      svg(
        `<style>g > g { filter: url(#f) }</style><filter id="f">${times(20, '<feFlood/>')}</filter><g>${times(26, '<g/>')}</g>`,
      ),
      'IMAGE_TOO_LARGE',
    ],
    [
      'HTML',
      svg('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">text</p></foreignObject>'),
      'SOURCE_UNSUPPORTED',
    ],
    ['another root', Buffer.from('<svg xmlns="http://example.com/"/>'), 'SOURCE_UNSUPPORTED'],
    ['a side of 0', Buffer.from('<svg width="0" height="2"/>'), 'IMAGE_CORRUPT'],
    ['a side of 32,768 px', Buffer.from('<svg width="32768" height="2"/>'), 'IMAGE_TOO_LARGE'],
    ['a side of seven digits', Buffer.from('<svg width="1000000" height="2"/>'), 'IMAGE_TOO_LARGE'],
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
  ])('%s', async (_what, bytes, code) => expect(prepareSvg(bytes)).rejects.toMatchObject({ code }));
});

test('many uses of one element take no time', async () => {
  const started = process.cpuUsage();
  await prepareSvg(svg(`<g id="a"><path d=""/></g>${times(9_000, '<use href="#a"/>')}`));
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000);
});

describe('filter effects', () => {
  test('those of an unused filter cost nothing, and those of a large output are rejected', async () => {
    const filters = times(100, '<filter id="f"><feFlood/><feFlood/><feFlood/></filter>');
    expect((await prepareSvg(svg(filters))).filters).toBe(0);
    const { filters: used } = await prepareSvg(svg(`${filters}${times(100, '<g style="filter: url(#f)"/>')}`));
    expect(used).toBe(300);
    expect(() => checkFilterPixels(used, 2_000_000)).not.toThrow();
    expect(() => checkFilterPixels(used, 3_000_000)).toThrowError(expect.objectContaining({ code: 'IMAGE_TOO_LARGE' }));
  });
});

test('strings and brackets without an end do not swallow what follows', async () => {
  const { xml } = await prepared(
    svg(
      '<style>a { fill: url("#g }\nb { stroke: "x; }</style><rect style="font-family: \'x" fill="#dc1e1e"/>',
      `style='font: "y'`,
    ),
  );
  expect(xml).toContain('style="font:&quot;y&quot;;width:7.5px!important');
  expect(xml).toContain(`style="font-family:'x'"`);
});

describe('encodings', () => {
  const text = `<?xml version="1.0" encoding="UTF-16"?><svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><text>ż</text></svg>`;
  const little = Buffer.from(`\ufeff${text}`, 'utf16le');
  test.each([
    ['UTF-16LE', little],
    ['UTF-16BE', Buffer.from(little).swap16()],
    ['UTF-16LE without a mark', little.subarray(2)],
    ['UTF-8 with the declaration of UTF-16', Buffer.from(text)],
    ['ISO-8859-2', Buffer.from(text.replace('UTF-16', 'iso-8859-2').replace('ż', '\xbf'), 'latin1')],
    ['a byte order mark and a line before the declaration', Buffer.from(`\ufeff\n${text.replace('UTF-16', 'utf-8')}`)],
  ])('%s', async (_what, bytes) => expect((await prepared(bytes)).xml).toContain('<text>ż</text>'));
  test('an unknown one is rejected', async () =>
    expect(prepareSvg(Buffer.from('<?xml version="1.0" encoding="x-klingon"?><svg/>'))).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
    }));
});

test('the bytes of embedded images are no markup: 30 MB in it', async () => {
  const large = await sharp({ create: { width: 3000, height: 3300, channels: 3, background: '#dc1e1e' } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const bytes = svg(`<image width="10" height="10" href="data:image/png;base64,${large.toString('base64')}"/>`);
  expect(bytes.length).toBeGreaterThan(30_000_000);
  expect((await prepareSvg(bytes)).bytes.length).toBeGreaterThan(30_000_000);
});
