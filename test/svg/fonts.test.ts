/** Text with fonts of a folder. `fixtures/fonts` has a few glyphs of Noto each. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/image/job.ts';
import { createSvgPool } from '../../src/svg/pool.ts';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { context, events, KEY, optionsOf, testConfig, testHandler, toReply } from '../requests.ts';

const fonts = fileURLToPath(new URL('../fixtures/fonts', import.meta.url));
const { renderSvg } = createSvgPool({ svgTimeout: 20_000, fonts });
const { renderSvg: renderPlain } = createSvgPool({ svgTimeout: 20_000 });
const never = new AbortController().signal;
const svg = (text: string, family: string) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50"><text y="40" font-size="32" font-family="${family}">${text}</text></svg>`,
  );
const job = (text: string, family: string): Job => ({
  source: { bytes: svg(text, family), format: 'svg' },
  options: optionsOf({ w: 200, f: 'png' }),
  accept: undefined,
  limits: testConfig(),
});

/** Renders text. @returns its pixels, and the width of what is drawn */
async function draw(text: string, family = 'sans-serif', render = renderSvg) {
  const { data, svg: report } = await render(job(text, family), never);
  const image = await decodePixels(data as Buffer);
  const columns = Array.from({ length: 200 }, (_, x) => x).filter((x) =>
    Array.from({ length: 50 }, (_, y) => image.pixels[(y * 200 + x) * 4 + 3] ?? 0).some((alpha) => alpha > 64),
  );
  return { pixels: Buffer.from(image.pixels), width: (columns.at(-1) ?? 0) - (columns[0] ?? 0), report };
}

describe('fonts of a folder', () => {
  test.each([
    ['Arabic', 'مرحبا'],
    ['Japanese', '日本語'],
    ['emoji', '😀🚀'],
  ])('%s', async (_script, text) => {
    await expect(renderPlain(job(text, 'sans-serif'), never)).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' });
    const { report, width, pixels } = await draw(text);
    expect(report).toBeUndefined();
    expect(width).toBeGreaterThan(40);
    // The same glyphs, whatever family is named.
    expect(pixels.equals((await draw(text, 'Some Font')).pixels)).toBe(true);
  });
  test('Arabic letters are joined', async () => {
    // A zero-width non-joiner keeps them apart.
    const { width } = await draw('ننن');
    expect(width).toBeLessThan((await draw('ن\u200cن\u200cن')).width - 10);
  });
  test('Open Sans stays the default', async () => {
    const expected = await draw('Abc', 'sans-serif', renderPlain);
    for (const family of ['sans-serif', 'Helvetica, Arial', 'Unknown', 'system-ui'])
      expect((await draw('Abc', family)).pixels.equals(expected.pixels)).toBe(true);
  });
  test('generic families', async () => {
    const serif = await draw('Abc', 'Noto Serif');
    expect(serif.pixels.equals((await draw('Abc')).pixels)).toBe(false);
    for (const family of ['serif', 'Times New Roman, monospace', "Foo, 'Georgia', sans-serif"])
      expect((await draw('Abc', family)).pixels.equals(serif.pixels)).toBe(true);
    for (const family of ['monospace', 'Courier New', 'Menlo, Monaco, sans-serif'])
      expect((await draw('|iiii|', family)).width).toBe((await draw('|MMMM|', family)).width);
  });
  test('of those that are not there, Open Sans', async () => {
    const expected = await draw('Abc', 'sans-serif', renderPlain);
    for (const family of ['serif', 'monospace'])
      expect((await draw('Abc', family, renderPlain)).pixels.equals(expected.pixels)).toBe(true);
  });
  test('a colour font does not count', async () =>
    expect((await draw('ab 🎉')).report).toEqual({ stripped: [], unsupported: ['glyphs'] }));
  test('a folder without fonts is an error at the start', () => {
    expect(() => createSvgPool({ svgTimeout: 1000, fonts: `${fonts}/../cases` })).toThrow(/^FONTS: no fonts/);
    expect(() => createSvgPool({ svgTimeout: 1000, fonts: '/not-there' })).toThrow('ENOENT');
  });
  test('the header of a response', async () => {
    const origin = await startOrigin({ '/a.svg': { body: svg('ab漢鬱', 'serif') } });
    const handler = testHandler({ FONTS: fonts });
    const reply = toReply(await handler(events.rest({ k: KEY, u: `${origin.url}/a.svg`, w: 100 }), context()));
    expect([reply.status, reply.headers['pixgate-svg']]).toEqual([200, 'unsupported=glyphs']);
    await origin.close();
  });
});
