/** Placeholders of the playground, decoded as a page does. */
import { expect, test } from 'vitest';
import { decodeHash } from '../../src/dev/page/hash-image.ts';

const meanOf = (data: Uint8ClampedArray, channel: number) => {
  const values = data.filter((_, i) => i % 4 === channel);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
};

test('a BlurHash has the aspect ratio of its source', () => {
  // From the page of the format: a face in front of a blue sky.
  const image = decodeHash('blurhash', 'LEHV6nWB2yk8pyo0adR*.7kCMdnj', 1.6);
  expect([image?.width, image?.height]).toEqual([32, 20]);
  expect(decodeHash('blurhash', 'LEHV6nWB2yk8pyo0adR*.7kCMdnj', 0.5)).toMatchObject({ width: 16, height: 32 });
  expect(image?.data.length).toBe(32 * 20 * 4);
  expect(meanOf(image?.data ?? new Uint8ClampedArray(), 3)).toBe(255);
});

test('a ThumbHash has its own aspect ratio', () => {
  const image = decodeHash('thumbhash', '1QcSHQRnh493V4dIh4eXh1h4kJUI', 9);
  expect((image?.width ?? 0) / (image?.height ?? 1)).toBeLessThan(1);
  expect(image?.data.length).toBe((image?.width ?? 0) * (image?.height ?? 0) * 4);
});

test.each([
  ['blurhash', 'no hash'],
  ['blurhash', ''],
  ['thumbhash', '***'],
  ['lqip', 'data:image/webp;base64,AA'],
])('%s of %j has no image', (name, text) => expect(decodeHash(name, text, 1)).toBeUndefined());
