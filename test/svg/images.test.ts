import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { prepareSvg } from '../../src/svg/prepare.ts';

const RED = { r: 220, g: 30, b: 30 };
const solid = (width = 8, height = 8) => sharp({ create: { width, height, channels: 3, background: RED } });
const png = await solid().png().toBuffer();
const jpeg = await solid().jpeg().toBuffer();
const cmyk = await solid().toColourspace('cmyk').jpeg().toBuffer();
const gif = await solid().gif().toBuffer();
const webp = await solid().webp({ lossless: true }).toBuffer();
const avif = await solid(64, 64).avif({ effort: 0 }).toBuffer();
const large = await solid(400, 400).png({ compressionLevel: 0 }).toBuffer();
const inner = (inside = '', root = 'width="8" height="8"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${root}><rect width="100%" height="100%" fill="#dc1e1e"/>${inside}</svg>`;
const base64 = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64');
const withImage = (href: string, attributes = 'width="100" height="50" preserveAspectRatio="none"') =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><rect width="100" height="50" fill="#0a0"/><image ${attributes} href="${href}"/></svg>`,
  );

/** Renders an SVG, and returns the colour at its middle with what was left out. */
async function middle(bytes: Buffer) {
  const { bytes: xml, report } = await prepareSvg(bytes);
  const { data } = await sharp(xml, { density: 96 }).resize(100, 50).raw().toBuffer({ resolveWithObject: true });
  return { rgb: [...data.subarray((25 * 100 + 50) * 4).subarray(0, 3)], stripped: [...report.stripped] };
}
/** Red within the loss of a JPEG, and of a conversion from CMYK. */
const isRed = ([r = 0, g = 0, b = 0]: number[]) => Math.abs(r - 220) < 12 && Math.abs(g - 30) < 12 && b < 45;

describe('drawn', () => {
  test.each<[string, string]>([
    ['PNG', `data:image/png;base64,${base64(png)}`],
    ['JPEG', `data:image/jpeg;base64,${base64(jpeg)}`],
    ['CMYK', `data:image/jpeg;base64,${base64(cmyk)}`],
    ['GIF', `data:image/gif;base64,${base64(gif)}`],
    ['WebP', `data:image/webp;base64,${base64(webp)}`],
    ['AVIF', `data:image/avif;base64,${base64(avif)}`],
    ['a large one', `data:image/png;base64,${base64(large)}`],
    ['SVG', `data:image/svg+xml;base64,${base64(inner())}`],
    [
      'SVG in UTF-8',
      `data:image/svg+xml;utf8,${inner().replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('#', '%23')}`,
    ],
    ['SVG, percent-encoded', `data:image/svg+xml,${encodeURIComponent(inner())}`],
    ['SVG in mm', `data:image/svg+xml;base64,${base64(inner('', 'width="8mm" height="8mm"'))}`],
    [
      'SVG of another size by its style sheet',
      `data:image/svg+xml;base64,${base64(inner('<style>svg { width: 3px }</style>'))}`,
    ],
    ['without a type', `data:;base64,${base64(png)}`],
    ['with a wrong type', `data:img/png;base64,${base64(png)}`],
    ['with another type', `data:image/gif;charset=utf-8;BASE64,${base64(png)}`],
    ['with spaces', ` data:image/png; base64, ${base64(png)} `],
    ['with lines', `data:image/png;base64,${base64(png).replaceAll(/.{20}/g, '$&\n')}`],
    ['with references to line feeds', `data:image/png;base64,${base64(large).replaceAll(/.{76}/g, '$&&#10;')}`],
    ['percent-encoded', `data:image/png,${png.toString('hex').replaceAll(/../g, '%$&')}`],
    ['base64 that is percent-encoded', `data:image/png;base64,${encodeURIComponent(base64(png))}`],
  ])('%s', async (_what, href) => {
    const { rgb, stripped } = await middle(withImage(href));
    expect(isRed(rgb), rgb.join()).toBe(true);
    expect(stripped).toEqual([]);
  });

  test('a JPEG is upright', async () => {
    const blueOnTop = await solid(80, 160)
      .composite([{ input: { create: { width: 80, height: 80, channels: 3, background: '#00f' } }, gravity: 'north' }])
      .png()
      .toBuffer();
    const upright = await sharp(blueOnTop).rotate(270).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { bytes } = await prepareSvg(
      withImage(`data:image/jpeg;base64,${base64(upright)}`, 'width="20" height="40"'),
    );
    const { data } = await sharp(bytes, { density: 96 }).resize(100, 50).raw().toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => [...data.subarray((y * 100 + x) * 4).subarray(0, 3)];
    expect(at(10, 10)[2]).toBeGreaterThan(200);
    expect(isRed(at(10, 30))).toBe(true);
  });

  test('an image of a filter', async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><filter id="f" x="0" y="0" width="1" height="1"><feImage href="data:image/gif;base64,${base64(await solid(100, 50).gif().toBuffer())}"/></filter><rect width="100" height="50" filter="url(#f)"/></svg>`;
    expect(isRed((await middle(Buffer.from(svg))).rgb)).toBe(true);
  });
});

describe('left out, and the rest is drawn', () => {
  test.each<[string, string, string[]]>([
    ['text', 'data:text/plain,a', ['image']],
    ['nothing', 'data:', ['image']],
    ['a damaged GIF', `data:image/gif;base64,${base64('GIF89a')}`, ['image']],
    ['a damaged SVG', 'data:image/svg+xml,&lt;svg>', ['image']],
    [
      'an SVG in an SVG in an SVG',
      `data:image/svg+xml;base64,${base64(`<svg xmlns="http://www.w3.org/2000/svg"><image width="9" height="9" href="data:image/svg+xml;base64,${base64(inner())}"/></svg>`)}`,
      ['image'],
    ],
    [
      'what an SVG in an SVG refers to',
      `data:image/svg+xml;base64,${base64('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/><script/></svg>')}`,
      ['image', 'script'],
    ],
  ])('%s', async (_what, href, stripped) => {
    const result = await middle(withImage(href));
    expect(result).toEqual({ rgb: [0, 170, 0], stripped });
    expect((await prepareSvg(withImage(href))).bytes.toString()).not.toContain('passwd');
  });
});

describe('rejected', () => {
  const header = (width: number, height: number) => {
    const bytes = Buffer.from(png);
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    return `data:image/png;base64,${base64(bytes)}`;
  };
  test.each<[string, Buffer]>([
    ['too many pixels', withImage(header(6000, 5000))],
    ['too many pixels together', Buffer.from(`<svg>${`<image href="${header(3000, 3000)}"/>`.repeat(3)}</svg>`)],
    [
      'too many pixels in an SVG in it',
      withImage(`data:image/svg+xml;base64,${base64(withImage(header(6000, 5000)))}`),
    ],
    ['too many images', Buffer.from(`<svg>${`<image href="data:,"/>`.repeat(1001)}</svg>`)],
    [
      'too many elements together',
      Buffer.from(
        `<svg>${`<image href="data:image/svg+xml;base64,${base64(`<svg>${'<g/>'.repeat(9000)}</svg>`)}"/>`.repeat(6)}</svg>`,
      ),
    ],
  ])('%s', async (_what, bytes) => expect(prepareSvg(bytes)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' }));
});
