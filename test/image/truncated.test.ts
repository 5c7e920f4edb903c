/** Truncated files, compared with what Chromium shows of them: rows that are there, and below them nothing. */
import { readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/config.ts';
import { createDownscaledSources } from '../../src/image/downscaled-sources.ts';
import { sniff } from '../../src/image/formats/sniff.ts';
import type { RenderedImage } from '../../src/image/job.ts';
import { resize } from '../../src/image/resize.ts';
import { optionsOf } from '../requests.ts';

const limits = resolveConfig({});
const [WIDTH, HEIGHT] = [200, 150];

/** Stripes in every direction, so that no row is like another one. */
const pattern = Buffer.from(
  Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    return [(x * 37 + y * 17) % 256 > 128 ? 220 : (x + y) % 255, 40 + y, (x * 5) % 256];
  }).flat(),
);
const source = () => sharp(pattern, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const cut = (bytes: Buffer, share: number) => bytes.subarray(0, Math.round(bytes.length * share));

function render(
  bytes: Buffer,
  options: Parameters<typeof optionsOf>[0] = {},
  cache?: ReturnType<typeof createDownscaledSources>,
) {
  const job = {
    source: { bytes, format: sniff(bytes, true) },
    options: optionsOf({ w: WIDTH, f: 'png', ...options }),
    accept: undefined,
    limits,
  };
  cache?.countUse(job.source);
  return resize(job, cache);
}

const rgba = async ({ data }: RenderedImage) =>
  sharp(data as Buffer)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });

/** Counts the rows from the top that are opaque, and those below that are transparent. */
async function rowsOf(image: RenderedImage): Promise<[opaque: number, clear: number]> {
  const { data, info } = await rgba(image);
  const isRow = (y: number, alpha: number) =>
    Array.from({ length: info.width }, (_, x) => data[(y * info.width + x) * 4 + 3]).every((value) => value === alpha);
  let opaque = 0;
  while (opaque < info.height && isRow(opaque, 255)) opaque++;
  let clear = 0;
  while (clear < info.height && isRow(info.height - 1 - clear, 0)) clear++;
  return [opaque, clear];
}

const jpeg = (more = {}) =>
  source()
    .jpeg({ quality: 90, ...more })
    .toBuffer();
const png = (image: Sharp = source()) => image.png({ palette: false }).toBuffer();

describe('JPEG', () => {
  // As Chromium shows the same files, but for up to two rows that wait for their neighbours there.
  test.each([
    [0.3, 32],
    [0.6, 80],
    [0.9, 128],
  ])('cut at %d: the whole rows of units, %i', async (share, rows) => {
    const image = await render(cut(await jpeg(), share));
    expect([image.isTruncated, ...(await rowsOf(image))]).toEqual([true, rows, HEIGHT - rows]);
  });

  test.each(['4:4:4', '4:2:0'])('%s: rows that are there are those of the whole image', async (chromaSubsampling) => {
    const whole = await jpeg({ chromaSubsampling });
    const { data: expected } = await rgba(await render(whole));
    for (const share of [0.2, 0.35, 0.5, 0.65, 0.8, 0.95]) {
      const image = await render(cut(whole, share));
      const [rows, clear] = await rowsOf(image);
      expect(rows + clear).toBe(HEIGHT);
      // Of the data, which are even, a share of the rows; the header is not counted.
      expect(Math.abs(rows / HEIGHT - share)).toBeLessThan(0.15);
      const { data } = await rgba(image);
      // The last unit may be cut where the next row begins.
      expect(data.subarray(0, (rows - 8) * WIDTH * 4).equals(expected.subarray(0, (rows - 8) * WIDTH * 4))).toBe(true);
    }
  });

  test.each([0.3, 0.6, 0.9])('progressive, cut at %d: all rows, in lower quality', async (share) => {
    const image = await render(cut(await jpeg({ progressive: true }), share));
    expect([image.isTruncated, ...(await rowsOf(image))]).toEqual([true, HEIGHT, 0]);
  });

  test('progressive, cut in its first scan: the rows of that', async () => {
    const whole = await jpeg({ progressive: true });
    const firstScan = whole.indexOf(Buffer.from([0xff, 0xda]));
    const secondScan = whole.indexOf(Buffer.from([0xff, 0xc4]), firstScan);
    const [rows, clear] = await rowsOf(await render(whole.subarray(0, firstScan + (secondScan - firstScan) * 0.5)));
    expect(rows).toBeGreaterThan(15);
    expect(rows).toBeLessThan(110);
    expect(rows + clear).toBe(HEIGHT);
  });

  test('without its end marker: whole, and not truncated', async () => {
    const image = await render((await jpeg()).subarray(0, -2));
    expect([image.isTruncated ?? false, ...(await rowsOf(image))]).toEqual([false, HEIGHT, 0]);
  });

  test.each([0.02, 0.1])('cut at %d, before its first rows: IMAGE_CORRUPT', async (share) =>
    expect(render(cut(await jpeg(), share))).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' }),
  );

  test.each([2, 3, 4, 5, 6, 7, 8])(
    'EXIF orientation %i is applied to rows and to what is missing',
    async (orientation) => {
      const bytes = await source().withMetadata({ orientation }).jpeg({ quality: 90 }).toBuffer();
      const w = orientation >= 5 ? HEIGHT : WIDTH;
      const [upright, cutImage] = [await render(bytes, { w }), await render(cut(bytes, 0.6), { w })];
      expect([cutImage.width, cutImage.height]).toEqual([upright.width, upright.height]);
      const [whole, partial] = [await rgba(upright), await rgba(cutImage)];
      let [seen, far] = [0, 0];
      for (let i = 0; i < partial.data.length; i += 4) {
        if (partial.data[i + 3] !== 255) continue;
        seen++;
        if (Math.abs((partial.data[i] ?? 0) - (whole.data[i] ?? 0)) > 60) far++;
      }
      expect(seen / (WIDTH * HEIGHT)).toBeGreaterThan(0.45);
      expect(far).toBe(0);
    },
  );
});

