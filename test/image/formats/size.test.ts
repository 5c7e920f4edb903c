import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { peekSize } from '../../../src/image/formats/size.ts';
import { sniff } from '../../../src/image/formats/sniff.ts';

const fixtures = new URL('../../fixtures/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, fixtures));
const noise = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: { r: 9, g: 99, b: 199, alpha: 0.5 } } });

describe('peekSize, from the first bytes', () => {
  const images = {
    png: noise(301, 207).png(),
    gif: noise(301, 207).gif(),
    'lossy webp': noise(301, 207).webp(),
    'lossless webp': noise(301, 207).webp({ lossless: true }),
    'webp with alpha': noise(301, 207, 4).webp(),
    avif: noise(301, 207).avif({ effort: 0 }),
    jpeg: noise(301, 207).jpeg(),
    'progressive jpeg': noise(301, 207).jpeg({ progressive: true }),
    'jpeg with a long profile': noise(301, 207)
      .withMetadata({ exif: { IFD0: { Copyright: 'x'.repeat(50_000) } } })
      .jpeg(),
  };
  test.each(Object.entries(images))('%s', async (_name, image) => {
    const bytes = await image.toBuffer();
    const format = sniff(bytes, true);
    expect(peekSize(bytes, format)).toEqual({ width: 301, height: 207 });
    // Truncated anywhere: the same size or undefined, never an error.
    for (let n = 0; n < bytes.length; n += 7)
      expect([undefined, 301]).toContain(peekSize(bytes.subarray(0, n), format)?.width);
  });

  test.each(
    readdirSync(new URL('cases/files/', fixtures)).filter((name) =>
      /^[A-Z].*\.(?:jpe?g|png|gif|webp|avif)$/.test(name),
    ),
  )('%s', async (name) => {
    const bytes = read(`cases/files/${name}`);
    let format: ReturnType<typeof sniff>;
    try {
      format = sniff(bytes, true);
    } catch {
      return;
    }
    const peeked = peekSize(bytes, format ?? 'svg');
    const meta = await sharp(bytes, { limitInputPixels: false })
      .metadata()
      .catch(() => undefined);
    if (peeked && meta && meta.orientation === undefined)
      expect(peeked.width * peeked.height).toBe(meta.width * meta.height);
  });

  test.each(['tiff', 'svg'] as const)('%s: only the decoder knows the size', (format) =>
    expect(peekSize(Buffer.alloc(100), format)).toBeUndefined(),
  );
});
