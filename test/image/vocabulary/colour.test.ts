import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePixels } from '../../pixels.ts';
import { check, make, run } from './quadrants.ts';

describe('colour', () => {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  test('Display P3 becomes sRGB: (234, 51, 35) is (255, 0, 0)', async () => {
    const create = { width: 40, height: 40, channels: 3 as const, background: { r: 234, g: 51, b: 35 } };
    const { icc } = await sharp(await sharp({ create }).withIccProfile('p3').png().toBuffer()).metadata();
    const plain = await sharp({ create }).png().toBuffer();
    const profile = chunk('iCCP', Buffer.concat([Buffer.from('p3\0\0'), deflateSync(icc ?? '')]));
    // After the signature, 8 bytes, and IHDR, 25 bytes.
    const wide = Buffer.concat([plain.subarray(0, 33), profile, plain.subarray(33)]);
    for (const f of ['png', 'webp', 'avif', 'jpg'] as const)
      check(await decodePixels((await run(wide, { f, w: 20 })).data as Buffer), [[0.5, 0.5, [255, 0, 0, 255]]], 6);
  });
  test('a translucent edge has the colour of the opaque pixels, not of the transparent ones', async () => {
    // A white disc on transparent black.
    const pixels = Buffer.alloc(300 * 300 * 4);
    for (let y = 0; y < 300; y++)
      for (let x = 0; x < 300; x++)
        if (Math.hypot(x - 150, y - 150) < 100) pixels.fill(255, (y * 300 + x) * 4, (y * 300 + x) * 4 + 4);
    const disc = await sharp(pixels, { raw: { width: 300, height: 300, channels: 4 } })
      .png()
      .toBuffer();
    for (const more of [{ w: 47 }, { w: 47, h: 60, fit: 'contain' }, { w: 47, ro: 30 }, { w: 47, blur: 2 }] as const) {
      const { pixels: output } = await make(disc, more);
      let [edge, darkest] = [0, 255];
      for (let i = 0; i < output.length; i += 4)
        if ((output[i + 3] ?? 0) > 8 && (output[i + 3] ?? 0) < 250) {
          edge++;
          darkest = Math.min(darkest, output[i] ?? 0);
        }
      expect(edge).toBeGreaterThan(20);
      expect(darkest, JSON.stringify(more)).toBeGreaterThan(235);
    }
  });
});