describe('PNG', () => {
  // As Chromium shows the same files.
  test.each([
    ['RGB', () => source()],
    ['RGBA', () => source().ensureAlpha(0.5)],
    ['grey', () => source().greyscale()],
    ['16 bits', () => source().toColourspace('rgb16')],
  ] as const)('%s: the rows that are there, exactly', async (_name, make) => {
    const whole = await png(make());
    const { data: expected } = await rgba(await render(whole));
    for (const share of [0.1, 0.3, 0.6, 0.9]) {
      const image = await render(cut(whole, share));
      const { data } = await rgba(image);
      let rows = 0;
      while (
        rows < HEIGHT &&
        data
          .subarray(rows * WIDTH * 4, (rows + 1) * WIDTH * 4)
          .equals(expected.subarray(rows * WIDTH * 4, (rows + 1) * WIDTH * 4))
      )
        rows++;
      expect(Math.abs(rows / HEIGHT - share)).toBeLessThan(0.15);
      const [, clear] = await rowsOf(image);
      expect([image.isTruncated, rows + clear]).toEqual([true, HEIGHT]);
    }
  });

  test('a wrong checksum alone changes nothing', async () => {
    const bytes = await png();
    const at = bytes.indexOf('IEND') - 8;
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    const image = await render(bytes);
    expect([image.isTruncated ?? false, ...(await rowsOf(image))]).toEqual([false, HEIGHT, 0]);
  });

  test('damaged data: the rows before', async () => {
    const bytes = await png();
    bytes.fill(0, bytes.length * 0.6, bytes.length * 0.6 + 200);
    const image = await render(bytes);
    const [rows, clear] = await rowsOf(image);
    expect([image.isTruncated, rows + clear]).toEqual([true, HEIGHT]);
    expect(rows).toBeGreaterThan(60);
    expect(rows).toBeLessThan(110);
  });

  test.each([8, 33, 41])('cut after %i bytes: IMAGE_CORRUPT', async (length) =>
    expect(render((await png()).subarray(0, length))).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' }),
  );
});

describe('GIF', () => {
  test.each([0.3, 0.6, 0.9])('cut at %d: the rest of the frame is transparent', async (share) => {
    const image = await render(cut(await source().gif().toBuffer(), share));
    const [rows, clear] = await rowsOf(image);
    expect(image.isTruncated).toBe(true);
    expect(rows + clear).toBeGreaterThanOrEqual(HEIGHT - 1);
    expect(Math.abs(rows / HEIGHT - share)).toBeLessThan(0.15);
  });

  test('without its trailer: whole, and not truncated', async () => {
    const image = await render((await source().gif().toBuffer()).subarray(0, -1));
    expect([image.isTruncated ?? false, ...(await rowsOf(image))]).toEqual([false, HEIGHT, 0]);
  });
});

