import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePixels } from '../../pixels.ts';
import { animation, BLUE, check, corners, GREEN, quadrants, RED, run, source, YELLOW } from './quadrants.ts';

describe('metadata and placeholders', () => {
  test('json, without the GPS position', async () => {
    const tagged = await quadrants()
      .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { data, type } = await run(tagged, { f: 'json' });
    expect(type).toBe('application/json');
    expect(JSON.parse(String(data))).toMatchObject({
      format: 'jpeg',
      width: 80,
      height: 120,
      orientation: 6,
      pages: 1,
      alpha: false,
      bytes: tagged.length,
    });
    expect(data).not.toContain('exif');
    expect(JSON.parse(String((await run(animation, { f: 'json' })).data))).toMatchObject({
      pages: 3,
      delay: [100, 200, 300],
      width: 30,
      height: 20,
    });
  });
  test('explain adds the plan and the canonical query', async () => {
    const { plan } = JSON.parse(
      String((await run(source, { f: 'json', w: 60, dpr: 2, explain: true }, 'image/webp')).data),
    );
    expect(plan).toMatchObject({ width: 120, height: 80, format: 'webp', query: 'dpr=2&u=&w=60' });
  });
  test.each([
    ['blurhash', /^[\w#$%*+,\-.:;=?@[\]^{|}~]{20,40}$/],
    ['thumbhash', /^[A-Za-z0-9+/]{20,40}=*$/],
    ['lqip', /^data:image\/webp;base64,[A-Za-z0-9+/=]{20,960}$/],
    ['color', /^#[0-9a-f]{6}$/],
  ] as const)('%s', async (f, form) => {
    const { data, type } = await run(source, { f });
    expect(type).toBe('text/plain; charset=utf-8');
    expect(data).toMatch(form);
  });
  test('of a source too large for an output of its size', async () => {
    const wide = await sharp({ create: { width: 6000, height: 6000, channels: 3, background: '#a00' } })
      .jpeg()
      .toBuffer();
    expect((await run(wide, { f: 'color' })).data).toMatch(/^#a/);
    expect(JSON.parse(String((await run(wide, { f: 'json' })).data))).toMatchObject({ width: 6000, height: 6000 });
  });
  test('of the requested page, rotated as requested', async () => {
    const plain = (background: string) =>
      sharp({ create: { width: 60, height: 30, channels: 3, background } })
        .png()
        .toBuffer();
    const pages = await sharp([await plain('#c80000'), await plain('#0000c8')], { join: { animated: true } })
      .tiff()
      .toBuffer();
    expect((await run(pages, { f: 'color' })).data).toMatch(/^#c[0-9a-f]0[0-9a-f]0[0-9a-f]$/);
    expect((await run(pages, { f: 'color', page: 1 })).data).toMatch(/^#0[0-9a-f]0[0-9a-f]c[0-9a-f]$/);
    const url = String((await run(source, { f: 'lqip', ro: 90 })).data);
    const placeholder = await decodePixels(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
    expect([placeholder.width, placeholder.height]).toEqual([16, 24]);
    // Rotated clockwise: the left side is now the top.
    check(placeholder, corners(BLUE, RED, YELLOW, GREEN), 60);
  });
  test('color of an image of one colour is that colour', async () => {
    const plain = await sharp({ create: { width: 50, height: 50, channels: 3, background: { r: 200, g: 40, b: 40 } } })
      .png()
      .toBuffer();
    expect((await run(plain, { f: 'color' })).data).toMatch(/^#c[0-9a-f]2[0-9a-f]2[0-9a-f]$/);
  });
});