test.each(['webp', 'avif', 'tiff'] as const)(
  'of a truncated %s browsers show nothing: IMAGE_CORRUPT',
  async (format) => {
    const whole = await source().toFormat(format).toBuffer();
    for (const share of [0.1, 0.6, 0.9])
      await expect(render(cut(whole, share))).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  },
);

describe('the rest of a request', () => {
  const files = async () => [cut(await jpeg(), 0.6), cut(await png(), 0.6), cut(await source().gif().toBuffer(), 0.6)];

  test('the same bytes each time: nothing of other memory is shown', async () => {
    for (const bytes of await files()) {
      const { data } = await render(bytes);
      for (let i = 0; i < 3; i++) {
        // Other pixels in memory that the decoder may get next.
        await sharp(Buffer.alloc(4e6, 99 + i), { raw: { width: 1000, height: 1000, channels: 4 } })
          .png()
          .toBuffer();
        expect(((await render(bytes)).data as Buffer).equals(data as Buffer)).toBe(true);
      }
    }
  });

  test.each([
    ['a quarter turn', { ro: 90, w: 60 }],
    ['an angle', { ro: 30, w: 60 }],
    ['trim', { trim: 10, w: 60 }],
    ['a crop', { w: 60, h: 60, fit: 'cover' }],
    ['a smart crop', { w: 60, h: 60, fit: 'cover', a: 'attention' }],
    ['a crop before', { w: 60, cx: 10, cy: 10, cw: 100, ch: 100, precrop: true }],
    ['padding', { w: 60, h: 60, fit: 'contain' }],
    ['metadata', { w: 60, meta: 'keep' }],
    ['its own size as JPEG', { w: WIDTH, f: 'jpg' }],
    ['WebP', { w: 60, f: 'webp' }],
    ['a placeholder', { f: 'blurhash' }],
    ['a budget', { w: 150, mb: 5000, f: 'webp' }],
  ] as const)('%s', async (_name, options) => {
    for (const bytes of await files()) {
      const image = await render(bytes, options as object);
      expect(image.isTruncated).toBe(true);
      expect(image.encoder).not.toBe('source');
    }
  });

  test('a quarter turn turns what is missing too', async () => {
    const { data, info } = await rgba(await render(cut(await png(), 0.5), { ro: 90, w: HEIGHT }));
    expect([info.width, info.height]).toEqual([HEIGHT, WIDTH]);
    // The lower part is on the left now.
    expect([data[3], data[(info.width - 1) * 4 + 3]]).toEqual([0, 255]);
  });

  test('the cache of downscaled sources does not hide that a source is truncated', async () => {
    const large = sharp(pattern, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).resize(2000, 1500, {
      kernel: 'cubic',
    });
    const bytes = cut(await large.jpeg({ progressive: true }).toBuffer(), 0.7);
    const cache = createDownscaledSources(50e6);
    for (const w of [300, 301, 302, 303]) expect((await render(bytes, { w }, cache)).isTruncated).toBe(true);
  });

  test('f=json says so, without the pixels', async () => {
    const facts = async (bytes: Buffer) => JSON.parse(String((await render(bytes, { f: 'json' })).data));
    for (const bytes of await files())
      expect(await facts(bytes)).toMatchObject({ width: WIDTH, height: HEIGHT, truncated: true });
    for (const bytes of [await jpeg(), await png(), (await jpeg()).subarray(0, -2), (await png()).subarray(0, -12)])
      expect(await facts(bytes)).not.toHaveProperty('truncated');
  });
});

test.each(['B01-cut60.jpg', 'B07-cut.png'])('%s', async (name) => {
  const image = await render(readFileSync(new URL(`../fixtures/cases/files/${name}`, import.meta.url)), { w: 50 });
  const [rows, clear] = await rowsOf(image);
  expect(image.isTruncated).toBe(true);
  expect(rows).toBeGreaterThan(5);
  expect(clear).toBeGreaterThan(5);
});
